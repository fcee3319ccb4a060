//! Whether a request may be repeated.

/// After which interruptions a request may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// After all: HTML 9.2.3, for requests that are safe to repeat.
    Always,
    /// [NON-SPEC] Only if nothing was dispatched yet or the server can be told where to go on, and
    /// not when the server has ended the stream (RFC 9110 9.2.2: no blind replay).
    IfResumable,
    /// [NON-SPEC] After none: the owner wants one attempt.
    Never,
}

impl Replay {
    /// `ended`: by the server, cleanly. `dispatched`: any event was, on any attempt.
    pub(super) fn allows(self, ended: bool, dispatched: bool, last_event_id: &str) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::IfResumable => !ended && (!dispatched || !last_event_id.is_empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Replay;

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
            assert_eq!(Replay::IfResumable.allows(ended, dispatched, id), allowed);
            assert!(Replay::Always.allows(ended, dispatched, id));
            assert!(!Replay::Never.allows(ended, dispatched, id));
        }
    }
}
