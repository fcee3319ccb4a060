//! What a source asks for, by name.

use alloc::vec::Vec;

use wasm_bindgen::prelude::*;

use super::{Core, room};
use crate::{
    controller::Controller,
    policy::{Backoff, Circumstances, NoResponse, Policy, Reconnect, Replay},
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
    /// Reconnect beyond what HTML says. The next five have a meaning only then.
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
    /// What its owner says of repeating it: "always", "never" or "safe".
    Replay,
    /// The type of the event that announces heartbeats.
    HeartbeatEvent,
    /// The name of the comment that does so.
    HeartbeatComment,
}

/// Collects what one source asks for. What is not set has its default.
#[wasm_bindgen]
pub struct Settings {
    room: Vec<u8>,
    policy: Policy,
    reconnect: Reconnect,
    circumstances: Circumstances,
    last_event_id: Vec<u8>,
    method: Option<Vec<u8>>,
    replay: Vec<u8>,
}

#[wasm_bindgen]
impl Settings {
    /// Those of `new EventSource(url)`.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self {
            room: Vec::new(),
            policy: Policy::for_request("GET", false),
            reconnect: Reconnect::default(),
            circumstances: Circumstances {
                custom_fetch: false,
                reconnects: false,
                is_fetchable: true,
                needs_cors: false,
            },
            last_event_id: Vec::new(),
            method: None,
            replay: Vec::new(),
        }
    }

    /// Where so many bytes can be written for [`name`](Self::name).
    pub fn room(&mut self, bytes: usize) -> *mut u8 {
        room(&mut self.room, bytes)
    }

    /// Sets a number.
    pub fn set(&mut self, setting: Setting, value: f64) {
        // Numbers beyond what fits mean as much as it can hold.
        let (flag, number) = (value != 0.0, value as u32);
        match setting {
            Setting::OneShotBody => self.policy.one_shot = flag,
            Setting::Completes => self.policy.completes = flag,
            Setting::Comments => self.policy.comments = flag,
            Setting::EmptyEvents => self.policy.interpret.empty_events = flag,
            Setting::Unterminated => self.policy.interpret.unterminated = flag,
            Setting::HearsSignals => self.policy.hears_signals = flag,
            Setting::CustomFetch => self.circumstances.custom_fetch = flag,
            Setting::Unfetchable => self.circumstances.is_fetchable = !flag,
            Setting::NeedsCors => self.circumstances.needs_cors = flag,
            Setting::Reconnects => self.circumstances.reconnects = flag,
            Setting::FreshHeaders => self.reconnect.fresh_headers = flag,
            Setting::Asks => self.reconnect.asks = flag,
            Setting::MaxAttempts => self.reconnect.max_attempts = number,
            Setting::MaxBackoffMs => self.reconnect.backoff = Backoff { max_ms: number },
            Setting::StableMs => self.reconnect.stable_ms = number,
            Setting::OpenMs => self.policy.open_timeout_ms = number,
            Setting::IdleMs => self.policy.idle_timeout_ms = number,
            Setting::LearnsIdle => self.policy.learns_idle = flag,
            Setting::MaxEventBytes => self.policy.max_event_bytes = number as usize,
        }
    }

    /// Sets a text: so many bytes of the room, in UTF-8.
    pub fn name(&mut self, name: Name, bytes: usize) {
        let text = self.room.get(..bytes).unwrap_or_default().to_vec();
        match name {
            Name::LastEventId => self.last_event_id = text,
            Name::Method => self.method = Some(text),
            Name::Replay => self.replay = text,
            Name::HeartbeatEvent => self.policy.heartbeat_event = text,
            Name::HeartbeatComment => self.policy.heartbeat_comment = text,
        }
    }

    /// Makes the core of the source.
    pub fn start(self) -> Core {
        let text = |bytes| core::str::from_utf8(bytes).unwrap_or_default();
        let method = self.method.as_deref().map_or("GET", text);
        let policy = Policy {
            replay: Replay::of(method, text(&self.replay)),
            no_response: NoResponse::of(self.circumstances),
            probes: Policy::for_request(method, false).probes,
            reconnect: self.circumstances.reconnects.then_some(self.reconnect),
            ..self.policy
        };
        Core::new(Controller::new(policy, self.last_event_id))
    }
}
