//! Event streams in arbitrary chunks.

use eventsource_wasm::parser::Interpret;

use crate::reader::{Outcome, Reader};

pub const NO_LIMIT: usize = usize::MAX;
/// The initial last event ID string of every stream.
pub const LAST_EVENT_ID: &str = "41";

/// Cuts into chunks of these sizes, which repeat. Some may be 0, but not all.
pub fn cut<'a>(mut stream: &'a [u8], sizes: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    sizes.iter().cycle().map_while(move |&size| {
        if stream.is_empty() {
            return None;
        }
        let (chunk, rest) = stream.split_at(size.min(stream.len()));
        stream = rest;
        Some(chunk)
    })
}

/// Reads until the end or the limit. Returns the outcome, and whether the whole stream was read.
pub fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>, max_event_bytes: usize) -> (Outcome, bool) {
    read_as(Interpret::default(), chunks, max_event_bytes)
}

/// The same, but more counts as an event.
pub fn read_as<'a>(
    interpret: Interpret,
    chunks: impl Iterator<Item = &'a [u8]>,
    max_event_bytes: usize,
) -> (Outcome, bool) {
    let mut reader = Reader::new(LAST_EVENT_ID, max_event_bytes);
    reader.interpret(interpret);
    for chunk in chunks {
        let fed = reader.feed(chunk);
        let held = reader.parser.buffered_bytes();
        assert!(held <= max_event_bytes, "{held} bytes are held, {max_event_bytes} allowed");
        if fed.is_err() {
            return (reader.outcome(), false);
        }
    }
    reader.finish();
    (reader.outcome(), true)
}
