//! A stream that always has more data does not starve its page.

use std::pin::pin;

use eventsource_wasm::Request;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(inline_js = "
    /** Makes `fetch` respond to the URL with a body of `chunks` chunks, each of which is ready at once. */
    export function serveEndlessly(url, text, chunks) {
        const platform = globalThis.fetch
        const chunk = new TextEncoder().encode(text)
        globalThis.fetch = (request) => {
            if (request.url !== url) return platform(request)
            let left = chunks
            const pull = (controller) => {
                if (left-- > 0) controller.enqueue(chunk)
                else controller.close()
            }
            const headers = { 'content-type': 'text/event-stream' }
            return Promise.resolve(new Response(new ReadableStream({ pull }), { headers }))
        }
    }
")]
extern "C" {
    #[wasm_bindgen(js_name = serveEndlessly)]
    fn serve_endlessly(url: &str, text: &str, chunks: u32);
}

#[wasm_bindgen_test]
async fn a_timer_fires_while_messages_are_always_ready() {
    let table = [
        ("one message a chunk", "data: a\n\n".into()),
        ("many messages a chunk", "data: a\n\n".repeat(5000)),
        ("comments alone", ": a\n".into()),
        ("unfinished lines alone", String::from("data: a\n")),
    ];
    for (index, (name, chunk)) in table.iter().enumerate() {
        let url = format!("https://endless.invalid/{index}");
        serve_endlessly(&url, chunk, 300_000);
        let mut messages = Request::post(&url, "").open().unwrap();
        let all = pin!(async { while messages.next().await.unwrap().is_ok() {} });
        let timer = TimeoutFuture::new(50);
        assert!(matches!(select(all, timer).await, Either::Right(_)), "{name}");
    }
}
