//! The inputs and outputs of the controller.

use crate::policy::Cause;

/// What the driver tells the controller.
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
        /// The same value, parsed as a date by the platform, in milliseconds since 1970; NaN for none.
        retry_after_date_ms: f64,
        /// The response's `Date` header, in the same form.
        date_ms: f64,
        /// The current time by the wall clock, in milliseconds since 1970.
        wall_ms: f64,
    },
    /// Bytes of the body, split anywhere.
    Chunk(&'a [u8]),
    /// The body has ended.
    EndOfBody,
    /// There was no response, or its body broke off.
    NetworkError,
    /// The outcome of [`Output::Probe`]: whether the server answered.
    Probed(bool),
    /// The request could not be made: a function of the init failed.
    RequestError,
    /// The request, or reading its body, can never succeed: the platform does not allow it.
    Blocked,
    /// From now on the body may properly end: a message of the application's protocol has announced it.
    Ending,
    /// A message of the application's protocol says that the stream has failed.
    ApplicationError,
    /// Time has passed, and nothing else has happened.
    Tick,
    /// A timer has fired. It is `due_ms` at least, even if the wall clock was set back or stands still.
    Alarm {
        /// The sum of [`now_ms`](super::Controller::now_ms) and [`wait_ms`](super::Controller::wait_ms) when
        /// it was set.
        due_ms: f64,
    },
    /// The owner's answer to [`Output::Decide`].
    Decision(Decision),
    /// Something happened to the page.
    Signal(Signal),
    /// The owner wants a new connection now.
    Reconnect {
        /// The owner asks from within a callback, in reaction to what that was told or asked.
        in_callback: bool,
    },
    /// The owner closes the source.
    Close,
}

/// A change of the network or the page that affects connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The device has lost its network.
    Offline,
    /// The device has a network again.
    Online,
    /// The page is visible again.
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
        /// 0 for the first, then counted up; see [`Policy::reconnect`](crate::policy::Policy). A request that
        /// is repeated after a probe has the same number.
        attempt: u32,
        /// Why the last connection or attempt ended.
        reason: Option<Cause>,
    },
    /// Find out whether the server answers, without needing its permission; then give `Probed`.
    Probe,
    /// Set readyState to OPEN and fire `open`.
    Announce,
    /// Read the next chunk of the body; then give `Chunk`, `EndOfBody` or `NetworkError`.
    Read,
    /// Fire the events of [`batch`](super::Controller::batch) and report its comments. If it has none,
    /// only yield to other tasks.
    Dispatch,
    /// Ask the owner; then give `Decision`.
    Decide {
        /// What ended the connection or attempt.
        cause: Cause,
        /// What happens if the owner agrees.
        plan: Plan,
    },
    /// Abort the request, set readyState to CONNECTING, fire `error`. The wait has begun: set the timer
    /// first.
    Reestablish {
        /// What ended the connection or attempt.
        cause: Cause,
        /// The length of the wait. `None`: until something wakes the source; without a network it also tries
        /// occasionally.
        delay_ms: Option<u32>,
    },
    /// Set readyState to CLOSED: the stream has properly ended.
    Complete,
    /// Set readyState to CLOSED, abort the request, fire `error`.
    Fail(Cause),
}

/// What follows the end of a connection or an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Fail the connection.
    Stop,
    /// Reestablish it after this many milliseconds.
    Retry(u32),
    /// Reestablish it when something wakes the source: the network, the page or its owner. Without a
    /// network it also tries occasionally.
    Sleep,
}

/// An owner's answer to a [`Plan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Follow the plan.
    Agree,
    /// Fail the connection.
    Stop,
    /// Reestablish it after the usual wait.
    Retry,
    /// Reestablish it after this many milliseconds, but not before `Retry-After`.
    RetryAfter(u32),
}
