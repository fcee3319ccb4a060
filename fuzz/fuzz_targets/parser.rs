//! See `tests/rust/invariants/parser.rs`.
#![no_main]

#[path = "../../tests/rust/chunks.rs"]
mod chunks;
#[path = "../../tests/rust/invariants/parser.rs"]
mod invariants;
#[path = "../../tests/rust/reader.rs"]
mod reader;
#[path = "../../tests/rust/reference.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|program: &[u8]| invariants::check(program));
