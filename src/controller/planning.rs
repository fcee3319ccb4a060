//! What follows the end of a connection or an attempt.

use super::{Controller, Decision, Output, Plan, State};
use crate::policy::{
    Cause, MAX_DELAY_MS, MIN_DELAY_MS, NoResponse, Replay, Retry, least_ms, retry,
};

impl Controller {
    /// A response with a status other than 200.
    pub(super) fn refuse(&mut self, status: u16, retry_after_ms: u64) {
        self.retry_after_ms = retry_after_ms;
        let has_fresh_headers =
            self.policy.reconnect.as_ref().map(|reconnect| reconnect.fresh_headers);
        let may_pass = match (has_fresh_headers, retry(status)) {
            (Some(_), Retry::Later) => true,
            (Some(true), Retry::WithFreshHeaders) => !core::mem::replace(&mut self.refreshed, true),
            _ => false,
        };
        let plan = if may_pass { self.next_attempt(Cause::Status) } else { Plan::Stop };
        self.plan(Cause::Status, plan);
    }

    /// A network error instead of a response.
    ///
    /// A server that has allowed this origin once is not probed: it would rather be restarting, and a
    /// probe that meets it back again would end the source for good.
    pub(super) fn go_unanswered(&mut self) {
        match self.policy.no_response {
            NoResponse::MayBeRefusal if self.answered => self.plan(Cause::Refused, Plan::Stop),
            NoResponse::MayBeRefusal if self.established || self.policy.one_shot => {
                self.end(Cause::NetworkError);
            }
            NoResponse::MayBeRefusal if self.policy.replay == Replay::Always => {
                self.state = State::Unanswered;
            }
            // A request that is not to be repeated may have been carried out by a server that hides its
            // answers.
            NoResponse::MayBeRefusal | NoResponse::Futile => {
                self.plan(Cause::NetworkError, Plan::Stop);
            }
            NoResponse::MayPass => self.end(Cause::NetworkError),
        }
    }

    /// [spec] Reestablish the connection, where the policy allows it. An unfinished event is gone.
    pub(super) fn end(&mut self, cause: Cause) {
        let plan = self.next_attempt(cause);
        self.plan(cause, plan);
    }

    pub(super) fn plan(&mut self, cause: Cause, plan: Plan) {
        self.last_event_id = self.parser.last_event_id().to_vec();
        self.reason = Some(cause);
        self.state = State::Ended(cause, plan);
    }

    fn next_attempt(&mut self, cause: Cause) -> Plan {
        if !self.may_replay(cause) {
            return Plan::Stop;
        }
        let Some(reconnect) = &self.policy.reconnect else {
            let delay_ms = least_ms(Some(self.reconnection_time_ms()), 0) as u32;
            self.not_before_ms = self.clock.now() + f64::from(delay_ms);
            return Plan::Retry(delay_ms);
        };
        let max_attempts = reconnect.max_attempts;
        self.count_failure();
        let usual = self.usual();
        if max_attempts > 0 && self.failures >= max_attempts { Plan::Sleep } else { usual }
    }

    /// Counts this attempt, unless its connection was stable: that ends the row.
    fn count_failure(&mut self) {
        let stable_ms = self.policy.reconnect.as_ref().map_or(0, |reconnect| reconnect.stable_ms);
        let lasted_ms = self.announced_ms.map(|announced_ms| self.clock.now() - announced_ms);
        if self.delivered && lasted_ms.is_some_and(|ms| ms >= f64::from(stable_ms)) {
            self.attempt = 0;
            self.failures = 0;
        } else {
            self.failures = self.failures.saturating_add(1);
        }
    }

    pub(super) fn may_replay(&self, cause: Cause) -> bool {
        self.policy.may_replay(cause, self.dispatched, self.parser.last_event_id())
    }

    /// The usual wait. No signal makes it shorter than what the server asked for.
    fn usual(&mut self) -> Plan {
        self.not_before_ms = self.clock.now() + self.least_ms() as f64;
        Plan::Retry(self.delay_ms())
    }

    fn least_ms(&self) -> u64 {
        least_ms(self.reconnection_time_ms, self.retry_after_ms)
    }

    /// The time to the next request: what the server asked for at least, and the backoff.
    pub(super) fn delay_ms(&self) -> u32 {
        let extra_ms = self.policy.reconnect.as_ref().map_or(0, |reconnect| {
            reconnect.backoff.extra_ms(self.reconnection_time_ms, self.failures, self.random)
        });
        (self.least_ms() + extra_ms).min(MAX_DELAY_MS) as u32
    }

    pub(super) fn asks(&self) -> bool {
        self.policy.reconnect.as_ref().is_some_and(|reconnect| reconnect.asks)
    }

    pub(super) fn overrule(&mut self, plan: Plan, decision: Decision) -> Plan {
        match decision {
            Decision::Agree => return plan,
            Decision::Stop => return Plan::Stop,
            _ if self.policy.one_shot => return Plan::Stop,
            Decision::Retry | Decision::RetryAfter(_) => {}
        }
        if plan == Plan::Stop {
            // The end that the owner does not accept is a failure like others.
            self.count_failure();
        }
        match (decision, plan) {
            (Decision::RetryAfter(ms), _) => {
                let delay_ms = ms.clamp(MIN_DELAY_MS as u32, MAX_DELAY_MS as u32);
                self.not_before_ms = self.clock.now() + f64::from(delay_ms);
                Plan::Retry(delay_ms)
            }
            (_, Plan::Retry(_)) => plan,
            _ => self.usual(),
        }
    }

    /// What comes of a plan as things are.
    pub(super) fn outlook(&self, plan: Plan) -> Plan {
        match plan {
            Plan::Retry(_) if self.offline => Plan::Sleep,
            plan => plan,
        }
    }

    pub(super) fn carry_out(&mut self, cause: Cause, plan: Plan) -> (State, Output) {
        self.due_ms = match plan {
            Plan::Stop => return (State::Closed, Output::Fail(cause)),
            // The owner's wish, which does not wait for a network either.
            Plan::Retry(0) => {
                self.connect();
                return (self.state, Output::Reestablish { cause, delay_ms: Some(0) });
            }
            Plan::Retry(delay_ms) => self.clock.now() + f64::from(delay_ms),
            Plan::Sleep => f64::INFINITY,
        };
        let delay_ms = match self.outlook(plan) {
            Plan::Retry(delay_ms) => Some(delay_ms),
            Plan::Stop | Plan::Sleep => None,
        };
        (State::Waiting, Output::Reestablish { cause, delay_ms })
    }
}
