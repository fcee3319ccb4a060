//! Reactions to the page and to the owner's wishes.

use super::{
    Controller, Plan, Signal, State,
    clock::{Timer, whole_ms},
};
use crate::policy::Cause;

/// How long a connection that may be dead has to deliver a byte.
const PROOF_MS: f64 = 5000.0;

impl Controller {
    /// Makes a new connection, as the owner wishes: ends any wait, and any connection that can be replaced.
    ///
    /// Only code asks ten times a second, in a callback that reacts to what it was just told. From there,
    /// the request comes no sooner than one of the controller's own could.
    #[cold]
    pub(super) fn reconnect(&mut self, in_callback: bool) {
        if self.policy.one_shot {
            return;
        }
        let due_ms = if in_callback {
            self.source.pace.next_unthinking_ms().max(self.attempt.retry_after_until_ms)
        } else {
            0.0
        };
        let wait_ms = (due_ms.max(self.source.pace.next_ms()) - self.clock.now()).max(0.0);
        let plan = Plan::Retry(whole_ms(wait_ms));
        match self.state {
            State::Connecting | State::Completed | State::Closed => return,
            State::Waiting if wait_ms == 0.0 => {
                self.source.failures = 0;
                return self.connect();
            }
            State::Waiting => {
                let wished_ms = self.clock.now() + wait_ms;
                self.timer = Timer::until(self.timer.due_ms.min(wished_ms));
            }
            State::Ended(cause, _) | State::Deciding(cause, _) | State::Decided(cause, _) => {
                self.state = State::Decided(cause, plan);
            }
            State::Fetching
            | State::Unanswered
            | State::Probing
            | State::Announcing
            | State::Open
            | State::Reading => {
                self.plan(Cause::Reconnect, Plan::Stop);
                self.state = State::Decided(Cause::Reconnect, plan);
            }
        }
        self.source.failures = 0;
        self.attempt.is_wished = true;
        self.attempt.not_before_ms = self.clock.now() + wait_ms;
    }

    /// Shortens a wait, but never below what the server asked for, or tests a connection that may have died
    /// unnoticed.
    ///
    /// A network comes back for many clients at once, so the backoff spreads the wait after that. A visible
    /// page should not be kept waiting.
    #[cold]
    pub(super) fn signal(&mut self, signal: Signal) {
        match (self.state, signal) {
            (_, Signal::Offline) => self.go_offline(),
            (_, Signal::Online) if self.source.offline_until_ms.take().is_none() => {}
            (State::Reading, Signal::Online | Signal::Resumed) => self.doubt(),
            (State::Waiting, Signal::Online) => self.spread(),
            (State::Waiting, Signal::Visible | Signal::Resumed) => {
                self.source.failures = 0;
                let soon_ms = self.clock.now().max(self.attempt.not_before_ms);
                self.timer = Timer::until(self.timer.due_ms.min(soon_ms));
            }
            _ => {}
        }
    }

    /// The connection may be dead: replaces it soon, unless a byte arrives or it cannot be replaced.
    #[cold]
    pub(super) fn doubt(&mut self) {
        if self.may_replay(Cause::Timeout) {
            self.timer.due_ms = self.timer.due_ms.min(self.clock.now() + PROOF_MS);
        }
    }

    /// A timeout that is noticed late may be the page's fault: allows as much time again for reading what
    /// has arrived meanwhile.
    #[cold]
    pub(super) fn extend(&mut self, late_ms: f64) {
        let due_ms = self.clock.now() + late_ms.min(PROOF_MS);
        self.timer = Timer { due_ms, is_extended: true };
    }

    /// Shortens the wait to that of a first failure. A wait that is already over starts anew; otherwise all
    /// clients of the same network would come at once.
    fn spread(&mut self) {
        self.source.failures = 0;
        self.attempt.retry_after_ms = 0;
        let soon_ms = self.clock.now() + f64::from(self.delay_ms());
        let due_ms = self.attempt.not_before_ms.max(soon_ms);
        let is_over = self.timer.due_ms <= self.clock.now();
        self.timer = Timer::until(if is_over { due_ms } else { due_ms.min(self.timer.due_ms) });
    }
}
