//! The reconnect controller: decides what happens next to one source, and does none of it.
//!
//! Feed it an [`Input`], then carry out what [`poll`](Controller::poll) says until it says nothing.
//! It has no clock and starts no work: time passes when a [`Input::Timeout`] says so.
//!
//! ```text
//! state         input                        output of poll              next state
//! Connecting                                 Fetch                       Fetching
//! Fetching      Response, an event stream    Announce                    Open
//!               Response, any other          Fail                        Closed
//!               NetworkError, RequestError   Reestablish, or Fail (1)    Waiting, Closed
//! Open                                       Read                        Open
//!               Chunk                        Dispatch if it finished     Open
//!                                            events, then Fail if one    Closed
//!                                            was too large
//!               EndOfBody, NetworkError      Reestablish, or Fail (1)    Waiting, Closed
//! Waiting       Timeout                      Fetch                       Fetching
//! any           Close                        nothing, for good           Closed
//! ```
//!
//! (1) where the policy does not allow a repetition. Any other input is one that comes too late: it
//! is dropped.

use alloc::string::String;

use crate::{
    parser::{Batch, Parser},
    policy::{DEFAULT_RECONNECTION_TIME_MS, Policy, Verdict, delay_ms, judge},
};

/// What the outside world tells the controller.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// The response head has arrived.
    Response {
        /// The HTTP status.
        status: u16,
        /// The combined value of the `Content-Type` headers.
        content_type: Option<&'a str>,
    },
    /// Bytes of the body, split anywhere.
    Chunk(&'a [u8]),
    /// The body is over.
    EndOfBody,
    /// There was no response, or its body broke off.
    NetworkError,
    /// The request could not be made: a function of the init failed.
    RequestError,
    /// The wait asked for by [`Output::Reestablish`] is over.
    Timeout,
    /// The owner closes the source.
    Close,
}

/// What the controller wants done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Make the request, with [`Controller::last_event_id`]; then give `Response`, `NetworkError`
    /// or `RequestError`.
    Fetch {
        /// 0 for the first, then counted up until a connection is announced.
        attempt: u32,
        /// Why the last connection or attempt ended.
        reason: Option<Interruption>,
    },
    /// Set readyState to OPEN and fire `open`.
    Announce,
    /// Read on in the body; then give `Chunk`, `EndOfBody` or `NetworkError`.
    Read,
    /// Fire the events of [`Controller::batch`].
    Dispatch,
    /// Set readyState to CONNECTING, fire `error`, wait; then give `Timeout`.
    Reestablish {
        /// What ended the connection or attempt.
        cause: Interruption,
        /// How long to wait.
        delay_ms: u32,
    },
    /// Set readyState to CLOSED, fire `error`, abort the request.
    Fail(FailReason),
}

/// Why a connection or an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// The server ended the body.
    EndOfBody,
    /// There was no response, or its body broke off.
    NetworkError,
    /// A function of the init failed.
    RequestError,
}

/// Why a source is closed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailReason {
    /// The status was not 200.
    Status,
    /// The content type was not `text/event-stream`.
    ContentType,
    /// An event was larger than the policy allows.
    EventTooLarge,
    /// The policy does not allow the request to be repeated after this.
    Interrupted(Interruption),
}

// Not in the npm build: nobody prints there, and formatting costs kilobytes.
#[cfg(feature = "std")]
impl core::fmt::Display for FailReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Status => "the status is not 200",
            Self::ContentType => "the content type is not text/event-stream",
            Self::EventTooLarge => "an event is larger than allowed",
            Self::Interrupted(Interruption::EndOfBody) => "the server ended the event stream",
            Self::Interrupted(Interruption::NetworkError) => {
                "the request failed or its body broke off"
            }
            Self::Interrupted(Interruption::RequestError) => "the request could not be made",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Connecting,
    Fetching,
    Announcing,
    Open,
    Interrupted(Interruption),
    Waiting,
    Failed(FailReason),
    Closed,
}

