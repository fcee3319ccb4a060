//! Carries out what the controller decides: fetches, reads, waits, and tells the owner of the source.

mod body;
mod request;
mod settle;

use alloc::{rc::Rc, string::String, vec, vec::Vec};
use core::{cell::RefCell, future::Future};

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{AbortController, AbortSignal, Response};

use self::{
    body::{Body, CHUNK_BYTES},
    settle::Settle,
};
pub use request::Request;

use crate::{
    controller::{Controller, FailReason, Input, Interruption, Output},
    parser::Batch,
    policy::Policy,
};

/// Who opened the source and receives what comes of it.
///
/// A returned promise holds the source back until it settles, to either result.
pub trait Owner: 'static {
    /// Makes the request of an attempt: a [`Request`], or a promise of one.
    fn request(&self, attempt: &Attempt<'_>) -> Result<JsValue, JsValue>;
    /// The connection is open.
    fn announce(&self, response: &Response) -> Option<Promise>;
    /// Events are to be dispatched. The driver is not to be called back about `batch` after that,
    /// but may be told to close.
    fn dispatch(&self, batch: &Batch) -> Option<Promise>;
    /// The connection or attempt is over, another follows.
    fn reestablish(&self, cause: Interruption, delay_ms: u32, end: &End) -> Option<Promise>;
    /// The source is closed for good.
    fn fail(&self, reason: FailReason, end: &End);
}

/// What a request is made for.
pub struct Attempt<'a> {
    /// 0 for the first, then counted up until a connection is announced.
    pub number: u32,
    /// `None` for the first.
    pub reason: Option<Interruption>,
    /// The last event ID string.
    pub last_event_id: &'a str,
    /// Aborted when the source is closed.
    pub signal: &'a AbortSignal,
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

/// An open source. Dropping it does not close it.
pub struct Source(Rc<Shared>);

/// What [`Source::close`] and the running driver both touch. Everything else belongs to [`Driver`],
/// so that no listener can meet it borrowed.
struct Shared {
    abort: RefCell<AbortController>,
    settle: Settle,
}

impl Source {
    /// Makes a source and what runs it: a future that connects in a microtask, and ends with the source.
    /// `fetch` is used instead of the global one.
    pub fn open(
        owner: impl Owner,
        policy: Policy,
        last_event_id: String,
        fetch: Option<Function>,
    ) -> Result<(Self, impl Future<Output = ()> + 'static), JsValue> {
        let shared =
            Rc::new(Shared { abort: RefCell::new(AbortController::new()?), settle: Settle::new() });
        let driver = Driver {
            shared: Rc::clone(&shared),
            owner,
            fetch,
            controller: Controller::new(policy, last_event_id),
            body: None,
            input: vec![0; CHUNK_BYTES as usize],
            end: End::default(),
        };
        Ok((Self(shared), driver.run()))
    }

    /// Ends everything that is under way. The owner hears no more of this source.
    pub fn close(&self) {
        self.0.settle.close();
        self.0.abort();
    }
}

impl Shared {
    fn abort(&self) {
        // Cloned first: listeners of the signal may call `close` again.
        let controller = self.abort.borrow().clone();
        controller.abort();
    }
}

struct Driver<O> {
    shared: Rc<Shared>,
    owner: O,
    fetch: Option<Function>,
    controller: Controller,
    body: Option<Body>,
    /// The chunk being parsed, in the module's memory.
    input: Vec<u8>,
    end: End,
}

impl<O: Owner> Driver<O> {
    async fn run(mut self) {
        // The owner has not got its source yet.
        self.hold(Some(Promise::resolve(&JsValue::UNDEFINED))).await;
        while let Some(output) = self.next() {
            match output {
                Output::Fetch { attempt, reason } => {
                    self.end = End { attempt, ..End::default() };
                    self.fetch(reason).await;
                }
                Output::Announce => {
                    if let Some(response) = &self.end.response {
                        self.hold(self.owner.announce(response)).await;
                    }
                }
                Output::Read => self.read().await,
                Output::Dispatch => {
                    self.hold(self.owner.dispatch(self.controller.batch())).await;
                }
                Output::Reestablish { cause, delay_ms } => {
                    self.end_attempt();
                    self.hold(self.owner.reestablish(cause, delay_ms, &self.end)).await;
                    self.shared.settle.timer(delay_ms).await;
                    self.controller.handle(Input::Timeout);
                }
                Output::Fail(reason) => {
                    self.end_attempt();
                    self.owner.fail(reason, &self.end);
                }
            }
        }
    }

    fn next(&mut self) -> Option<Output> {
        if self.shared.settle.is_closed() {
            self.controller.handle(Input::Close);
        }
        self.controller.poll()
    }

    async fn hold(&self, promise: Option<Promise>) {
        if let Some(promise) = promise {
            let _settled = self.shared.settle.promise(&promise).await;
        }
    }

    async fn fetch(&mut self, reason: Option<Interruption>) {
        let (signal, request) = match self.request(reason).await {
            Ok(request) => request,
            Err(error) => {
                self.end.error = error;
                return self.controller.handle(Input::RequestError);
            }
        };
        let id = self.controller.last_event_id();
        match request::send(&request, self.fetch.as_ref(), id, &signal, &self.shared.settle).await {
            Ok(response) => {
                let content_type = response.headers().get("content-type").ok().flatten();
                self.controller.handle(Input::Response {
                    status: response.status(),
                    content_type: content_type.as_deref(),
                });
                self.end.response = Some(response);
            }
            Err(error) => {
                self.end.error = error;
                self.controller.handle(Input::NetworkError);
            }
        }
    }

    async fn request(
        &self,
        reason: Option<Interruption>,
    ) -> Result<(AbortSignal, Request), JsValue> {
        let signal = self.shared.abort.borrow().signal();
        let request = self.owner.request(&Attempt {
            number: self.end.attempt,
            reason,
            last_event_id: self.controller.last_event_id(),
            signal: &signal,
        })?;
        let request = self.shared.settle.promise(&Promise::resolve(&request)).await?;
        Ok((signal, request.unchecked_into()))
    }

    async fn read(&mut self) {
        match self.next_chunk().await {
            Ok(Some(chunk)) => {
                let Some(input) = self.input.get_mut(..chunk.length() as usize) else { return };
                chunk.copy_to(input);
                self.controller.handle(Input::Chunk(input));
            }
            Ok(None) => self.controller.handle(Input::EndOfBody),
            Err(error) => {
                self.end.error = error;
                self.controller.handle(Input::NetworkError);
            }
        }
    }

    async fn next_chunk(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        if self.body.is_none() {
            // A response without a body is one with an empty body.
            let Some(stream) = self.end.response.as_ref().and_then(Response::body) else {
                return Ok(None);
            };
            self.body = Some(Body::new(stream.unchecked_ref())?);
        }
        match &mut self.body {
            Some(body) => body.read(&self.shared.settle).await,
            None => Ok(None),
        }
    }

    /// Ends the request and what may still be read of it, and makes a signal for the next attempt.
    fn end_attempt(&mut self) {
        self.body = None;
        self.shared.abort();
        if let Ok(next) = AbortController::new() {
            self.shared.abort.replace(next);
        }
    }
}
