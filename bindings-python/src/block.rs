//! Leaving a `with` block: what was begun is finished, or thrown away where an exception is on its way.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;

/// Leaves the block of what `ended` says to be over already, or not.
pub(crate) fn leave(
    ended: &AtomicBool,
    exc_type: &Bound<'_, PyAny>,
    finish: impl FnOnce() -> PyResult<()>,
    throw_away: impl FnOnce() -> PyResult<()>,
) -> PyResult<()> {
    if ended.load(Ordering::Relaxed) {
        return Ok(());
    }
    if exc_type.is_none() {
        return finish();
    }
    // The exception on its way is the one to hear of; of what failed or was closed nothing is left to throw away.
    let _ = throw_away();
    Ok(())
}
