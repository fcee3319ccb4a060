//! The exports of the npm package's module, and what it expects of TypeScript.

mod task;

use alloc::string::String;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, Response};

use crate::{
    controller::{Decision, Plan, Signal},
    driver::{Attempt, End, Owner, Source},
    parser::Batch,
    policy::{Backoff, Cause, Circumstances, NoResponse, Policy, Reconnect, Replay},
};

/// Why a connection or attempt ended. In TypeScript `Kind`, see `SINK`: types of enums that only imports use
/// are not generated.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Kind {
    /// There was no response, or its body broke off.
    Network = "network",
    /// The server answers, but not to this origin.
    Cors = "cors",
    /// The server ended the event stream.
    End = "end",
    /// The server ended the event stream before it was complete.
    Truncated = "truncated",
    /// A function of the init failed.
    Request = "request",
    /// No response head came in time, or then no byte.
    Timeout = "timeout",
    /// The status was not 200.
    Http = "http",
    /// The content type was not `text/event-stream`.
    Mime = "mime",
    /// An event was too large.
    Limit = "limit",
    /// `reconnect()` was called.
    Reconnect = "reconnect",
    /// The platform does not allow the request.
    Blocked = "blocked",
    /// A message said that the stream has failed.
    Application = "application",
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

#[wasm_bindgen(typescript_custom_section)]
const SINK: &str = r#"
export type Kind = 'network' | 'cors' | 'end' | 'truncated' | 'request' | 'timeout' | 'http' | 'mime' | 'limit' | 'reconnect'

/** What TypeScript implements for one source. None of these throws; a promise holds the source back. */
export interface Sink {
  /** What Rust is called by, made safe: a trap must not get out of it. */
  guard(callback: (value?: unknown) => void): (value?: unknown) => void
  /** `abort` ends the attempt. */
  request(attempt: number, lastEventId: string, reason: Kind | undefined, abort: AbortController): Promise<{ url: string, init: RequestInit & { headers: Headers }, resumes: boolean }>
  announce(response: Response): Promise<void> | undefined
  /** No words: nothing but time may have passed. Addresses in the module's memory, valid until the promise settles or the source is closed. */
  dispatch(text: number, table: number, tableWords: number): Promise<void> | undefined
  /**
   * `delayMs`: what is planned, negative to stop, Infinity to wait until something wakes the source.
   * Returns `undefined` for that, a negative number to stop, Infinity for the usual wait, or the wait.
   */
  decide(kind: Kind, delayMs: number, attempt: number, response: Response | undefined, cause: unknown): number | undefined
  reestablish(kind: Kind, delayMs: number, attempt: number, response: Response | undefined, cause: unknown): Promise<void> | undefined
  fail(kind: Kind, attempt: number, response: Response | undefined, cause: unknown): Promise<void> | undefined
}
"#;

#[wasm_bindgen]
extern "C" {
    /// See `SINK`.
    #[wasm_bindgen(typescript_type = "Sink")]
    pub type Sink;

    #[wasm_bindgen(method)]
    fn guard(this: &Sink, callback: Function) -> Function;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Sink,
        attempt: u32,
        last_event_id: &str,
        reason: Option<Kind>,
        abort: &AbortController,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn announce(this: &Sink, response: &Response) -> Option<Promise>;
    #[wasm_bindgen(method)]
    fn dispatch(this: &Sink, text: *const u8, table: *const u32, words: usize) -> Option<Promise>;
    #[wasm_bindgen(method)]
    fn decide(
        this: &Sink,
        kind: Kind,
        delay_ms: f64,
        attempt: u32,
        response: Option<&Response>,
        cause: &JsValue,
    ) -> Option<f64>;
    #[wasm_bindgen(method)]
    fn reestablish(
        this: &Sink,
        kind: Kind,
        delay_ms: f64,
        attempt: u32,
        response: Option<&Response>,
        cause: &JsValue,
    ) -> Option<Promise>;
    #[wasm_bindgen(method)]
    fn fail(
        this: &Sink,
        kind: Kind,
        attempt: u32,
        response: Option<&Response>,
        cause: &JsValue,
    ) -> Option<Promise>;
}

impl Owner for Sink {
    fn guard(&self, callback: Function) -> Function {
        self.guard(callback)
    }

    fn request(&self, attempt: &Attempt<'_>) -> Result<JsValue, JsValue> {
        let reason = attempt.reason.map(Kind::from);
        self.request(attempt.number, attempt.last_event_id, reason, attempt.abort)
    }

    fn announce(&self, response: &Response) -> Option<Promise> {
        self.announce(response)
    }

    fn dispatch(&self, batch: &Batch) -> Option<Promise> {
        let table = batch.table();
        self.dispatch(batch.text().as_ptr(), table.as_ptr(), table.len())
    }

