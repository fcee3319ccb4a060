//! The reconnect controller: decides what happens next to one source, and does none of it.
//!
//! Tell it the time with [`advance`](Controller::advance), feed it an [`Input`], then carry out what
//! [`poll`](Controller::poll) says until it says nothing. Do so again with the next input, which is a
//! `Tick` if there is no other within [`wait_ms`](Controller::wait_ms). It has no clock, no randomness
//! and starts no work.
//!
//! ```text
//! state         input                        output of poll              next state
//! Connecting                                 Fetch                       Fetching
//! Fetching      Response, an event stream    Announce                    Open
//!               NetworkError that may be a
//!               refusal of the origin        Probe                       Probing
//!               any other Response, errors,
//!               Tick, the open timeout                                   Ended
//! Probing       Probed, an answer            Fetch, the same again (3)   Fetching
//!               Probed, no answer,
//!               Tick after 5 s                                           Ended
//! Open                                       Read                        Reading
//! Reading       Chunk                        Dispatch if it finished     Open
//!                                            events or comments (2)
//!               Chunk, an event too large    Dispatch, Fail              Closed
//!               EndOfBody, NetworkError,
//!               Tick, the idle timeout                                   Ended
//! Ended         (the policy makes a plan)    Decide, if the owner asks   Deciding
//!                                            Reestablish (1)             Waiting
//!                                            Fail                        Closed
//! Deciding      Decision                     as Ended, without Decide    Waiting, Closed
//! Waiting       Tick, the delay, if online   Fetch                       Fetching
//! any but       Reconnect                    Reestablish, where there    Fetching
//! Closed                                     was a connection, Fetch
//! any           Close                        nothing, for good           Closed
//! ```
//!
//! (1) after too many failures in a row without a time: then only a signal or the owner ends the wait.
//! (2) or if it is the fourth in a row that did not: an owner that hears of nothing lets no others run.
//! (3) a refusal if that gets no response either: the network may have lost the first one alone.
//! Any other input is one that comes too late: it is dropped. What signals do is told at `signal`.

mod clock;
mod dialogue;
mod planning;
mod signals;

use alloc::vec::Vec;

pub use dialogue::{Decision, Input, Output, Plan, Signal};

use self::clock::Clock;
use crate::{
    parser::{Batch, Parser, digits},
    policy::{
        Cause, DEFAULT_RECONNECTION_TIME_MS, MAX_DELAY_MS, MIN_DELAY_MS, Policy, Verdict,
        announced_ms, judge, retry_after_ms,
    },
};

/// How often to look at the clock while a connection is open: a gap shows that the device slept.
const LOOK_MS: f64 = 20_000.0;

/// Timers of hidden pages may come a minute late.
const SLEEP_MS: f64 = 90_000.0;

/// Every so many chunks the owner hears of them, events or not: reading goes on in one task, milliseconds
/// for each chunk where the device is slow, and only the owner can let others run.
const QUIET_CHUNKS: u32 = 4;

/// How long a probe may take. Browsers can keep a response back until the first byte of its body.
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
    Closed,
}

/// See the module's documentation.
pub struct Controller {
    policy: Policy,
    /// In [0, 1).
    random: f64,
    clock: Clock,
    state: State,
    /// When the wait of the current state is over; infinite without an end.
    due_ms: f64,
    /// The wait was made longer once, as it was noticed late that it was over.
    is_extended: bool,
    /// No signal makes the next request come earlier.
    not_before_ms: f64,
    /// What the answer to the current attempt asked for.
    retry_after_ms: u64,
    parser: Parser,
    last_event_id: Vec<u8>,
    reconnection_time_ms: Option<u64>,
    idle_timeout_ms: u32,
    attempt: u32,
    /// Attempts and connections in a row that came to nothing.
    failures: u32,
    reason: Option<Cause>,
    /// When the current connection was announced, if it was.
    announced_ms: Option<f64>,
    /// The server has answered a probe during the current attempt.
    answered: bool,
    /// Any connection was announced.
    established: bool,
    /// The parser's batch is still to be dispatched.
    undispatched: bool,
    /// Chunks since the last dispatch.
    quiet_chunks: u32,
    /// Any message came on the current connection.
    delivered: bool,
    /// Any message came, on any connection.
    dispatched: bool,
    /// Fresh headers were tried and no connection was announced since.
    refreshed: bool,
    offline: bool,
}

