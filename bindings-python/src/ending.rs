//! The end of the interpreter, while daemon threads are inside the engine.
//!
//! An interpreter that ends ends every other thread that asks for it, by unwinding the thread's stack, and the
//! frames of Rust on that stack answer with an abort of the process. So no thread may ask from then on: one that
//! comes out of the engine stays where it is, as the process is about to go; a call that wants to run Python is
//! told that it cannot, and comes out of the engine. Threads that asked just before are waited for.
//!
//! What remains is a callback that runs Python code for longer than `WAIT_MAX` at the end, and returns in the few
//! milliseconds before the process is gone.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

/// The thread that ends the interpreter. It alone goes on.
static ENDER: OnceLock<ThreadId> = OnceLock::new();

/// Threads that have the interpreter for a callback, or are about to have it.
static ASKING: AtomicUsize = AtomicUsize::new(0);

const WAIT_MAX: Duration = Duration::from_millis(500);
const WAIT_STEP: Duration = Duration::from_millis(1);

thread_local! {
    /// How many callbacks this thread is inside of.
    static CALLBACKS: Cell<usize> = const { Cell::new(0) };
}

/// Asks Python to tell when it ends, which it does before it ends any thread.
pub(crate) fn watch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let told = wrap_pyfunction!(interpreter_ends, module)?;
    module.py().import("atexit")?.call_method1("register", (told,)).map(drop)
}

#[pyfunction]
fn interpreter_ends(py: Python<'_>) {
    py.detach(deliver_log);
    let _ = ENDER.set(thread::current().id());
    py.detach(|| {
        let start = Instant::now();
        while ASKING.load(Ordering::SeqCst) > 0 && start.elapsed() < WAIT_MAX {
            thread::sleep(WAIT_STEP);
        }
    });
}

/// What the engine has told is delivered while there is an interpreter. A sink that does not return is not waited for
/// longer than other callbacks.
fn deliver_log() {
    let (sender, done) = mpsc::channel();
    let named = thread::Builder::new().name("ouroborosdb-log-end".to_owned());
    let clearing = named.spawn(move || {
        ouroborosdb::clear_log_sink();
        let _ = sender.send(());
    });
    if clearing.is_ok() {
        let _ = done.recv_timeout(WAIT_MAX);
    }
}

/// A thread that asks for the interpreter. The count goes up before the end is looked for, so that either the
/// thread sees the end, or whoever ends sees the thread.
pub(crate) struct Asking;

impl Asking {
    /// None where it is too late to ask.
    fn new() -> Option<Asking> {
        ASKING.fetch_add(1, Ordering::SeqCst);
        let asking = Asking;
        let here = thread::current().id();
        ENDER.get().is_none_or(|ender| *ender == here).then_some(asking)
    }

    /// For a thread that comes out of the engine; held until it has the interpreter. Never returns where it is too
    /// late, but within a callback, which is waited for as a whole.
    pub(crate) fn to_return() -> Asking {
        if CALLBACKS.get() > 0 {
            ASKING.fetch_add(1, Ordering::SeqCst);
            return Asking;
        }
        match Asking::new() {
            Some(asking) => asking,
            None => loop {
                thread::park();
            },
        }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        ASKING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs `callback` with the interpreter, within a call that is inside the engine; none where the interpreter ends.
pub(crate) fn attached<T>(callback: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let _asking = Asking::new()?;
    let _inside = Inside::callback();
    Python::try_attach(callback)
}

struct Inside;

impl Inside {
    fn callback() -> Inside {
        CALLBACKS.set(CALLBACKS.get() + 1);
        Inside
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        CALLBACKS.set(CALLBACKS.get() - 1);
    }
}
