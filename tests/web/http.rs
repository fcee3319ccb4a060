//! Over HTTP: what the server sees, and the effects of its responses.

use std::time::Duration;

use eventsource_wasm::{Backoff, Cause, Error, Reconnect, Replay, Request, RequestBody};
use futures_util::{FutureExt as _, future::join};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{data, endpoint::Endpoint, message};

/// Reconnects without jitter.
fn promptly() -> Reconnect {
    Reconnect { backoff: Backoff { max_ms: 0 }, ..Reconnect::default() }
}

#[wasm_bindgen_test]
async fn a_get_asks_for_an_event_stream() {
    let endpoint = Endpoint::new("message").await;
    let request = endpoint.request().header("x-test", "1").header("x-test", "2");
    let mut messages = request.open().unwrap();
    assert_eq!(data(&mut messages).await, "a");
    let seen = endpoint.seen(0).await;
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("GET", ""));
    assert_eq!(seen.headers["accept"], "text/event-stream");
    assert_eq!(seen.headers["x-test"], "1, 2");
    assert_eq!(seen.headers["cache-control"], "no-cache");
    assert!(!seen.headers.contains_key("last-event-id"));
}

#[wasm_bindgen_test]
async fn a_custom_accept_header_is_kept() {
    let endpoint = Endpoint::new("message").await;
    let accept = "text/event-stream, application/json";
    let _messages = endpoint.request().header("Accept", accept).open().unwrap();
    assert_eq!(endpoint.seen(0).await.headers["accept"], accept);
}

#[wasm_bindgen_test]
async fn a_post_sends_its_body() {
    let bytes = "ü".as_bytes();
    let array = JsValue::from(Uint8Array::from(bytes));
    let bodies: [RequestBody; 5] =
        ["ü".into(), String::from("ü").into(), bytes.into(), bytes.to_vec().into(), array.into()];
    for body in bodies {
        let endpoint = Endpoint::new("message").await;
        let request = Request::post(&endpoint.url, body).header("content-type", "text/x-test");
        let mut messages = request.open().unwrap();
        assert_eq!(data(&mut messages).await, "a");
        let seen = endpoint.seen(0).await;
        assert_eq!((seen.method.as_str(), seen.body.as_str()), ("POST", "ü"));
        assert_eq!(seen.headers["content-type"], "text/x-test");
    }
}

#[wasm_bindgen_test]
async fn the_end_of_a_post_is_reported_as_an_error() {
    let endpoint = Endpoint::new("one-message").await;
    let mut messages = Request::post(&endpoint.url, "").open().unwrap();
    assert_eq!(data(&mut messages).await, "a");
    let error = messages.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Failed { reason: Cause::EndOfBody, status: None, .. }));
    assert_eq!(error.to_string(), "the server ended the event stream");
    assert!(messages.next().await.is_none());
}

#[wasm_bindgen_test]
async fn a_stream_that_was_cut_off_resumes_after_its_last_message() {
    let table = [("two-connections", "7"), ("id-of-a-few-bytes", "ü豆")];
    for (scenario, id) in table {
        let endpoint = Endpoint::new(scenario).await;
        let mut messages = endpoint.request().open().unwrap();
        assert_eq!(messages.next().await.unwrap().unwrap(), message("message", "a", id));
        endpoint.cut(0).await;
        assert_eq!(messages.next().await.unwrap().unwrap(), message("message", "b", id));
        assert_eq!(endpoint.seen(1).await.last_event_id, id);
    }
}

#[wasm_bindgen_test]
async fn a_post_is_repeated_if_it_can_resume_or_the_application_allows_it() {
    let table = [
        ("two-connections", None, true),
        ("message", None, false),
        ("message", Some(Replay::Always), true),
        ("two-connections", Some(Replay::Never), false),
    ];
    for (scenario, replay, is_repeated) in table {
        let endpoint = Endpoint::new(scenario).await;
        let mut request = Request::post(&endpoint.url, "a").reconnect(promptly());
        if let Some(replay) = replay {
            request = request.replay(replay);
        }
        let mut messages = request.open().unwrap();
        assert_eq!(data(&mut messages).await, "a");
        endpoint.cut(0).await;
        if is_repeated {
            assert_eq!(endpoint.seen(1).await.body, "a");
        } else {
            let error = messages.next().await.unwrap().unwrap_err();
            assert!(matches!(error, Error::Failed { reason: Cause::NetworkError, .. }), "{error}");
        }
    }
}

#[wasm_bindgen_test]
async fn the_first_request_has_the_initial_last_event_id() {
    let endpoint = Endpoint::new("message").await;
    let mut messages = endpoint.request().last_event_id("ü9").open().unwrap();
    assert_eq!(messages.next().await.unwrap().unwrap(), message("message", "a", "ü9"));
    assert_eq!(endpoint.seen(0).await.last_event_id, "ü9");
}

#[wasm_bindgen_test]
async fn a_503_is_retried_when_retry_after_is_over() {
    let endpoint = Endpoint::new("unavailable").await;
    let mut messages = endpoint.request().reconnect(promptly()).open().unwrap();
    assert_eq!(data(&mut messages).await, "a");
    let waited_ms = endpoint.seen(1).await.arrived_at - endpoint.seen(0).await.arrived_at;
    assert!(waited_ms >= 990.0, "{waited_ms} ms");
}

