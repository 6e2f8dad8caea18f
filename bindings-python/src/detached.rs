//! The one door between Python and the engine.
//!
//! While a call is behind it, other Python threads run. A panic stops here and becomes an `InternalError`.
//! Forgetting the door in one blocking call stops every thread of a program, so nothing calls the engine past it
//! but what never waits.

use ouroborosdb::{Result, guarded};
use pyo3::prelude::*;

use crate::ending::Asking;
use crate::errors;

/// Runs `work` without the interpreter, and raises what it answers.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    detached_result(py, work).map_err(|error| errors::raised(py, &error))
}

/// As [`detached`], for callers that look at the engine's error themselves.
pub(crate) fn detached_result<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let (answer, _asking) = py.detach(|| (guarded(work), Asking::to_return()));
    answer
}

/// Panics behind the door, for the tests.
#[cfg(feature = "testing")]
#[pyfunction]
#[allow(clippy::panic, reason = "panicking is what it is for")]
pub(crate) fn _test_panic(py: Python<'_>) -> PyResult<()> {
    detached(py, || panic!("a test asked for it"))
}
