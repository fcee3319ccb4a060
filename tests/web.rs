//! The Rust API in a browser: `fetch`, body reader, timers and driver, on `data:` URLs.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use eventsource_wasm::{
    Error, Message, Request,
    policy::{Cause, Reconnect},
};
use js_sys::encode_uri_component;
use wasm_bindgen_test::wasm_bindgen_test;

fn stream(text: &str) -> Request {
    let text: String = encode_uri_component(text).into();
    Request::new(format!("data:text/event-stream,{text}"))
}

fn message(event_type: &str, data: &str, last_event_id: &str) -> Message {
    Message {
        event_type: event_type.into(),
        data: data.into(),
        last_event_id: last_event_id.into(),
    }
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
async fn another_content_type_is_an_error_and_the_end() {
    let mut messages = Request::new("data:text/plain,data: a%0A%0A").open().unwrap();
    let error = messages.next().await.unwrap().unwrap_err();
    assert!(
        matches!(error, Error::Failed { reason: Cause::ContentType, status: Some(200) }),
        "{error}"
    );
    assert!(messages.next().await.is_none());
}

#[wasm_bindgen_test]
fn a_bad_header_is_an_error_at_once() {
    let request = Request::new("data:,").header("bad name", "x");
    assert!(matches!(request.open(), Err(Error::Js(_))));
}

#[wasm_bindgen_test]
fn a_last_event_id_that_no_stream_can_set_is_an_error_at_once() {
    for id in ["a\nb", "a\rb", "a\0"] {
        assert!(matches!(stream("").last_event_id(id).open(), Err(Error::Js(_))), "{id:?}");
    }
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
async fn a_policy_of_one_attempt_and_timeouts_are_taken() {
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
            Err(Error::Js(_))
        ));
    }
}
