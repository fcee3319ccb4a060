//! What follows the end of a connection or an attempt.

use super::{Controller, Decision, Output, Plan, State, clock::Timer};
use crate::policy::{
    Cause, MAX_DELAY_MS, MIN_DELAY_MS, NoResponse, Replay, Retry, least_ms, retry,
};

/// The shortest pause between attempts while the device claims to be offline. We try, as it may be wrong.
const OFFLINE_MS: u32 = 30_000;

impl Controller {
    /// Handles a response with a status other than 200.
    #[cold]
    pub(super) fn refuse(&mut self, status: u16, retry_after_ms: u64) {
        self.attempt.retry_after_ms = retry_after_ms;
        self.attempt.retry_after_until_ms =
            self.clock.now() + retry_after_ms.min(MAX_DELAY_MS) as f64;
        let has_fresh_headers =
            self.policy.reconnect.as_ref().map(|reconnect| reconnect.fresh_headers);
        let may_pass = match (has_fresh_headers, retry(status)) {
            (Some(_), Retry::Later) => true,
            (Some(true), Retry::WithFreshHeaders) => {
                !core::mem::replace(&mut self.source.refreshed, true)
            }
            _ => false,
        };
        let plan = if may_pass { self.next_attempt(Cause::Status) } else { Plan::Stop };
        self.plan(Cause::Status, plan);
    }

    /// Handles a network error instead of a response.
    ///
    /// A server that has allowed this origin before is not probed: it is more likely restarting, and a probe
    /// that succeeds because it is back would end the source for good.
    #[cold]
    pub(super) fn go_unanswered(&mut self) {
        match self.policy.no_response {
            NoResponse::MayBeRefusal if self.attempt.answered => {
                self.plan(Cause::Refused, Plan::Stop);
            }
            // Final without replay: a server that hides its responses may have carried the request out.
            NoResponse::MayBeRefusal
                if self.source.established || !self.may_replay(Cause::NetworkError) =>
            {
                self.end(Cause::NetworkError);
            }
            NoResponse::MayBeRefusal if self.policy.probes => self.state = State::Unanswered,
            NoResponse::MayBeRefusal | NoResponse::Futile => {
                self.plan(Cause::NetworkError, Plan::Stop);
            }
            NoResponse::MayPass => self.end(Cause::NetworkError),
        }
    }

    /// [spec] Reestablish the connection, if the policy allows it. An unfinished event is dropped.
    #[cold]
    pub(super) fn end(&mut self, cause: Cause) {
        let plan = self.next_attempt(cause);
        self.plan(cause, plan);
    }

    #[cold]
    pub(super) fn plan(&mut self, cause: Cause, plan: Plan) {
        if let Some(connection) = &self.connection {
            self.source.last_event_id = connection.parser.last_event_id().to_vec();
        }
        self.source.reason = Some(cause);
        self.state = State::Ended(cause, plan);
    }

    fn next_attempt(&mut self, cause: Cause) -> Plan {
        if !self.may_replay(cause) {
            self.attempt.is_withheld =
                self.replay() == Replay::IfResumable && !self.policy.one_shot;
            return Plan::Stop;
        }
        let Some(reconnect) = &self.policy.reconnect else {
            let delay_ms = least_ms(Some(self.reconnection_time_ms()), 0) as u32;
            self.attempt.not_before_ms = self.clock.now() + f64::from(delay_ms);
            return Plan::Retry(delay_ms);
        };
        let max_attempts = reconnect.max_attempts;
        self.count_failure();
        let usual = self.usual();
        if max_attempts == 0 || self.source.failures < max_attempts {
            usual
        } else if self.policy.hears_signals {
            Plan::Sleep
        } else {
            Plan::Stop
        }
    }

    /// Counts this attempt as a failure, once. A stable connection resets the count instead.
    fn count_failure(&mut self) {
        if core::mem::replace(&mut self.attempt.is_counted, true) {
            return;
        }
        let stable_ms = self.policy.reconnect.as_ref().map_or(0, |reconnect| reconnect.stable_ms);
        let was_stable = self.connection.as_ref().is_some_and(|connection| {
            let lasted_ms = self.clock.now() - connection.announced_ms;
            connection.delivered && lasted_ms >= f64::from(stable_ms)
        });
        if was_stable {
            self.source.attempt = 0;
            self.source.failures = 0;
        } else {
            self.source.failures = self.source.failures.saturating_add(1);
        }
    }

