//! Prices from a feed, with Leptos.

use eventsource_wasm::{Error, Reconnect, Request};
use leptos::{logging, mount::mount_to_body, prelude::*, task::spawn_local};
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// The data of one event from the feed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Price {
    symbol: String,
    value: f64,
}

/// Shows the latest price and the number of prices so far.
#[component]
fn Prices() -> impl IntoView {
    let (latest, set_latest) = signal(None::<Price>);
    let (received, set_received) = signal(0_u32);
    spawn_local(async move {
        let followed = follow(|price| {
            set_latest.set(Some(price));
            set_received.update(|received| *received += 1);
        });
        if let Err(error) = followed.await {
            logging::error!("{error}");
        }
    });
    view! {
        <h1>"Prices"</h1>
        <p>{move || latest.get().map_or("…".to_owned(), |Price { symbol, value }| format!("{symbol} {value:.2}"))}</p>
        <p><output>{received}</output>" events received"</p>
    }
}

/// Passes each price to `show`, across reconnects, until the feed fails for good.
async fn follow(mut show: impl FnMut(Price)) -> Result<(), Error> {
    let mut messages = Request::new("/prices").reconnect(Reconnect::default()).open()?;
    while let Some(message) = messages.next().await {
        show(message?.json()?);
    }
    Ok(())
}

/// Called by the page once the module has loaded.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(Prices);
}
