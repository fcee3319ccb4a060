//! The Rust API outside browsers: applications that also render on a server compile, and get an error.

use std::time::Duration;

use eventsource_wasm::{Error, Reconnect, Replay, Request};

#[test]
fn a_request_can_be_built_anywhere_but_opened_only_in_browsers() {
    let request = Request::post("/chat", "{}")
        .header("content-type", "application/json")
        .with_credentials()
        .last_event_id("7")
        .replay(Replay::Never)
        .reconnect(Reconnect::default())
        .open_timeout(Duration::from_secs(10))
        .idle_timeout(Duration::from_secs(30));
    assert_eq!(request.open().err(), Some(Error::Unsupported));
}

#[test]
fn requests_messages_and_errors_can_be_sent_to_another_thread() {
    fn is_send<T: Send + Sync + Clone>() {}
    is_send::<Request>();
    is_send::<eventsource_wasm::Message>();
    is_send::<Error>();
}
