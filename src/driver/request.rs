//! The part of a request that depends on the state of the source.

use alloc::string::String;

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, prelude::*};
use web_sys::{AbortSignal, Headers, Response};

#[wasm_bindgen]
extern "C" {
    /// What [`super::Owner::request`] gives: `{ url: string, init: RequestInit & { headers: Headers }, resumes: boolean }`.
    pub type Request;
    #[wasm_bindgen(method, getter)]
    fn url(this: &Request) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn init(this: &Request) -> Init;
    /// The server is told the last event ID in another way than by the header.
    #[wasm_bindgen(method, getter)]
    fn resumes(this: &Request) -> bool;

    type Init;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Init) -> Headers;
    #[wasm_bindgen(method, setter)]
    fn set_cache(this: &Init, cache: &str);
    #[wasm_bindgen(method, setter)]
    fn set_mode(this: &Init, mode: &str);
    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &Init, signal: &AbortSignal);

    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(url: &JsValue, init: &JsValue) -> Result<JsValue, JsValue>;
}

/// Sends `request`. The promise gives the response.
pub(super) fn send(
    request: &Request,
    fetch: Option<&Function>,
    last_event_id: &str,
    signal: &AbortSignal,
) -> Result<Promise, JsValue> {
    let init = request.init();
    // [spec] Set request's cache mode to "no-store".
    init.set_cache("no-store");
    init.set_signal(signal);
    let headers = init.headers();
    // [spec] User agents may set (`Accept`, `text/event-stream`) in request's header list.
    if !headers.has("accept")? {
        headers.set("accept", "text/event-stream")?;
    }
    // [spec] If the last event ID string is not the empty string, set (`Last-Event-ID`,
    // lastEventIDValue) in request's header list, where that is the string, encoded as UTF-8.
    if !last_event_id.is_empty() && !request.resumes() {
        headers.set("last-event-id", &byte_string(last_event_id))?;
    }
    let (url, init) = (request.url(), init.into());
    let response = match fetch {
        Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &url, &init)?,
        None => global_fetch(&url, &init)?,
    };
    Ok(Promise::resolve(&response))
}

/// Repeats `request` so that CORS has no say in whether there is a response, which is opaque: its
/// status is 0. `fetch` leaves out headers that would need leave of the server.
pub(super) fn probe(request: &Request) -> Result<Promise, JsValue> {
    let init = request.init();
    init.set_mode("no-cors");
    Ok(Promise::resolve(&global_fetch(&request.url(), &init.into())?))
}

/// What fetch gave as a response. A `fetch` of the user's may give anything.
pub(super) fn response(value: JsValue) -> Result<Response, JsValue> {
    let is_response = value.is_object() && value.unchecked_ref::<Response>().headers().is_object();
    if is_response { Ok(value.unchecked_into()) } else { Err(value) }
}

/// The UTF-8 bytes of `value`, one per character: `fetch` takes header values as byte strings.
fn byte_string(value: &str) -> String {
    value.bytes().map(char::from).collect()
}
