//! Comments, which are opt-in: their text, and when they arrive.

use eventsource_wasm::parser::{Parser, TooLarge};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::reader::Reader;

/// Name, stream and outcome. Every LF may be a CR or CRLF. A message is shown as its data, a comment as its
/// text in brackets.
const TABLE: &[(&str, &str, &[&str])] = &[
    ("one space after the colon is not part of the text", ": a\n", &["(a)"]),
    ("only one space", ":  a \n", &["( a )"]),
    ("the space is optional", ":a\n", &["(a)"]),
    ("an empty comment has empty text", ":\n: \n", &["()", "()"]),
    ("a colon, a tab and NUL are text", "::a\n:\tb\n:\0c\n", &["(:a)", "(\tb)", "(\0c)"]),
    ("a comment may look like a field", ":data: a\n: id: 1\n\n", &["(data: a)", "(id: 1)"]),
    ("a comment needs no blank line", ": a\n: b\n", &["(a)", "(b)"]),
    ("a comment without a line end is dropped", ": a\n: b", &["(a)"]),
    ("a field without a name is a comment", ":\ndata: a\n\n", &["()", "a"]),
    ("a line that begins with a space is not a comment", " : a\ndata: b\n\n", &["b"]),
    ("other ignored lines are not comments", "foo: a\nbar\n\n", &[]),
    ("comments between messages", "data: a\n\n: b\n\ndata: c\n\n: d\n", &["a", "(b)", "c", "(d)"]),
    ("before the data of its event", ": a\ndata: b\n\n", &["(a)", "b"]),
    ("after the data of its event", "data: a\n: b\n\n", &["(b)", "a"]),
    ("between data", "data: a\n: b\ndata: c\n\n", &["(b)", "a\nc"]),
    (
        "throughout one event",
        "data: a\n:b\n:c\ndata\ndata: d\n:\nid: 1\n:e\n\ndata: f\n\n",
        &["(b)", "(c)", "()", "(e)", "a\n\nd", "f"],
    ),
    ("in an event that is never finished", "data: a\n\ndata: b\n: c\n", &["a", "(c)"]),
    ("in an event without data", "event: a\n: b\nid: 1\n\n: c\n", &["(b)", "(c)"]),
    ("beyond ASCII", ": é\ndata: 豆\n: 😀\n\n", &["(é)", "(😀)", "豆"]),
    ("a BOM is not part of the line", "\u{FEFF}: a\n: \u{FEFF}b\n", &["(a)", "(\u{FEFF}b)"]),
];

fn log(chunks: &[&[u8]]) -> Vec<String> {
    let mut reader = Reader::new("", 1024);
    let mut log = Vec::new();
    for chunk in chunks {
        assert_eq!(reader.feed(chunk), Ok(()));
        for record in reader.with_comments.batch().records() {
            let text = |value| String::from_utf8_lossy(value).into_owned();
            log.extend(record.data.map(text));
            log.extend(record.comment.map(|comment| format!("({})", text(comment))));
        }
    }
    log
}

#[test]
fn comments_arrive_in_order_in_any_chunks() {
    for (name, stream, expected) in TABLE {
        for line_end in ["\n", "\r", "\r\n"] {
            let stream = stream.replace('\n', line_end);
            let expected: Vec<_> = expected.iter().map(|entry| entry.to_string()).collect();
            let single_bytes: Vec<_> = stream.as_bytes().chunks(1).collect();
            assert_eq!(log(&single_bytes), expected, "{name}, {line_end:?}: byte by byte");
            for at in 0..=stream.len() {
                let (first, second) = stream.as_bytes().split_at(at);
                assert_eq!(log(&[first, second]), expected, "{name}, {line_end:?}: cut at {at}");
            }
        }
    }
}

#[test]
fn a_comment_arrives_with_the_chunk_that_ends_its_line() {
    let mut parser = Parser::new(b"", 1024);
    parser.hear_comments(true);
    for (chunk, comments) in [("data: a\n: b", 0), ("c\r", 1), ("\n", 0), (":d\n:e\n", 2)] {
        assert_eq!(parser.feed(chunk.as_bytes()), Ok(()));
        assert_eq!(parser.batch().records().count(), comments, "{chunk:?}");
    }
}

#[test]
fn comments_are_off_by_default() {
    let mut parser = Parser::new(b"", 1024);
    assert_eq!(parser.feed(b"data: a\n: b\n\n: c\n"), Ok(()));
    assert_eq!(parser.batch().records().count(), 1);
}

#[test]
fn comments_before_the_line_that_is_too_large_are_delivered() {
    let mut reader = Reader::new("", ": a bc".len());
    assert_eq!(reader.feed(b": a bc\n: too large\n"), Err(TooLarge));
    assert_eq!(reader.outcome().comments, [(0, "a bc".to_owned())]);
}

/// Time would be quadratic if every comment moved the data before it.
#[test]
fn a_long_event_full_of_comments_arrives_whole() {
    let lines = "data: 0123456789\n:\n".repeat(50_000);
    let mut reader = Reader::new("", usize::MAX);
    for chunk in lines.as_bytes().chunks(100) {
        assert_eq!(reader.feed(chunk), Ok(()));
    }
    assert_eq!(reader.feed(b"\n"), Ok(()));
    let outcome = reader.outcome();
    assert_eq!(outcome.comments.len(), 50_000);
    let data: Vec<_> = outcome.messages.into_iter().map(|message| message.data).collect();
    assert_eq!(data, [["0123456789"; 50_000].join("\n")]);
}
