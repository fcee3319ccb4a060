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
    /// [spec] Reestablish the connection, unless the user agent knows that to be futile.
    Futile,
}
