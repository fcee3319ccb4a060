//! Invariants for any input, checked on programs of bytes that a fuzzer can mutate: `fuzz/` searches for
//! violations, `seeds.rs` replays the stored programs.

pub mod controller;
pub mod parser;
