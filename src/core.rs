//! Everything that crosses the boundary of the npm package's module: numbers and bytes in, numbers and addresses out.
//!
//! A [`Core`] is the controller of one source. It imports nothing and calls nothing outside, so page code never runs
//! on top of a frame of this module. The calls for one source:
//!
//! ```text
//! new, set, name    configure the source
//! told              the address of the table `Told`, which describes the last step
//! next              time has passed: returns the first step, later the next one
//! tell, respond     the outcome of the step, or what happened meanwhile; then call `next`
//! feed              a chunk of the body has arrived: returns the next step
//! ```
//!
//! Bytes are written to the address that `room` returns; the call that takes them then gets their number.

mod allocator;
mod settings;

use alloc::vec::Vec;

use wasm_bindgen::prelude::*;

use crate::{
    controller::{Controller, Decision, Input, Output, Plan, Signal},
    policy::{Cause, Circumstances, Replay},
};

/// What TypeScript does next.
#[wasm_bindgen]
pub enum Step {
    /// Nothing, until something happens or `Told::WaitMs` is over.
    Wait,
    /// Make the request of `Told::Attempt` with the last event ID, for the reason `Told::Kind`.
    Fetch,
    /// Find out whether the server answers.
    Probe,
    /// Report that the connection is open.
    Announce,
    /// Read the next chunk of the body.
    Read,
    /// Dispatch the batch.
    Dispatch,
    /// Ask the owner about `Told::Kind` and `Told::DelayMs`.
    Decide,
    /// Report that the connection or attempt has ended, with `Told::Kind` and `Told::DelayMs`.
    Reestablish,
    /// The stream has properly ended, and the source is closed.
    Complete,
    /// Report that the source is closed for good, with `Told::Kind`.
    Fail,
}

/// Why a connection or attempt ended. The names in lower case are the kinds of `error` events.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Kind {
    /// There was no response, or its body broke off.
    Network,
    /// The server answers, but not to this origin.
    Cors,
    /// The server ended the event stream.
    End,
    /// The server ended the event stream before it was complete.
    Truncated,
    /// A function of the init failed.
    Request,
    /// No response head arrived in time, or later no byte.
    Timeout,
    /// The status was not 200.
    Http,
    /// The content type was not `text/event-stream`.
    Mime,
    /// An event was too large.
    Limit,
    /// `reconnect()` was called.
    Reconnect,
    /// The platform does not allow the request.
    Blocked,
    /// A message said that the stream has failed.
    Application,
}

impl From<Cause> for Kind {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::NetworkError => Self::Network,
            Cause::Refused => Self::Cors,
            Cause::EndOfBody => Self::End,
            Cause::Truncated => Self::Truncated,
            Cause::RequestError => Self::Request,
            Cause::Timeout => Self::Timeout,
            Cause::Status => Self::Http,
            Cause::ContentType => Self::Mime,
            Cause::EventTooLarge => Self::Limit,
            Cause::Reconnect => Self::Reconnect,
            Cause::Blocked => Self::Blocked,
            Cause::Application => Self::Application,
        }
    }
}

/// The entries of the table that describes the last step, as 64-bit floats.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Told {
    /// How long to wait for something to happen before telling an `Alarm`. Infinity: forever.
    WaitMs,
    /// When that wait ends, by the controller's clock.
    DueMs,
    /// The number of the attempt, see `Output::Fetch`.
    Attempt,
    /// One of `Kind`, negative for none.
    Kind,
    /// The time to the next request: negative if there is none, Infinity until something wakes the source.
    DelayMs,
    /// Whether the source has failed only because the request must not be repeated blindly: 1 or 0.
    Withheld,
    /// Milliseconds.
    ReconnectionTime,
    /// The address of the last event ID string, in UTF-8.
    LastEventId,
    /// Its length in bytes.
    LastEventIdBytes,
    /// The address of the batch's text.
    BatchText,
    /// The address of its table.
    BatchTable,
    /// The length of that in 32-bit words.
    BatchWords,
    /// The messages in it.
    BatchMessages,
}

