//! The one door between Python and the engine.
//!
//! While a call is behind it, other Python threads run. A panic stops here and becomes an `InternalError`.
//! Forgetting the door in one blocking call stops every thread of a program, so nothing calls the engine past it
//! but what never waits.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ouroborosdb::{Error, ErrorCode, Result};
use pyo3::prelude::*;

use crate::ending::Asking;
use crate::errors;

/// Runs `work` without the interpreter, and raises what it answers.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    detached_result(py, work).map_err(|error| errors::raised(py, &error))
}

/// As [`detached`], for callers that look at the engine's error themselves.
pub(crate) fn detached_result<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let (answer, _asking) = py.detach(|| {
        // A panic leaves no handle of ours half changed: they are all immutable or behind the engine's own locks.
        let answer = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(internal(&*panic)));
        (answer, Asking::to_return())
    });
    answer
}

fn internal(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Error::new(ErrorCode::Internal, format!("the library failed in a way that it never should: {text}"))
}

/// Panics behind the door, for the tests.
#[cfg(feature = "testing")]
#[pyfunction]
#[allow(clippy::panic, reason = "panicking is what it is for")]
pub(crate) fn _test_panic(py: Python<'_>) -> PyResult<()> {
    detached(py, || panic!("a test asked for it"))
}
