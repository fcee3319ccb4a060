//! Tests that need no server: streams in `data:` URLs, and requests that cannot be made.

use std::time::Duration;

use eventsource_wasm::{Cause, Error, Reconnect, Request};
use js_sys::encode_uri_component;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::message;

fn stream(text: &str) -> Request {
    let text: String = encode_uri_component(text).into();
    Request::new(format!("data:text/event-stream,{text}"))
}

#[wasm_bindgen_test]
async fn messages_arrive_in_order_and_again_after_the_reconnection_time() {
    let text = "retry: 100\n\nid: 1\ndata: a\n\nevent: tick\ndata: ü\ndata: 豆\n\ndata: lost";
    let mut messages = stream(text).open().unwrap();
    for _connection in 0..2 {
        assert_eq!(messages.next().await.unwrap().unwrap(), message("message", "a", "1"));
        assert_eq!(messages.next().await.unwrap().unwrap(), message("tick", "ü\n豆", "1"));
    }
}

#[wasm_bindgen_test]
async fn a_stream_larger_than_one_chunk_is_delivered_whole() {
    let long = "x".repeat(300_000);
    let text: String = (0..100).map(|n| format!("id: {n}\ndata: {n}\n\n")).collect();
    let mut messages = stream(&format!("{text}data: {long}\n\n")).open().unwrap();
    for n in 0..100 {
        let n = n.to_string();
        assert_eq!(messages.next().await.unwrap().unwrap(), message("message", &n, &n));
    }
    assert_eq!(messages.next().await.unwrap().unwrap(), message("message", &long, "99"));
}

#[wasm_bindgen_test]
async fn after_the_last_attempt_the_source_fails() {
    let reconnect = Reconnect { max_attempts: 1, ..Reconnect::default() };
    let mut messages = stream("").reconnect(reconnect).open().unwrap();
    let error = messages.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Failed { reason: Cause::EndOfBody, .. }), "{error}");
    assert!(messages.next().await.is_none());
}

#[wasm_bindgen_test]
async fn a_wrong_content_type_is_a_final_error() {
    let mut messages = Request::new("data:text/plain,data: a%0A%0A").open().unwrap();
    let error = messages.next().await.unwrap().unwrap_err();
    assert!(
        matches!(error, Error::Failed { reason: Cause::ContentType, status: Some(200), .. }),
        "{error}"
    );
    assert!(messages.next().await.is_none());
}

#[wasm_bindgen_test]
fn a_request_that_can_never_be_made_fails_at_once() {
    let table = [
        ("a bad URL", Request::new("http://")),
        ("credentials in the URL", Request::new("https://user:pass@host.invalid/")),
        ("a bad method", stream("").method("a b")),
        ("a bad header name", stream("").header("bad name", "x")),
        ("a bad header value", stream("").header("x-test", "a\nb")),
        ("a GET with a body", stream("").body("a")),
        ("a body that can be sent only once", stream("").method("POST").body(a_stream())),
        ("a last event ID with a CR", stream("").last_event_id("a\rb")),
        ("a last event ID with an LF", stream("").last_event_id("a\nb")),
        ("a last event ID with a NUL", stream("").last_event_id("a\0")),
    ];
    for (name, request) in table {
        assert!(matches!(request.open(), Err(Error::Request(_))), "{name}");
    }
}

fn a_stream() -> wasm_bindgen::JsValue {
    web_sys::ReadableStream::new().unwrap().into()
}

#[wasm_bindgen_test]
async fn reconnect_ends_the_wait() {
    let mut messages = stream("retry: 3600000\n\ndata: a\n\n").open().unwrap();
    for _connection in 0..2 {
        assert_eq!(messages.next().await.unwrap().unwrap(), message("message", "a", ""));
        messages.reconnect();
    }
}

#[wasm_bindgen_test]
async fn max_attempts_and_timeouts_are_accepted() {
    let reconnect = Reconnect { max_attempts: 1, ..Reconnect::default() };
    let timeout = Duration::from_secs(60);
    let request = stream("data: a\n\n").reconnect(reconnect);
    let mut messages = request.open_timeout(timeout).idle_timeout(timeout).open().unwrap();
    assert_eq!(messages.next().await.unwrap().unwrap(), message("message", "a", ""));
    messages.reconnect();
    assert_eq!(messages.next().await.unwrap().unwrap(), message("message", "a", ""));
}

#[cfg(feature = "serde")]
#[wasm_bindgen_test]
async fn json_data_becomes_a_rust_value() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Tick {
        symbol: String,
        price: f64,
    }

    let text =
        "data: {\"symbol\":\"X\",\"price\":1.5}\n\ndata: {\"symbol\":1}\n\ndata: nonsense\n\n";
    let mut messages = stream(text).open().unwrap();
    let tick: Tick = messages.next().await.unwrap().unwrap().json().unwrap();
    assert_eq!(tick, Tick { symbol: "X".into(), price: 1.5 });
    for _misfit in 0..2 {
        assert!(matches!(
            messages.next().await.unwrap().unwrap().json::<Tick>(),
            Err(Error::Data(_))
        ));
    }
}
