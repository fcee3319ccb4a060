//! Why connections end.

/// Why a connection or an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// There was no response, or its body broke off.
    NetworkError,
    /// The server answers, but not to this origin (CORS).
    Refused,
    /// The server ended the body.
    EndOfBody,
    /// The server ended the body before the stream was complete.
    Truncated,
    /// A function of the init failed.
    RequestError,
    /// No response head arrived in time, or later no byte.
    Timeout,
    /// The status was not 200.
    Status,
    /// The content type was not `text/event-stream`.
    ContentType,
    /// An event was larger than the policy allows.
    EventTooLarge,
    /// The owner wanted a new connection.
    Reconnect,
    /// The platform does not allow the request, and never will.
    Blocked,
    /// A message said that the stream has failed.
    Application,
}

// Not in the npm build, which never prints it: formatting costs kilobytes.
#[cfg(feature = "std")]
impl core::fmt::Display for Cause {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NetworkError => "the request failed or its body broke off",
            Self::Refused => "the server does not allow this origin",
            Self::EndOfBody => "the server ended the event stream",
            Self::Truncated => "the server ended the event stream before it was complete",
            Self::RequestError => "the request could not be made",
            Self::Timeout => "nothing arrived in time",
            Self::Status => "the status is not 200",
            Self::ContentType => "the content type is not text/event-stream",
            Self::EventTooLarge => "an event is larger than allowed",
            Self::Reconnect => "a new connection was requested",
            Self::Blocked => "the request is not allowed",
            Self::Application => "a message reports a failure",
        })
    }
}
