//! How long to wait before the next request.

/// \[spec\] The reconnection time must initially be an implementation-defined value, probably in the
/// region of a few seconds. Chromium's is the same.
pub const DEFAULT_RECONNECTION_TIME_MS: u64 = 3000;

/// [NON-SPEC] `retry: 0` must not turn a server that ends every stream at once into a busy loop.
pub const MIN_DELAY_MS: u64 = 100;

/// Timers take a signed 32-bit number; a larger one fires at once.
pub const MAX_DELAY_MS: u64 = i32::MAX as u64;

/// The least delay that the server asks for: the longer of its reconnection time and the `Retry-After` of
/// its last response.
pub fn least_ms(reconnection_time_ms: Option<u64>, retry_after_ms: u64) -> u64 {
    reconnection_time_ms.unwrap_or_default().max(retry_after_ms).clamp(MIN_DELAY_MS, MAX_DELAY_MS)
}

/// [NON-SPEC] The extra wait on top of the least delay. HTML 9.2.3: "Optionally, wait some more."
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// Where the bound of the jitter stops growing.
    pub max_ms: u32,
}

impl Backoff {
    /// Full jitter: `random`, in [0, 1), times a bound that doubles with every failure but the first.
    ///
    /// The first bound is not zero (unless `max_ms` is), so that clients that a server drops at the same
    /// moment come back at different moments.
    pub fn extra_ms(self, reconnection_time_ms: Option<u64>, failures: u32, random: f64) -> u64 {
        let base = reconnection_time_ms.unwrap_or(DEFAULT_RECONNECTION_TIME_MS).max(MIN_DELAY_MS);
        let doublings = failures.saturating_sub(1).min(32);
        // The first bound leaves room for the doublings.
        let most = u64::from(self.max_ms);
        let bound = (base.min(most) << doublings).min(most);
        (bound as f64 * random) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, least_ms};

    #[test]
    fn the_least_delay_avoids_busy_loops_and_timer_overflow() {
        let table = [
            (None, 0, 100),
            (Some(0), 0, 100),
            (Some(500), 0, 500),
            (Some(500), 2000, 2000),
            (Some(5000), 2000, 5000),
            (Some(u64::MAX), 0, 2_147_483_647),
            (None, u64::MAX, 2_147_483_647),
        ];
        for (retry, retry_after, least) in table {
            assert_eq!(least_ms(retry, retry_after), least, "{retry:?} {retry_after}");
        }
    }

    #[test]
    fn the_jitter_bound_doubles_up_to_the_cap() {
        let backoff = Backoff { max_ms: 30_000 };
        let bounds =
            [(0, 3000), (1, 3000), (2, 6000), (3, 12_000), (5, 30_000), (u32::MAX, 30_000)];
        for (failures, bound) in bounds {
            assert_eq!(backoff.extra_ms(None, failures, 0.0), 0);
            assert_eq!(backoff.extra_ms(None, failures, 0.5), bound / 2, "{failures} failures");
        }
        assert_eq!(backoff.extra_ms(Some(0), 2, 0.5), 100);
        assert_eq!(backoff.extra_ms(Some(u64::MAX), u32::MAX, 0.5), 15_000);
    }
}
