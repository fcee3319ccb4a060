//! Prices from a feed, with Yew.

use eventsource_wasm::{Error, Reconnect, Request};
use serde::Deserialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;
use web_sys::console;
use yew::{Component, Context, Html, Renderer, html};

/// The data of one event from the feed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Price {
    symbol: String,
    value: f64,
}

/// Shows the latest price and the number of prices so far.
#[derive(Debug, Default)]
struct Prices {
    latest: Option<Price>,
    received: u32,
}

impl Component for Prices {
    type Message = Price;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let link = context.link().clone();
        spawn_local(async move {
            if let Err(error) = follow(|price| link.send_message(price)).await {
                console::error_1(&error.to_string().into());
            }
        });
        Self::default()
    }

    fn update(&mut self, _: &Context<Self>, price: Price) -> bool {
        self.latest = Some(price);
        self.received += 1;
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let latest = self
            .latest
            .as_ref()
            .map_or("…".to_owned(), |Price { symbol, value }| format!("{symbol} {value:.2}"));
        html! {
            <>
                <h1>{ "Prices" }</h1>
                <p>{ latest }</p>
                <p><output>{ self.received }</output>{ " events received" }</p>
            </>
        }
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
    Renderer::<Prices>::new().render();
}
