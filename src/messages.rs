//! The API for Rust web applications: the messages of a source as a `Stream`.

use alloc::{collections::VecDeque, rc::Rc, string::String, vec::Vec};
use core::{
    cell::{RefCell, RefMut},
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_core::Stream;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Headers, Response};

use crate::{
    controller::{Decision, Plan},
    driver::{Attempt, End, Owner, Source},
    parser::{Batch, Record},
    policy::{Cause, Policy, Reconnect},
};

/// A request for an event stream.
///
/// ```no_run
/// # #[cfg(feature = "serde")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
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
#[derive(Debug, Clone)]
pub struct Request {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    body: JsValue,
    with_credentials: bool,
    last_event_id: String,
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
            body: JsValue::UNDEFINED,
            with_credentials: false,
            last_event_id: String::new(),
            reconnect: None,
            open_timeout_ms: 0,
            idle_timeout_ms: 0,
        }
    }

    /// Sets the method. Requests with any but GET are not repeated blindly, see [`Policy`]: the proper end
    /// of such a stream is an error with [`Cause::EndOfBody`].
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: method.into(), ..self }
    }

    /// Adds a header. `Accept` and `Last-Event-ID` are added by themselves.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body: a string, or any `BodyInit` that can be sent more than once.
    #[must_use]
    pub fn body(self, body: impl Into<JsValue>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Sends cookies cross-origin as well.
    #[must_use]
    pub fn with_credentials(self) -> Self {
        Self { with_credentials: true, ..self }
    }

    /// Sets the last event ID string to begin with.
    #[must_use]
    pub fn last_event_id(self, id: impl Into<String>) -> Self {
        Self { last_event_id: id.into(), ..self }
    }

    /// Reconnects beyond what HTML 9.2.3 says: after statuses that may pass, with backoff and jitter.
    ///
    /// Nothing tells of the network or the page here, so after `max_attempts` the source fails. `asks`
    /// and `fresh_headers` have no effect: there is nobody to ask, and headers do not change.
    #[must_use]
    pub fn reconnect(self, reconnect: Reconnect) -> Self {
        Self { reconnect: Some(reconnect), ..self }
    }

    /// Gives up a request without a response head after `timeout`.
    #[must_use]
    pub fn open_timeout(self, timeout: Duration) -> Self {
        Self { open_timeout_ms: to_ms(timeout), ..self }
    }

    /// Gives up a connection without a byte after `timeout`. Comments count: servers send them to say
    /// that they are alive.
    #[must_use]
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        Self { idle_timeout_ms: to_ms(timeout), ..self }
    }

    /// Opens the source.
    ///
    /// # Errors
    /// If a header or the last event ID is not valid.
    pub fn open(self) -> Result<Messages, Error> {
        self.headers().map_err(Error::Js)?;
        if self.last_event_id.contains(['\r', '\n', '\0']) {
            let error = js_sys::TypeError::new("a last event ID holds no CR, LF and NUL");
            return Err(Error::Js(error.into()));
        }
        let inbox = Rc::new(RefCell::new(Inbox::new(self.last_event_id.clone())));
        let policy = Policy {
            reconnect: self.reconnect.clone().map(|reconnect| Reconnect {
                fresh_headers: false,
                asks: true,
                ..reconnect
            }),
            open_timeout_ms: self.open_timeout_ms,
            idle_timeout_ms: self.idle_timeout_ms,
            ..Policy::for_request(&self.method, false)
        };
        let id = self.last_event_id.clone();
        let consumer = Consumer { request: self, inbox: Rc::clone(&inbox) };
        let (source, driver) = Source::open(consumer, policy, id, None).map_err(Error::Js)?;
        spawn_local(driver);
        Ok(Messages { source, inbox })
    }

    fn headers(&self) -> Result<Headers, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in &self.headers {
            headers.append(name, value)?;
        }
        Ok(headers)
    }

    /// As [`Owner::request`] wants it.
    fn to_js(&self) -> Result<JsValue, JsValue> {
        let credentials = if self.with_credentials { "include" } else { "same-origin" };
        let init = object(&[
            ("method", &self.method.as_str().into()),
            ("headers", &self.headers()?.into()),
            ("body", &self.body),
            ("credentials", &credentials.into()),
        ])?;
        object(&[("url", &self.url.as_str().into()), ("init", &init), ("resumes", &false.into())])
    }
}

/// At least 1: 0 stands for no timeout.
fn to_ms(timeout: Duration) -> u32 {
    u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX).max(1)
}