impl Controller {
    /// `last_event_id` is sent with the first request.
    pub fn new(policy: Policy, last_event_id: Vec<u8>) -> Self {
        Self {
            parser: Parser::new(&last_event_id, policy.max_event_bytes),
            random: 0.0,
            clock: Clock::default(),
            state: State::Connecting,
            due_ms: f64::INFINITY,
            is_extended: false,
            not_before_ms: 0.0,
            retry_after_ms: 0,
            last_event_id,
            reconnection_time_ms: None,
            idle_timeout_ms: policy.idle_timeout_ms,
            attempt: 0,
            failures: 0,
            reason: None,
            announced_ms: None,
            answered: false,
            established: false,
            undispatched: false,
            quiet_chunks: 0,
            delivered: false,
            dispatched: false,
            refreshed: false,
            offline: false,
            policy,
        }
    }

    /// Tells the time: milliseconds since any moment, by a clock that goes on while the device sleeps.
    pub fn advance(&mut self, now_ms: f64) {
        self.clock.advance(now_ms);
    }

    /// Brings chance: a number in [0, 1), by which the next waits are spread. Clients that one server
    /// drops at the same moment each need another, for every wait.
    pub fn shuffle(&mut self, random: f64) {
        self.random = random;
    }

    /// The time of the last [`advance`](Self::advance), by a clock that starts at 0 and is never set back.
    pub fn now_ms(&self) -> f64 {
        self.clock.now()
    }

    /// After how long at most to give a `Tick`. `None`: there is nothing to wait for but other inputs.
    pub fn wait_ms(&self) -> Option<u32> {
        let due_ms = match self.state {
            State::Waiting if self.offline => return None,
            State::Waiting | State::Fetching | State::Probing => self.due_ms,
            State::Reading if self.policy.reconnect.is_some() => {
                self.due_ms.min(self.clock.now() + LOOK_MS)
            }
            State::Reading => self.due_ms,
            _ => return None,
        };
        due_ms.is_finite().then(|| (due_ms - self.clock.now()).min(MAX_DELAY_MS as f64) as u32)
    }

    /// Takes an input. Follow it with [`poll`](Self::poll).
    pub fn handle(&mut self, input: Input<'_>) {
        match (self.state, input) {
            (State::Closed, _) => {}
            (_, Input::Close) => {
                self.state = State::Closed;
                self.undispatched = false;
            }
            (_, Input::Reconnect) => self.reconnect(),
            (_, Input::Signal(signal)) => self.signal(signal),
            (state, Input::Tick) => self.tick(state),
            (
                State::Fetching,
                Input::Response {
                    status,
                    content_type,
                    retry_after,
                    retry_after_date_ms,
                    date_ms,
                    wall_ms,
                },
            ) => match judge(status, content_type) {
                Verdict::EventStream => self.announce(),
                Verdict::BadStatus => {
                    let ms = retry_after_ms(retry_after, retry_after_date_ms, date_ms, wall_ms);
                    self.refuse(status, ms);
                }
                Verdict::BadContentType => self.plan(Cause::ContentType, Plan::Stop),
            },
            (State::Reading, Input::Chunk(chunk)) => self.feed(chunk),
            (State::Reading, Input::EndOfBody) if self.policy.completes => {
                self.end(Cause::Truncated);
            }
            (State::Reading, Input::EndOfBody) => self.end(Cause::EndOfBody),
            (State::Fetching, Input::NetworkError) => self.go_unanswered(),
            (State::Probing, Input::Probed(true)) => {
                self.answered = true;
                self.state = State::Connecting;
            }
            (State::Probing, Input::Probed(false)) | (State::Reading, Input::NetworkError) => {
                self.end(Cause::NetworkError);
            }
            (State::Fetching, Input::RequestError) => self.end(Cause::RequestError),
            (State::Deciding(cause, plan), Input::Decision(decision)) => {
                self.state = State::Decided(cause, self.overrule(plan, decision));
            }
            _ => {}
        }
    }

    /// The next thing to do, or `None` if there is nothing until the next input.
    pub fn poll(&mut self) -> Option<Output> {
        if self.undispatched {
            self.undispatched = false;
            return Some(Output::Dispatch);
        }
        let (state, output) = match self.state {
            State::Connecting => {
                self.wait(self.policy.open_timeout_ms);
                let fetch = Output::Fetch { attempt: self.attempt, reason: self.reason };
                (State::Fetching, fetch)
            }
            State::Unanswered => {
                self.wait(PROBE_MS);
                (State::Probing, Output::Probe)
            }
            State::Announcing => (State::Open, Output::Announce),
            State::Open => {
                self.wait(self.idle_timeout_ms);
                (State::Reading, Output::Read)
            }
            State::Ended(cause, plan) if self.asks() => {
                (State::Deciding(cause, plan), Output::Decide { cause, plan: self.outlook(plan) })
            }
            State::Ended(cause, plan) | State::Decided(cause, plan) => self.carry_out(cause, plan),
            State::Fetching
            | State::Probing
            | State::Reading
            | State::Deciding(..)
            | State::Waiting
            | State::Closed => return None,
        };
        self.state = state;
        Some(output)
    }

