//! Event streams in any chunks.

use eventsource_wasm::parser::Interpret;

use crate::reader::{Outcome, Reader};

pub const NO_LIMIT: usize = usize::MAX;
/// Where every stream begins.
pub const LAST_EVENT_ID: &str = "41";

/// Chunks of these sizes, again and again. Some may be 0, but not all.
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

/// Reads until the end or the limit: what came, and whether all of the stream was read.
pub fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>, max_event_bytes: usize) -> (Outcome, bool) {
    read_as(Interpret::default(), chunks, max_event_bytes)
}

/// Likewise, but more counts as an event.
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
