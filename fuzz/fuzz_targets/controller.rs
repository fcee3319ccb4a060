//! See `tests/rust/invariants/controller.rs`.
#![no_main]

#[path = "../../tests/rust/invariants/controller.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|program: &[u8]| invariants::check(program));
