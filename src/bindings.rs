//! The exports of the npm package's module, and what it expects of TypeScript.

mod task;

use alloc::string::String;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response};

use crate::{
    controller::{FailReason, Interruption},
    driver::{Attempt, End, Owner, Source},
    parser::Batch,
    policy::Policy,
};

/// Why a connection or attempt ended, or a source has failed. In TypeScript `Kind`, see `SINK`: types of
/// enums that only imports use are not generated.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Kind {
    /// There was no response, or its body broke off.
    Network = "network",
    /// The server ended the event stream.
    End = "end",
    /// A function of the init failed.
    Request = "request",
    /// The status was not 200.
    Http = "http",
    /// The content type was not `text/event-stream`.
    Mime = "mime",
    /// An event was too large.
    Limit = "limit",
}

impl From<Interruption> for Kind {
    fn from(cause: Interruption) -> Self {
        match cause {
            Interruption::EndOfBody => Self::End,
            Interruption::NetworkError => Self::Network,
            Interruption::RequestError => Self::Request,
        }
    }
}

impl From<FailReason> for Kind {
    fn from(reason: FailReason) -> Self {
        match reason {
            FailReason::Status => Self::Http,
            FailReason::ContentType => Self::Mime,
            FailReason::EventTooLarge => Self::Limit,
            FailReason::Interrupted(cause) => cause.into(),
        }
    }
}

#[wasm_bindgen(typescript_custom_section)]
const SINK: &str = r#"
export type Kind = 'network' | 'end' | 'request' | 'http' | 'mime' | 'limit'

/** What TypeScript implements for one source. None of these throws; a promise holds the source back. */
export interface Sink {
  request(attempt: number, lastEventId: string, reason: 'network' | 'end' | 'request' | undefined, signal: AbortSignal): Promise<{ url: string, init: RequestInit & { headers: Headers } }>
  announce(response: Response): Promise<void> | undefined
  /** Addresses in the module's memory, valid until the promise settles or the source is closed. */
  dispatch(text: number, table: number, tableWords: number): Promise<void> | undefined
  reestablish(kind: Kind, delayMs: number, attempt: number, response: Response | undefined, cause: unknown): Promise<void> | undefined
  fail(kind: Kind, attempt: number, response: Response | undefined, cause: unknown): void
}
"#;

#[wasm_bindgen]
extern "C" {
    /// See `SINK`.
    #[wasm_bindgen(typescript_type = "Sink")]
    pub type Sink;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Sink,
        attempt: u32,
        last_event_id: &str,
        reason: Option<Kind>,
        signal: &AbortSignal,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn announce(this: &Sink, response: &Response) -> Option<Promise>;
    #[wasm_bindgen(method)]
    fn dispatch(this: &Sink, text: *const u8, table: *const u32, words: usize) -> Option<Promise>;
    #[wasm_bindgen(method)]
    fn reestablish(
        this: &Sink,
        kind: Kind,
        delay_ms: u32,
        attempt: u32,
        response: Option<&Response>,
        cause: &JsValue,
    ) -> Option<Promise>;
    #[wasm_bindgen(method)]
    fn fail(this: &Sink, kind: Kind, attempt: u32, response: Option<&Response>, cause: &JsValue);
}

impl Owner for Sink {
    fn request(&self, attempt: &Attempt<'_>) -> Result<JsValue, JsValue> {
        let reason = attempt.reason.map(Kind::from);
        self.request(attempt.number, attempt.last_event_id, reason, attempt.signal)
    }

    fn announce(&self, response: &Response) -> Option<Promise> {
        self.announce(response)
    }

    fn dispatch(&self, batch: &Batch) -> Option<Promise> {
        let table = batch.table();
        self.dispatch(batch.text().as_ptr(), table.as_ptr(), table.len())
    }

    fn reestablish(&self, cause: Interruption, delay_ms: u32, end: &End) -> Option<Promise> {
        self.reestablish(cause.into(), delay_ms, end.attempt, end.response.as_ref(), &end.error)
    }

    fn fail(&self, reason: FailReason, end: &End) {
        self.fail(reason.into(), end.attempt, end.response.as_ref(), &end.error);
    }
}

/// An open source.
#[wasm_bindgen]
pub struct Connection(Source);

#[wasm_bindgen]
impl Connection {
    /// Starts to connect, in a microtask.
    ///
    /// `method` and `one_shot_body` decide what may be repeated. `last_event_id` is sent with the
    /// first request.
    /// `max_event_bytes` bounds one event, the default is 16 MiB. `fetch` is used instead of the
    /// global one.
    #[wasm_bindgen(constructor)]
    pub fn new(
        sink: Sink,
        method: &str,
        one_shot_body: bool,
        last_event_id: String,
        max_event_bytes: Option<u32>,
        fetch: Option<Function>,
    ) -> Result<Self, JsValue> {
        let mut policy = Policy::for_request(method, one_shot_body);
        if let Some(bytes) = max_event_bytes {
            policy.max_event_bytes = bytes as usize;
        }
        let (source, driver) = Source::open(sink, policy, last_event_id, fetch)?;
        task::run(driver);
        Ok(Self(source))
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
