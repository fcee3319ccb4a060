//! The rules that the controller applies. Pure.

mod cause;
mod delay;
mod heartbeat;
mod no_response;
mod replay;
mod response;
mod retry_after;

use alloc::vec::Vec;

use crate::parser::Interpret;

pub use cause::Cause;
pub use delay::{Backoff, DEFAULT_RECONNECTION_TIME_MS, MAX_DELAY_MS, MIN_DELAY_MS, least_ms};
pub use heartbeat::announced_ms;
use no_response::probes;
pub use no_response::{Circumstances, NoResponse};
pub use replay::Replay;
pub use response::{Retry, Verdict, judge, retry};
pub use retry_after::retry_after_ms;

/// The default of [`Policy::max_event_bytes`].
pub const DEFAULT_MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// The largest sensible value of that. An event of exactly this size is too large.
pub const LARGEST_EVENT_BYTES: usize = 512 * 1024 * 1024;

/// What a source may do, read once when it is created.
#[derive(Debug, Clone)]
pub struct Policy {
    /// After which interruptions the request may be repeated.
    pub replay: Replay,
    /// What it means if a request gets no response.
    pub no_response: NoResponse,
    /// The request can be made only once, because its body is a stream. Overrides everything else.
    pub one_shot: bool,
    /// [NON-SPEC] How to reconnect beyond HTML 9.2.3. `None` follows HTML.
    pub reconnect: Option<Reconnect>,
    /// [NON-SPEC] The owner closes the source when the stream is complete: a body that ends earlier is
    /// [`Cause::Truncated`].
    pub completes: bool,
    /// [NON-SPEC] The owner wants the comments of the event stream.
    pub comments: bool,
    /// [NON-SPEC] What counts as an event beyond HTML.
    pub interpret: Interpret,
    /// A probe can make the request without the server's permission: CORS allows its method to any page.
    pub probes: bool,
    /// The owner reports signals of the network and the page, which can wake a source.
    pub hears_signals: bool,
    /// [NON-SPEC] Give up a request without a response head after this time. 0: never.
    pub open_timeout_ms: u32,
    /// [NON-SPEC] Give up a connection without a byte after this time. 0: never.
    pub idle_timeout_ms: u32,
    /// [NON-SPEC] Learn that time from the comments: three times the longest recent gap, between 6 s and
    /// 60 s, once two have arrived.
    pub learns_idle: bool,
    /// [NON-SPEC] The type of the event that announces how often a server sends something: its data is that
    /// interval in milliseconds. Empty: none.
    pub heartbeat_event: Vec<u8>,
    /// [NON-SPEC] The name of the comments that announce it, see [`announced_ms`]. Empty: none.
    pub heartbeat_comment: Vec<u8>,
    /// The limit for the bytes of one event, including its unfinished line: at most 512 MiB.
    pub max_event_bytes: usize,
}

/// See [`Policy::reconnect`].
#[derive(Debug, Clone)]
pub struct Reconnect {
    /// How the waits grow.
    pub backoff: Backoff,
    /// A connection that delivered an event and lasted this long resets the count of failures.
    pub stable_ms: u32,
    /// Failures in a row after which the source waits to be woken or, if nothing can wake it, fails. 0: no
    /// limit.
    pub max_attempts: u32,
    /// Headers are created anew for every attempt, so another one after 401 or 403 can help.
    pub fresh_headers: bool,
    /// The owner wants to be asked before every decision.
    pub asks: bool,
}

impl Default for Reconnect {
    fn default() -> Self {
        Self {
            backoff: Backoff { max_ms: 30_000 },
            stable_ms: 5000,
            max_attempts: 0,
            fresh_headers: false,
            asks: false,
        }
    }
}

impl Policy {
    /// The policy of HTML 9.2.3 or, for methods that are not idempotent, of RFC 9110 9.2.2.
    ///
    /// `one_shot`: the body can be sent only once, like a stream.
    pub fn for_request(method: &str, one_shot: bool) -> Self {
        let mut policy = Self {
            replay: Replay::Always,
            no_response: NoResponse::MayPass,
            one_shot,
            reconnect: None,
            completes: false,
            comments: false,
            interpret: Interpret::default(),
            probes: true,
            hears_signals: false,
            open_timeout_ms: 0,
            idle_timeout_ms: 0,
            learns_idle: false,
            heartbeat_event: Vec::new(),
            heartbeat_comment: Vec::new(),
            max_event_bytes: DEFAULT_MAX_EVENT_BYTES,
        };
        policy.set_method(method.as_bytes());
        policy
    }

    /// Sets the rules that depend on the method, in the case that the owner wrote.
    pub fn set_method(&mut self, method: &[u8]) {
        self.replay = Replay::by_method(method);
        self.probes = probes(method);
    }
}
