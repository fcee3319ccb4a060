//! What holds for any input, as programs of bytes that a fuzzer can mutate: `fuzz/` searches for a
//! breach, `seeds.rs` replays what is kept.

pub mod controller;
pub mod parser;
