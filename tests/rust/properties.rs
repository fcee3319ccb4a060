//! Properties of every event stream: made of the grammar's own pieces, of bytes that look like them, and of
//! arbitrary bytes.

use eventsource_wasm::parser::Batch;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::chunks::{LAST_EVENT_ID, NO_LIMIT, cut, read};
use crate::reader::Reader;

const NAMES: &[&[u8]] =
    &[b"data", b"data", b"event", b"id", b"retry", b"", b"", b"dat", b"datas", b"Data", b"\0id"];
const COLONS: &[&[u8]] = &[b": ", b":", b":  ", b"", b" :"];
const LINE_ENDS: &[&[u8]] =
    &[b"\n", b"\n", b"\r\n", b"\r", b"\n\n", b"\r\n\r\n", b"\r\r", b"\r\r\n", b"\n\r"];
const BOM_AND_ITS_BEGINNINGS: &[&[u8]] = &[b"", b"\xEF\xBB\xBF", b"\xEF\xBB", b"\xEF"];
/// Whole characters, including those with a meaning elsewhere in a line.
const TEXT: &[&str] = &[
    "a",
    "b",
    "0",
    "1000",
    "99999999999999999999",
    " ",
    ":",
    "\t",
    "\0",
    "\u{FEFF}",
    "é",
    "豆",
    "😀",
];
const INVALID_UTF_8: &[&[u8]] =
    &[b"\xC3", b"\xE2\x82", b"\xF0\x9F\x98", b"\x80", b"\xFF", b"\xC0\x8A", b"\xED\xA0\x80"];

fn one_of(pieces: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
    select(pieces).prop_map(<[u8]>::to_vec)
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let text = select(TEXT).prop_map(|text| text.as_bytes().to_vec());
    // The parser scans blocks of 64 bytes: this covers more than two of them.
    let long = (60_usize..140).prop_map(|length| vec![b'x'; length]);
    let piece = prop_oneof![12 => text, 7 => one_of(INVALID_UTF_8), 1 => long];
    vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let parts = (one_of(NAMES), one_of(COLONS), value(), one_of(LINE_ENDS));
    parts.prop_map(|parts| <[_; 4]>::from(parts).concat())
}

/// Mostly lines, mixed with pieces of lines and arbitrary bytes.
fn event_stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        10 => line(),
        1 => one_of(NAMES),
        1 => value(),
        2 => one_of(LINE_ENDS),
        1 => vec(any::<u8>(), 0..4),
    ];
    let stream = (one_of(BOM_AND_ITS_BEGINNINGS), vec(piece, 0..24));
    stream.prop_map(|(start, pieces)| [start, pieces.concat()].concat())
}

/// Chunk sizes, which repeat: mostly small, some empty.
fn chunk_sizes() -> impl Strategy<Value = Vec<usize>> {
    let size = prop_oneof![1 => Just(0), 3 => 1_usize..4, 1 => 1_usize..200];
    vec(size, 0..8).prop_map(|sizes| [sizes, vec![1]].concat())
}

/// Data or comment, type and id of a record.
type Values = (String, String, Option<String>);

/// The batch's values as text, found as the host finds them: decodes a segment at once, then cuts it at
/// byte offsets if it is ASCII, or else at CRs.
#[allow(clippy::expect_used, reason = "called by tests only")]
fn values_of_decoded_segments(batch: &Batch) -> Vec<Values> {
    let (mut text, mut table) = (batch.text(), batch.table());
    let mut records = Vec::new();
    while let [head, count, rest @ ..] = table {
        let (segment, following) = text.split_at((head >> 1) as usize);
        let mut decoded = &*String::from_utf8_lossy(segment);
        let mut event_type = String::new();
        table = rest;
        text = following;
        for _ in 0..*count {
            let (record, rest) = table.split_first().expect("a record");
            let (optional, rest) = rest.split_at((record & 3).count_ones() as usize);
            table = rest;
            let mut lengths = core::iter::once(record >> 3).chain(optional.iter().copied());
            let mut value = || {
                let length = lengths.next().expect("a length") as usize;
                let by_walk = decoded.find('\r').expect("a CR");
                let end = if head & 1 == 1 { length } else { by_walk };
                let (value, rest) = decoded.split_at(end);
                decoded = rest.strip_prefix('\r').expect("a CR");
                value.to_owned()
            };
            let data = value();
            if record & 1 == 1 {
                event_type = value();
            }
            let id = (record & 2 == 2).then(value);
            let is_comment = record & 6 == 4;
            let event_type = if is_comment { String::new() } else { event_type.clone() };
            records.push((data, event_type, id));
        }
        assert!(decoded.is_empty(), "text beyond the records");
    }
    assert!(text.is_empty(), "text beyond the table");
    records
}

