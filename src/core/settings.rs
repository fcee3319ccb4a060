//! The settings of a source.

use alloc::vec::Vec;

use wasm_bindgen::prelude::*;

use super::{Core, TOLD};
use crate::{
    controller::Controller,
    policy::{Backoff, Circumstances, NoResponse, Policy, Reconnect},
};

/// A numeric setting. Any value but 0 sets a flag; 0 means no limit or no timeout.
#[wasm_bindgen]
pub enum Setting {
    /// The body can be sent only once.
    OneShotBody,
    /// The owner reports when the stream is complete.
    Completes,
    /// The owner wants comments.
    Comments,
    /// An event without data is dispatched if it has a type.
    EmptyEvents,
    /// The end of the body completes an event that has data.
    Unterminated,
    /// The owner reports signals of the network and the page.
    HearsSignals,
    /// The request is made by a custom `fetch`.
    CustomFetch,
    /// `fetch` can never get a response from the URL.
    Unfetchable,
    /// The server has to allow this origin to read its responses.
    NeedsCors,
    /// Reconnect beyond HTML. Set it before the next five.
    Reconnects,
    /// Headers are created anew for every attempt.
    FreshHeaders,
    /// The owner wants to be asked.
    Asks,
    /// Failed attempts in a row.
    MaxAttempts,
    /// Milliseconds.
    MaxBackoffMs,
    /// Milliseconds.
    StableMs,
    /// Milliseconds.
    OpenMs,
    /// Milliseconds.
    IdleMs,
    /// The idle timeout is learned from comments.
    LearnsIdle,
    /// Bytes.
    MaxEventBytes,
}

/// A text setting.
#[wasm_bindgen]
pub enum Name {
    /// The initial last event ID string.
    LastEventId,
    /// The method of the request, as its owner wrote it. Without one it is GET.
    Method,
    /// Whether it may be repeated: "always", "never" or "safe". Set it after the method.
    Replay,
    /// The type of the event that announces heartbeats.
    HeartbeatEvent,
    /// The name of the comment that announces heartbeats.
    HeartbeatComment,
}

/// Configuration, before the first step.
#[wasm_bindgen]
impl Core {
    /// A core with the settings of `new EventSource(url)`.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self {
            told: [0.0; TOLD],
            controller: Controller::new(Policy::for_request("GET", false), Vec::new()),
            circumstances: Circumstances {
                custom_fetch: false,
                reconnects: false,
                is_fetchable: true,
                needs_cors: false,
            },
            room: Vec::new(),
        }
    }

    /// Sets a number.
    pub fn set(&mut self, setting: Setting, value: f64) {
        // A number that does not fit saturates.
        let (flag, number) = (value != 0.0, value as u32);
        let policy = self.controller.policy_mut();
        match setting {
            Setting::OneShotBody => policy.one_shot = flag,
            Setting::Completes => policy.completes = flag,
            Setting::Comments => policy.comments = flag,
            Setting::EmptyEvents => policy.interpret.empty_events = flag,
            Setting::Unterminated => policy.interpret.unterminated = flag,
            Setting::HearsSignals => policy.hears_signals = flag,
            Setting::OpenMs => policy.open_timeout_ms = number,
            Setting::IdleMs => policy.idle_timeout_ms = number,
            Setting::LearnsIdle => policy.learns_idle = flag,
            Setting::MaxEventBytes => policy.max_event_bytes = number as usize,
            Setting::CustomFetch => self.circumstances.custom_fetch = flag,
            Setting::Unfetchable => self.circumstances.is_fetchable = !flag,
            Setting::NeedsCors => self.circumstances.needs_cors = flag,
            Setting::Reconnects => {
                self.circumstances.reconnects = flag;
                policy.reconnect = flag.then(Reconnect::default);
            }
            _ => {
                let Some(reconnect) = &mut policy.reconnect else { return };
                match setting {
                    Setting::FreshHeaders => reconnect.fresh_headers = flag,
                    Setting::Asks => reconnect.asks = flag,
                    Setting::MaxAttempts => reconnect.max_attempts = number,
                    Setting::MaxBackoffMs => reconnect.backoff = Backoff { max_ms: number },
                    _ => reconnect.stable_ms = number,
                }
            }
        }
        policy.no_response = NoResponse::of(self.circumstances);
    }

    /// Sets a text: this many bytes of the room, in UTF-8.
    pub fn name(&mut self, name: Name, bytes: usize) {
        let text = self.room.get(..bytes).unwrap_or_default();
        let policy = self.controller.policy_mut();
        match name {
            Name::LastEventId => self.controller.begin_with(text.to_vec()),
            Name::Method => policy.set_method(text),
            Name::Replay => policy.replay = policy.replay.of(text),
            Name::HeartbeatEvent => policy.heartbeat_event = text.to_vec(),
            Name::HeartbeatComment => policy.heartbeat_comment = text.to_vec(),
        }
    }
}
