//! Native tests of parser, policy, controller and of the Rust API outside browsers. Those of the parser run
//! in a browser, too.

mod batch;
mod chunks;
mod comments;
mod conformance;
mod interpret;
mod long_streams;
mod reader;
mod reference;

#[cfg(not(target_arch = "wasm32"))]
mod controller;
#[cfg(not(target_arch = "wasm32"))]
mod herd;
#[cfg(not(target_arch = "wasm32"))]
mod invariants;
#[cfg(not(target_arch = "wasm32"))]
mod limits;
#[cfg(not(target_arch = "wasm32"))]
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
#[cfg(not(target_arch = "wasm32"))]
mod request;
#[cfg(not(target_arch = "wasm32"))]
mod seeds;
#[cfg(not(target_arch = "wasm32"))]
mod transcript;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
