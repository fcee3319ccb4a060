//! The parser alone, natively:
//!
//! ```text
//! cargo bench --manifest-path benches/Cargo.toml
//! ```
//!
//! For instruction counts, which no other work on the machine changes, feed each stream once:
//!
//! ```text
//! valgrind --tool=callgrind benches/target/release/deps/parser-* --test tokens
//! ```

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use eventsource_wasm::parser::Parser;

/// What the driver feeds at once.
const CHUNK_BYTES: usize = 64 * 1024;

fn stream(events: u32, event: impl Fn(u32) -> String) -> String {
    (0..events).map(event).collect()
}

fn streams() -> [(&'static str, String); 5] {
    let filler = "x".repeat(140);
    let comments = format!(": {}\n", "y".repeat(58)).repeat(10);
    let lines = format!("data: {}\n", "y".repeat(34)).repeat(1000);
    [
        ("tokens", stream(5000, |n| format!("data: {{\"n\":{n},\"text\":\"{filler}\"}}\n\n"))),
        ("tiny", stream(100_000, |n| format!("data: {}\n\n", n % 10))),
        ("ticks", stream(20_000, |n| format!("event: tick\nid: {n}\ndata: {{\"price\":{n}}}\n\n"))),
        ("comments", stream(2000, |n| format!("{comments}data: {n}\n\n"))),
        ("multiline", stream(25, |n| format!("{lines}id: {n}\n\n"))),
    ]
}

/// Gives the number of events.
fn feed(text: &str) -> usize {
    let mut parser = Parser::new("", 1 << 24);
    let mut events = 0;
    for chunk in text.as_bytes().chunks(CHUNK_BYTES) {
        if parser.feed(black_box(chunk)).is_ok() {
            events += black_box(parser.batch()).records().count();
        }
    }
    events
}

fn parser(criterion: &mut Criterion) {
    for (name, text) in streams() {
        let mut group = criterion.benchmark_group("parser");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| feed(&text)));
    }
}

criterion_group!(benches, parser);
criterion_main!(benches);
