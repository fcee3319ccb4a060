//! How fast requests may follow each other.

use crate::policy::MIN_DELAY_MS;

/// In any second, whoever asks for the requests.
const REQUESTS_A_SECOND: usize = 10;
const SECOND_MS: f64 = 1000.0;

/// When the last requests were made.
pub(super) struct Pace {
    /// Oldest first.
    requests_ms: [f64; REQUESTS_A_SECOND],
}

impl Default for Pace {
    fn default() -> Self {
        Self { requests_ms: [f64::NEG_INFINITY; REQUESTS_A_SECOND] }
    }
}

impl Pace {
    /// Records a request.
    pub(super) fn count(&mut self, now_ms: f64) {
        self.requests_ms.copy_within(1.., 0);
        if let Some(last) = self.requests_ms.last_mut() {
            *last = now_ms;
        }
    }

    /// When the next request may be made.
    pub(super) fn next_ms(&self) -> f64 {
        self.requests_ms.first().map_or(0.0, |tenth_ms| tenth_ms + SECOND_MS)
    }

    /// When code that reacts automatically may make the next request: the least delay after the last one.
    pub(super) fn next_unthinking_ms(&self) -> f64 {
        self.requests_ms.last().map_or(0.0, |last_ms| last_ms + MIN_DELAY_MS as f64)
    }
}
