//! One timer that interrupts the driver.

use alloc::rc::Rc;
use core::cell::{Cell, RefCell};

use js_sys::Function;
use wasm_bindgen::{JsCast as _, closure::Closure, prelude::*};

use super::Owner;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: u32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// See the module's documentation. Dropping it clears the timer.
pub(super) struct Alarm {
    callback: Function,
    timer: RefCell<JsValue>,
    /// When it goes off; infinite while it is not set.
    due_ms: Rc<Cell<f64>>,
}

impl Alarm {
    pub(super) fn new(owner: &impl Owner, ring: impl Fn() + 'static) -> Self {
        let due_ms = Rc::new(Cell::new(f64::INFINITY));
        let due = Rc::clone(&due_ms);
        let callback = move || {
            due.set(f64::INFINITY);
            ring();
        };
        let callback = Closure::<dyn FnMut()>::new(callback).into_js_value().unchecked_into();
        Self { callback: owner.guard(callback), timer: RefCell::new(JsValue::UNDEFINED), due_ms }
    }

    /// Makes it go off at most `wait_ms` after `now_ms`.
    ///
    /// One that goes off earlier stays: a timer per chunk would cost more than a look too many.
    pub(super) fn set(&self, now_ms: f64, wait_ms: u32) {
        let due_ms = now_ms + f64::from(wait_ms);
        if due_ms < self.due_ms.get() {
            self.due_ms.set(due_ms);
            clear_timeout(&self.timer.replace(set_timeout(&self.callback, wait_ms)));
        }
    }

    /// Makes it go off in the next task.
    pub(super) fn soon(&self) {
        self.set(0.0, 0);
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        clear_timeout(&self.timer.borrow());
    }
}
