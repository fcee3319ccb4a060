//! The heartbeat interval that a server announces.

use crate::parser::digits;

/// The interval in milliseconds that a comment announces, if any.
///
/// ```text
/// announcement = name 1*( space / colon / equals-sign ) 1*DIGIT
/// ```
///
/// With an empty name, no comment does.
pub fn announced_ms(comment: &[u8], name: &[u8]) -> Option<u64> {
    let after_name = comment.strip_prefix(name)?;
    let mut value = after_name;
    while let [b' ' | b':' | b'=', rest @ ..] = value {
        value = rest;
    }
    let is_named = !name.is_empty() && value.len() < after_name.len();
    if is_named { digits(value) } else { None }
}

#[cfg(test)]
mod tests {
    use super::announced_ms;

    #[test]
    fn a_name_separators_and_digits_announce_an_interval() {
        let table = [
            ("beat 150", Some(150)),
            ("beat: 150", Some(150)),
            ("beat:150", Some(150)),
            ("beat=150", Some(150)),
            ("beat  = 0", Some(0)),
            ("beat 99999999999999999999999", Some(u64::MAX)),
            ("beat", None),
            ("beat ", None),
            ("beat150", None),
            ("beat2 150", None),
            ("beat\t150", None),
            ("beat 150 ms", None),
            ("beat 1.5", None),
            ("beat -150", None),
            ("beats 150", None),
            ("Beat 150", None),
            (" beat 150", None),
            ("the beat 150", None),
            (" 150", None),
            ("150", None),
            ("", None),
        ];
        for (comment, expected) in table {
            assert_eq!(announced_ms(comment.as_bytes(), b"beat"), expected, "{comment:?}");
            assert_eq!(announced_ms(comment.as_bytes(), b""), None, "{comment:?}");
        }
    }
}
