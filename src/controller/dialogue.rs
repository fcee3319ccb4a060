//! What the controller and its driver say to each other.

use crate::policy::Cause;

/// What the outside world tells the controller.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// The response head has arrived.
    Response {
        /// The HTTP status.
        status: u16,
        /// The combined value of the `Content-Type` headers.
        content_type: Option<&'a [u8]>,
        /// The value of the `Retry-After` header.
        retry_after: Option<&'a [u8]>,
        /// That value as the platform reads it as a date, in milliseconds since 1970; NaN for none.
        retry_after_date_ms: f64,
        /// The value of the response's `Date` header, likewise.
        date_ms: f64,
        /// What the wall clock says now, likewise.
        wall_ms: f64,
    },
    /// Bytes of the body, split anywhere.
    Chunk(&'a [u8]),
    /// The body is over.
    EndOfBody,
    /// There was no response, or its body broke off.
    NetworkError,
    /// What came of [`Output::Probe`]: whether the server answered.
    Probed(bool),
    /// The request could not be made: a function of the init failed.
    RequestError,
    /// The request, or the reading of its body, can never succeed: the platform does not allow it.
    Blocked,
    /// From here an end of the body is proper: a message of the application's protocol says so.
    Ending,
    /// A message of the application's protocol says that the stream has failed.
    ApplicationError,
    /// Time has passed, and nothing else has happened.
    Tick,
    /// A timer has gone off. So much time has passed at least, even if the clock on the wall was set back
    /// or stands still.
    Alarm {
        /// [`now_ms`](super::Controller::now_ms) and [`wait_ms`](super::Controller::wait_ms) when it was set.
        due_ms: f64,
    },
    /// What the owner says to [`Output::Decide`].
    Decision(Decision),
    /// Something happened to the page.
    Signal(Signal),
    /// The owner wants a new connection now.
    Reconnect {
        /// A function of the owner's is running that was told or asked something: this is its answer.
        in_callback: bool,
    },
    /// The owner closes the source.
    Close,
}

/// What happens to a page and concerns its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The device has lost its network.
    Offline,
    /// The device has a network again.
    Online,
    /// The page is looked at again.
    Visible,
    /// The page was frozen or kept in the back/forward cache, and runs again.
    Resumed,
}

/// What the controller wants done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Make the request, with [`last_event_id`](super::Controller::last_event_id); then give
    /// `Response`, `NetworkError` or `RequestError`.
    Fetch {
        /// 0 for the first, then counted up; see [`Policy::reconnect`](crate::policy::Policy). Twice the
        /// same where a probe came between.
        attempt: u32,
        /// Why the last connection or attempt ended.
        reason: Option<Cause>,
    },
    /// Ask whether the server is there, in a way that needs no leave of it; then give `Probed`.
    Probe,
    /// Set readyState to OPEN and fire `open`.
    Announce,
    /// Read on in the body; then give `Chunk`, `EndOfBody` or `NetworkError`.
    Read,
    /// Fire the events of [`batch`](super::Controller::batch) and tell its comments. Where it has none,
    /// only let others run.
    Dispatch,
    /// Ask the owner; then give `Decision`.
    Decide {
        /// What ended the connection or attempt.
        cause: Cause,
        /// What happens if the owner does not mind.
        plan: Plan,
    },
    /// Abort the request, set readyState to CONNECTING, fire `error`. The wait has begun: set the timer
    /// first.
    Reestablish {
        /// What ended the connection or attempt.
        cause: Cause,
        /// How long the wait is. `None`: until something wakes the source, though without a network it
        /// tries now and then.
        delay_ms: Option<u32>,
    },
    /// Set readyState to CLOSED, for the stream has come to its proper end.
    Complete,
    /// Set readyState to CLOSED, abort the request, fire `error`.
    Fail(Cause),
}

/// What follows the end of a connection or an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Fail the connection.
    Stop,
    /// Reestablish it after so many milliseconds.
    Retry(u32),
    /// Reestablish it when something wakes the source: the network, the page or its owner. Without a
    /// network it tries now and then.
    Sleep,
}

/// What an owner says to a [`Plan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// As planned.
    Agree,
    /// Fail the connection.
    Stop,
    /// Reestablish it after the usual wait.
    Retry,
    /// Reestablish it after so many milliseconds, though not before `Retry-After`.
    RetryAfter(u32),
}
