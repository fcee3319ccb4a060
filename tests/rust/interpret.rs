//! What counts as an event beyond HTML, which is opt-in.

use eventsource_wasm::parser::Interpret;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::{
    chunks::{LAST_EVENT_ID, NO_LIMIT, cut, read, read_as},
    reference::{interpret, interpret_as},
};

const EMPTY: Interpret = Interpret { empty_events: true, unterminated: false };
const UNTERMINATED: Interpret = Interpret { empty_events: false, unterminated: true };
const BOTH: Interpret = Interpret { empty_events: true, unterminated: true };

/// Name, options, stream and outcome: each message as its type and data.
type Row = (&'static str, Interpret, &'static str, &'static [(&'static str, &'static str)]);

const TABLE: &[Row] = &[
    ("a type alone is an event", EMPTY, "event: complete\n\n", &[("complete", "")]),
    ("with an id too", EMPTY, "event: complete\nid: 1\n\n", &[("complete", "")]),
    ("an id alone is not an event", EMPTY, "id: 1\n\n", &[]),
    ("an empty type is not an event", EMPTY, "event\n\nevent:\n\nevent: a\nevent:\n\n", &[]),
    ("blank lines are not events", EMPTY, "\n\n: a\n\nretry: 1\n\n", &[]),
    ("data works as usual", EMPTY, "event: a\ndata\n\ndata: b\n\n", &[("a", ""), ("message", "b")]),
    ("a type is for one event", EMPTY, "event: a\n\ndata: b\n\n", &[("a", ""), ("message", "b")]),
    ("not at the end of the body", EMPTY, "event: complete\n", &[]),
    (
        "the blank line may be missing",
        UNTERMINATED,
        "data: a\n\nevent: b\ndata: c\n",
        &[("message", "a"), ("b", "c")],
    ),
    ("and the line end", UNTERMINATED, "event: b\ndata: c", &[("b", "c")]),
    ("and the colon after the name", UNTERMINATED, "data: a\ndata", &[("message", "a\n")]),
    ("a type alone is not an event", UNTERMINATED, "event: complete", &[]),
    ("a finished event is dispatched once", UNTERMINATED, "data: a\n\n", &[("message", "a")]),
    ("an empty body has no event", UNTERMINATED, "", &[]),
    ("a type alone may end the body", BOTH, "event: complete", &[("complete", "")]),
];

#[test]
fn the_same_events_count_in_any_chunks() {
    for (name, interpret, stream, expected) in TABLE {
        for line_end in ["\n", "\r", "\r\n"] {
            let stream = stream.replace('\n', line_end);
            for size in 1..=stream.len().max(1) {
                let read = read_as(*interpret, cut(stream.as_bytes(), &[size]), NO_LIMIT);
                let messages = &read.0.messages;
                let got = messages.iter().map(|message| (&*message.event_type, &*message.data));
                assert_eq!(got.collect::<Vec<_>>(), *expected, "{name}, in chunks of {size}");
            }
        }
    }
}

/// One CR ends the unfinished line, the other the event.
#[test]
fn an_unfinished_event_equals_one_with_two_more_line_ends() {
    for (name, interpret, stream, _) in TABLE {
        let finished = Interpret { unterminated: false, ..*interpret };
        let ended = interpret_as(finished, format!("{stream}\r\r").as_bytes(), LAST_EVENT_ID);
        let interpret = Interpret { unterminated: true, ..*interpret };
        let (read, _) = read_as(interpret, [stream.as_bytes()].into_iter(), NO_LIMIT);
        assert_eq!(read, ended, "{name}");
    }
}

#[test]
fn nothing_extra_counts_by_default() {
    for (name, _, stream, _) in TABLE {
        let (read, _) = read([stream.as_bytes()].into_iter(), NO_LIMIT);
        assert_eq!(read, interpret(stream.as_bytes(), LAST_EVENT_ID), "{name}");
    }
}
