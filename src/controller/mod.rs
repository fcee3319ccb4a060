//! The reconnect controller: decides what happens next to one source, but performs none of it.
//!
//! Pass it the time with [`advance`](Controller::advance) and a random number with
//! [`shuffle`](Controller::shuffle), feed it an [`Input`], then carry out the outputs of
//! [`poll`](Controller::poll) until it returns `None`. Repeat with the next input, or with an `Alarm` if
//! there is none within [`wait_ms`](Controller::wait_ms). It has no clock and no randomness, and it starts
//! no work.
//!
//! ```text
//! state         input                        output of poll              next state
//! Connecting                                 Fetch                       Fetching
//! Fetching      Response, an event stream                                Announcing
//!               NetworkError that may be a
//!               refusal of the origin                                    Unanswered
//!               any other Response, errors,
//!               the open timeout                                         Ended
//! Unanswered                                 Probe                       Probing
//! Probing       Probed, an answer: the same
//!               request once more (3)                                    Connecting
//!               Probed, no answer, or none
//!               in 5 s                                                   Ended
//! Announcing                                 Announce                    Open
//! Open                                       Read                        Reading
//! Reading       Chunk                        Dispatch if it finished
//!                                            events or comments (2)      Open
//!               Chunk, an event too large    Dispatch, as above          Ended
//!               EndOfBody after Ending       Dispatch, likewise          Completed
//!               EndOfBody, NetworkError,
//!               the idle timeout             Dispatch, likewise          Ended
//! Ended         (the policy makes a plan)    Decide, if the owner asks   Deciding
//!                                            else as Decided
//! Deciding      Decision                                                 Decided
//! Decided                                    Reestablish (1)             Waiting
//!                                            Reestablish, without a wait Connecting
//!                                            Fail                        Closed
//! Waiting       the delay                                                Connecting
//! Completed                                  Complete                    Closed
//! under way     Reconnect                                                Decided
//! Waiting       Reconnect                    a shorter wait, or none     Waiting, Connecting
//! under way     Blocked, ApplicationError                                Decided
//! any           Close                        nothing, for good           Closed
//! ```
//!
//! "Under way" means Fetching to Reading; Ended, Deciding and Decided take those inputs too.
//!
//! (1) After too many failures in a row, without a delay: then only a signal or the owner ends the wait.
//! (2) Also for the fourth chunk in a row that finished none, so that the owner can yield to other tasks.
//! (3) A refusal only if that gets no response either: the network may have lost just the first one.
//! Any other input has come too late and is dropped. For signals see `signal`.

mod cadence;
mod clock;
mod dialogue;
mod pace;
mod planning;
mod signals;
mod source;

use alloc::vec::Vec;

pub use dialogue::{Decision, Input, Output, Plan, Signal};

use self::{
    clock::{Clock, Timer, whole_ms},
    source::{Attempt, Connection, Source},
};
use crate::{
    parser::Batch,
    policy::{Cause, DEFAULT_RECONNECTION_TIME_MS, Policy, Replay, Verdict, judge, retry_after_ms},
};

/// How often to look at the clock while a connection is open: a gap shows that the device slept.
const LOOK_MS: f64 = 20_000.0;

/// A gap this long means sleep. Timers of hidden pages may be a minute late.
const SLEEP_MS: f64 = 90_000.0;

/// How long a probe may take. Browsers can withhold a response until the first byte of its body.
const PROBE_MS: u32 = 5000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Connecting,
    Fetching,
    Unanswered,
    Probing,
    Announcing,
    Open,
    Reading,
    Ended(Cause, Plan),
    Deciding(Cause, Plan),
    Decided(Cause, Plan),
    Waiting,
    Completed,
    Closed,
}

/// See the module's documentation.
pub struct Controller {
    policy: Policy,
    /// In [0, 1).
    random: f64,
    clock: Clock,
    state: State,
    timer: Timer,
    source: Source,
    attempt: Attempt,
    /// The latest connection.
    connection: Option<Connection>,
}

impl Controller {
    /// `last_event_id` is sent with the first request.
    pub fn new(policy: Policy, last_event_id: Vec<u8>) -> Self {
        Self {
            policy,
            random: 0.0,
            clock: Clock::default(),
            state: State::Connecting,
            timer: Timer::ENDLESS,
            source: Source { last_event_id, ..Source::default() },
            attempt: Attempt::default(),
            connection: None,
        }
    }

    /// The policy, for an owner that sets it piece by piece. It must not change after the first
    /// [`poll`](Self::poll).
    pub fn policy_mut(&mut self) -> &mut Policy {
        &mut self.policy
    }

    /// Sets the initial last event ID string, before the first [`poll`](Self::poll).
    pub fn begin_with(&mut self, last_event_id: Vec<u8>) {
        self.source.last_event_id = last_event_id;
    }

