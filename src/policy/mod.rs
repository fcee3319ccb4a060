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

/// The largest sensible value of that. An event of just this size is too large.
pub const LARGEST_EVENT_BYTES: usize = 512 * 1024 * 1024;

/// What a source may do, read once when it is made.
#[derive(Debug, Clone)]
pub struct Policy {
    /// After which interruptions the request may be repeated.
    pub replay: Replay,
    /// What it means that a request got no response.
    pub no_response: NoResponse,
    /// The request can be made only once, as its body is a stream. Overrules everything.
    pub one_shot: bool,
    /// [NON-SPEC] How to reconnect where HTML 9.2.3 leaves it at that. `None` keeps to HTML.
    pub reconnect: Option<Reconnect>,
    /// [NON-SPEC] The owner closes the source when the stream is complete: a body that ends before is
    /// [`Cause::Truncated`].
    pub completes: bool,
    /// [NON-SPEC] The owner wants the comments of the event stream.
    pub comments: bool,
    /// [NON-SPEC] What counts as an event beyond HTML.
    pub interpret: Interpret,
    /// A probe can make the request without leave of the server: CORS allows its method to any page.
    pub probes: bool,
    /// The owner tells of the network and the page, so that those can wake a source.
    pub hears_signals: bool,
    /// [NON-SPEC] Give up a request without a response head after this time. 0: never.
    pub open_timeout_ms: u32,
    /// [NON-SPEC] Give up a connection without a byte after this time. 0: never.
    pub idle_timeout_ms: u32,
    /// [NON-SPEC] Learn that time from how often comments come: three times the longest gap of the last,
    /// between 6 s and 60 s, once two have come.
    pub learns_idle: bool,
    /// [NON-SPEC] The type of the event by which a server announces how often it sends something:
    /// its data is that time in milliseconds. Empty: none.
    pub heartbeat_event: Vec<u8>,
    /// [NON-SPEC] The name by which it does so in comments, see [`announced_ms`]. Empty: none.
    pub heartbeat_comment: Vec<u8>,
    /// Bytes of one event, its unfinished line included, at most 512 MiB.
    pub max_event_bytes: usize,
}

/// See [`Policy::reconnect`].
#[derive(Debug, Clone)]
pub struct Reconnect {
    /// How the waits grow.
    pub backoff: Backoff,
    /// A connection that delivered an event and lasted this long ends the row of failures.
    pub stable_ms: u32,
    /// Failures in a row after which the source waits to be woken or, where nothing can, fails. 0: no
    /// limit.
    pub max_attempts: u32,
    /// Headers are made anew for every attempt, so one more after 401 or 403 can help.
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
    /// The policy of HTML 9.2.3, and for methods that are not idempotent that of RFC 9110 9.2.2.
    ///
    /// `one_shot`: the body can be sent only once, as that of a stream.
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

    /// Makes it one for requests with this method, its case as the owner wrote it.
    pub fn set_method(&mut self, method: &[u8]) {
        self.replay = Replay::by_method(method);
        self.probes = probes(method);
    }
}
