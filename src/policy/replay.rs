//! Whether a request may be repeated.

use super::Cause;

/// After which interruptions a request may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// After any: HTML 9.2.3.
    Always,
    /// [NON-SPEC] Only if the server can be told where to resume, and not if it has ended the stream
    /// (RFC 9110 9.2.2: no blind replay).
    IfResumable,
    /// [NON-SPEC] After none: the owner wants one attempt.
    Never,
}

impl Replay {
    /// The safe rule for this method, in the case that the owner wrote.
    pub fn by_method(method: &[u8]) -> Self {
        if is_idempotent(method) { Self::Always } else { Self::IfResumable }
    }

    /// The rule for the owner's option: "always", "never" or, for anything else, "safe".
    pub fn of(self, option: &[u8]) -> Self {
        match option {
            b"always" => Self::Always,
            b"never" => Self::Never,
            _ => self,
        }
    }

    /// Whether the request may be repeated after `cause`. `can_resume`: a message with an id has arrived.
    ///
    /// Nothing else proves that a server can resume: it may have carried out a request whose response was
    /// lost or said otherwise. A request that could not be made was not carried out.
    pub(crate) fn allows(self, cause: Cause, can_resume: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::IfResumable => {
                cause == Cause::RequestError || (can_resume && cause != Cause::EndOfBody)
            }
        }
    }
}

/// Whether a request may be made twice instead of once (RFC 9110 9.2.2). Includes the methods that the
/// IANA HTTP Method Registry calls safe, if they make sense for an event stream, and those that are only
/// idempotent.
fn is_idempotent(method: &[u8]) -> bool {
    // Fetch normalizes the case of these, and of POST, but of no other method.
    let normalized = b"GET HEAD OPTIONS PUT DELETE";
    let others = b"TRACE QUERY REPORT SEARCH PROPFIND";
    names(normalized).any(|name| method.eq_ignore_ascii_case(name))
        || names(others).any(|name| method == name)
}

fn names(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b' ')
}

#[cfg(test)]
mod tests {
    use super::{Cause, Replay};

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
            let safe = Replay::by_method(method.as_bytes());
            assert_eq!(safe, by_method, "{method}");
            assert_eq!(safe.of(b"safe"), by_method, "{method}");
            assert_eq!(safe.of(b""), by_method, "{method}");
            assert_eq!(safe.of(b"always"), Replay::Always, "{method}");
            assert_eq!(safe.of(b"never"), Replay::Never, "{method}");
        }
    }

    #[test]
    fn unsafe_requests_are_not_replayed_blindly() {
        let table = [
            // Without an id, and with one.
            (Cause::NetworkError, [false, true]),
            (Cause::Timeout, [false, true]),
            (Cause::Status, [false, true]),
            (Cause::Truncated, [false, true]),
            (Cause::EndOfBody, [false, false]),
            (Cause::RequestError, [true, true]),
        ];
        for (cause, allowed) in table {
            let allows =
                |replay: Replay| [false, true].map(|resumes| replay.allows(cause, resumes));
            assert_eq!(allows(Replay::IfResumable), allowed, "{cause:?}");
            assert_eq!(allows(Replay::Always), [true, true]);
            assert_eq!(allows(Replay::Never), [false, false]);
        }
    }
}
