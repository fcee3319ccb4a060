//! The parser alone, natively:
//!
//! ```text
//! cargo bench --manifest-path benches/Cargo.toml
//! ```
//!
//! For instruction counts, which other load on the machine does not affect, feed each stream once:
//!
//! ```text
//! valgrind --tool=callgrind benches/target/release/deps/parser-* --test tokens
//! ```

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use eventsource_wasm::parser::Parser;

/// The most that the driver feeds at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// A name, a number of events, and the text of each.
type Stream = (&'static str, u32, fn(u32) -> String);

const STREAMS: [Stream; 5] = [
    ("tokens", 5000, |n| format!("data: {{\"n\":{n},\"text\":\"{}\"}}\n\n", "x".repeat(140))),
    ("tiny", 100_000, |n| format!("data: {}\n\n", n % 10)),
    ("ticks", 20_000, |n| format!("event: tick\nid: {n}\ndata: {{\"price\":{n}}}\n\n")),
    ("comments", 2000, |n| {
        format!(": {}\n", "y".repeat(58)).repeat(10) + &format!("data: {n}\n\n")
    }),
    ("multiline", 25, |n| {
        format!("data: {}\n", "y".repeat(34)).repeat(1000) + &format!("id: {n}\n\n")
    }),
];

/// Returns the number of events.
fn feed(text: &str) -> usize {
    let mut parser = Parser::new(b"", 1 << 24);
    let mut events = 0;
    for chunk in text.as_bytes().chunks(CHUNK_BYTES) {
        if parser.feed(black_box(chunk)).is_ok() {
            events += black_box(parser.batch()).records().count();
        }
    }
    events
}

fn parser(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parser");
    for (name, events, event) in STREAMS {
        group.throughput(Throughput::Elements(events.into()));
        group.bench_function(name, |bencher| {
            let text: String = (0..events).map(event).collect();
            bencher.iter(|| feed(&text));
        });
    }
}

criterion_group!(benches, parser);
criterion_main!(benches);
