//! Awaits promises and interruptions, one promise at a time, through one pair of callbacks.
//!
//! `wasm_bindgen_futures::JsFuture` makes two closures for every promise. A body is read in thousands
//! of chunks, and there that is half of the cost of a small one.

use alloc::rc::Rc;
use core::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    task::{Poll, Waker},
};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, closure::Closure, prelude::*};

use super::Owner;

#[wasm_bindgen]
extern "C" {
    type Thenable;
    #[wasm_bindgen(method)]
    fn then(this: &Thenable, fulfilled: &Function, rejected: &Function);
}

/// What a promise settled to.
pub(super) type Outcome = Result<JsValue, JsValue>;

/// See the module's documentation.
pub(super) struct Settle {
    line: RefCell<Line>,
    waker: Rc<RefCell<Option<Waker>>>,
    interrupted: Rc<Cell<bool>>,
    closed: Cell<bool>,
}

/// The way of an outcome from the promise to the driver. One that may still bring the outcome of a
/// promise which nobody waits for any more is replaced, so that it is not taken for another's.
struct Line {
    outcome: Rc<RefCell<Option<Outcome>>>,
    fulfilled: Function,
    rejected: Function,
    is_used: bool,
}

impl Settle {
    pub(super) fn new(owner: &impl Owner) -> Self {
        let waker = Rc::new(RefCell::new(None));
        Self {
            line: RefCell::new(Line::new(&waker, owner)),
            waker,
            interrupted: Rc::default(),
            closed: Cell::new(false),
        }
    }

    /// Makes `promise` the one that [`outcome`](Self::outcome) is about.
    pub(super) fn watch(&self, promise: &Promise, owner: &impl Owner) {
        let mut line = self.line.borrow_mut();
        if line.is_used {
            *line = Line::new(&self.waker, owner);
        }
        line.is_used = true;
        promise.unchecked_ref::<Thenable>().then(&line.fulfilled, &line.rejected);
    }

    /// Waits for the outcome of the watched promise. `None` after an interruption or
    /// [`close`](Self::close); it can then be waited for again.
    pub(super) fn outcome(&self) -> impl Future<Output = Option<Outcome>> + use<'_> {
        poll_fn(|context| {
            let mut line = self.line.borrow_mut();
            let outcome = line.outcome.borrow_mut().take();
            if self.closed.get() {
                return Poll::Ready(None);
            }
            if outcome.is_some() {
                line.is_used = false;
                return Poll::Ready(outcome);
            }
            if self.interrupted.take() {
                return Poll::Ready(None);
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
    }

    /// Waits for an interruption or [`close`](Self::close).
    pub(super) fn interruption(&self) -> impl Future<Output = ()> + use<'_> {
        poll_fn(|context| {
            if self.closed.get() || self.interrupted.take() {
                return Poll::Ready(());
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
    }

    /// Ends the current wait, or the next one.
    pub(super) fn interrupter(&self) -> impl Fn() + use<> {
        let (interrupted, waker) = (Rc::clone(&self.interrupted), Rc::clone(&self.waker));
        move || {
            interrupted.set(true);
            wake(&waker);
        }
    }

    /// Ends the current wait and every later one.
    pub(super) fn close(&self) {
        self.closed.set(true);
        wake(&self.waker);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }
}

impl Line {
    fn new(waker: &Rc<RefCell<Option<Waker>>>, owner: &impl Owner) -> Self {
        let outcome = Rc::default();
        Self {
            fulfilled: owner.guard(callback(&outcome, waker, Ok)),
            rejected: owner.guard(callback(&outcome, waker, Err)),
            outcome,
            is_used: false,
        }
    }
}

/// The function belongs to JavaScript: a promise that settles after its source has gone may call it.
fn callback(
    slot: &Rc<RefCell<Option<Outcome>>>,
    waker: &Rc<RefCell<Option<Waker>>>,
    outcome: fn(JsValue) -> Outcome,
) -> Function {
    let (slot, waker) = (Rc::clone(slot), Rc::clone(waker));
    let settled = move |value| {
        slot.replace(Some(outcome(value)));
        wake(&waker);
    };
    Closure::<dyn FnMut(JsValue)>::new(settled).into_js_value().unchecked_into()
}

fn wake(waker: &RefCell<Option<Waker>>) {
    // Not in one expression: the driver may run at once and wait again.
    let waker = waker.take();
    if let Some(waker) = waker {
        waker.wake();
    }
}