const TOLD: usize = Told::BatchMessages as usize + 1;

/// What can be told with at most one number.
#[wasm_bindgen]
pub enum Happening {
    /// The body has ended.
    EndOfBody,
    /// There was no response, or its body broke off.
    NetworkError,
    /// A function of the init failed.
    RequestError,
    /// The answer to `Step::Probe`: 1 if the server is there, else 0.
    Probed,
    /// The answer to `Step::Decide`: NaN to agree, negative to stop, Infinity for the usual wait, or a wait in
    /// milliseconds.
    Decided,
    /// The device has lost its network.
    Offline,
    /// The device has a network again.
    Online,
    /// The page is visible again.
    Visible,
    /// The page was frozen or kept in the back/forward cache, and runs again.
    Resumed,
    /// The wait until `Told::DueMs`, which is the value, is over.
    Alarm,
    /// The request, or reading its body, can never succeed.
    Blocked,
    /// From now on the body may properly end.
    Ending,
    /// Unlike the first request, the one of this attempt changes nothing on the server.
    ResumesSafely,
    /// The owner wants a new connection now. The value is 1 if it asks from within a callback, else 0.
    Reconnect,
}

/// One source. See the module's documentation.
#[wasm_bindgen]
pub struct Core {
    told: [f64; TOLD],
    controller: Controller,
    circumstances: Circumstances,
    room: Vec<u8>,
}

#[wasm_bindgen]
impl Core {
    /// The address of the table, with one number for each `Told`. It never changes.
    pub fn told(&self) -> *const f64 {
        self.told.as_ptr()
    }

    /// The address where this many bytes can be written. It stays valid until more are requested.
    pub fn room(&mut self, bytes: usize) -> *mut u8 {
        if self.room.len() < bytes {
            self.room.resize(bytes, 0);
        }
        self.room.as_mut_ptr()
    }

    /// Takes what has happened. Some happenings have a `value`, see [`Happening`].
    pub fn tell(&mut self, happening: Happening, value: f64, now_ms: f64) {
        self.controller.advance(now_ms);
        let input = match happening {
            Happening::EndOfBody => Input::EndOfBody,
            Happening::NetworkError => Input::NetworkError,
            Happening::RequestError => Input::RequestError,
            Happening::Probed => Input::Probed(value != 0.0),
            Happening::Decided => Input::Decision(decision(value)),
            Happening::Offline => Input::Signal(Signal::Offline),
            Happening::Online => Input::Signal(Signal::Online),
            Happening::Visible => Input::Signal(Signal::Visible),
            Happening::Resumed => Input::Signal(Signal::Resumed),
            Happening::Alarm => Input::Alarm { due_ms: value },
            Happening::Blocked => Input::Blocked,
            Happening::Ending => Input::Ending,
            Happening::Reconnect => Input::Reconnect { in_callback: value != 0.0 },
            Happening::ResumesSafely => return self.controller.resumes_by(Replay::Always),
        };
        self.controller.handle(input);
        // Handle what is due at this reading of the clock: the next reading measures from here.
        self.controller.handle(Input::Tick);
    }

    /// Takes a response head. The room holds the values of its `Content-Type` and `Retry-After` headers in UTF-8, with
    /// 0 bytes for a missing one. The dates are those of `Retry-After` and `Date` in milliseconds since 1970, NaN for
    /// none.
    pub fn respond(
        &mut self,
        status: u16,
        content_type_bytes: usize,
        retry_after_bytes: usize,
        retry_after_date_ms: f64,
        date_ms: f64,
        now_ms: f64,
    ) {
        let (content_type, rest) =
            self.room.split_at_checked(content_type_bytes).unwrap_or_default();
        let retry_after = rest.get(..retry_after_bytes).unwrap_or_default();
        self.controller.advance(now_ms);
        self.controller.handle(Input::Response {
            status,
            content_type: given(content_type),
            retry_after: given(retry_after),
            retry_after_date_ms,
            date_ms,
            wall_ms: now_ms,
        });
    }

