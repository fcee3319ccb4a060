//! The segments of a batch: the host decodes each at once.

use eventsource_wasm::parser::{Batch, Parser};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SEGMENT_BYTES: usize = 16 * 1024;

/// Feeds `chunks` and returns the segments of the last batch: bytes, records, and whether it is ASCII.
fn segments(chunks: &[&str]) -> Vec<(usize, usize, bool)> {
    let mut parser = Parser::new(b"", usize::MAX);
    for chunk in chunks {
        assert_eq!(parser.feed(chunk.as_bytes()), Ok(()));
    }
    segments_of(parser.batch())
}

/// Walks a table whose records have neither type nor id: one word each.
fn segments_of(batch: &Batch) -> Vec<(usize, usize, bool)> {
    let mut table = batch.table();
    let mut segments = Vec::new();
    while let [head, records, rest @ ..] = table {
        segments.push(((head >> 1) as usize, *records as usize, head & 1 == 1));
        table = rest.get(*records as usize..).unwrap_or_default();
    }
    segments
}

fn event(data_bytes: usize) -> String {
    format!("data: {}\n\n", "x".repeat(data_bytes))
}

#[test]
fn a_segment_holds_messages_up_to_its_size() {
    // Each message is 1023 bytes and a separator.
    assert_eq!(segments(&[&event(1023).repeat(16)]), [(SEGMENT_BYTES, 16, true)]);
    assert_eq!(
        segments(&[&event(1023).repeat(40)]),
        [(SEGMENT_BYTES, 16, true), (SEGMENT_BYTES, 16, true), (8 * 1024, 8, true)],
    );
}

#[test]
fn a_message_larger_than_a_segment_gets_its_own() {
    let stream = [event(9), event(SEGMENT_BYTES), event(9), event(9)].concat();
    assert_eq!(segments(&[&stream]), [(10, 1, true), (SEGMENT_BYTES + 1, 1, true), (20, 2, true)]);
}

#[test]
fn a_non_ascii_character_marks_its_segment() {
    assert_eq!(segments(&["data: a\n\ndata: b\n\n"]), [(4, 2, true)]);
    assert_eq!(segments(&["data: a\n\ndata: é\n\n"]), [(5, 2, false)]);
    assert_eq!(segments(&["data: é", "\n\n"]), [(3, 1, false)]);
    assert_eq!(segments(&["data: é\n", "data: a\n\n"]), [(5, 1, false)]);
}

/// The parser scans blocks of 64 bytes: tries every position in three of them.
#[test]
fn a_non_ascii_character_is_found_at_any_position() {
    for before in 0..=3 * 64 {
        let value = format!("{}é{}", "x".repeat(before), "x".repeat(3 * 64 - before));
        let bytes = value.len() + 1;
        assert_eq!(segments(&[&format!("data:{value}\n\n")]), [(bytes, 1, false)], "{before}");
        assert_eq!(segments(&[&format!("data:{value}"), "\n\n"]), [(bytes, 1, false)], "{before}");
    }
}

#[test]
fn segments_are_ascii_again_after_an_event_with_other_characters() {
    assert_eq!(segments(&["data: é\n\n", "data: a\n\n"]), [(2, 1, true)]);
    assert_eq!(segments(&[": é\n", "data: a\n\n"]), [(2, 1, true)]);
    assert_eq!(segments(&["event: é\n\n", "data: a\n\n"]), [(2, 1, true)]);
}

#[test]
fn a_chunk_that_finishes_nothing_has_no_segments() {
    assert_eq!(segments(&["data: a\n\n", "data: b\n"]), []);
    assert_eq!(segments(&["data: a\n\n", ""]), []);
}
