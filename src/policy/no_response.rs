//! What a network error says.

/// What it means that a request got no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoResponse {
    /// The network or the server is down, and may come back.
    MayPass,
    /// That, or the server does not allow this origin: `fetch` reports both alike. Where the request may
    /// be repeated, a probe is to tell them apart, and one more try. Any other is final.
    MayBeRefusal,
    /// There is no network to come back.
    ///
    /// \[spec\] Reestablish the connection, unless the user agent knows that to be futile.
    Futile,
}

/// What an owner knows of a request before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// It is made by a `fetch` of the owner's, which has reasons of its own to fail.
    pub custom_fetch: bool,
    /// The policy has a [`Reconnect`](super::Reconnect).
    pub reconnects: bool,
    /// The scheme of its URL is one that `fetch` takes to a network.
    pub is_fetchable: bool,
    /// Its URL is of another origin.
    pub needs_cors: bool,
}

impl NoResponse {
    /// What it would mean that such a request gets no response.
    ///
    /// [NON-SPEC] With `reconnects` it is never taken for a refusal: a 502 may pass, but that of a proxy
    /// lacks the headers of CORS and looks like one.
    pub fn of(circumstances: Circumstances) -> Self {
        match circumstances {
            Circumstances { custom_fetch: true, .. } | Circumstances { reconnects: true, .. } => {
                Self::MayPass
            }
            Circumstances { is_fetchable: false, .. } => Self::Futile,
            Circumstances { needs_cors: true, .. } => Self::MayBeRefusal,
            _ => Self::MayPass,
        }
    }
}

/// Whether a probe can be made with this method: those are the ones that Fetch calls CORS-safelisted.
pub(super) fn probes(method: &[u8]) -> bool {
    b"GET HEAD POST".split(|byte| *byte == b' ').any(|name| method.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::{
        Circumstances,
        NoResponse::{self, *},
    };

    #[test]
    fn only_what_html_leaves_alone_is_futile_or_a_refusal() {
        let table = [
            // custom_fetch, reconnects, is_fetchable, needs_cors
            ([false, false, true, false], MayPass),
            ([false, false, true, true], MayBeRefusal),
            ([false, false, false, false], Futile),
            ([false, false, false, true], Futile),
            ([false, true, true, true], MayPass),
            ([false, true, false, false], MayPass),
            ([false, true, false, true], MayPass),
            ([true, false, true, true], MayPass),
            ([true, false, false, false], MayPass),
            ([true, false, false, true], MayPass),
            ([true, true, false, true], MayPass),
        ];
        for ([custom_fetch, reconnects, is_fetchable, needs_cors], expected) in table {
            let circumstances =
                Circumstances { custom_fetch, reconnects, is_fetchable, needs_cors };
            assert_eq!(NoResponse::of(circumstances), expected, "{circumstances:?}");
        }
    }
}