    /// Takes a chunk of this many bytes from the room.
    pub fn feed(&mut self, bytes: usize, now_ms: f64) -> Step {
        self.controller.advance(now_ms);
        if let Some(chunk) = self.room.get(..bytes) {
            self.controller.handle(Input::Chunk(chunk));
        }
        self.poll()
    }

    /// Returns what to do next at `now_ms`. `random` is a number in [0, 1) that spreads the wait, if there is one.
    pub fn next(&mut self, now_ms: f64, random: f64) -> Step {
        self.controller.advance(now_ms);
        self.controller.shuffle(random);
        self.controller.handle(Input::Tick);
        self.poll()
    }
}

impl Core {
    fn poll(&mut self) -> Step {
        let step = self.controller.poll().map_or(Step::Wait, |output| self.take(output));
        let wait_ms = self.controller.wait_ms().map_or(f64::INFINITY, f64::from);
        self.tell_of(Told::WaitMs, wait_ms);
        self.tell_of(Told::DueMs, self.controller.now_ms() + wait_ms);
        self.tell_of(Told::ReconnectionTime, self.controller.reconnection_time_ms() as f64);
        step
    }

    /// Fills the table for an output.
    fn take(&mut self, output: Output) -> Step {
        match output {
            Output::Fetch { attempt, reason } => {
                self.tell_of(Told::Attempt, attempt.into());
                self.tell_kind(reason);
                let (id, bytes) = address(self.controller.last_event_id());
                self.tell_of(Told::LastEventId, id);
                self.tell_of(Told::LastEventIdBytes, bytes);
                Step::Fetch
            }
            Output::Probe => Step::Probe,
            Output::Announce => Step::Announce,
            Output::Read => Step::Read,
            Output::Dispatch => {
                let batch = self.controller.batch();
                let (text, _) = address(batch.text());
                let (table, words) = address(batch.table());
                let messages = batch.messages();
                self.tell_of(Told::BatchText, text);
                self.tell_of(Told::BatchTable, table);
                self.tell_of(Told::BatchWords, words);
                self.tell_of(Told::BatchMessages, messages.into());
                Step::Dispatch
            }
            Output::Decide { cause, plan } => {
                self.tell_kind(Some(cause));
                self.tell_of(
                    Told::DelayMs,
                    match plan {
                        Plan::Stop => -1.0,
                        Plan::Retry(ms) => ms.into(),
                        Plan::Sleep => f64::INFINITY,
                    },
                );
                Step::Decide
            }
            Output::Reestablish { cause, delay_ms } => {
                self.tell_kind(Some(cause));
                self.tell_of(Told::DelayMs, delay_ms.map_or(f64::INFINITY, f64::from));
                Step::Reestablish
            }
            Output::Complete => Step::Complete,
            Output::Fail(cause) => {
                self.tell_kind(Some(cause));
                self.tell_of(Told::DelayMs, -1.0);
                self.tell_of(Told::Withheld, self.controller.is_withheld().into());
                Step::Fail
            }
        }
    }

    fn tell_kind(&mut self, cause: Option<Cause>) {
        self.tell_of(Told::Kind, cause.map_or(-1.0, |cause| f64::from(Kind::from(cause) as u32)));
    }

    fn tell_of(&mut self, what: Told, value: f64) {
        if let Some(told) = self.told.get_mut(what as usize) {
            *told = value;
        }
    }
}

fn address<T>(values: &[T]) -> (f64, f64) {
    (values.as_ptr() as usize as f64, values.len() as f64)
}

/// `None` if empty.
fn given(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.is_empty() { None } else { Some(bytes) }
}

fn decision(value: f64) -> Decision {
    if value.is_nan() {
        Decision::Agree
    } else if value < 0.0 {
        Decision::Stop
    } else if value.is_infinite() {
        Decision::Retry
    } else {
        Decision::RetryAfter(value as u32)
    }
}

#[global_allocator]
static ALLOCATOR: allocator::Blocks = allocator::Blocks::new();

/// Traps. A panic message would need `core::fmt`, a third of the module's size.
#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
