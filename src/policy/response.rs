//! Which responses are event streams (HTML 9.2.3).

/// What a response head means for the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Announce the connection and read the body.
    EventStream,
    /// Fail the connection: the status is not 200.
    BadStatus,
    /// Fail the connection: the content type is not `text/event-stream`.
    BadContentType,
}

/// \[spec\] If res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail
/// the connection.
///
/// `content_type` is the combined value of the `Content-Type` headers.
pub fn judge(status: u16, content_type: Option<&[u8]>) -> Verdict {
    if status != 200 {
        Verdict::BadStatus
    } else if content_type.and_then(essence).is_some_and(is_event_stream) {
        Verdict::EventStream
    } else {
        Verdict::BadContentType
    }
}

/// [NON-SPEC] Whether a status other than 200 may be temporary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The server would answer the same request in the same way. 204 is its way to say "stop".
    Never,
    /// The server is overloaded, restarting or waiting.
    Later,
    /// Credentials may have expired: the same headers would not help.
    WithFreshHeaders,
}

/// [NON-SPEC] Whether a request that was answered with `status` is worth repeating.
pub fn retry(status: u16) -> Retry {
    match status {
        408 | 425 | 429 | 500..=599 => Retry::Later,
        401 | 403 => Retry::WithFreshHeaders,
        _ => Retry::Never,
    }
}

fn is_event_stream(essence: &[u8]) -> bool {
    essence.eq_ignore_ascii_case(b"text/event-stream")
}

/// The essence of the last valid MIME type among comma-separated ones (Fetch, "extract a MIME type").
fn essence(content_type: &[u8]) -> Option<&[u8]> {
    let mut quoted = false;
    let is_comma = |byte: &u8| {
        quoted ^= *byte == b'"';
        *byte == b',' && !quoted
    };
    content_type
        .split(is_comma)
        .filter_map(|value| value.split(|byte| *byte == b';').next())
        .map(trim_http_whitespace)
        .filter(|essence| is_mime_type(essence))
        .last()
}

fn is_mime_type(essence: &[u8]) -> bool {
    let mut parts = essence.split(|byte| *byte == b'/');
    let (main, sub, more) = (parts.next(), parts.next(), parts.next());
    essence != b"*/*" && main.is_some_and(is_token) && sub.is_some_and(is_token) && more.is_none()
}

/// token = 1*tchar (RFC 9110 5.6.2)
fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(is_tchar)
}

#[rustfmt::skip]
fn is_tchar(byte: &u8) -> bool {
    matches!(
        byte,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
            | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z'
    )
}

fn trim_http_whitespace(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..]
    | [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = value
    {
        value = rest;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::{Retry, Verdict::*, judge, retry};

    #[test]
    fn only_status_200_with_the_mime_type_is_an_event_stream() {
        let table = [
            (200, Some("text/event-stream"), EventStream),
            (200, Some("TEXT/Event-Stream"), EventStream),
            (200, Some("text/event-stream;"), EventStream),
            (200, Some(" text/event-stream ; charset=windows-1252"), EventStream),
            (200, Some("text/event-stream; a=\"b,c/d\""), EventStream),
            (200, Some("text/html, text/event-stream"), EventStream),
            (200, Some("text/event-stream, */*"), EventStream),
            (200, Some("text/event-stream, nonsense"), EventStream),
            (200, Some("text/event-stream, a/b/c"), EventStream),
            (200, Some("text/event-stream, /b, a/, a"), EventStream),
            (200, Some("text/event-stream, a(/b, a/\u{e9}"), EventStream),
            (200, Some("text/event-stream, !#$%&'*+-.^_`|~0/z"), BadContentType),
            (200, Some("text/event-stream, text/html"), BadContentType),
            (200, Some("text/event-streams"), BadContentType),
            (200, Some("text/event-stream x"), BadContentType),
            (200, Some("x-text/event-stream"), BadContentType),
            (200, Some("text/plain"), BadContentType),
            (200, Some(""), BadContentType),
            (200, None, BadContentType),
            (201, Some("text/event-stream"), BadStatus),
            (204, None, BadStatus),
            (304, Some("text/event-stream"), BadStatus),
            (401, Some("text/event-stream"), BadStatus),
            (503, Some("text/event-stream"), BadStatus),
        ];
        for (status, content_type, verdict) in table {
            assert_eq!(
                judge(status, content_type.map(str::as_bytes)),
                verdict,
                "{status} {content_type:?}"
            );
        }
    }
    #[test]
    fn only_temporary_statuses_are_retried() {
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            assert_eq!(retry(status), Retry::Later, "{status}");
        }
        for status in [401, 403] {
            assert_eq!(retry(status), Retry::WithFreshHeaders, "{status}");
        }
        for status in [0, 201, 204, 301, 304, 400, 404, 405, 410, 418, 451, 600] {
            assert_eq!(retry(status), Retry::Never, "{status}");
        }
    }
}
