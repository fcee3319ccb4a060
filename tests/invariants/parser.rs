//! Any chunks of any event stream give what the standard says, within the limit.

use crate::{
    reader::{Outcome, Reader},
    reference,
};

const NO_LIMIT: usize = usize::MAX;
const LAST_EVENT_ID: &str = "41";
/// A leading BOM is not counted, but its beginnings are held.
const LEAST_LIMIT: usize = 3;

/// `program`: the sizes of two chunks to be repeated, a limit, then the event stream.
pub fn check(program: &[u8]) {
    let [first, second, limit, stream @ ..] = program else { return };
    let sizes = [usize::from(*first), usize::from(*second).max(1)];
    let limit = LEAST_LIMIT + usize::from(*limit);

    let expected = (reference::interpret(stream, LAST_EVENT_ID), true);
    assert_eq!(read(cut(stream, sizes), NO_LIMIT), expected, "in chunks of {sizes:?}");
    assert_eq!(read(stream.chunks(1), NO_LIMIT), expected, "byte by byte");
    assert_eq!(read([stream].into_iter(), NO_LIMIT), expected, "whole");

    let limited = read([stream].into_iter(), limit);
    assert_eq!(read(cut(stream, sizes), limit), limited, "limited, in chunks of {sizes:?}");
    assert_eq!(read(stream.chunks(1), limit), limited, "limited, byte by byte");
}

/// Chunks of the two sizes in turn. The first may be 0.
fn cut(mut stream: &[u8], sizes: [usize; 2]) -> impl Iterator<Item = &[u8]> {
    sizes.into_iter().cycle().map_while(move |size| {
        if stream.is_empty() {
            return None;
        }
        let (chunk, rest) = stream.split_at(size.min(stream.len()));
        stream = rest;
        Some(chunk)
    })
}

/// Reads until the end or the limit: what came, and whether all of the stream was read.
fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>, max_event_bytes: usize) -> (Outcome, bool) {
    let mut reader = Reader::new(LAST_EVENT_ID, max_event_bytes);
    for chunk in chunks {
        let fed = reader.feed(chunk);
        let held = reader.parser.buffered_bytes();
        assert!(held <= max_event_bytes, "{held} bytes are held, {max_event_bytes} allowed");
        if fed.is_err() {
            return (reader.outcome(), false);
        }
    }
    (reader.outcome(), true)
}
