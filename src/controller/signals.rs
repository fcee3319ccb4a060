//! What the page and the owner bring about.

use super::{Controller, Plan, Signal, State};
use crate::policy::Cause;

/// A connection of which there is reason to think that it is dead has this long to show a byte.
const PROOF_MS: f64 = 5000.0;

impl Controller {
    /// The owner's wish ends every wait, and every connection but one that cannot be made again.
    pub(super) fn reconnect(&mut self) {
        if self.policy.one_shot {
            return;
        }
        self.failures = 0;
        match self.state {
            State::Connecting | State::Closed => {}
            State::Waiting => self.connect(),
            State::Ended(cause, _) | State::Deciding(cause, _) | State::Decided(cause, _) => {
                self.state = State::Decided(cause, Plan::Retry(0));
            }
            State::Fetching
            | State::Unanswered
            | State::Probing
            | State::Announcing
            | State::Open
            | State::Reading => {
                self.plan(Cause::Reconnect, Plan::Stop);
                self.state = State::Decided(Cause::Reconnect, Plan::Retry(0));
            }
        }
    }

    /// Signals shorten waits, though never below what the server asked for, and put connections to the
    /// proof that may have died unnoticed.
    ///
    /// A network comes back to many at the same moment, so the wait after that is spread by the
    /// backoff. A page that is looked at should not be kept waiting.
    pub(super) fn signal(&mut self, signal: Signal) {
        match (self.state, signal) {
            (_, Signal::Offline) => self.offline = true,
            (_, Signal::Online) if !core::mem::take(&mut self.offline) => {}
            (State::Reading, Signal::Online | Signal::Resumed) => self.doubt(),
            (State::Waiting, Signal::Online) => self.spread(),
            (State::Waiting, Signal::Visible | Signal::Resumed) => {
                self.failures = 0;
                self.due_ms = self.due_ms.min(self.clock.now().max(self.not_before_ms));
            }
            _ => {}
        }
    }

    /// The connection may be dead: replaces it soon, unless a byte arrives or it cannot be replaced.
    pub(super) fn doubt(&mut self) {
        if self.may_replay(Cause::Timeout) {
            self.due_ms = self.due_ms.min(self.clock.now() + PROOF_MS);
        }
    }

    /// A timeout that is noticed late may be the page's fault: gives what arrived meanwhile, and was not
    /// read yet, as long again.
    pub(super) fn extend(&mut self, late_ms: f64) {
        self.is_extended = true;
        self.due_ms = self.clock.now() + late_ms.min(PROOF_MS);
    }

    /// Shortens the wait to that of a first failure. A wait that is over already begins anew: all who wait
    /// for the same network would come at once.
    fn spread(&mut self) {
        self.failures = 0;
        self.retry_after_ms = 0;
        let due_ms = self.not_before_ms.max(self.clock.now() + f64::from(self.delay_ms()));
        let is_over = self.due_ms <= self.clock.now();
        self.due_ms = if is_over { due_ms } else { due_ms.min(self.due_ms) };
    }
}
