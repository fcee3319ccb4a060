//! Awaits promises and timers, one at a time, through one pair of callbacks for the life of a source.
//!
//! `wasm_bindgen_futures::JsFuture` makes two closures for every promise. A body is read in thousands
//! of chunks, and there that is half of the cost of a small one.

use alloc::rc::Rc;
use core::{
    cell::RefCell,
    future::{Future, poll_fn},
    task::{Poll, Waker},
};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, closure::Closure, prelude::*};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: u32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);

    type Thenable;
    #[wasm_bindgen(method)]
    fn then(this: &Thenable, fulfilled: &Function, rejected: &Function);
}

/// What a promise settled to.
pub(super) type Outcome = Result<JsValue, JsValue>;

#[derive(Default)]
struct Slot {
    outcome: Option<Outcome>,
    waker: Option<Waker>,
    closed: bool,
}

/// See the module's documentation.
pub(super) struct Settle {
    slot: Rc<RefCell<Slot>>,
    fulfilled: Function,
    rejected: Function,
}

impl Settle {
    pub(super) fn new() -> Self {
        let slot = Rc::new(RefCell::new(Slot::default()));
        Self { fulfilled: callback(&slot, Ok), rejected: callback(&slot, Err), slot }
    }

    /// Waits for `promise`. After [`close`](Self::close) the outcome is an `Err`.
    pub(super) fn promise(&self, promise: &Promise) -> impl Future<Output = Outcome> + use<'_> {
        self.slot.borrow_mut().outcome = None;
        promise.unchecked_ref::<Thenable>().then(&self.fulfilled, &self.rejected);
        self.outcome()
    }

    /// Waits for `delay_ms`, or for [`close`](Self::close).
    pub(super) async fn timer(&self, delay_ms: u32) {
        self.slot.borrow_mut().outcome = None;
        let timer = set_timeout(&self.fulfilled, delay_ms);
        let _elapsed_or_closed = self.outcome().await;
        clear_timeout(&timer);
    }

    /// Ends the current wait and every later one. A promise waited for may still settle: nobody listens.
    pub(super) fn close(&self) {
        self.slot.borrow_mut().closed = true;
        settle(&self.slot, Err(JsValue::UNDEFINED));
    }

    pub(super) fn is_closed(&self) -> bool {
        self.slot.borrow().closed
    }

    fn outcome(&self) -> impl Future<Output = Outcome> + use<'_> {
        poll_fn(|context| {
            let mut slot = self.slot.borrow_mut();
            match slot.outcome.take() {
                _ if slot.closed => Poll::Ready(Err(JsValue::UNDEFINED)),
                Some(outcome) => Poll::Ready(outcome),
                None => {
                    slot.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

/// The function belongs to JavaScript: a promise that settles after its source has gone may call it.
fn callback(slot: &Rc<RefCell<Slot>>, outcome: fn(JsValue) -> Outcome) -> Function {
    let slot = Rc::clone(slot);
    let settled = move |value| settle(&slot, outcome(value));
    Closure::<dyn FnMut(JsValue)>::new(settled).into_js_value().unchecked_into()
}

fn settle(slot: &RefCell<Slot>, outcome: Outcome) {
    let waker = {
        let mut slot = slot.borrow_mut();
        slot.outcome = Some(outcome);
        slot.waker.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
}
