//! An endpoint of `server.mjs`: a separate URL that plays a scenario.

use std::collections::HashMap;

use eventsource_wasm::Request;
use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast as _, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

const SERVER: Option<&str> = option_env!("EVENT_SERVER");

#[wasm_bindgen]
extern "C" {
    fn fetch(url: &str) -> Promise;
}

#[derive(serde::Deserialize)]
pub struct Endpoint {
    pub url: String,
}

/// A request as the server saw it.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    pub method: String,
    pub headers: HashMap<String, String>,
    pub last_event_id: String,
    pub body: String,
    /// Milliseconds.
    pub arrived_at: f64,
}

#[derive(serde::Deserialize)]
pub struct Closed {
    /// The server ended the response. Otherwise the browser has disconnected.
    pub finished: bool,
}

#[derive(serde::Deserialize)]
pub struct Stuck {
    /// Messages that the server could send.
    pub written: u32,
    /// The number of messages that it has in all.
    pub of: u32,
}

async fn ask<T: DeserializeOwned>(url: &str) -> T {
    let response: Response = JsFuture::from(fetch(url)).await.unwrap().unchecked_into();
    let text = JsFuture::from(response.text().unwrap()).await.unwrap().as_string().unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

impl Endpoint {
    /// `scenario` is one of those in `server.mjs`.
    pub async fn new(scenario: &str) -> Self {
        let server = SERVER.expect("scripts/wasm-tests.mjs sets EVENT_SERVER");
        ask(&format!("{server}/new/{scenario}")).await
    }

    pub fn request(&self) -> Request {
        Request::new(&self.url)
    }

    /// Waits for request `n` to arrive.
    pub async fn seen(&self, n: u32) -> Seen {
        ask(&format!("{}/{n}/request", self.url)).await
    }

    /// Waits until the connection of request `n` is closed.
    pub async fn closed(&self, n: u32) -> Closed {
        ask(&format!("{}/{n}/closed", self.url)).await
    }

    /// Breaks the connection of request `n`.
    pub async fn cut(&self, n: u32) {
        ask::<HashMap<String, String>>(&format!("{}/{n}/cut", self.url)).await;
    }

    /// Waits until the server has been unable to send more for a while.
    pub async fn stuck(&self, n: u32) -> Stuck {
        ask(&format!("{}/{n}/stuck", self.url)).await
    }
}
