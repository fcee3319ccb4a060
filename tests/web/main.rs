//! The Rust API in a browser. `scripts/wasm-tests.mjs` runs these tests beside the server they need.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod data_urls;
mod endpoint;
mod http;
mod responsiveness;

use eventsource_wasm::{Message, Messages};

fn message(event_type: &str, data: &str, last_event_id: &str) -> Message {
    Message {
        event_type: event_type.into(),
        data: data.into(),
        last_event_id: last_event_id.into(),
    }
}

/// The data of the next message.
async fn data(messages: &mut Messages) -> String {
    messages.next().await.unwrap().unwrap().data
}
