//! Whether a request may be repeated.

/// After which interruptions a request may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// After all: HTML 9.2.3.
    Always,
    /// [NON-SPEC] Only if nothing was dispatched yet or the server can be told where to go on, and
    /// not when the server has ended the stream (RFC 9110 9.2.2: no blind replay).
    IfResumable,
    /// [NON-SPEC] After none: the owner wants one attempt.
    Never,
}

impl Replay {
    /// What the owner of a request with this method means by `option`: "always", "never", or else "safe",
    /// by which the method decides. Its case is as the owner wrote it.
    pub fn of(method: &str, option: &str) -> Self {
        match option {
            "always" => Self::Always,
            "never" => Self::Never,
            _ if is_idempotent(method) => Self::Always,
            _ => Self::IfResumable,
        }
    }

    /// `ended`: by the server, cleanly. `dispatched`: any event was, on any attempt.
    pub(super) fn allows(self, ended: bool, dispatched: bool, last_event_id: &[u8]) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::IfResumable => !ended && (!dispatched || !last_event_id.is_empty()),
        }
    }
}

/// Whether a request may be made twice where once was meant (RFC 9110 9.2.2). The names that the IANA's
/// HTTP Method Registry calls safe, as far as they make sense for an event stream, then those that are
/// idempotent only.
fn is_idempotent(method: &str) -> bool {
    // Fetch normalizes the case of these, and of POST, but of no other method.
    let normalized = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];
    normalized.iter().any(|name| method.eq_ignore_ascii_case(name))
        || matches!(method, "TRACE" | "QUERY" | "REPORT" | "SEARCH" | "PROPFIND")
}

#[cfg(test)]
mod tests {
    use super::Replay;

    #[test]
    fn the_method_decides_unless_the_owner_does() {
        let table = [
            ("GET", Replay::Always),
            ("get", Replay::Always),
            ("HEAD", Replay::Always),
            ("OPTIONS", Replay::Always),
            ("TRACE", Replay::Always),
            ("QUERY", Replay::Always),
            ("REPORT", Replay::Always),
            ("SEARCH", Replay::Always),
            ("PROPFIND", Replay::Always),
            ("PUT", Replay::Always),
            ("Put", Replay::Always),
            ("DELETE", Replay::Always),
            ("delete", Replay::Always),
            ("POST", Replay::IfResumable),
            ("post", Replay::IfResumable),
            ("PATCH", Replay::IfResumable),
            ("query", Replay::IfResumable),
            ("Search", Replay::IfResumable),
            ("GETS", Replay::IfResumable),
            ("LOCK", Replay::IfResumable),
            ("", Replay::IfResumable),
        ];
        for (method, by_method) in table {
            assert_eq!(Replay::of(method, "safe"), by_method, "{method}");
            assert_eq!(Replay::of(method, ""), by_method, "{method}");
            assert_eq!(Replay::of(method, "always"), Replay::Always, "{method}");
            assert_eq!(Replay::of(method, "never"), Replay::Never, "{method}");
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
            assert_eq!(Replay::IfResumable.allows(ended, dispatched, id.as_bytes()), allowed);
            assert!(Replay::Always.allows(ended, dispatched, id.as_bytes()));
            assert!(!Replay::Never.allows(ended, dispatched, id.as_bytes()));
        }
    }
}
