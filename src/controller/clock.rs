//! Time as the controller sees it.

/// Time since the first reading of a clock on the wall, which may be set back.
#[derive(Default)]
pub(super) struct Clock {
    read_ms: Option<f64>,
    now_ms: f64,
    passed_ms: f64,
}

impl Clock {
    /// Takes a reading. One that went back counts as no time.
    pub(super) fn advance(&mut self, reading_ms: f64) {
        self.passed_ms = self.read_ms.map_or(0.0, |before| (reading_ms - before).max(0.0));
        self.read_ms = Some(reading_ms);
        self.now_ms += self.passed_ms;
    }

    /// How long before the last reading the one before it was.
    pub(super) fn passed(&self) -> f64 {
        self.passed_ms
    }

    pub(super) fn now(&self) -> f64 {
        self.now_ms
    }
}
