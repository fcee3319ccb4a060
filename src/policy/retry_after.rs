//! The `Retry-After` header (RFC 9110 10.2.3).

use super::MAX_DELAY_MS;
use crate::parser::digits;

/// The milliseconds from now that a `Retry-After` header asks for; 0 without one, or if it is invalid.
///
/// ```text
/// Retry-After = HTTP-date / delay-seconds
/// delay-seconds = 1*DIGIT
/// ```
///
/// The platform parses dates: `until_ms` is the header's value as a date, `date_ms` the response's `Date`,
/// both NaN for none, and `wall_ms` the current time, all in milliseconds since 1970. A date is relative to
/// the server's clock if that is known: the local one may be wrong.
pub fn retry_after_ms(value: Option<&[u8]>, until_ms: f64, date_ms: f64, wall_ms: f64) -> u64 {
    let Some(value) = value else { return 0 };
    match digits(value.trim_ascii()) {
        Some(seconds) => seconds.min(MAX_DELAY_MS) * 1000,
        // Saturates: NaN and past dates give 0.
        None => (until_ms - if date_ms.is_nan() { wall_ms } else { date_ms }) as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DELAY_MS, retry_after_ms};

    #[test]
    fn digits_are_seconds_and_anything_else_is_a_date() {
        const NONE: f64 = f64::NAN;
        let table = [
            (None, NONE, NONE, 0),
            (None, 2e12, NONE, 0),
            (Some("0"), NONE, NONE, 0),
            (Some(" 120 "), NONE, NONE, 120_000),
            // Some platforms read a number as a year.
            (Some("2030"), 1.9e12, 1e12, 2_030_000),
            (Some("99999999999999999999999"), NONE, NONE, MAX_DELAY_MS * 1000),
            (Some("a date"), 1_000_060_000.0, NONE, 60_000),
            (Some("a date"), 1_000_060_000.0, 1_000_050_000.0, 10_000),
            (Some("a date"), 1_000_060_000.0, 1_000_070_000.0, 0),
            (Some("a date in the past"), 1.0, NONE, 0),
            (Some("-1"), NONE, NONE, 0),
            (Some("1.5"), NONE, 1.0, 0),
            (Some(""), NONE, 1.0, 0),
        ];
        for (value, until_ms, date_ms, expected) in table {
            let ms = retry_after_ms(value.map(str::as_bytes), until_ms, date_ms, 1_000_000_000.0);
            assert_eq!(ms, expected, "{value:?} {until_ms} {date_ms}");
        }
    }
}
