//! Time as the controller sees it.

use crate::policy::MAX_DELAY_MS;

/// Time since the first reading of a wall clock, which may be set back or stand still.
#[derive(Default)]
pub(super) struct Clock {
    read_ms: Option<f64>,
    now_ms: f64,
    passed_ms: f64,
}

impl Clock {
    /// Takes a reading. If the clock was set back, no time has passed.
    pub(super) fn advance(&mut self, reading_ms: f64) {
        self.passed_ms = self.read_ms.map_or(0.0, |before| (reading_ms - before).max(0.0));
        self.read_ms = Some(reading_ms);
        self.now_ms += self.passed_ms;
    }

    /// Advances to `due_ms` at least: a timer set for then has fired, whatever the wall clock says.
    pub(super) fn reach(&mut self, due_ms: f64) {
        self.now_ms = self.now_ms.max(due_ms.min(self.now_ms + MAX_DELAY_MS as f64));
    }

    /// The time between the last two readings.
    pub(super) fn passed(&self) -> f64 {
        self.passed_ms
    }

    pub(super) fn now(&self) -> f64 {
        self.now_ms
    }
}

/// Whole milliseconds for a timer. Rounded up: one that fires a fraction early would only be set again.
pub(super) fn whole_ms(ms: f64) -> u32 {
    (ms + 0.999).min(MAX_DELAY_MS as f64) as u32
}

/// The wait of the current state.
pub(super) struct Timer {
    /// When it ends; infinity if never.
    pub(super) due_ms: f64,
    /// It was extended once, because its end was noticed late.
    pub(super) is_extended: bool,
}

impl Timer {
    pub(super) const ENDLESS: Self = Self::until(f64::INFINITY);

    pub(super) const fn until(due_ms: f64) -> Self {
        Self { due_ms, is_extended: false }
    }

    /// Ends `timeout_ms` after `now_ms`, or never if that is 0.
    pub(super) fn timeout(now_ms: f64, timeout_ms: u32) -> Self {
        if timeout_ms == 0 { Self::ENDLESS } else { Self::until(now_ms + f64::from(timeout_ms)) }
    }
}
