//! Carries out what the controller decides: fetches, reads, waits, and tells the owner of the source.

mod alarm;
mod body;
mod owner;
mod request;
mod settle;

use alloc::{rc::Rc, string::String, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    future::Future,
};

use js_sys::{Date, Function, Math, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{AbortController, AbortSignal, Response};

use self::{
    alarm::Alarm,
    body::{Body, Stream},
    settle::{Outcome, Settle},
};
pub use owner::{Attempt, End, Owner};
pub use request::Request;

use crate::{
    controller::{Controller, Input, Output, Signal},
    policy::{Cause, DEFAULT_RECONNECTION_TIME_MS, Policy},
};

/// An open source. Dropping it does not close it.
pub struct Source(Rc<Shared>);

/// What a [`Source`] and the running driver both touch. Everything else belongs to [`Driver`], so that
/// no listener can meet it borrowed.
struct Shared {
    abort: RefCell<AbortController>,
    settle: Settle,
    alarm: Alarm,
    /// What the driver has not told the controller yet.
    signals: RefCell<Vec<Signal>>,
    reconnect: Cell<bool>,
    reconnection_time_ms: Cell<u64>,
    /// The request cannot be made again.
    is_final: Cell<bool>,
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
        let settle = Settle::new(&owner);
        let shared = Rc::new(Shared {
            abort: RefCell::new(AbortController::new()?),
            alarm: Alarm::new(&owner, settle.interrupter()),
            settle,
            signals: RefCell::default(),
            reconnect: Cell::new(false),
            reconnection_time_ms: Cell::new(DEFAULT_RECONNECTION_TIME_MS),
            is_final: Cell::new(policy.one_shot),
        });
        let driver = Driver {
            shared: Rc::clone(&shared),
            owner,
            fetch,
            controller: Controller::new(policy, last_event_id.into_bytes()),
            request: None,
            body: None,
            input: Vec::new(),
            end: End::default(),
        };
        Ok((Self(shared), driver.run()))
    }

    /// Tells what happened to the page.
    pub fn signal(&self, signal: Signal) {
        self.0.signals.borrow_mut().push(signal);
        self.0.alarm.soon();
    }

    /// Makes a new connection now, with the last event ID. `false` if the request cannot be made again.
    pub fn reconnect(&self) -> bool {
        self.0.reconnect.set(true);
        self.0.alarm.soon();
        !self.0.is_final.get()
    }

    /// The reconnection time, as the server set it.
    pub fn reconnection_time_ms(&self) -> u64 {
        self.0.reconnection_time_ms.get()
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
    /// The last one that got no response.
    request: Option<Request>,
    body: Option<Body>,
    /// The chunk being parsed, in the module's memory.
    input: Vec<u8>,
    end: End,
}

impl<O: Owner> Driver<O> {
    async fn run(mut self) {
        // The owner has not got its source yet.
        self.hold(Some(Promise::resolve(&JsValue::UNDEFINED))).await;
        loop {
            self.listen();
            if let Some(output) = self.controller.poll() {
                self.carry_out(output).await;
            } else if self.controller.is_closed() {
                self.cancel_body();
                return self.cancel_unread();
            } else {
                self.set_alarm();
                self.shared.settle.interruption().await;
                self.look();
            }
        }
    }

    async fn carry_out(&mut self, output: Output) {
        match output {
            Output::Fetch { attempt, reason } => {
                self.end = End { attempt, ..End::default() };
                self.fetch(reason).await;
            }
            Output::Probe => self.probe().await,
            Output::Announce => {
                if let Some(response) = &self.end.response {
                    self.hold(self.owner.announce(response)).await;
                }
            }
            Output::Read => self.read().await,
            Output::Dispatch => self.hold(self.owner.dispatch(self.controller.batch())).await,
            Output::Decide { cause, plan } => {
                let decision = self.owner.decide(cause, plan, &self.end);
                self.look();
                self.controller.handle(Input::Decision(decision));
            }
            Output::Reestablish { cause, delay_ms } => {
                self.cancel_body();
                self.hold(self.owner.reestablish(cause, delay_ms, &self.end)).await;
                self.end_attempt();
            }
            Output::Complete => {}
            Output::Fail(cause) => {
                self.shared.is_final.set(true);
                self.cancel_body();
                self.hold(self.owner.fail(cause, &self.end)).await;
                self.end_attempt();
            }
        }
    }

    /// Tells the controller the time. Asked for once per wait: a look at the clock leaves the module.
    fn look(&mut self) {
        self.controller.advance(Date::now());
        self.controller.shuffle(Math::random());
    }

    /// Tells the controller what happened meanwhile.
    fn listen(&mut self) {
        for signal in self.shared.signals.take() {
            self.controller.handle(Input::Signal(signal));
        }
        if self.shared.reconnect.take() {
            self.controller.handle(Input::Reconnect { in_callback: false });
        }
        if self.shared.settle.is_closed() {
            self.controller.handle(Input::Close);
        }
        self.controller.handle(Input::Tick);
    }

    fn set_alarm(&self) {
        if let Some(wait_ms) = self.controller.wait_ms() {
            self.shared.alarm.set(self.controller.now_ms(), wait_ms);
        }
    }

    /// Waits for what the owner promised, whatever happens meanwhile but the end of the source.
    async fn hold(&mut self, promise: Option<Promise>) {
        if let Some(promise) = promise {
            let settle = &self.shared.settle;
            settle.watch(&promise, &self.owner);
            while settle.outcome().await.is_none() && !settle.is_closed() {}
        }
        self.look();
    }

    /// Waits for `promise`. `None` if something happened meanwhile that makes its outcome unwanted.
    async fn outcome(&mut self, promise: &Promise) -> Option<Outcome> {
        self.shared.settle.watch(promise, &self.owner);
        loop {
            self.set_alarm();
            let outcome = self.shared.settle.outcome().await;
            self.look();
            if outcome.is_some() {
                return outcome.filter(|_| self.controller.is_waiting());
            }
            self.listen();
            if !self.controller.is_waiting() {
                return None;
            }
        }
    }

    async fn fetch(&mut self, reason: Option<Cause>) {
        let abort = self.shared.abort.borrow().clone();
        let signal = abort.signal();
        let request = self.owner.request(&Attempt {
            number: self.end.attempt,
            reason,
            last_event_id: &self.last_event_id(),
            abort: &abort,
        });
        let request = match request {
            Ok(request) => self.outcome(&Promise::resolve(&request)).await,
            Err(error) => Some(Err(error)),
        };
        match request {
            None => {}
            Some(Ok(request)) => self.send(request.unchecked_into(), &signal).await,
            Some(Err(error)) => {
                self.end.error = error;
                self.controller.handle(Input::RequestError);
            }
        }
    }

    fn last_event_id(&self) -> String {
        String::from_utf8_lossy(self.controller.last_event_id()).into_owned()
    }

    async fn send(&mut self, request: Request, signal: &AbortSignal) {
        let last_event_id = self.last_event_id();
        let response = match request::send(&request, self.fetch.as_ref(), &last_event_id, signal) {
            Ok(response) => self.outcome(&response).await,
            Err(error) => Some(Err(error)),
        };
        match response.map(|outcome| outcome.and_then(request::response)) {
            None => {}
            Some(Ok(response)) => {
                let headers = response.headers();
                let header = |name| headers.get(name).ok().flatten();
                let date = |value: &Option<String>| value.as_deref().map_or(f64::NAN, Date::parse);
                let retry_after = header("retry-after");
                self.controller.handle(Input::Response {
                    status: response.status(),
                    content_type: header("content-type").as_deref().map(str::as_bytes),
                    retry_after: retry_after.as_deref().map(str::as_bytes),
                    retry_after_date_ms: date(&retry_after),
                    date_ms: date(&header("date")),
                    wall_ms: Date::now(),
                });
                self.end.response = Some(response);
            }
            Some(Err(error)) => {
                self.request = Some(request);
                self.break_off(error);
            }
        }
    }

    /// Finds out whether the server is there. What a service worker makes up instead has a status.
    async fn probe(&mut self) {
        let answer = match self.request.take().map(|request| request::probe(&request)) {
            Some(Ok(promise)) => self.outcome(&promise).await,
            _ => Some(Err(JsValue::UNDEFINED)),
        };
        if let Some(answer) = answer {
            let is_opaque = |response: Response| response.status() == 0;
            let answered = answer.and_then(request::response).is_ok_and(is_opaque);
            self.controller.handle(Input::Probed(answered));
        }
        self.end_attempt();
    }

    async fn read(&mut self) {
        let Some(outcome) = self.next_chunk().await else { return };
        match outcome {
            Ok(Some(chunk)) => {
                let bytes = chunk.length() as usize;
                if self.input.len() < bytes {
                    self.input.resize(bytes, 0);
                }
                let Some(input) = self.input.get_mut(..bytes) else { return };
                chunk.copy_to(input);
                self.controller.handle(Input::Chunk(input));
                self.shared.reconnection_time_ms.set(self.controller.reconnection_time_ms());
            }
            Ok(None) => self.controller.handle(Input::EndOfBody),
            Err(error) => self.break_off(error),
        }
    }

    /// The next chunk, or `None` for the end of the body; nothing at all if that is not wanted any more.
    async fn next_chunk(&mut self) -> Option<Result<Option<Uint8Array>, JsValue>> {
        if self.body.is_none() {
            // A response without a body is one with an empty body.
            let Some(stream) = self.end.response.as_ref().and_then(Response::body) else {
                return Some(Ok(None));
            };
            match Body::new(stream.unchecked_ref()) {
                Ok(body) => self.body = Some(body),
                Err(error) => return Some(Err(error)),
            }
        }
        let body = self.body.as_mut()?;
        if let Some(rest) = body.rest() {
            return Some(Ok(Some(rest)));
        }
        let outcome = match body.read() {
            Ok(promise) => self.outcome(&promise).await?,
            Err(error) => Err(error),
        };
        let body = self.body.as_mut()?;
        Some(outcome.and_then(|result| body.chunk(result)))
    }

    fn break_off(&mut self, error: JsValue) {
        self.end.error = error;
        self.controller.handle(Input::NetworkError);
    }

    /// Ends what was read of, for a `fetch` of the user's that ignores its signal.
    fn cancel_body(&mut self) {
        if let Some(body) = self.body.take() {
            self.ignore(body.cancel());
        }
    }

    /// As [`cancel_body`](Self::cancel_body), for a body that nobody has locked.
    fn cancel_unread(&mut self) {
        let response = self.end.response.take();
        if let Some(body) = response.as_ref().and_then(Response::body) {
            self.ignore(body.unchecked_ref::<Stream>().cancel());
        }
    }

    /// Watches a promise so that a rejection counts as handled.
    fn ignore(&self, promise: Result<Promise, JsValue>) {
        if let Ok(promise) = promise {
            self.shared.settle.watch(&promise, &self.owner);
        }
    }

    /// Ends the request and what may still be read of it, and makes a signal for the next attempt.
    fn end_attempt(&mut self) {
        self.cancel_unread();
        self.shared.abort();
        if let Ok(next) = AbortController::new() {
            self.shared.abort.replace(next);
        }
    }
}
