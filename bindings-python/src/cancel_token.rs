//! `CancelToken`: cancels long calls from another thread.

use pyo3::prelude::*;

/// Cancels the calls that it was given to, from any thread; a cancelled call raises CancelledError.
///
/// A token stays cancelled.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct CancelToken {
    pub(crate) inner: ouroborosdb::CancelToken,
}

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> CancelToken {
        CancelToken { inner: ouroborosdb::CancelToken::new() }
    }

    /// Cancels the calls that hold this token, and those that will get it.
    fn cancel(&self) {
        self.inner.cancel();
    }

    /// Whether ``cancel`` was called.
    #[getter]
    fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled()
    }

    fn __repr__(&self) -> &'static str {
        if self.inner.is_cancelled() { "<CancelToken, cancelled>" } else { "<CancelToken>" }
    }
}