    /// Sets the time: milliseconds since any moment, by a clock that keeps running while the device sleeps.
    pub fn advance(&mut self, now_ms: f64) {
        self.clock.advance(now_ms);
    }

    /// Sets the random number, in [0, 1), that spreads the next waits. Clients that a server drops at the
    /// same moment each need a different one for every wait.
    pub fn shuffle(&mut self, random: f64) {
        self.random = random;
    }

    /// Overrides the policy's replay rule for this attempt: the owner resumes with a different request than
    /// it began with. Call it after [`Output::Fetch`].
    pub fn resumes_by(&mut self, replay: Replay) {
        self.attempt.replay = Some(replay);
    }

    /// The time of the last [`advance`](Self::advance), by a clock that starts at 0 and is never set back.
    pub fn now_ms(&self) -> f64 {
        self.clock.now()
    }

    /// How long to wait for other inputs before giving an `Alarm`. `None`: no `Alarm` is needed.
    pub fn wait_ms(&self) -> Option<u32> {
        let due_ms = match self.state {
            State::Waiting | State::Fetching | State::Probing => self.due_ms(),
            State::Reading if self.policy.reconnect.is_some() => {
                self.due_ms().min(self.clock.now() + LOOK_MS)
            }
            State::Reading => self.due_ms(),
            _ => return None,
        };
        due_ms.is_finite().then(|| whole_ms(due_ms - self.clock.now()))
    }

    /// Handles an input. Follow it with [`poll`](Self::poll).
    pub fn handle(&mut self, input: Input<'_>) {
        match (self.state, input) {
            (State::Closed, _) => {}
            (State::Reading, Input::Chunk(chunk)) => self.feed(chunk),
            (_, Input::Tick) => self.tick(),
            (_, Input::Alarm { due_ms }) => {
                self.clock.reach(due_ms);
                self.tick();
            }
            (_, Input::Close) => self.close(),
            (_, Input::Reconnect { in_callback }) => self.reconnect(in_callback),
            (_, Input::Signal(signal)) => self.signal(signal),
            (State::Fetching, Input::Response { status, content_type, .. }) => {
                match judge(status, content_type) {
                    Verdict::EventStream => self.announce(),
                    Verdict::BadStatus => self.refuse(status, asked_ms(input)),
                    Verdict::BadContentType => self.plan(Cause::ContentType, Plan::Stop),
                }
            }
            (State::Reading, Input::EndOfBody) => self.end_of_body(),
            (State::Open | State::Reading, Input::Ending) => {
                if let Some(connection) = &mut self.connection {
                    connection.is_ending = true;
                }
            }
            // Only the end of the body has completed the event that announces it.
            (State::Ended(Cause::EndOfBody | Cause::Truncated, _), Input::Ending) => {
                self.state = State::Completed;
            }
            (State::Fetching, Input::NetworkError) => self.go_unanswered(),
            (State::Probing, Input::Probed(true)) => {
                self.attempt.answered = true;
                self.state = State::Connecting;
            }
            (State::Probing, Input::Probed(false)) | (State::Reading, Input::NetworkError) => {
                self.end(Cause::NetworkError);
            }
            (State::Fetching, Input::RequestError) => self.end(Cause::RequestError),
            (State::Fetching | State::Probing | State::Reading, Input::Blocked) => {
                self.plan(Cause::Blocked, Plan::Stop);
            }
            (State::Open | State::Reading | State::Ended(..), Input::ApplicationError) => {
                self.plan(Cause::Application, Plan::Stop);
                self.state = State::Decided(Cause::Application, Plan::Stop);
            }
            (State::Deciding(cause, plan), Input::Decision(decision)) => {
                self.state = State::Decided(cause, self.overrule(plan, decision));
            }
            _ => {}
        }
    }

    /// The next thing to do, or `None` if there is nothing until the next input.
    pub fn poll(&mut self) -> Option<Output> {
        if let Some(connection) = &mut self.connection
            && core::mem::take(&mut connection.undispatched)
        {
            return Some(Output::Dispatch);
        }
        let (state, output) = match self.state {
            State::Open => {
                let idle_ms = self.connection.as_ref().map_or(0, |open| open.idle_timeout_ms);
                self.timer = Timer::timeout(self.clock.now(), idle_ms);
                (State::Reading, Output::Read)
            }
            State::Fetching
            | State::Probing
            | State::Reading
            | State::Deciding(..)
            | State::Waiting
            | State::Closed => return None,
            State::Connecting => (State::Fetching, self.fetch()),
            State::Unanswered => {
                self.timer = Timer::timeout(self.clock.now(), PROBE_MS);
                (State::Probing, Output::Probe)
            }
            State::Announcing => (State::Open, Output::Announce),
            State::Ended(cause, plan) if self.asks() => {
                (State::Deciding(cause, plan), Output::Decide { cause, plan: self.outlook(plan) })
            }
            State::Ended(cause, plan) | State::Decided(cause, plan) => self.carry_out(cause, plan),
            State::Completed => (State::Closed, Output::Complete),
        };
        self.state = state;
        Some(output)
    }

