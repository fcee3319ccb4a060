//! Which responses are event streams (HTML 9.2.3).

/// What a response head means for the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Announce the connection and read the body.
    EventStream,
    /// Fail the connection: the status is not 200.
    BadStatus,
    /// Fail the connection: the content type is another.
    BadContentType,
}

/// [spec] If res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail
/// the connection.
///
/// `content_type` is the combined value of the `Content-Type` headers.
pub fn judge(status: u16, content_type: Option<&str>) -> Verdict {
    if status != 200 {
        Verdict::BadStatus
    } else if content_type.and_then(essence).is_some_and(is_event_stream) {
        Verdict::EventStream
    } else {
        Verdict::BadContentType
    }
}

fn is_event_stream(essence: &str) -> bool {
    essence.eq_ignore_ascii_case("text/event-stream")
}

/// The essence of the last valid MIME type among comma-separated ones (Fetch, "extract a MIME type").
fn essence(content_type: &str) -> Option<&str> {
    let mut quoted = false;
    let is_comma = move |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    content_type
        .split(is_comma)
        .filter_map(|value| value.split(';').next())
        .map(|essence| essence.trim_matches(is_http_whitespace))
        .filter(|essence| is_mime_type(essence))
        .reduce(|_, last| last)
}

fn is_mime_type(essence: &str) -> bool {
    essence != "*/*" && essence.split_once('/').is_some_and(|(a, b)| is_token(a) && is_token(b))
}

/// token = 1*tchar (RFC 9110 5.6.2)
fn is_token(name: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_tchar)
}

fn is_http_whitespace(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::{Verdict::*, judge};

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
            assert_eq!(judge(status, content_type), verdict, "{status} {content_type:?}");
        }
    }
}
