//! The messages of a source as a `Stream`.

use alloc::sync::Arc;
use core::{
    future::poll_fn,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll},
};

use futures_channel::mpsc;
use futures_core::{FusedStream, Stream};
use wasm_bindgen_futures::spawn_local;

use crate::{
    controller::Controller,
    driver::{Command, Driver, Error, IS_WEB, Message, Request},
};

impl Request {
    /// Opens the source. The request is sent as soon as other tasks of the executor have run, whether or
    /// not messages are awaited.
    ///
    /// # Errors
    /// [`Error::Request`] if the request can never be made, [`Error::Unsupported`] outside browsers. Later
    /// errors are items of the stream.
    pub fn open(self) -> Result<Messages, Error> {
        if !IS_WEB {
            return Err(Error::Unsupported);
        }
        let policy = self.check()?;
        let controller = Controller::new(policy, self.initial_id().into());
        let (messages_sender, messages) = mpsc::channel(0);
        let (commands, commands_receiver) = mpsc::unbounded();
        spawn_local(Driver::new(self, controller, commands_receiver, messages_sender).run());
        Ok(Messages { messages, handle: Handle { commands, is_handling: Arc::default() } })
    }
}

/// The messages of an open source, across reconnects. Dropping it closes the connection.
///
/// It ends after an error: [`Error::Failed`] tells why the source is closed for good. The end of a
/// connection is no error if it can be reestablished; then it is.
///
/// The body is read only as fast as messages are taken (backpressure). Meanwhile, other tasks of the page
/// get their turn every 8 ms.
///
/// # The page and the network
///
/// It ignores both: it does not notice when the device goes offline or online, or when the page is hidden,
/// frozen or shown again. Waits run to their end, only [`idle_timeout`](Request::idle_timeout) detects a
/// dead connection, and after [`max_attempts`](crate::Reconnect::max_attempts) the source fails. An
/// application that listens to such events can make a new connection:
///
/// ```no_run
/// # use eventsource_wasm::Messages;
/// # use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
/// # fn run(messages: Messages, window: web_sys::EventTarget) -> Result<(), JsValue> {
/// let handle = messages.handle();
/// let online = Closure::<dyn Fn()>::new(move || handle.reconnect());
/// window.add_event_listener_with_callback("online", online.as_ref().unchecked_ref())?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropping the messages closes the connection"]
pub struct Messages {
    messages: mpsc::Receiver<Result<Message, Error>>,
    handle: Handle,
}

impl Messages {
    /// The next message; an error if the source fails; `None` after that.
    ///
    /// Cancel safe: no message is lost if the future is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Makes a new connection, see [`Handle::reconnect`].
    pub fn reconnect(&self) {
        self.handle.reconnect();
    }

    /// A handle to control the source from elsewhere, while its messages are awaited.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

impl Stream for Messages {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.messages).poll_next(context);
        self.handle.is_handling.store(next.is_ready(), Ordering::Relaxed);
        next
    }
}

impl FusedStream for Messages {
    fn is_terminated(&self) -> bool {
        self.messages.is_terminated()
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        self.handle.commands.close_channel();
    }
}

/// Controls an open source from outside the code that takes its messages. It does not keep the source
/// open.
#[derive(Debug, Clone)]
pub struct Handle {
    commands: mpsc::UnboundedSender<Command>,
    /// A message was taken and the next one was not requested yet.
    is_handling: Arc<AtomicBool>,
}

impl Handle {
    /// Makes a new connection now, with the last event ID; a pending retry is made at once. Does nothing if
    /// the source is closed.
    ///
    /// Makes at most ten requests a second. While a message is being handled, when code rather than a person
    /// may be asking, they are at least 100 ms apart and respect `Retry-After`.
    pub fn reconnect(&self) {
        let in_callback = self.is_handling.load(Ordering::Relaxed);
        // A closed source has no receiver.
        _ = self.commands.unbounded_send(Command::Reconnect { in_callback });
    }
}
