//! Memory does not grow with the length of the event stream: the allocations themselves are counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use eventsource_wasm::parser::{Parser, TooLarge};

/// Counts per thread, because every test runs in its own.
struct Counting;

thread_local! {
    static LIVE_BYTES: Cell<usize> = const { Cell::new(0) };
    static PEAK_BYTES: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged. The default `realloc` calls these two, so the
// old and the new allocation count at once: the worst case.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE_BYTES.get().wrapping_add(layout.size());
        LIVE_BYTES.set(live);
        PEAK_BYTES.set(live.max(PEAK_BYTES.get()));
        // SAFETY: as our caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // Wraps if a thread frees what another one allocated.
        LIVE_BYTES.set(LIVE_BYTES.get().wrapping_sub(layout.size()));
        // SAFETY: as our caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that are live at once while `act` runs, beyond those that are live now.
fn peak(act: impl FnOnce()) -> usize {
    let before = LIVE_BYTES.replace(0);
    PEAK_BYTES.set(0);
    act();
    LIVE_BYTES.set(before.wrapping_add(LIVE_BYTES.get()));
    PEAK_BYTES.get()
}

const KB: usize = 1 << 10;

#[test]
fn a_long_stream_takes_no_more_memory_than_a_short_one() {
    const CHUNK: usize = 4 * KB;
    let event = format!("event: a\nid: 1\n: b\ndata: {}\nretry: 1000\n\n", "é".repeat(100));
    // Cut in the middle of the last event, so that one is always unfinished.
    let chunk: Vec<u8> = event.bytes().cycle().take(CHUNK).collect();
    let feed = |times| {
        let mut parser = Parser::new(b"", CHUNK);
        assert_eq!((0..times).try_for_each(|_| parser.feed(&chunk)), Ok(()));
    };
    let short = peak(|| feed(10));
    assert_eq!(peak(|| feed(10_000)), short);
    assert!(short < 8 * CHUNK, "{short} bytes for chunks of {CHUNK}");
}

#[test]
fn an_endless_line_takes_no_more_memory_than_the_limit_allows() {
    const LIMIT: usize = 1024 * KB;
    for start in ["data: ", ": ", "foo: ", "id: ", "event: "] {
        let peak = peak(|| {
            let mut parser = Parser::new(b"", LIMIT);
            assert_eq!(parser.feed(start.as_bytes()), Ok(()));
            let fed = (0..=LIMIT / KB).try_for_each(|_| parser.feed(&[b'x'; KB]));
            assert_eq!(fed, Err(TooLarge));
        });
        // A growing buffer doubles, and the old one is live while it is copied.
        assert!(peak <= 3 * LIMIT, "{peak} bytes for {start:?}");
    }
}

#[test]
fn one_large_event_holds_no_memory_afterwards() {
    const LARGE: usize = 16 * 1024 * KB;
    let mut parser = Parser::new(b"", 2 * LARGE);
    let before = LIVE_BYTES.get();
    let peak = peak(|| {
        assert_eq!(parser.feed(b"data: "), Ok(()));
        assert!((0..LARGE / KB).all(|_| parser.feed(&[b'x'; KB]).is_ok()));
        assert_eq!(parser.feed(b"\n\ndata: a\n\n"), Ok(()));
        assert_eq!(parser.feed(b"data: b\n\n"), Ok(()));
    });
    // The line, which has doubled, and the data, which has not.
    assert!(peak < 3 * LARGE + LARGE / 2, "{peak} bytes at most");
    let held = LIVE_BYTES.get().wrapping_sub(before);
    assert!(held < 9 * 1024 * KB, "{held} bytes are held");
}

#[test]
fn an_endless_event_takes_no_more_memory_than_the_limit_allows() {
    const LIMIT: usize = 1024 * KB;
    let peak = peak(|| {
        let mut parser = Parser::new(b"", LIMIT);
        let lines = b"data: line\n".repeat(100);
        let fed = (0..=LIMIT / 500).try_for_each(|_| parser.feed(&lines));
        assert_eq!(fed, Err(TooLarge));
    });
    assert!(peak <= 3 * LIMIT, "{peak} bytes");
}

#[test]
fn an_event_full_of_comments_takes_no_more_memory_than_the_limit_allows() {
    const LIMIT: usize = 1024 * KB;
    let peak = peak(|| {
        let mut parser = Parser::new(b"", LIMIT);
        parser.hear_comments(true);
        let lines = b"data: line\n: comment\n".repeat(100);
        let fed = (0..LIMIT / 500 - 1).try_for_each(|_| parser.feed(&lines));
        assert_eq!(fed.and_then(|()| parser.feed(b"\n")), Ok(()));
    });
    // The data before a comment is put aside, and comes back.
    assert!(peak <= 4 * LIMIT, "{peak} bytes");
}
