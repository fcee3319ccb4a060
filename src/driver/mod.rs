//! Carries out what the controller decides: fetches, reads, waits and delivers messages.

mod body;
mod error;
mod message;
mod request;
mod turn;

use core::{
    future::{Future, pending},
    pin::pin,
};

use futures_channel::mpsc;
use futures_util::{
    SinkExt as _, StreamExt as _,
    future::{Either, select},
};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Math};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, RequestMode, Response};

pub use error::Error;
pub use message::Message;
pub use request::{Body as RequestBody, Request};

use self::{body::Body, turn::Turn};
use crate::{
    controller::{Controller, Decision, Input, Output},
    policy::Cause,
};

/// Whether there is JavaScript on this target.
pub(crate) const IS_WEB: bool = cfg!(all(target_arch = "wasm32", target_os = "unknown"));

/// A command of the application. Closing their channel closes the source.
#[derive(Debug)]
pub(crate) enum Command {
    /// A new connection.
    Reconnect {
        /// See [`Input::Reconnect`].
        in_callback: bool,
    },
}

/// Runs one source.
pub(crate) struct Driver {
    request: Request,
    controller: Controller,
    commands: mpsc::UnboundedReceiver<Command>,
    /// Has room for one message.
    messages: mpsc::Sender<Result<Message, Error>>,
    last_event_id: String,
    attempt: Attempt,
    turn: Turn,
}

/// The resources of one attempt. Dropping it aborts the request and its body.
#[derive(Default)]
struct Attempt {
    abort: Option<AbortController>,
    response: Option<Response>,
    body: Option<Body>,
    /// What `fetch` or the body threw.
    thrown: Option<JsValue>,
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

impl Driver {
    /// `request` must be one that can be made, see [`Request::check`].
    pub(crate) fn new(
        request: Request,
        controller: Controller,
        commands: mpsc::UnboundedReceiver<Command>,
        messages: mpsc::Sender<Result<Message, Error>>,
    ) -> Self {
        Self {
            last_event_id: request.last_event_id.clone(),
            request,
            controller,
            commands,
            messages,
            attempt: Attempt::default(),
            turn: Turn::default(),
        }
    }

    /// Runs until the source is closed.
    pub(crate) async fn run(mut self) {
        while !self.controller.is_closed() {
            self.look();
            self.controller.handle(Input::Tick);
            match self.controller.poll() {
                Some(output) => self.carry_out(output).await,
                // Between two attempts.
                None => _ = self.wanted(pending::<()>()).await,
            }
        }
    }

    async fn carry_out(&mut self, output: Output) {
        match output {
            Output::Fetch { .. } => self.fetch().await,
            Output::Probe => self.probe().await,
            Output::Announce => {}
            Output::Read => self.read().await,
            Output::Dispatch => self.dispatch().await,
            Output::Decide { .. } => self.controller.handle(Input::Decision(Decision::Agree)),
            Output::Reestablish { .. } | Output::Complete => self.attempt = Attempt::default(),
            Output::Fail(cause) => self.fail(cause).await,
        }
    }

    /// Passes the time and a random number to the controller.
    fn look(&mut self) {
        self.controller.advance(Date::now());
        self.controller.shuffle(Math::random());
    }

    /// Waits for `outcome` as long as the controller wants it. `None` once it does not.
    async fn wanted<T>(&mut self, outcome: impl Future<Output = T>) -> Option<T> {
        let mut outcome = pin!(outcome);
        while self.controller.is_waiting() {
            let wait_ms = self.controller.wait_ms();
            let due_ms = self.controller.now_ms() + wait_ms.map_or(f64::INFINITY, f64::from);
            let alarm = pin!(async {
                match wait_ms {
                    Some(wait_ms) => TimeoutFuture::new(wait_ms).await,
                    None => pending().await,
                }
            });
            let interruption = select(self.commands.next(), alarm);
            let input = match select(outcome.as_mut(), interruption).await {
                Either::Left((outcome, _)) => {
                    self.look();
                    return Some(outcome);
                }
                Either::Right((Either::Left((Some(Command::Reconnect { in_callback }), _)), _)) => {
                    Input::Reconnect { in_callback }
                }
                Either::Right((Either::Left((None, _)), _)) => Input::Close,
                Either::Right((Either::Right(_), _)) => Input::Alarm { due_ms },
            };
            self.look();
            self.controller.handle(input);
        }
        None
    }

    async fn fetch(&mut self) {
        let Some(response) = self.response(RequestMode::Cors).await else { return };
        match response {
            Ok(response) => {
                let header = |name| response.headers().get(name).ok().flatten();
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
                self.attempt.response = Some(response);
            }
            Err(error) => self.break_off(error),
        }
    }

    /// Finds out whether the server answers. A synthetic response of a service worker has a status.
    async fn probe(&mut self) {
        if let Some(response) = self.response(RequestMode::NoCors).await {
            let answered = response.is_ok_and(|response| response.status() == 0);
            self.controller.handle(Input::Probed(answered));
        }
    }

    /// Begins an attempt. `None` if its outcome is no longer wanted.
    async fn response(&mut self, mode: RequestMode) -> Option<Result<Response, JsValue>> {
        self.attempt = Attempt::default();
        let last_event_id = self.controller.last_event_id();
        let sent = AbortController::new().and_then(|abort| {
            let signal = abort.signal();
            self.attempt.abort = Some(abort);
            self.request.send(last_event_id, mode, &signal)
        });
        match sent {
            Ok(response) => self.wanted(response).await,
            Err(error) => {
                self.attempt.thrown = Some(error);
                self.controller.handle(Input::RequestError);
                None
            }
        }
    }

    async fn read(&mut self) {
        let mut body =
            match self.attempt.body.take().map_or_else(|| self.body(), |body| Ok(Some(body))) {
                Ok(Some(body)) => body,
                // A response without a body counts as one with an empty body.
                Ok(None) => return self.controller.handle(Input::EndOfBody),
                Err(error) => return self.break_off(error),
            };
        match self.wanted(body.chunk()).await {
            Some(Ok(Some(chunk))) => self.controller.handle(Input::Chunk(&chunk)),
            Some(Ok(None)) => self.controller.handle(Input::EndOfBody),
            Some(Err(error)) => self.break_off(error),
            None => {}
        }
        self.attempt.body = Some(body);
    }

    fn body(&self) -> Result<Option<Body>, JsValue> {
        self.attempt.response.as_ref().and_then(Response::body).map(Body::new).transpose()
    }

    /// Reports that there was no response, or that its body broke off.
    fn break_off(&mut self, error: JsValue) {
        self.attempt.thrown = Some(error);
        self.controller.handle(Input::NetworkError);
    }

    /// Delivers the messages of the batch, each when there is room for it. Yields to other tasks, even if
    /// there are no messages.
    async fn dispatch(&mut self) {
        let mut is_taken = true;
        for record in self.controller.batch().records() {
            if let Some(message) = Message::new(record, &mut self.last_event_id) {
                is_taken = self.messages.send(Ok(message)).await.is_ok();
            }
            if !is_taken {
                break;
            }
            self.turn.pass().await;
        }
        self.turn.pass().await;
        if !is_taken {
            self.controller.handle(Input::Close);
        }
    }

    async fn fail(&mut self, reason: Cause) {
        let attempt = core::mem::take(&mut self.attempt);
        let error = Error::failed(reason, attempt.response.as_ref(), attempt.thrown.as_ref());
        drop(attempt);
        // Without a receiver, nothing is left to report to.
        _ = self.messages.send(Err(error)).await;
    }
}