/// See the module's documentation.
pub struct Controller {
    policy: Policy,
    state: State,
    parser: Parser,
    last_event_id: String,
    reconnection_time_ms: u64,
    attempt: u32,
    reason: Option<Interruption>,
    /// The parser's batch is still to be dispatched.
    undispatched: bool,
    /// Any event was dispatched, on any connection.
    dispatched: bool,
}

impl Controller {
    /// `last_event_id` is sent with the first request.
    pub fn new(policy: Policy, last_event_id: String) -> Self {
        Self {
            parser: Parser::new(&last_event_id, policy.max_event_bytes),
            policy,
            state: State::Connecting,
            last_event_id,
            reconnection_time_ms: DEFAULT_RECONNECTION_TIME_MS,
            attempt: 0,
            reason: None,
            undispatched: false,
            dispatched: false,
        }
    }

    /// Takes an input. Follow it with [`poll`](Self::poll).
    pub fn handle(&mut self, input: Input<'_>) {
        match (self.state, input) {
            (_, Input::Close) => {
                self.state = State::Closed;
                self.undispatched = false;
            }
            (State::Fetching, Input::Response { status, content_type }) => {
                self.state = match judge(status, content_type) {
                    Verdict::EventStream => self.announce(),
                    Verdict::BadStatus => State::Failed(FailReason::Status),
                    Verdict::BadContentType => State::Failed(FailReason::ContentType),
                };
            }
            (State::Open, Input::Chunk(chunk)) => self.feed(chunk),
            (State::Open, Input::EndOfBody) => self.interrupt(Interruption::EndOfBody),
            (State::Fetching | State::Open, Input::NetworkError) => {
                self.interrupt(Interruption::NetworkError);
            }
            (State::Fetching, Input::RequestError) => self.interrupt(Interruption::RequestError),
            (State::Waiting, Input::Timeout) => {
                self.state = State::Connecting;
                self.attempt = self.attempt.saturating_add(1);
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
                (State::Fetching, Output::Fetch { attempt: self.attempt, reason: self.reason })
            }
            State::Announcing => (State::Open, Output::Announce),
            State::Open => (State::Open, Output::Read),
            State::Interrupted(cause) => {
                let delay_ms = delay_ms(self.reconnection_time_ms);
                (State::Waiting, Output::Reestablish { cause, delay_ms })
            }
            State::Failed(reason) => (State::Closed, Output::Fail(reason)),
            State::Fetching | State::Waiting | State::Closed => return None,
        };
        self.state = state;
        Some(output)
    }

    /// The events to dispatch after [`Output::Dispatch`].
    pub fn batch(&self) -> &Batch {
        self.parser.batch()
    }

    /// The last event ID string, to be sent with the next request.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    fn announce(&mut self) -> State {
        self.parser = Parser::new(&self.last_event_id, self.policy.max_event_bytes);
        self.attempt = 0;
        State::Announcing
    }

    fn feed(&mut self, chunk: &[u8]) {
        if self.parser.feed(chunk).is_err() {
            self.state = State::Failed(FailReason::EventTooLarge);
        }
        if let Some(time) = self.parser.reconnection_time() {
            self.reconnection_time_ms = time;
        }
        self.undispatched = !self.parser.batch().is_empty();
        self.dispatched |= self.undispatched;
    }

    /// [spec] Reestablish the connection, where the policy allows it. An unfinished event is gone.
    fn interrupt(&mut self, cause: Interruption) {
        self.last_event_id = self.parser.last_event_id().into_owned();
        self.reason = Some(cause);
        let ended = cause == Interruption::EndOfBody;
        self.state = if self.policy.reconnect.allows(ended, self.dispatched, &self.last_event_id) {
            State::Interrupted(cause)
        } else {
            State::Failed(FailReason::Interrupted(cause))
        };
    }
}
