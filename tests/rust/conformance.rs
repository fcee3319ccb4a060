//! The tables of `tests/conformance`: every case, with every line end, cut in two at every position.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test file, including its helper functions"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::reader::{Message, Outcome, Reader};

const MAX_EVENT_BYTES: usize = 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    section: String,
    cases: Vec<Case>,
}

/// See `tests/conformance/README.md`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    stream: String,
    #[serde(default)]
    expand: bool,
    #[serde(default)]
    initial_last_event_id: String,
    messages: Vec<Message>,
    last_event_id: Option<String>,
    reconnection_time: Option<u64>,
    #[serde(default)]
    native: BTreeMap<Browser, String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Browser {
    Chromium,
    Firefox,
    Webkit,
}

impl Case {
    /// The bytes of the event stream, once for every equivalent line end.
    fn streams(&self) -> impl Iterator<Item = Vec<u8>> {
        let line_ends: &[&str] = if self.expand { &["\n", "\r", "\r\n"] } else { &["\n"] };
        line_ends.iter().map(|line_end| bytes(&self.stream.replace('\n', line_end)))
    }

    fn outcome(&self) -> Outcome {
        let last_message = self.messages.last().map(|message| &message.last_event_id);
        let last_event_id = self.last_event_id.as_ref().or(last_message);
        Outcome {
            messages: self.messages.clone(),
            comments: Vec::new(),
            last_event_id: last_event_id.unwrap_or(&self.initial_last_event_id).clone(),
            reconnection_time: self.reconnection_time,
        }
    }
}

/// The bytes of a byte string, in which each char stands for the byte of the same number.
fn bytes(byte_string: &str) -> Vec<u8> {
    let byte = |char| u8::try_from(char).unwrap_or_else(|_| panic!("{char:?} is not a byte"));
    byte_string.chars().map(byte).collect()
}

/// The stream whole, byte by byte, and cut in two at every position, including its ends.
fn chunkings(stream: &[u8]) -> impl Iterator<Item = Vec<&[u8]>> {
    let whole = vec![stream];
    let single_bytes = stream.chunks(1).collect();
    let halves = (0..=stream.len()).map(|at| <[_; 2]>::from(stream.split_at(at)).to_vec());
    [whole, single_bytes].into_iter().chain(halves)
}

fn check(table: &str) {
    let table = parse(table);
    for case in &table.cases {
        let name = &case.name;
        for stream in case.streams() {
            let interpreted = crate::reference::interpret(&stream, &case.initial_last_event_id);
            // The tables do not cover comments; `comments.rs` does.
            let expected = Outcome { comments: interpreted.comments.clone(), ..case.outcome() };
            assert_eq!(interpreted, expected, "{name}: by the reference");
            for chunks in chunkings(&stream) {
                let mut reader = Reader::new(&case.initial_last_event_id, MAX_EVENT_BYTES);
                let fed: Result<(), _> = chunks.iter().try_for_each(|chunk| reader.feed(chunk));
                let chunks: Vec<_> = chunks.iter().map(|chunk| chunk.escape_ascii()).collect();
                assert_eq!(fed, Ok(()), "{name}: {chunks:?}");
                assert_eq!(reader.outcome(), expected, "{name}: {chunks:?}");
            }
        }
    }
}

fn parse(table: &str) -> Table {
    serde_json::from_str(table).unwrap_or_else(|error| panic!("{error}"))
}

macro_rules! tables {
    ($($test:ident: $file:literal,)*) => {
        const TABLES: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../conformance/", $file)))),*];
        $(
            #[test]
            fn $test() {
                check(include_str!(concat!("../conformance/", $file)));
            }
        )*
    };
}

tables! {
    bom: "9.2.5-parsing-bom.json",
    line_ends: "9.2.5-parsing-line-ends.json",
    utf_8: "9.2.5-parsing-utf-8.json",
    comments_and_unknown_fields: "9.2.6-comments-and-unknown-fields.json",
    data: "9.2.6-data.json",
    dispatch: "9.2.6-dispatch.json",
    end_of_stream: "9.2.6-end-of-stream.json",
    event: "9.2.6-event.json",
    id: "9.2.6-id.json",
    retry: "9.2.6-retry.json",
}

#[test]
fn names_are_unique() {
    let mut names = BTreeSet::new();
    for (_, table) in TABLES {
        for Case { name, .. } in parse(table).cases {
            assert!(names.insert(name.clone()), "{name}");
        }
    }
}

#[test]
fn tables_and_browser_differences_name_the_section() {
    for (file, table) in TABLES {
        let table = parse(table);
        let section = table.section.split(' ').next().unwrap();
        assert!(file.starts_with(section), "{file}: {section}");
        for Case { name, native, .. } in table.cases {
            for (browser, reason) in native {
                assert!(reason.contains("HTML 9.2."), "{name}, {browser:?}: {reason}");
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_table_runs() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let files =
        files.map(|file| file.into_string().unwrap()).filter(|file| file.ends_with(".json"));
    let run: BTreeSet<_> = TABLES.iter().map(|(file, _)| file.to_string()).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), run);
}