    fn decide(&self, cause: Cause, plan: Plan, end: &End) -> Decision {
        let delay_ms = match plan {
            Plan::Stop => -1.0,
            Plan::Retry(ms) => ms.into(),
            Plan::Sleep => f64::INFINITY,
        };
        match self.decide(cause.into(), delay_ms, end.attempt, end.response.as_ref(), &end.error) {
            None => Decision::Agree,
            Some(f64::INFINITY) => Decision::Retry,
            Some(ms) if ms < 0.0 => Decision::Stop,
            Some(ms) => Decision::RetryAfter(ms as u32),
        }
    }

    fn reestablish(&self, cause: Cause, delay_ms: Option<u32>, end: &End) -> Option<Promise> {
        let delay_ms = delay_ms.map_or(f64::INFINITY, f64::from);
        self.reestablish(cause.into(), delay_ms, end.attempt, end.response.as_ref(), &end.error)
    }

    fn fail(&self, cause: Cause, end: &End) -> Option<Promise> {
        self.fail(cause.into(), end.attempt, end.response.as_ref(), &end.error)
    }
}

/// What happens to a page and concerns its connections.
#[wasm_bindgen]
pub enum PageSignal {
    /// The device has lost its network.
    Offline,
    /// The device has a network again.
    Online,
    /// The page is looked at again.
    Visible,
    /// The page was frozen or kept in the back/forward cache, and runs again.
    Resumed,
}

/// An open source.
#[wasm_bindgen]
pub struct Connection(Source);

#[wasm_bindgen]
impl Connection {
    /// Starts to connect, in a microtask.
    ///
    /// The strings and flags say what kind of source it is: `replay` is "safe", "always" or "never";
    /// `is_fetchable` and `needs_cors` tell of the URL; `completes` says that the owner closes a source
    /// whose stream is complete, `comments` that it wants those; `reconnects` switches the next five on.
    /// Without a number the default holds, 0 means no limit.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::too_many_arguments, reason = "an object's properties cost an import each")]
    pub fn new(
        sink: Sink,
        last_event_id: String,
        fetch: Option<Function>,
        is_fetchable: bool,
        needs_cors: bool,
        method: &str,
        one_shot_body: bool,
        replay: &str,
        completes: bool,
        comments: bool,
        reconnects: bool,
        fresh_headers: bool,
        asks: bool,
        max_attempts: u32,
        max_backoff_ms: Option<u32>,
        stable_ms: Option<u32>,
        open_timeout_ms: u32,
        idle_timeout_ms: u32,
        heartbeat_event: String,
        heartbeat_comment: String,
        max_event_bytes: Option<u32>,
    ) -> Result<Self, JsValue> {
        let defaults = Reconnect::default();
        let reconnect = Reconnect {
            backoff: max_backoff_ms.map_or(defaults.backoff, |max_ms| Backoff { max_ms }),
            stable_ms: stable_ms.unwrap_or(defaults.stable_ms),
            max_attempts,
            fresh_headers,
            asks,
        };
        let by_method = Policy::for_request(method, one_shot_body);
        let policy = Policy {
            replay: Replay::of(method, replay),
            no_response: NoResponse::of(Circumstances {
                custom_fetch: fetch.is_some(),
                reconnects,
                is_fetchable,
                needs_cors,
            }),
            reconnect: reconnects.then_some(reconnect),
            completes,
            comments,
            hears_signals: true,
            open_timeout_ms,
            idle_timeout_ms,
            heartbeat_event: heartbeat_event.into_bytes(),
            heartbeat_comment: heartbeat_comment.into_bytes(),
            max_event_bytes: max_event_bytes
                .map_or(by_method.max_event_bytes, |bytes| bytes as usize),
            ..by_method
        };
        let (source, driver) = Source::open(sink, policy, last_event_id, fetch)?;
        task::run(driver);
        Ok(Self(source))
    }

    /// Tells what happened to the page.
    pub fn signal(&self, signal: PageSignal) {
        self.0.signal(match signal {
            PageSignal::Offline => Signal::Offline,
            PageSignal::Online => Signal::Online,
            PageSignal::Visible => Signal::Visible,
            PageSignal::Resumed => Signal::Resumed,
        });
    }

    /// Makes a new connection now, with the last event ID. `false` if the request cannot be made again.
    pub fn reconnect(&self) -> bool {
        self.0.reconnect()
    }

    /// In milliseconds, as the server set it.
    #[wasm_bindgen(getter, js_name = reconnectionTime)]
    pub fn reconnection_time(&self) -> f64 {
        self.0.reconnection_time_ms() as f64
    }

    /// Ends everything that is under way. The sink is not called again.
    pub fn close(self) {
        self.0.close();
    }
}

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Traps. A panic message would need `core::fmt`, a third of the module's size.
#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
