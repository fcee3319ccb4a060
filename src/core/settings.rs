//! What a source asks for, by name.

use alloc::vec::Vec;

use wasm_bindgen::prelude::*;

use super::{Core, TOLD};
use crate::{
    controller::Controller,
    policy::{Backoff, Circumstances, NoResponse, Policy, Reconnect},
};

/// A number that can be set. A flag is set by any but 0; 0 means no limit and no timeout.
#[wasm_bindgen]
pub enum Setting {
    /// The body can be sent once.
    OneShotBody,
    /// The owner says when the stream is complete.
    Completes,
    /// The owner wants comments.
    Comments,
    /// An event without data is dispatched if it has a type.
    EmptyEvents,
    /// The end of the body ends an event that has data.
    Unterminated,
    /// The owner tells of the network and the page.
    HearsSignals,
    /// The request is made by a `fetch` of the user's.
    CustomFetch,
    /// `fetch` never gets a response from the URL.
    Unfetchable,
    /// The server has to allow this origin to read its responses.
    NeedsCors,
    /// Reconnect beyond what HTML says. The next five are set after it.
    Reconnects,
    /// Headers are made anew for every attempt.
    FreshHeaders,
    /// The owner wants to be asked.
    Asks,
    /// Attempts in a row.
    MaxAttempts,
    /// Milliseconds.
    MaxBackoffMs,
    /// Milliseconds.
    StableMs,
    /// Milliseconds.
    OpenMs,
    /// Milliseconds.
    IdleMs,
    /// The idle timeout is learnt.
    LearnsIdle,
    /// Bytes.
    MaxEventBytes,
}

/// A text that can be set.
#[wasm_bindgen]
pub enum Name {
    /// The last event ID string to begin with.
    LastEventId,
    /// The method of the request, as its owner wrote it. Without one it is GET.
    Method,
    /// What its owner says of repeating it: "always", "never" or "safe". Set after the method.
    Replay,
    /// The type of the event that announces heartbeats.
    HeartbeatEvent,
    /// The name of the comment that does so.
    HeartbeatComment,
}

/// Before the first step.
#[wasm_bindgen]
impl Core {
    /// The core of `new EventSource(url)`.
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
        // A number beyond what fits means as much as can be.
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

    /// Sets a text: so many bytes of the room, in UTF-8.
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
