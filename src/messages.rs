//! The messages of a source as a `Stream`.

use core::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_channel::mpsc;
use futures_core::{FusedStream, Stream};
use wasm_bindgen_futures::spawn_local;

use crate::{
    controller::Controller,
    driver::{Command, Driver, Error, Message, Request},
};

impl Request {
    /// Opens the source. The request leaves as soon as other tasks of the executor have run, whether or
    /// not anybody waits for messages.
    ///
    /// # Errors
    /// [`Error::Request`] if the request can never be made, [`Error::Unsupported`] outside browsers. What
    /// goes wrong later is an item of the stream.
    pub fn open(self) -> Result<Messages, Error> {
        if !crate::IS_WEB {
            return Err(Error::Unsupported);
        }
        let policy = self.check()?;
        let controller = Controller::new(policy, self.initial_id().into());
        let (messages_sender, messages) = mpsc::channel(0);
        let (commands, commands_receiver) = mpsc::unbounded();
        spawn_local(Driver::new(self, controller, commands_receiver, messages_sender).run());
        Ok(Messages { messages, commands, is_handling: false })
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
/// call [`reconnect`](Self::reconnect):
///
/// ```no_run
/// # use eventsource_wasm::{Error, Messages};
/// # use futures_util::{StreamExt as _, future::{Either, select}, stream::Stream};
/// # async fn run(mut messages: Messages, mut online: impl Stream<Item = ()> + Unpin) -> Result<(), Error> {
/// // `online` is a stream of your own that listens for the window's `online` event.
/// loop {
///     let next = core::pin::pin!(messages.next());
///     match select(next, online.next()).await {
///         Either::Left((Some(message), _)) => println!("{}", message?.data),
///         Either::Left((None, _)) => return Ok(()),
///         Either::Right(_) => messages.reconnect(),
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropping the messages closes the connection"]
pub struct Messages {
    messages: mpsc::Receiver<Result<Message, Error>>,
    commands: mpsc::UnboundedSender<Command>,
    /// A message was taken and the next one not asked for.
    is_handling: bool,
}

impl Messages {
    /// Makes a new connection now, with the last event ID; a request that waits to be repeated is made at
    /// once. Does nothing after an error.
    ///
    /// Where this is the answer to a message, it does not go faster than ten requests a second, nor before
    /// `Retry-After`.
    pub fn reconnect(&self) {
        // The receiver is gone if the source has failed.
        _ = self.commands.unbounded_send(Command::Reconnect { in_callback: self.is_handling });
    }

    /// The next message; an error if the source fails; `None` after that.
    ///
    /// Cancel safe: a message is not lost if the future is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for Messages {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.messages).poll_next(context);
        self.is_handling = next.is_ready();
        next
    }
}

impl FusedStream for Messages {
    fn is_terminated(&self) -> bool {
        self.messages.is_terminated()
    }
}
