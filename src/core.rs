//! All that crosses the boundary of the npm package's module: numbers and bytes in, numbers and addresses out.
//!
//! A [`Core`] is the controller of one source. It imports nothing and calls nobody, so no code of the page ever
//! runs with a frame of this module below it. One source goes like this:
//!
//! ```text
//! new, set, name    what the source asks for
//! told              where the table `Told` stands: what there is to know about the last step
//! next              time passes: the first step, then the next one
//! tell, respond     what came of the step, or what happened meanwhile; then comes `next`
//! feed              a chunk of the body has come: the next step
//! ```
//!
//! Bytes are written to where `room` says, then the call that takes them says how many there are.

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
    /// Ask whether the server is there.
    Probe,
    /// The connection is open: say so.
    Announce,
    /// Read on in the body.
    Read,
    /// Dispatch the batch.
    Dispatch,
    /// Ask the owner about `Told::Kind` and `Told::DelayMs`.
    Decide,
    /// The connection or attempt has ended: say so, with `Told::Kind` and `Told::DelayMs`.
    Reestablish,
    /// The stream has come to its proper end: the source is closed.
    Complete,
    /// The source is closed for good: say so, with `Told::Kind`.
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
    /// No response head came in time, or then no byte.
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

/// What there is to know about the last step, as 64-bit floats.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Told {
    /// How long to wait for something to happen, before it is an `Alarm`. Infinity: for ever.
    WaitMs,
    /// When that is over, by the clock of the controller.
    DueMs,
    /// The number of the attempt, see `Output::Fetch`.
    Attempt,
    /// One of `Kind`, negative for none.
    Kind,
    /// Until the next request: negative if there is none, Infinity until something wakes the source.
    DelayMs,
    /// Whether the source has failed only because the request is not to be repeated blindly: 1 or 0.
    Withheld,
    /// Milliseconds.
    ReconnectionTime,
    /// The address of the last event ID string, in UTF-8.
    LastEventId,
    /// Its bytes.
    LastEventIdBytes,
    /// The address of the batch's text.
    BatchText,
    /// The address of its table.
    BatchTable,
    /// The 32-bit words of that.
    BatchWords,
    /// The messages in it.
    BatchMessages,
}

const TOLD: usize = Told::BatchMessages as usize + 1;

/// What can be told with one number or none.
#[wasm_bindgen]
pub enum Happening {
    /// The body is over.
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
    /// The page is looked at again.
    Visible,
    /// The page was frozen or kept in the back/forward cache, and runs again.
    Resumed,
    /// The wait until `Told::DueMs`, which is the value, is over.
    Alarm,
    /// The request, or the reading of its body, can never succeed.
    Blocked,
    /// From here an end of the body is proper.
    Ending,
    /// The request of this attempt changes nothing on the server, other than the first one.
    ResumesSafely,
    /// The owner wants a new connection now. The value is 1 if it says so while it is told or asked something, else 0.
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
    /// The address of the table of what is told, one number for each `Told`. It stays where it is.
    pub fn told(&self) -> *const f64 {
        self.told.as_ptr()
    }

    /// Where so many bytes can be written. It stays there until more are asked for.
    pub fn room(&mut self, bytes: usize) -> *mut u8 {
        if self.room.len() < bytes {
            self.room.resize(bytes, 0);
        }
        self.room.as_mut_ptr()
    }

    /// Takes what has happened. `value` belongs to some, see [`Happening`].
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
        // What is due at this moment is due: the next one is measured from here.
        self.controller.handle(Input::Tick);
    }

    /// Takes a response head. In the room stand the values of its `Content-Type` and `Retry-After` headers, in
    /// UTF-8, of so many bytes, 0 for one that is missing. The dates are those of `Retry-After` and `Date` in
    /// milliseconds since 1970, NaN for none.
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

    /// Takes a chunk of so many bytes out of the room.
    pub fn feed(&mut self, bytes: usize, now_ms: f64) -> Step {
        self.controller.advance(now_ms);
        if let Some(chunk) = self.room.get(..bytes) {
            self.controller.handle(Input::Chunk(chunk));
        }
        self.poll()
    }

    /// What to do next, now that it is `now_ms`. `random` is a number in [0, 1), for the wait if there is one.
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

    /// Notes what there is to know about an output.
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

/// `None` without a byte.
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