fn values_of_records(batch: &Batch) -> Vec<Values> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let values = batch.records().map(|record| {
        let data = record.data.or(record.comment).unwrap_or_default();
        (text(data), text(record.event_type.unwrap_or_default()), record.last_event_id.map(text))
    });
    values.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_chunks_give_what_the_standard_says(stream in event_stream(), sizes in chunk_sizes()) {
        let expected = crate::reference::interpret(&stream, LAST_EVENT_ID);
        prop_assert_eq!(read(cut(&stream, &sizes), NO_LIMIT), (expected, true));
    }

    #[test]
    fn a_message_arrives_with_the_byte_that_ends_it(stream in event_stream()) {
        let mut reader = Reader::new(LAST_EVENT_ID, NO_LIMIT);
        for (at, byte) in stream.chunks(1).enumerate() {
            prop_assert_eq!(reader.feed(byte), Ok(()));
            let (read, _) = stream.split_at(at + 1);
            prop_assert_eq!(reader.outcome(), crate::reference::interpret(read, LAST_EVENT_ID));
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(stream in vec(any::<u8>(), 0..1000), sizes in chunk_sizes()) {
        let expected = crate::reference::interpret(&stream, LAST_EVENT_ID);
        prop_assert_eq!(read(cut(&stream, &sizes), NO_LIMIT), (expected, true));
    }

    #[test]
    fn buffered_bytes_stay_within_the_limit(
        stream in event_stream(), sizes in chunk_sizes(), limit in 3_usize..100,
    ) {
        let mut reader = Reader::new(LAST_EVENT_ID, limit);
        for chunk in cut(&stream, &sizes) {
            let fed = reader.feed(chunk);
            prop_assert!(reader.parser.buffered_bytes() <= limit);
            if fed.is_err() {
                break;
            }
        }
    }

    #[test]
    fn the_limit_is_the_same_for_any_chunks(
        stream in event_stream(), sizes in chunk_sizes(), limit in 3_usize..100,
    ) {
        let byte_by_byte = read(stream.chunks(1), limit);
        prop_assert_eq!(&read(std::iter::once(&*stream), limit), &byte_by_byte);
        prop_assert_eq!(&read(cut(&stream, &sizes), limit), &byte_by_byte);
    }

    #[test]
    fn the_limit_applies_to_buffered_bytes(stream in event_stream(), limit in 3_usize..100) {
        let mut unlimited = Reader::new(LAST_EVENT_ID, NO_LIMIT);
        let exceeds = stream.chunks(1).any(|byte| {
            unlimited.feed(byte).is_err() || unlimited.parser.buffered_bytes() > limit
        });
        prop_assert_eq!(read(stream.chunks(1), limit).1, !exceeds);
    }

    #[test]
    fn segments_decode_to_the_values_of_their_records(
        stream in event_stream(), sizes in chunk_sizes(),
    ) {
        let mut reader = Reader::new(LAST_EVENT_ID, NO_LIMIT);
        for chunk in cut(&stream, &sizes) {
            prop_assert_eq!(reader.feed(chunk), Ok(()));
            for batch in [reader.parser.batch(), reader.with_comments.batch()] {
                prop_assert_eq!(values_of_decoded_segments(batch), values_of_records(batch));
            }
        }
    }
}
