//! Runs the driver of one source, in the callback that it waited for.
//!
//! In place of `wasm_bindgen_futures::spawn_local`, which serves the Rust API: its queue for many tasks
//! takes a microtask more for every chunk, and a tenth of the module's size.

use alloc::{boxed::Box, rc::Rc};
use core::{
    cell::Cell,
    future::Future,
    mem::ManuallyDrop,
    pin::Pin,
    task::{Context, RawWaker, RawWakerVTable, Waker},
};

/// Empty while the future runs and after it has ended: whoever wakes it then has nothing to do.
struct Task(Cell<Option<Pin<Box<dyn Future<Output = ()>>>>>);

/// Runs `future` until it first waits, then on every wake.
pub(super) fn run(future: impl Future<Output = ()> + 'static) {
    let task: Rc<Task> = Rc::new(Task(Cell::new(Some(Box::pin(future)))));
    task.poll();
}

impl Task {
    fn poll(self: &Rc<Self>) {
        let Some(mut future) = self.0.take() else { return };
        // SAFETY: a waker may be sent to other threads, which this module has none of; what `VTABLE`
        // does with the pointer is what `Rc` demands.
        let waker = unsafe { Waker::from_raw(raw(Rc::clone(self))) };
        if future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.0.set(Some(future));
        }
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |task| raw(Rc::clone(&borrowed(task))),
    |task| owned(task).poll(),
    |task| borrowed(task).poll(),
    |task| drop(owned(task)),
);

fn raw(task: Rc<Task>) -> RawWaker {
    RawWaker::new(Rc::into_raw(task).cast(), &VTABLE)
}

fn owned(task: *const ()) -> Rc<Task> {
    // SAFETY: only `raw` makes wakers with `VTABLE`, each holds one count of an `Rc<Task>`.
    unsafe { Rc::from_raw(task.cast()) }
}

fn borrowed(task: *const ()) -> ManuallyDrop<Rc<Task>> {
    ManuallyDrop::new(owned(task))
}
