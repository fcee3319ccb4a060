//! Transcripts of the controller.

mod any_input;
mod decide;
mod html;
mod liveness;
mod no_response;
mod reconnect;
mod wish;