fn object(entries: &[(&str, &JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (key, value) in entries {
        Reflect::set(&object, &(*key).into(), value)?;
    }
    Ok(object.into())
}

/// One message of the event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `message` if the event named none.
    pub event_type: String,
    /// The data, its lines joined by LF.
    pub data: String,
    /// The last event ID string when it was dispatched.
    pub last_event_id: String,
}

impl Message {
    /// The data, which is JSON, as a Rust value.
    ///
    /// # Errors
    /// If it is not JSON or does not fit `T`.
    #[cfg(feature = "serde")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Error> {
        let value = js_sys::JSON::parse(&self.data).map_err(Error::Js)?;
        serde_wasm_bindgen::from_value(value).map_err(|error| Error::Js(error.into()))
    }
}

/// What can go wrong.
#[derive(Debug, Clone)]
pub enum Error {
    /// The source is closed for good; for methods other than GET also by the proper end of the stream.
    Failed {
        /// Why.
        reason: Cause,
        /// The HTTP status, when a response arrived.
        status: Option<u16>,
    },
    /// A value that JavaScript threw.
    Js(JsValue),
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Failed { reason, status: Some(status) } => {
                write!(f, "{reason} (status {status})")
            }
            Self::Failed { reason, status: None } => write!(f, "{reason}"),
            Self::Js(value) => write!(f, "{value:?}"),
        }
    }
}

impl core::error::Error for Error {}

/// The messages of an open source, across reconnects. Dropping it closes the source.
///
/// The body is read no further than the messages are taken.
pub struct Messages {
    source: Source,
    inbox: Rc<RefCell<Inbox>>,
}

impl Messages {
    /// Makes a new connection now, with the last event ID.
    pub fn reconnect(&self) {
        self.source.reconnect();
    }

    /// The next message; an error if the source fails; `None` after that.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for Messages {
    type Item = Result<Message, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut inbox = self.inbox.borrow_mut();
        if let Some(message) = inbox.messages.pop_front() {
            return Poll::Ready(Some(message));
        }
        if inbox.failed {
            return Poll::Ready(None);
        }
        inbox.waker = Some(context.waker().clone());
        if let Some(emptied) = inbox.emptied.take() {
            // The driver goes on in a microtask, so it does not find the inbox borrowed.
            let _nothing = emptied.call0(&JsValue::UNDEFINED);
        }
        Poll::Pending
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Between the driver and whoever takes the messages.
struct Inbox {
    messages: VecDeque<Result<Message, Error>>,
    last_event_id: String,
    failed: bool,
    waker: Option<Waker>,
    /// Resolves the promise that holds the driver back.
    emptied: Option<Function>,
}

impl Inbox {
    fn new(last_event_id: String) -> Self {
        Self { messages: VecDeque::new(), last_event_id, failed: false, waker: None, emptied: None }
    }

    fn take(&mut self, record: Record<'_>) {
        if let Some(id) = record.last_event_id {
            self.last_event_id = decode(id);
        }
        if let Some(data) = record.data {
            self.messages.push_back(Ok(Message {
                event_type: record.event_type.map_or_else(|| "message".into(), decode),
                data: decode(data),
                last_event_id: self.last_event_id.clone(),
            }));
        }
    }
}

/// Wakes who waits for messages. It may look for them at once, so the inbox is given back before.
fn wake(mut inbox: RefMut<'_, Inbox>) {
    let waker = inbox.waker.take();
    drop(inbox);
    if let Some(waker) = waker {
        waker.wake();
    }
}

fn decode(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

struct Consumer {
    request: Request,
    inbox: Rc<RefCell<Inbox>>,
}

impl Owner for Consumer {
    fn request(&self, _attempt: &Attempt<'_>) -> Result<JsValue, JsValue> {
        self.request.to_js()
    }

    fn announce(&self, _response: &Response) -> Option<Promise> {
        None
    }

    fn dispatch(&self, batch: &Batch) -> Option<Promise> {
        let mut inbox = self.inbox.borrow_mut();
        for record in batch.records() {
            inbox.take(record);
        }
        let mut emptied = None;
        let promise = Promise::new(&mut |resolve, _reject| emptied = Some(resolve));
        inbox.emptied = emptied;
        wake(inbox);
        Some(promise)
    }

    fn decide(&self, _: Cause, plan: Plan, _: &End) -> Decision {
        match plan {
            // Nothing here hears what could wake it.
            Plan::Sleep => Decision::Stop,
            Plan::Stop | Plan::Retry(_) => Decision::Agree,
        }
    }

    fn reestablish(&self, _: Cause, _delay_ms: Option<u32>, _: &End) -> Option<Promise> {
        None
    }

    fn fail(&self, reason: Cause, end: &End) -> Option<Promise> {
        let status = end.response.as_ref().map(Response::status);
        let mut inbox = self.inbox.borrow_mut();
        inbox.messages.push_back(Err(Error::Failed { reason, status }));
        inbox.failed = true;
        wake(inbox);
        None
    }
}
