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
    /// Opens the source. The request leaves as soon as other tasks of the executor have run, whether or
    /// not anybody waits for messages.
    ///
    /// # Errors
    /// [`Error::Request`] if the request can never be made, [`Error::Unsupported`] outside browsers. What
    /// goes wrong later is an item of the stream.
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
/// It ends after an error: [`Error::Failed`] says why the source is closed for good. A connection that can
/// be made again is no error, and is made again.
///
/// The body is read only as fast as messages are taken, and while they are, other tasks of the page get
/// their turn after 8 ms.
///
/// # The page and the network
///
/// It hears nothing of them: it does not notice that the device goes offline or comes online, that the page
/// is hidden, frozen or shown again. Waits run to their end, a dead connection is found out by
/// [`idle_timeout`](Request::idle_timeout) alone, and after
/// [`max_attempts`](crate::Reconnect::max_attempts) the source fails. An application that hears more can
/// make a new connection:
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

    /// What controls the source from elsewhere, while its messages are awaited.
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

/// Controls an open source from elsewhere than where its messages are taken. It does not keep the source
/// open.
#[derive(Debug, Clone)]
pub struct Handle {
    commands: mpsc::UnboundedSender<Command>,
    /// A message was taken and the next one not asked for.
    is_handling: Arc<AtomicBool>,
}

impl Handle {
    /// Makes a new connection now, with the last event ID; a request that waits to be repeated is made at
    /// once. Does nothing where the source is closed.
    ///
    /// There are at most ten requests a second. While a message is being handled, so that code rather than
    /// a person may be asking, they are at least 100 ms apart and none comes before `Retry-After`.
    pub fn reconnect(&self) {
        let in_callback = self.is_handling.load(Ordering::Relaxed);
        // There is no receiver any more where the source is closed.
        _ = self.commands.unbounded_send(Command::Reconnect { in_callback });
    }
}
