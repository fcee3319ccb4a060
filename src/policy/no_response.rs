//! What a network error means.

/// What it means if a request gets no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoResponse {
    /// The network or the server is down, but may come back.
    MayPass,
    /// That, or the server does not allow this origin: `fetch` reports both alike. If the request may be
    /// repeated, a probe and one more try tell them apart; otherwise it is final.
    MayBeRefusal,
    /// No network is involved that could come back.
    ///
    /// \[spec\] Reestablish the connection, unless the user agent knows that to be futile.
    Futile,
}

/// What an owner knows about a request before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// It is made by a custom `fetch`, which may fail for its own reasons.
    pub custom_fetch: bool,
    /// The policy has a [`Reconnect`](super::Reconnect).
    pub reconnects: bool,
    /// The scheme of its URL is one for which `fetch` uses the network.
    pub is_fetchable: bool,
    /// Its URL has another origin.
    pub needs_cors: bool,
}

impl NoResponse {
    /// What it would mean if such a request got no response.
    ///
    /// [NON-SPEC] With `reconnects` it never counts as a refusal: a 502 may be temporary, but one from a
    /// proxy lacks the CORS headers and looks like a refusal.
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

/// Whether a probe can use this method: only those that Fetch calls CORS-safelisted.
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
    fn only_a_native_fetch_without_reconnect_is_futile_or_a_refusal() {
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
