//! The rules that the controller applies. Pure.

mod reconnect;
mod response;

pub use reconnect::{DEFAULT_RECONNECTION_TIME_MS, Reconnect, delay_ms};
pub use response::{Verdict, judge};

/// The default of [`Policy::max_event_bytes`].
pub const DEFAULT_MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// What a source may do, read once when it is made.
#[derive(Debug, Clone)]
pub struct Policy {
    /// When to reconnect.
    pub reconnect: Reconnect,
    /// Bytes of one event, its unfinished line included, at most 512 MiB.
    pub max_event_bytes: usize,
}

impl Policy {
    /// The policy of HTML 9.2.3, and for methods other than GET that of RFC 9110 9.2.2.
    ///
    /// `one_shot_body`: the body can be sent only once, as that of a stream.
    pub fn for_request(method: &str, one_shot_body: bool) -> Self {
        let reconnect = if one_shot_body {
            Reconnect::Never
        } else if method.eq_ignore_ascii_case("GET") {
            Reconnect::Always
        } else {
            Reconnect::IfResumable
        };
        Self { reconnect, max_event_bytes: DEFAULT_MAX_EVENT_BYTES }
    }
}
