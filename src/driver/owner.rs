//! What a driver and the owner of its source say to each other.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Response};

use crate::{
    controller::{Decision, Plan},
    parser::Batch,
    policy::Cause,
};

/// Who opened the source and receives what comes of it.
///
/// A returned promise holds the source back until it settles, to either result.
pub trait Owner: 'static {
    /// Makes a callback what JavaScript may call. An owner that outlives a trap stops it here.
    fn guard(&self, callback: Function) -> Function {
        callback
    }
    /// Makes the request of an attempt: a [`Request`](super::Request), or a promise of one.
    fn request(&self, attempt: &Attempt<'_>) -> Result<JsValue, JsValue>;
    /// The connection is open.
    fn announce(&self, response: &Response) -> Option<Promise>;
    /// Events are to be dispatched, or after a long time without any, others may want to run. The driver
    /// is not to be called back about `batch` after that, but may be told to close.
    fn dispatch(&self, batch: &Batch) -> Option<Promise>;
    /// What is planned after the end of a connection or attempt; asked if the policy says so.
    fn decide(&self, cause: Cause, plan: Plan, end: &End) -> Decision;
    /// The connection or attempt is over, another follows: after `delay_ms`, or if there is none when
    /// something wakes the source.
    fn reestablish(&self, cause: Cause, delay_ms: Option<u32>, end: &End) -> Option<Promise>;
    /// The source is closed for good.
    fn fail(&self, cause: Cause, end: &End) -> Option<Promise>;
}

/// What a request is made for.
pub struct Attempt<'a> {
    /// 0 for the first, then counted up; see [`Policy::reconnect`](crate::policy::Policy).
    pub number: u32,
    /// `None` for the first.
    pub reason: Option<Cause>,
    /// The last event ID string.
    pub last_event_id: &'a str,
    /// Aborts the attempt. It is aborted when the source is closed.
    pub abort: &'a AbortController,
}

/// What is known about the end of an attempt.
#[derive(Default)]
pub struct End {
    /// The number of the attempt.
    pub attempt: u32,
    /// The response, if there was one.
    pub response: Option<Response>,
    /// What fetch, the body or a function of the init threw, else undefined.
    pub error: JsValue,
}