    /// Whether what the last output asked for is still wanted, and [`poll`](Self::poll) has nothing new.
    pub fn is_waiting(&self) -> bool {
        let is_asking = matches!(
            self.state,
            State::Fetching
                | State::Probing
                | State::Reading
                | State::Deciding(..)
                | State::Waiting
        );
        is_asking && !self.undispatched
    }

    /// Whether the source is closed for good.
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// The events to dispatch after [`Output::Dispatch`].
    pub fn batch(&self) -> &Batch {
        self.parser.batch()
    }

    /// The last event ID string, to be sent with the next request. Bytes as received; decode them as
    /// UTF-8 with replacement.
    pub fn last_event_id(&self) -> &[u8] {
        &self.last_event_id
    }

    /// The reconnection time, as the server set it.
    pub fn reconnection_time_ms(&self) -> u64 {
        self.reconnection_time_ms.unwrap_or(DEFAULT_RECONNECTION_TIME_MS)
    }

    /// What is due is due.
    fn tick(&mut self, state: State) {
        let late_ms = self.clock.now() - self.due_ms;
        match state {
            State::Waiting if late_ms >= 0.0 && !self.offline => self.connect(),
            State::Fetching | State::Reading if late_ms > 0.0 && !self.is_extended => {
                self.extend(late_ms);
            }
            State::Fetching | State::Reading if late_ms >= 0.0 => self.end(Cause::Timeout),
            State::Probing if late_ms >= 0.0 => self.end(Cause::NetworkError),
            State::Reading if self.clock.passed() >= SLEEP_MS => self.doubt(),
            _ => {}
        }
    }

    /// Ends the current state after `timeout_ms`, or never if that is 0.
    fn wait(&mut self, timeout_ms: u32) {
        self.is_extended = false;
        let is_endless = timeout_ms == 0;
        self.due_ms =
            if is_endless { f64::INFINITY } else { self.clock.now() + f64::from(timeout_ms) };
    }

    fn connect(&mut self) {
        self.state = State::Connecting;
        self.attempt = self.attempt.saturating_add(1);
        self.announced_ms = None;
        self.answered = false;
        self.delivered = false;
        self.retry_after_ms = 0;
    }

    fn announce(&mut self) {
        self.parser = Parser::new(&self.last_event_id, self.policy.max_event_bytes);
        let in_comments = !self.policy.heartbeat_comment.is_empty();
        self.parser.hear_comments(self.policy.comments || in_comments);
        self.idle_timeout_ms = self.policy.idle_timeout_ms;
        self.announced_ms = Some(self.clock.now());
        self.established = true;
        self.refreshed = false;
        if self.policy.reconnect.is_none() {
            self.attempt = 0;
        }
        self.state = State::Announcing;
    }

    fn feed(&mut self, chunk: &[u8]) {
        self.state = State::Open;
        if self.parser.feed(chunk).is_err() {
            self.plan(Cause::EventTooLarge, Plan::Stop);
        }
        if let Some(time) = self.parser.reconnection_time() {
            self.reconnection_time_ms = Some(time);
        }
        let batch = self.parser.batch();
        self.undispatched = batch.has_events() || (self.policy.comments && !batch.is_empty());
        // Comments and ids are nothing that a repeated request could repeat, nor a sign of success.
        let has_messages = batch.has_messages();
        self.delivered |= has_messages;
        self.dispatched |= has_messages;
        self.hear_heartbeat();
        self.quiet_chunks += 1;
        self.undispatched |= self.quiet_chunks == QUIET_CHUNKS;
        if self.undispatched {
            self.quiet_chunks = 0;
        }
    }

    /// [NON-SPEC] A server that says how often it sends something can be missed after twice that time.
    fn hear_heartbeat(&mut self) {
        let Policy { heartbeat_event, heartbeat_comment, .. } = &self.policy;
        if heartbeat_event.is_empty() && heartbeat_comment.is_empty() {
            return;
        }
        let intervals = self.batch().records().filter_map(|record| match record.comment {
            Some(comment) => announced_ms(comment, heartbeat_comment),
            None if record.event_type.unwrap_or(b"message") == heartbeat_event => {
                digits(record.data?)
            }
            None => None,
        });
        if let Some(interval_ms) = intervals.filter(|&ms| ms > 0).last() {
            let twice_ms = interval_ms.saturating_mul(2).clamp(MIN_DELAY_MS, MAX_DELAY_MS);
            self.idle_timeout_ms = twice_ms as u32;
        }
    }
}
