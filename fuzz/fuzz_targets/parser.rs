//! See `tests/invariants/parser.rs`.
#![no_main]

#[path = "../../tests/chunks/mod.rs"]
mod chunks;
#[path = "../../tests/invariants/parser.rs"]
mod invariants;
#[path = "../../tests/reader/mod.rs"]
mod reader;
#[path = "../../tests/reference/mod.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|program: &[u8]| invariants::check(program));
