//! The `Retry-After` header (RFC 9110 10.2.3).

use crate::parser::digits;

/// What a `Retry-After` header says.
///
/// ```text
/// Retry-After = HTTP-date / delay-seconds
/// delay-seconds = 1*DIGIT
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter<'a> {
    /// From now.
    Milliseconds(u64),
    /// A date, or nonsense: calendars are not this crate's business.
    Date(&'a str),
}

impl<'a> RetryAfter<'a> {
    /// Reads the header's value.
    pub fn parse(value: &'a str) -> Self {
        let value = value.trim();
        match digits(value.as_bytes()) {
            Some(seconds) => Self::Milliseconds(seconds.saturating_mul(1000)),
            None => Self::Date(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RetryAfter::{self, *};

    #[test]
    fn digits_are_seconds_and_all_else_a_date() {
        let table = [
            ("0", Milliseconds(0)),
            (" 120 ", Milliseconds(120_000)),
            ("99999999999999999999999", Milliseconds(u64::MAX)),
            ("Wed, 21 Oct 2026 07:28:00 GMT", Date("Wed, 21 Oct 2026 07:28:00 GMT")),
            ("-1", Date("-1")),
            ("1.5", Date("1.5")),
            ("", Date("")),
        ];
        for (value, expected) in table {
            assert_eq!(RetryAfter::parse(value), expected, "{value:?}");
        }
    }
}
