//! Whether and when to reconnect.

/// [spec] The reconnection time must initially be an implementation-defined value, probably in the
/// region of a few seconds. Chromium's is the same.
pub const DEFAULT_RECONNECTION_TIME_MS: u64 = 3000;

/// [NON-SPEC] `retry: 0` must not turn a server that ends every stream at once into a busy loop.
const MIN_DELAY_MS: u64 = 100;

/// Timers take a signed 32-bit number; a larger one fires at once.
const MAX_DELAY_MS: u64 = i32::MAX as u64;

/// After which interruptions to reconnect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconnect {
    /// After all: HTML 9.2.3, for requests that are safe to repeat.
    Always,
    /// [NON-SPEC] Only if nothing was dispatched yet or the server can be told where to go on, and
    /// not when the server has ended the stream (RFC 9110 9.2.2: no blind replay).
    IfResumable,
    /// [NON-SPEC] After none: the request cannot be made again.
    Never,
}

impl Reconnect {
    /// `ended`: by the server, cleanly. `dispatched`: any event was, on any attempt.
    pub(crate) fn allows(self, ended: bool, dispatched: bool, last_event_id: &str) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::IfResumable => !ended && (!dispatched || !last_event_id.is_empty()),
        }
    }
}

/// The wait before the next request.
pub fn delay_ms(reconnection_time_ms: u64) -> u32 {
    reconnection_time_ms.clamp(MIN_DELAY_MS, MAX_DELAY_MS) as u32
}

#[cfg(test)]
mod tests {
    use super::{Reconnect, delay_ms};

    #[test]
    fn delay_neither_loops_nor_overflows_a_timer() {
        for (retry, delay) in
            [(0, 100), (99, 100), (100, 100), (3000, 3000), (u64::MAX, 2_147_483_647)]
        {
            assert_eq!(delay_ms(retry), delay, "retry: {retry}");
        }
    }

    #[test]
    fn unsafe_requests_are_not_replayed_blindly() {
        let table = [
            (false, false, "", true),
            (false, true, "", false),
            (false, true, "7", true),
            (true, false, "", false),
            (true, true, "7", false),
        ];
        for (ended, dispatched, id, allowed) in table {
            assert_eq!(Reconnect::IfResumable.allows(ended, dispatched, id), allowed);
            assert!(Reconnect::Always.allows(ended, dispatched, id));
            assert!(!Reconnect::Never.allows(ended, dispatched, id));
        }
    }
}
