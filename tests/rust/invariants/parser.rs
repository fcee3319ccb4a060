//! Any event stream, in any chunks, gives what the standard says, within the limit.

use eventsource_wasm::parser::Interpret;

use crate::{
    chunks::{LAST_EVENT_ID, NO_LIMIT, cut, read, read_as},
    reference,
};

/// A leading BOM is not counted, but a partial one is buffered.
const LEAST_LIMIT: usize = 3;

/// `program`: two chunk sizes, which repeat, a limit, then the event stream.
pub fn check(program: &[u8]) {
    let [first, second, limit, stream @ ..] = program else { return };
    let sizes = [usize::from(*first), usize::from(*second).max(1)];
    let limit = LEAST_LIMIT + usize::from(*limit);

    let expected = (reference::interpret(stream, LAST_EVENT_ID), true);
    assert_eq!(read(cut(stream, &sizes), NO_LIMIT), expected, "in chunks of {sizes:?}");
    assert_eq!(read(stream.chunks(1), NO_LIMIT), expected, "byte by byte");
    assert_eq!(read([stream].into_iter(), NO_LIMIT), expected, "whole");

    // The low bits of the first size choose what else counts.
    let interpret = Interpret { empty_events: first & 1 == 1, unterminated: first & 2 == 2 };
    let expected = (reference::interpret_as(interpret, stream, LAST_EVENT_ID), true);
    assert_eq!(read_as(interpret, cut(stream, &sizes), NO_LIMIT), expected, "{interpret:?}");
    assert_eq!(read_as(interpret, stream.chunks(1), NO_LIMIT), expected, "{interpret:?}, in bytes");

    let limited = read([stream].into_iter(), limit);
    assert_eq!(read(cut(stream, &sizes), limit), limited, "limited, in chunks of {sizes:?}");
    assert_eq!(read(stream.chunks(1), limit), limited, "limited, byte by byte");
}