#[wasm_bindgen_test]
async fn a_refusal_is_final() {
    let table = [
        ("unavailable", Cause::Status, Some(503)),
        ("not-found", Cause::Status, Some(404)),
        ("unauthorized", Cause::Status, Some(401)),
        ("no-content", Cause::Status, Some(204)),
        ("html", Cause::ContentType, Some(200)),
    ];
    for (scenario, cause, expected) in table {
        let endpoint = Endpoint::new(scenario).await;
        let mut messages = endpoint.request().open().unwrap();
        let error = messages.next().await.unwrap().unwrap_err();
        let Error::Failed { reason, status, .. } = error else { panic!("{error}") };
        assert_eq!((reason, status), (cause, expected), "{scenario}");
        assert!(messages.next().await.is_none());
    }
}

#[wasm_bindgen_test]
async fn a_refusal_of_the_origin_is_told_apart_from_a_dead_server() {
    let endpoint = Endpoint::new("message?private").await;
    let mut messages = endpoint.request().open().unwrap();
    let error = messages.next().await.unwrap().unwrap_err();
    let Error::Failed { reason, status, detail, .. } = error else { panic!("{error}") };
    assert_eq!((reason, status), (Cause::Refused, None));
    assert!(detail.unwrap().starts_with("TypeError: "));
}

#[wasm_bindgen_test]
async fn an_attempt_without_a_response_is_abandoned() {
    let endpoint = Endpoint::new("silent-once").await;
    let request = endpoint.request().reconnect(promptly());
    let mut messages = request.open_timeout(Duration::from_millis(300)).open().unwrap();
    assert_eq!(data(&mut messages).await, "a");
    assert!(!endpoint.closed(0).await.finished);
}

#[wasm_bindgen_test]
async fn a_timeout_of_the_last_attempt_is_an_error() {
    let endpoint = Endpoint::new("silent").await;
    let reconnect = Reconnect { max_attempts: 1, ..promptly() };
    let request = endpoint.request().reconnect(reconnect);
    let mut messages = request.open_timeout(Duration::from_millis(1)).open().unwrap();
    let error = messages.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Failed { reason: Cause::Timeout, .. }), "{error}");
}

#[wasm_bindgen_test]
async fn an_idle_connection_is_abandoned() {
    let endpoint = Endpoint::new("two-connections").await;
    let request = endpoint.request().idle_timeout(Duration::from_millis(300));
    let mut messages = request.open().unwrap();
    assert_eq!(data(&mut messages).await, "a");
    assert_eq!(data(&mut messages).await, "b");
    assert!(!endpoint.closed(0).await.finished);
}

#[wasm_bindgen_test]
async fn dropping_the_messages_closes_the_connection() {
    for (scenario, is_awaited) in [("message", true), ("message", false), ("silent", false)] {
        let endpoint = Endpoint::new(scenario).await;
        let mut messages = endpoint.request().open().unwrap();
        if is_awaited {
            assert_eq!(data(&mut messages).await, "a");
        }
        endpoint.seen(0).await;
        drop(messages);
        assert!(!endpoint.closed(0).await.finished);
    }
}

/// Firefox reads ahead, whatever the page does.
fn reads_ahead() -> bool {
    web_sys::window().unwrap().navigator().user_agent().unwrap().contains("Firefox")
}

#[wasm_bindgen_test]
async fn a_server_sends_no_faster_than_messages_are_taken() {
    let endpoint = Endpoint::new("flood").await;
    let mut messages = endpoint.request().open().unwrap();
    data(&mut messages).await;
    let stuck = endpoint.stuck(0).await;
    if !reads_ahead() {
        assert!(stuck.written < stuck.of / 2, "{} of {}", stuck.written, stuck.of);
    }
    for _message in 1..stuck.of {
        assert_eq!(data(&mut messages).await.len(), 64 * 1024);
    }
    assert!(endpoint.closed(0).await.finished);
}

#[wasm_bindgen_test]
async fn reconnect_replaces_the_connection() {
    let endpoint = Endpoint::new("two-connections").await;
    let mut messages = endpoint.request().open().unwrap();
    assert_eq!(data(&mut messages).await, "a");
    messages.reconnect();
    assert_eq!(data(&mut messages).await, "b");
    assert!(!endpoint.closed(0).await.finished);
    assert_eq!(endpoint.seen(1).await.last_event_id, "7");
}

#[wasm_bindgen_test]
async fn a_handle_reconnects_while_a_message_is_awaited() {
    let endpoint = Endpoint::new("two-connections").await;
    let mut messages = endpoint.request().open().unwrap();
    assert_eq!(data(&mut messages).await, "a");
    let handle = messages.handle();
    let (next, ()) = join(messages.next(), async { handle.reconnect() }).await;
    assert_eq!(next.unwrap().unwrap().data, "b");
}

#[wasm_bindgen_test]
async fn a_handle_does_not_keep_the_connection_open() {
    let endpoint = Endpoint::new("message").await;
    let mut messages = endpoint.request().open().unwrap();
    let handle = messages.handle();
    assert_eq!(data(&mut messages).await, "a");
    drop(messages);
    assert!(!endpoint.closed(0).await.finished);
    handle.reconnect();
}

#[wasm_bindgen_test]
async fn dropping_the_future_of_next_loses_no_message() {
    let endpoint = Endpoint::new("one-message").await;
    let mut messages = Request::post(&endpoint.url, "").open().unwrap();
    assert!(messages.next().now_or_never().is_none());
    endpoint.closed(0).await;
    assert_eq!(data(&mut messages).await, "a");
}
