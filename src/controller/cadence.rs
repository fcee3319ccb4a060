//! How often a server sends comments, learned from when they come.

/// Comments that come closer than this are one sign of life: some servers greet with two.
const LEAST_GAP_MS: f64 = 1000.0;
/// So many times the longest gap, within the bounds.
const GAPS: f64 = 3.0;
const LEAST_TIMEOUT_MS: f64 = 6000.0;
const MOST_TIMEOUT_MS: f64 = 60_000.0;

/// The last gaps between comments.
#[derive(Default)]
pub(super) struct Cadence {
    last_ms: Option<f64>,
    /// 0: not known yet.
    gaps_ms: [f64; 4],
}

impl Cadence {
    /// A comment has come. Gives the time without a byte after which the connection is taken for dead, once
    /// that is known.
    #[cold]
    pub(super) fn hear(&mut self, now_ms: f64) -> Option<u32> {
        let gap_ms = self.last_ms.map_or(f64::INFINITY, |last_ms| now_ms - last_ms);
        if gap_ms >= LEAST_GAP_MS {
            self.last_ms = Some(now_ms);
        }
        if (LEAST_GAP_MS..f64::INFINITY).contains(&gap_ms) {
            self.gaps_ms.rotate_left(1);
            if let Some(last) = self.gaps_ms.last_mut() {
                *last = gap_ms;
            }
        }
        let longest_ms = self.gaps_ms.into_iter().fold(0.0, f64::max);
        let timeout_ms = (GAPS * longest_ms).clamp(LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS) as u32;
        (longest_ms > 0.0).then_some(timeout_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::Cadence;

    #[test]
    fn three_times_the_longest_of_the_last_gaps() {
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
