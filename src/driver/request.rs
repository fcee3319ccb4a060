//! Requests: what the application asks for, and what is sent.

use core::{future::Future, time::Duration};

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStream, RequestCredentials, RequestInit, RequestMode, Response,
    Url,
};

use super::Error;
use crate::policy::{Circumstances, NoResponse, Policy, Reconnect, Replay};

#[wasm_bindgen]
extern "C" {
    // There is no `Window` in workers.
    #[wasm_bindgen(js_name = fetch)]
    fn global_fetch(request: &web_sys::Request) -> Promise;
}

/// A request for an event stream.
///
/// ```no_run
/// # #[cfg(feature = "serde")]
/// # async fn run() -> Result<(), eventsource_wasm::Error> {
/// use eventsource_wasm::Request;
///
/// #[derive(serde::Deserialize)]
/// struct Tick {
///     price: f64,
/// }
///
/// let mut messages = Request::new("/prices").header("authorization", "Bearer x").open()?;
/// while let Some(message) = messages.next().await {
///     let tick: Tick = message?.json()?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// Requests can be built on any target, so that code shared with a server compiles. There,
/// [`open`](Self::open) returns an error.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is opened"]
pub struct Request {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    body: Option<Body>,
    with_credentials: bool,
    pub(super) last_event_id: String,
    replay: Option<Replay>,
    reconnect: Option<Reconnect>,
    open_timeout_ms: u32,
    idle_timeout_ms: u32,
}

