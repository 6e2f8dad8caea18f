//! Making durable, rebuilding, checking, counting.

use ouroborosdb::VerifyOptions;
use pyo3::prelude::*;

use super::Database;
use crate::detached::detached;
use crate::report::{Stats, VerifyReport};
use crate::watch::Watch;

#[pymethods]
impl Database {
    /// Sees what a writer has committed since this database was opened read-only, or refreshed, in this process or
    /// another; whether there are new events. A database that is open for writing sees everything as it comes, and
    /// answers False.
    ///
    /// Cursors that are open go on seeing what they saw; new ones, and the change feed, see what is new. After
    /// IoError and CorruptError it goes on seeing what it saw.
    fn refresh(&self, py: Python<'_>) -> PyResult<bool> {
        detached(py, || self.opened.refresh())
    }

    /// Makes everything that was committed durable.
    ///
    /// Raises the errors of every write.
    fn sync(&self, py: Python<'_>) -> PyResult<()> {
        detached(py, || self.opened.sync())
    }

    /// Makes the index anew from the segments. No answer changes. Writers wait meanwhile.
    ///
    /// ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes and
    /// records read so far, as for ``put_file``.
    ///
    /// Raises CancelledError.
    #[pyo3(signature = (*, cancel=None, progress=None))]
    fn rebuild_index(
        &self,
        py: Python<'_>,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        Watch::new(progress, cancel)?.run(py, |control| self.opened.rebuild_index_with(control))
    }

    /// Figures as of now.
    fn stats(&self, py: Python<'_>) -> PyResult<Stats> {
        detached(py, || self.opened.stats()).map(Stats::from)
    }

    /// All figures in the text format of Prometheus, for an application to serve: gives a str. Serve each database
    /// under a path of its own: the texts of two make no whole.
    fn prometheus(&self, py: Python<'_>) -> PyResult<String> {
        detached(py, || self.opened.prometheus())
    }

    /// Reads and checks everything: every checksum, the SHA-512 of every event and chunk, that every event has
    /// its parent and every file its chunks. Damage is no error: the report names it.
    ///
    /// Verify cannot see that the store as a whole was put back to an earlier valid state; that takes an id that
    /// was written down elsewhere.
    ///
    /// ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes and
    /// records checked so far, as for ``put_file``.
    ///
    /// Raises CancelledError.
    #[pyo3(signature = (*, cancel=None, progress=None))]
    fn verify(
        &self,
        py: Python<'_>,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<VerifyReport> {
        let watch = Watch::new(progress, cancel)?;
        let report = watch.run(py, |control| self.opened.verify(VerifyOptions::new().control(control)))?;
        Ok(report.into())
    }
}
