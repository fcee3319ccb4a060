//! How often a server sends comments, learned from their arrival times.

/// Comments less than this apart count as one: some servers greet with two.
const LEAST_GAP_MS: u32 = 1000;
/// The timeout is this many times the longest gap, within the bounds.
const GAPS: u32 = 3;
const LEAST_TIMEOUT_MS: u32 = 6000;
const MOST_TIMEOUT_MS: u32 = 60_000;

/// The most recent gaps between comments.
#[derive(Default)]
pub(super) struct Cadence {
    last_ms: Option<f64>,
    /// 0: not known yet.
    gaps_ms: [u32; 4],
}

impl Cadence {
    /// Records a comment. Returns the time without a byte after which the connection counts as dead, if
    /// that is known yet.
    #[cold]
    pub(super) fn hear(&mut self, now_ms: f64) -> Option<u32> {
        let gap_ms = self.last_ms.map(|last_ms| (now_ms - last_ms) as u32);
        if gap_ms.is_none_or(|gap_ms| gap_ms >= LEAST_GAP_MS) {
            self.last_ms = Some(now_ms);
            let [_, first, second, third] = self.gaps_ms;
            self.gaps_ms = [first, second, third, gap_ms.unwrap_or_default()];
        }
        let longest_ms = self.gaps_ms.into_iter().max().filter(|&gap_ms| gap_ms > 0)?;
        Some(longest_ms.saturating_mul(GAPS).clamp(LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::Cadence;

    #[test]
    fn the_timeout_is_three_times_the_longest_recent_gap() {
        let table: [(&[f64], Option<u32>); 8] = [
            (&[0.0], None),
            (&[0.0, 10.0, 999.0], None),
            (&[0.0, 12_000.0], Some(36_000)),
            (&[0.0, 10.0, 12_000.0], Some(36_000)),
            (&[0.0, 1000.0], Some(6000)),
            (&[0.0, 120_000.0], Some(60_000)),
            (&[0.0, 15_000.0, 20_000.0, 25_000.0, 30_000.0], Some(45_000)),
            (&[0.0, 15_000.0, 20_000.0, 25_000.0, 30_000.0, 35_000.0], Some(15_000)),
        ];
        for (times_ms, expected) in table {
            let mut cadence = Cadence::default();
            let learned = times_ms.iter().map(|&now_ms| cadence.hear(now_ms)).last();
            assert_eq!(learned, Some(expected), "{times_ms:?}");
        }
    }
}