impl Request {
    /// A GET request. `url` may be relative to the document or worker.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: "GET".into(),
            headers: Vec::new(),
            body: None,
            with_credentials: false,
            last_event_id: String::new(),
            replay: None,
            reconnect: None,
            open_timeout_ms: 0,
            idle_timeout_ms: 0,
        }
    }

    /// A POST request with a body. See [`replay`](Self::replay) for when it is repeated.
    pub fn post(url: impl Into<String>, body: impl Into<Body>) -> Self {
        Self::new(url).method("POST").body(body)
    }

    /// Sets the method.
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: method.into(), ..self }
    }

    /// Adds a header. `Accept: text/event-stream` and `Last-Event-ID` are added automatically.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body: text, bytes or, as a `JsValue`, any other `BodyInit` that can be sent more than once.
    pub fn body(self, body: impl Into<Body>) -> Self {
        Self { body: Some(body.into()), ..self }
    }

    /// Sends cookies to other origins too.
    pub fn with_credentials(self) -> Self {
        Self { with_credentials: true, ..self }
    }

    /// Sets the initial last event ID string, such as one from an earlier visit.
    pub fn last_event_id(self, id: impl Into<String>) -> Self {
        Self { last_event_id: id.into(), ..self }
    }

    /// Sets when the request may be repeated. By default the method decides (RFC 9110 9.2.2): idempotent
    /// requests are always repeated; a POST only after a message with an ID, from which the server can
    /// resume, and not after the server has ended the stream.
    pub fn replay(self, replay: Replay) -> Self {
        Self { replay: Some(replay), ..self }
    }

    /// Reconnects beyond HTML 9.2.3: after temporary statuses (408, 425, 429, 5xx), with `Retry-After`,
    /// backoff and jitter.
    ///
    /// `asks` and `fresh_headers` have no effect: there is nobody to ask, and headers do not change.
    pub fn reconnect(self, reconnect: Reconnect) -> Self {
        let reconnect = Reconnect { asks: false, fresh_headers: false, ..reconnect };
        Self { reconnect: Some(reconnect), ..self }
    }

    /// Abandons an attempt without a response head after `timeout`, in whole milliseconds.
    pub fn open_timeout(self, timeout: Duration) -> Self {
        Self { open_timeout_ms: to_ms(timeout), ..self }
    }

    /// Abandons a connection that receives no byte for `timeout`, in whole milliseconds. Comments count:
    /// servers send them as a sign of life.
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        Self { idle_timeout_ms: to_ms(timeout), ..self }
    }

    /// The policy of the source.
    ///
    /// # Errors
    /// If the request can never be made.
    pub(crate) fn check(&self) -> Result<Policy, Error> {
        if self.last_event_id.contains(['\r', '\n', '\0']) {
            return Err(Error::Request("a last event ID cannot contain CR, LF or NUL".into()));
        }
        if let Some(Body(Content::Js(body))) = &self.body
            && body.is_instance_of::<ReadableStream>()
        {
            return Err(Error::Request("a stream body can be sent only once".into()));
        }
        let request = self
            .make(self.last_event_id.as_bytes(), RequestMode::Cors, None)
            .map_err(|error| Error::request(&error))?;
        let policy = Policy::for_request(&self.method, false);
        Ok(Policy {
            replay: self.replay.unwrap_or(policy.replay),
            no_response: NoResponse::of(self.circumstances(&request.url())),
            reconnect: self.reconnect.clone(),
            open_timeout_ms: self.open_timeout_ms,
            idle_timeout_ms: self.idle_timeout_ms,
            ..policy
        })
    }

    /// The initial last event ID string.
    pub(crate) fn initial_id(&self) -> &str {
        &self.last_event_id
    }

    fn circumstances(&self, url: &str) -> Circumstances {
        let url = Url::new(url);
        let is_fetchable =
            url.as_ref().is_ok_and(|url| matches!(url.protocol().as_str(), "http:" | "https:"));
        let own_origin = Reflect::get(&js_sys::global(), &"origin".into()).ok();
        let own_origin = own_origin.and_then(|origin| origin.as_string());
        Circumstances {
            custom_fetch: false,
            reconnects: self.reconnect.is_some(),
            is_fetchable,
            needs_cors: url.is_ok_and(|url| Some(url.origin()) != own_origin),
        }
    }

    /// Sends the request for one attempt.
    pub(super) fn send(
        &self,
        last_event_id: &[u8],
        mode: RequestMode,
        signal: &AbortSignal,
    ) -> Result<impl Future<Output = Result<Response, JsValue>> + use<>, JsValue> {
        let request = self.make(last_event_id, mode, Some(signal))?;
        let response = JsFuture::from(global_fetch(&request));
        Ok(async { response.await?.dyn_into() })
    }

    fn make(
        &self,
        last_event_id: &[u8],
        mode: RequestMode,
        signal: Option<&AbortSignal>,
    ) -> Result<web_sys::Request, JsValue> {
        let init = RequestInit::new();
        init.set_method(&self.method);
        init.set_mode(mode);
        init.set_signal(signal);
        // [spec] Set request's cache mode to "no-store".
        init.set_cache(web_sys::RequestCache::NoStore);
        init.set_credentials(if self.with_credentials {
            RequestCredentials::Include
        } else {
            RequestCredentials::SameOrigin
        });
        if let Some(body) = &self.body {
            init.set_body(&body.to_js());
        }
        let headers = Headers::new()?;
        for (name, value) in &self.headers {
            headers.append(name, value)?;
        }
        // [spec] User agents may set (`Accept`, `text/event-stream`) in request's header list.
        if !headers.has("accept")? {
            headers.set("accept", "text/event-stream")?;
        }
        // [spec] If the last event ID string is not the empty string, set (`Last-Event-ID`,
        // lastEventIDValue) in request's header list, where that is the string, encoded as UTF-8.
        if !last_event_id.is_empty() {
            headers.set("last-event-id", &byte_string(last_event_id))?;
        }
        init.set_headers(&headers);
        web_sys::Request::new_with_str_and_init(&self.url, &init)
    }
}

/// The body of a [`Request`]: made from text, bytes or a `JsValue`.
#[derive(Debug, Clone)]
pub struct Body(Content);

#[derive(Debug, Clone)]
enum Content {
    Text(String),
    Bytes(Vec<u8>),
    Js(JsValue),
}

impl Body {
    fn to_js(&self) -> JsValue {
        match &self.0 {
            Content::Text(text) => text.into(),
            Content::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
            Content::Js(value) => value.clone(),
        }
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self(Content::Text(text.into()))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self(Content::Text(text))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Content::Bytes(bytes))
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Self(Content::Bytes(bytes.into()))
    }
}

impl From<JsValue> for Body {
    fn from(value: JsValue) -> Self {
        Self(Content::Js(value))
    }
}

/// At least 1: 0 stands for no timeout.
fn to_ms(timeout: Duration) -> u32 {
    u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX).max(1)
}

/// One character per byte: `fetch` takes header values as byte strings.
fn byte_string(value: &[u8]) -> String {
    value.iter().copied().map(char::from).collect()
}
