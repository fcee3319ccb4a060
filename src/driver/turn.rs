//! Lets the page's other tasks run.

use core::ops::Range;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long messages may be delivered before another task gets its turn.
const TURN_MS: Range<f64> = 0.0..8.0;

/// Settled promises run only microtasks, and no other task in between: a server that is always ahead would
/// starve input, timers and frames.
#[derive(Default)]
pub(super) struct Turn {
    since_ms: f64,
}

impl Turn {
    /// Waits for another task if this turn has lasted long enough.
    pub(super) async fn pass(&mut self) {
        // The clock may have been set back.
        if !TURN_MS.contains(&(Date::now() - self.since_ms)) {
            next_task().await;
            self.since_ms = Date::now();
        }
    }
}

/// Avoids timers if possible: in hidden pages they fire once a second.
async fn next_task() {
    let Ok(channel) = MessageChannel::new() else { return TimeoutFuture::new(0).await };
    let received =
        Promise::new(&mut |resolve, _reject| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        _ = JsFuture::from(received).await;
    }
    channel.port1().close();
}