    pub(super) fn may_replay(&self, cause: Cause) -> bool {
        let last_event_id = self
            .connection
            .as_ref()
            .map_or(self.last_event_id(), |connection| connection.parser.last_event_id());
        let can_resume = self.source.identified && !last_event_id.is_empty();
        !self.policy.one_shot && self.replay().allows(cause, can_resume)
    }

    fn replay(&self) -> Replay {
        self.attempt.replay.unwrap_or(self.policy.replay)
    }

    /// The usual wait. Signals never shorten it below what the server asked for.
    fn usual(&mut self) -> Plan {
        self.attempt.not_before_ms = self.clock.now() + self.least_ms() as f64;
        Plan::Retry(self.delay_ms())
    }

    fn least_ms(&self) -> u64 {
        least_ms(self.source.reconnection_time_ms, self.attempt.retry_after_ms)
    }

    /// The time to the next request: the least that the server asked for, plus the backoff.
    pub(super) fn delay_ms(&self) -> u32 {
        let (time_ms, failures) = (self.source.reconnection_time_ms, self.source.failures);
        let extra_ms = self
            .policy
            .reconnect
            .as_ref()
            .map_or(0, |reconnect| reconnect.backoff.extra_ms(time_ms, failures, self.random));
        (self.least_ms() + extra_ms).min(MAX_DELAY_MS) as u32
    }

    pub(super) fn asks(&self) -> bool {
        self.policy.reconnect.as_ref().is_some_and(|reconnect| reconnect.asks)
    }

    #[cold]
    pub(super) fn overrule(&mut self, plan: Plan, decision: Decision) -> Plan {
        match decision {
            Decision::Agree => return plan,
            Decision::Stop => return Plan::Stop,
            _ if self.policy.one_shot => return Plan::Stop,
            Decision::Retry | Decision::RetryAfter(_) => {}
        }
        // An end that the owner does not accept counts as a failure, too.
        self.count_failure();
        match (decision, plan) {
            (Decision::RetryAfter(ms), _) => {
                let asked_ms = (self.attempt.retry_after_until_ms - self.clock.now()) as u32;
                let delay_ms = ms.max(asked_ms).clamp(MIN_DELAY_MS as u32, MAX_DELAY_MS as u32);
                self.attempt.not_before_ms = self.clock.now() + f64::from(delay_ms);
                Plan::Retry(delay_ms)
            }
            (_, Plan::Retry(_)) => plan,
            _ => self.usual(),
        }
    }

    /// The plan as things stand: without a network, no delay can be promised.
    pub(super) fn outlook(&self, plan: Plan) -> Plan {
        let is_held_up = self.source.offline_until_ms.is_some() && !self.attempt.is_wished;
        match plan {
            Plan::Retry(_) if is_held_up => Plan::Sleep,
            plan => plan,
        }
    }

    #[cold]
    pub(super) fn carry_out(&mut self, cause: Cause, plan: Plan) -> (State, Output) {
        let delay_ms = match self.outlook(plan) {
            Plan::Retry(delay_ms) => Some(delay_ms),
            Plan::Stop | Plan::Sleep => None,
        };
        let output = Output::Reestablish { cause, delay_ms };
        self.timer = match plan {
            Plan::Stop => return (State::Closed, Output::Fail(cause)),
            // Only the owner can ask for no wait.
            Plan::Retry(0) => {
                self.connect();
                return (self.state, output);
            }
            Plan::Retry(delay_ms) => Timer::until(self.clock.now() + f64::from(delay_ms)),
            Plan::Sleep => Timer::ENDLESS,
        };
        if self.source.offline_until_ms.is_some() {
            self.go_offline();
        }
        (State::Waiting, output)
    }

    /// When the wait of the current state ends; infinity if never.
    pub(super) fn due_ms(&self) -> f64 {
        if self.state != State::Waiting {
            return self.timer.due_ms;
        }
        let online_ms = self.source.offline_until_ms.filter(|_| !self.attempt.is_wished);
        self.timer.due_ms.max(self.source.pace.next_ms()).max(online_ms.unwrap_or_default())
    }

    /// The device claims to be offline: attempts continue, but rarely.
    pub(super) fn go_offline(&mut self) {
        let most_ms =
            self.policy.reconnect.as_ref().map_or(0, |reconnect| reconnect.backoff.max_ms);
        self.source.offline_until_ms =
            Some(self.clock.now() + f64::from(most_ms.max(OFFLINE_MS)).min(MAX_DELAY_MS as f64));
    }
}
