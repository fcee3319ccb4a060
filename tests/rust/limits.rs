//! `max_event_bytes`: what counts, from when, and what is still delivered.

use eventsource_wasm::parser::TooLarge;

use crate::reader::Reader;

/// Feeds `stream` as one chunk.
fn feed(stream: &str, max_event_bytes: usize) -> (Result<(), TooLarge>, Vec<String>) {
    let mut reader = Reader::new("", max_event_bytes);
    let fed = reader.feed(stream.as_bytes());
    (fed, reader.messages.into_iter().map(|message| message.data).collect())
}

/// Asserts that `stream` needs a limit of exactly `bytes`.
fn assert_needs(bytes: usize, stream: &str) {
    assert_eq!(feed(stream, bytes).0, Ok(()), "{stream:?} within {bytes}");
    assert_eq!(feed(stream, bytes - 1).0, Err(TooLarge), "{stream:?} within one byte less");
}

#[test]
fn an_event_of_exactly_the_limit_passes() {
    assert_needs("data: abc".len(), "data: abc\n\n");
    assert_eq!(feed("data: abc\n\n", 9), (Ok(()), vec!["abc".to_owned()]));
    assert_eq!(feed("data: abc\n\n", 8), (Err(TooLarge), vec![]));
}

#[test]
fn data_type_id_and_current_line_count_together() {
    // A data line leaves its value and an LF behind, an event or id line its value.
    assert_needs("a\n".len() + "data: bc".len(), "data: a\ndata: bc\n\n");
    assert_needs("ab".len() + "data: cd".len(), "event: ab\ndata: cd\n\n");
    assert_needs("ab".len() + "data: cd".len(), "id: ab\ndata: cd\n\n");
    assert_needs(
        "ab".len() + "cd".len() + "ef\n".len() + "data: gh".len(),
        "event: ab\nid: cd\ndata: ef\ndata: gh\n\n",
    );
}

#[test]
fn a_replaced_type_or_id_no_longer_counts() {
    assert_needs("b".len() + "data: cd".len(), "event: a\nevent: b\ndata: cd\n\n");
    assert_needs("b".len() + "data: cd".len(), "id: a\nid: b\ndata: cd\n\n");
    assert_needs("data: cdefgh".len(), "id: abc\nid\ndata: cdefgh\n\n");
}

#[test]
fn ignored_lines_count_while_they_are_read() {
    assert_needs(": comment".len(), ": comment\n: comment\n: comment\n\n");
    assert_needs("foo: bar".len(), "foo: bar\nfoo: bar\n\n");
    assert_needs("retry: 1000".len(), "retry: 1000\nretry: 1000\n\n");
    assert_needs("a\n".len() + ": comment".len(), "data: a\n: comment\n\n");
}

#[test]
fn an_unfinished_line_fails_before_its_end() {
    assert_needs("data: abc".len(), "data: abc");
    assert_needs(": comment".len(), ": comment");
}

#[test]
fn every_event_is_counted_separately() {
    assert_needs("data: abc".len(), &"data: abc\n\n".repeat(100));
    assert_needs("event: a".len(), &"event: a\n\n".repeat(100));
    // A committed id belongs to the source, no longer to an event.
    assert_needs("data: abcdefgh".len(), "id: 123456\n\ndata: abcdefgh\n\n");
}

#[test]
fn the_last_event_id_of_the_source_does_not_count() {
    let mut reader = Reader::new("an id longer than the limit", "data: a".len());
    assert_eq!(reader.feed(b"data: a\n\n"), Ok(()));
    assert_eq!(reader.messages.len(), 1);
}

#[test]
fn events_before_the_one_that_is_too_large_are_delivered() {
    let (fed, messages) = feed("data: a\n\ndata: b\n\ndata: too large\n\ndata: c\n\n", 9);
    assert_eq!((fed, messages), (Err(TooLarge), vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn ids_and_retries_before_the_event_that_is_too_large_are_kept() {
    let mut reader = Reader::new("", 11);
    let stream = b"id: 1\ndata: a\n\nid: 2\n\nretry: 1000\nid: 3\ndata: too large\n\n";
    assert_eq!(reader.feed(stream), Err(TooLarge));
    assert_eq!(reader.outcome().last_event_id, "2");
    assert_eq!(reader.outcome().reconnection_time, Some(1000));
}

#[test]
fn a_retry_too_large_for_64_bits_saturates() {
    let mut reader = Reader::new("", 64);
    assert_eq!(reader.feed(b"retry: 18446744073709551616\n"), Ok(()));
    assert_eq!(reader.outcome().reconnection_time, Some(u64::MAX));
}
