//! Event streams too long for a table.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::reader::Reader;

const MB: usize = 1 << 20;

/// The data of the messages of `stream`, fed in chunks of `chunk_bytes`.
fn data(stream: &str, chunk_bytes: usize) -> Vec<String> {
    let mut reader = Reader::new("", 16 * MB);
    for chunk in stream.as_bytes().chunks(chunk_bytes) {
        assert_eq!(reader.feed(chunk), Ok(()));
    }
    reader.outcome().messages.into_iter().map(|message| message.data).collect()
}

/// The parser scans blocks of 64 bytes for line ends: tries every position in three of them.
#[test]
fn a_line_may_have_any_length() {
    for length in 0..=3 * 64 {
        let value = "x".repeat(length);
        for line_end in ["\n", "\r", "\r\n"] {
            let stream = format!("data:{value}{line_end}data:{value}é{line_end}{line_end}");
            let expected = [format!("{value}\n{value}é")];
            assert_eq!(data(&stream, stream.len()), expected, "{length} bytes, {line_end:?}");
            assert_eq!(data(&stream, 64), expected, "{length} bytes, {line_end:?}, in 64s");
        }
    }
}

#[test]
fn a_block_may_be_full_of_line_ends() {
    for before in 0..=64 {
        let stream = format!("{}data{}data: a\n\n", "\n".repeat(before), "\r\n".repeat(64));
        assert_eq!(data(&stream, stream.len()), ["", "a"], "{before} LFs before");
    }
}

#[test]
fn many_messages_of_one_chunk_arrive_in_order() {
    let expected: Vec<_> = (0..10_000).map(|number| format!("message {number}")).collect();
    let stream: String = expected.iter().map(|data| format!("data: {data}\n\n")).collect();
    assert_eq!(data(&stream, stream.len()), expected);
}

#[test]
fn many_non_ascii_messages_arrive_in_order() {
    let characters = ["a", "é", "豆", "😀"].into_iter().cycle();
    let expected: Vec<_> = characters
        .zip(0..10_000)
        .map(|(character, number)| format!("{character} {number}"))
        .collect();
    let stream: String = expected.iter().map(|data| format!("data: {data}\n\n")).collect();
    assert_eq!(data(&stream, stream.len()), expected);
    assert_eq!(data(&stream, 1000), expected);
}

#[test]
fn a_long_value_arrives_whole() {
    let value: String = (0..MB).map(|number| char::from(b'a' + (number % 25) as u8)).collect();
    let stream = format!("data: before\n\ndata: {value}\n\ndata: after\n\n");
    for chunk_bytes in [stream.len(), stream.len() / 2, 1000] {
        assert!(
            data(&stream, chunk_bytes) == ["before", &value, "after"],
            "in {chunk_bytes} bytes"
        );
    }
}

#[test]
fn many_lines_of_one_event_arrive_joined() {
    let stream = format!("{}\n", "data: line\n".repeat(100_000));
    let expected = ["line"; 100_000].join("\n");
    for chunk_bytes in [stream.len(), 1000] {
        assert!(data(&stream, chunk_bytes) == [expected.as_str()], "in {chunk_bytes} bytes");
    }
}

#[test]
fn a_long_comment_is_ignored() {
    let stream = format!("data: a\n:{}\ndata: b\n\n", "x".repeat(MB));
    for chunk_bytes in [stream.len(), 1000] {
        assert_eq!(data(&stream, chunk_bytes), ["a\nb"]);
    }
}

/// Asserts that 1 KB chunks cost about as much as one chunk. A parser that rescans or moves its buffer with
/// every chunk takes 20 to 1000 times as long here. One undisturbed try is enough.
#[cfg(not(target_arch = "wasm32"))]
fn assert_linear(stream: &str) {
    let time = |chunk_bytes| {
        let start = std::time::Instant::now();
        assert_eq!(data(stream, chunk_bytes).len(), 1);
        start.elapsed()
    };
    let is_linear = |_| time(1024) < 8 * time(stream.len());
    assert!((0..3).any(is_linear));
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_4_mb_line_in_1_kb_chunks_is_linear() {
    assert_linear(&format!("data: {}\n\n", "x".repeat(4 * MB)));
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_4_mb_event_of_many_lines_in_1_kb_chunks_is_linear() {
    assert_linear(&format!("{}\n", format!("data: {}\n", "x".repeat(1000)).repeat(4 * 1000)));
}

/// More than a parser keeps for the next event.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn an_8_mb_event_of_many_lines_in_1_kb_chunks_is_linear() {
    assert_linear(&format!("{}\n", format!("data: {}\n", "x".repeat(1000)).repeat(8 * 1000)));
}