    /// Whether the outcome of the last output is still wanted and [`poll`](Self::poll) has nothing new.
    pub fn is_waiting(&self) -> bool {
        let is_asking = matches!(
            self.state,
            State::Fetching
                | State::Probing
                | State::Reading
                | State::Deciding(..)
                | State::Waiting
        );
        is_asking && !self.connection.as_ref().is_some_and(|connection| connection.undispatched)
    }

    /// Whether the source is closed for good.
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// Whether no request follows only because the server may have carried out the last one (RFC 9110
    /// 9.2.2). An owner that knows better can allow it, see [`Replay`]. Call it after [`Output::Fail`].
    pub fn is_withheld(&self) -> bool {
        self.attempt.is_withheld
    }

    /// The events to dispatch after [`Output::Dispatch`].
    pub fn batch(&self) -> &Batch {
        static EMPTY: Batch = Batch::new();
        self.connection.as_ref().map_or(&EMPTY, Connection::batch)
    }

    /// The last event ID string, to be sent with the next request. Bytes as received; decode them as
    /// UTF-8 with replacement.
    pub fn last_event_id(&self) -> &[u8] {
        &self.source.last_event_id
    }

    /// The reconnection time set by the server, or the default.
    pub fn reconnection_time_ms(&self) -> u64 {
        self.source.reconnection_time_ms.unwrap_or(DEFAULT_RECONNECTION_TIME_MS)
    }

    /// Handles whatever is due.
    #[inline(never)]
    fn tick(&mut self) {
        let late_ms = self.clock.now() - self.due_ms();
        match self.state {
            State::Waiting if late_ms >= 0.0 => self.connect(),
            State::Fetching | State::Reading if late_ms > 0.0 && !self.timer.is_extended => {
                self.extend(late_ms);
            }
            State::Fetching | State::Reading if late_ms >= 0.0 => self.end(Cause::Timeout),
            State::Probing if late_ms >= 0.0 => self.end(Cause::NetworkError),
            State::Reading if self.clock.passed() >= SLEEP_MS => self.doubt(),
            _ => {}
        }
    }

    fn feed(&mut self, chunk: &[u8]) {
        let Some(connection) = &mut self.connection else { return };
        self.state = State::Open;
        let fed = connection.feed(chunk, &self.policy, self.clock.now());
        self.source.identified |= connection.batch().has_identified_messages();
        if let Some(time) = connection.parser.reconnection_time() {
            self.source.reconnection_time_ms = Some(time);
        }
        if fed.is_err() {
            self.plan(Cause::EventTooLarge, Plan::Stop);
        }
    }

    #[cold]
    fn end_of_body(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        if self.policy.interpret.unterminated {
            connection.finish(&self.policy);
            self.source.identified |= connection.batch().has_identified_messages();
        }
        if connection.is_ending {
            self.state = State::Completed;
        } else {
            self.end(if self.policy.completes { Cause::Truncated } else { Cause::EndOfBody });
        }
    }

    #[cold]
    fn connect(&mut self) {
        self.state = State::Connecting;
        self.source.attempt = self.source.attempt.saturating_add(1);
        self.attempt = Attempt::default();
        self.connection = None;
    }

    #[cold]
    fn fetch(&mut self) -> Output {
        self.timer = Timer::timeout(self.clock.now(), self.policy.open_timeout_ms);
        self.source.pace.count(self.clock.now());
        Output::Fetch { attempt: self.source.attempt, reason: self.source.reason }
    }

    #[cold]
    fn announce(&mut self) {
        self.connection =
            Some(Connection::new(&self.policy, &self.source.last_event_id, self.clock.now()));
        self.source.established = true;
        self.source.refreshed = false;
        if self.policy.reconnect.is_none() {
            self.source.attempt = 0;
        }
        self.state = State::Announcing;
    }

    fn close(&mut self) {
        self.state = State::Closed;
        if let Some(connection) = &mut self.connection {
            connection.undispatched = false;
        }
    }
}

/// The wait that the `Retry-After` of a response asks for, from now.
fn asked_ms(input: Input<'_>) -> u64 {
    match input {
        Input::Response { retry_after, retry_after_date_ms, date_ms, wall_ms, .. } => {
            retry_after_ms(retry_after, retry_after_date_ms, date_ms, wall_ms)
        }
        _ => 0,
    }
}
