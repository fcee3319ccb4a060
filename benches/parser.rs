//! The parser alone, natively: `cargo bench`. For instruction counts, which no other work on the machine changes,
//! `valgrind --tool=callgrind target/release/deps/parser-* tokens` feeds one stream once.

use std::{env, hint::black_box, time::Instant};

use eventsource_wasm::parser::Parser;

/// What the driver reads at once.
const CHUNK_BYTES: usize = 64 * 1024;
const ROUNDS: u32 = 20;

struct Stream {
    name: &'static str,
    events: u32,
    text: String,
}

fn stream(name: &'static str, events: u32, event: impl Fn(u32) -> String) -> Stream {
    Stream { name, events, text: (0..events).map(event).collect() }
}

fn streams() -> Vec<Stream> {
    let filler = "x".repeat(140);
    let comments = format!(": {}\n", "y".repeat(58)).repeat(10);
    let lines = format!("data: {}\n", "y".repeat(34)).repeat(1000);
    vec![
        stream("tokens", 50_000, |n| format!("data: {{\"n\":{n},\"text\":\"{filler}\"}}\n\n")),
        stream("tiny", 200_000, |n| format!("data: {}\n\n", n % 10)),
        stream("ticks", 100_000, |n| format!("event: tick\nid: {n}\ndata: {{\"price\":{n}}}\n\n")),
        stream("comments", 10_000, |n| format!("{comments}data: {n}\n\n")),
        stream("multiline", 100, |n| format!("{lines}id: {n}\n\n")),
    ]
}

fn feed(text: &str) -> usize {
    let mut parser = Parser::new("", 1 << 24);
    let mut records = 0;
    for chunk in text.as_bytes().chunks(CHUNK_BYTES) {
        if parser.feed(black_box(chunk)).is_ok() {
            records += black_box(parser.batch().table()).len();
        }
    }
    records
}

fn main() {
    // cargo passes `--bench`.
    let only = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for Stream { name, events, text } in streams() {
        match &only {
            Some(wanted) if wanted == name => {
                black_box(feed(&text));
            }
            Some(_) => {}
            None => {
                let fastest = (0..ROUNDS)
                    .map(|_| {
                        let start = Instant::now();
                        black_box(feed(&text));
                        start.elapsed()
                    })
                    .min()
                    .unwrap_or_default();
                let nanoseconds = fastest.as_secs_f64() * 1e9;
                println!(
                    "{name:10} {:8.1} ns an event {:6.2} GB/s",
                    nanoseconds / f64::from(events),
                    text.len() as f64 / nanoseconds
                );
            }
        }
    }
}
