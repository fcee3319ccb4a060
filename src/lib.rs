//! Server-sent events for the browser: an event stream parser and a reconnect controller over `fetch`.
//!
//! ```text
//! parser  <-  controller (+ policy)  <-  core (feature npm): all that crosses to the driver in TypeScript
//!                                    <-  driver  <-  messages (feature std): a stream for Rust applications
//! ```
//!
//! Rust web applications start with [`Request`]; the modules are public for code that builds on the
//! layers below.
#![cfg_attr(feature = "npm", no_std)]

extern crate alloc;

pub mod controller;
pub mod parser;
pub mod policy;

#[cfg(all(target_arch = "wasm32", feature = "npm"))]
mod core;

#[cfg(feature = "std")]
mod driver;

#[cfg(feature = "std")]
mod messages;

#[cfg(feature = "std")]
pub use driver::{Error, Message, Request, RequestBody};
#[cfg(feature = "std")]
pub use messages::{Handle, Messages};
#[cfg(feature = "std")]
pub use policy::{Backoff, Cause, Reconnect, Replay};
