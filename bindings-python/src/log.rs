//! What the engine tells, as records that Python gets.
//!
//! The engine calls the sink on a thread of its own that holds no lock, so that thread may wait for the interpreter; and
//! whoever sets or clears a sink lets the interpreter go meanwhile.

use ouroborosdb::{LogLevel, LogValue, clear_log_sink as clear, set_log_sink as set};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arguments::{invalid, text, wrong_type};
use crate::detached::detached;
use crate::ending::attached;

/// One thing that the engine tells. str() of it is one line: the message, then the fields.
#[pyclass(frozen, eq, module = "ouroborosdb")]
#[derive(PartialEq, Eq)]
pub(crate) struct LogRecord {
    inner: ouroborosdb::LogRecord,
}

#[pymethods]
impl LogRecord {
    /// How grave it is: "error", "warn", "info" or "debug".
    #[getter]
    fn level(&self) -> &'static str {
        self.inner.level.name()
    }

    /// When it was told, in milliseconds since 1970.
    #[getter]
    fn time_ms(&self) -> u64 {
        self.inner.time_ms
    }

    /// What happened, the same words each time.
    #[getter]
    fn message(&self) -> &str {
        &self.inner.message
    }

    /// What it happened to, by name: int, bool or str. "store" is the store's folder. A new dict each time.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, value) in &self.inner.fields {
            match value {
                LogValue::Number(number) => dict.set_item(name, number)?,
                LogValue::Flag(flag) => dict.set_item(name, flag)?,
                LogValue::Text(text) => dict.set_item(name, text)?,
            }
        }
        Ok(dict)
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<LogRecord {}: {}>", self.inner.level.name(), self.inner)
    }
}

/// The caller's function. It goes with the interpreter at hand.
struct Sink(Option<Py<PyAny>>);

impl Drop for Sink {
    fn drop(&mut self) {
        let sink = self.0.take();
        attached(|_| drop(sink));
    }
}

/// Has ``sink`` called with what the engine tells from now on. See ``ouroborosdb.set_log_sink``.
#[pyfunction]
pub(crate) fn set_log_sink(
    py: Python<'_>,
    level: &Bound<'_, PyAny>,
    sink: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let level = LogLevel::from_name(text("level", level)?)
        .ok_or_else(|| invalid(py, "level is \"error\", \"warn\", \"info\" or \"debug\""))?;
    if !sink.is_callable() {
        return Err(wrong_type("sink", "a callable of one LogRecord", sink));
    }
    let sink = Sink(Some(sink.clone().unbind()));
    let tell = move |record: &ouroborosdb::LogRecord| {
        attached(|py| {
            let Some(sink) = &sink.0 else { return };
            if let Err(raised) = sink.call1(py, (LogRecord { inner: record.clone() },)) {
                raised.write_unraisable(py, Some(sink.bind(py)));
            }
        });
    };
    detached(py, || set(level, tell))
}

/// Ends the sink of ``set_log_sink``: what was told so far is delivered first, and when this returns the sink is not
/// called any more. From within the sink it returns at once, and the sink ends after what waits for it. Does nothing
/// where there is no sink.
///
/// Do not hold a lock that the sink may wait for.
#[pyfunction]
pub(crate) fn clear_log_sink(py: Python<'_>) -> PyResult<()> {
    detached(py, || {
        clear();
        Ok(())
    })
}
