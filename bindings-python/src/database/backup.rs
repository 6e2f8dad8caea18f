//! Hot copies.

use pyo3::prelude::*;

use super::Database;
use crate::arguments::PathArgument;
use crate::report::BackupReport;
use crate::watch::Watch;

#[pymethods]
impl Database {
    /// Makes ``path`` a consistent copy of the database, as of one sequence number, while writers go on. The copy is a
    /// store, and opens at once.
    ///
    /// ``path`` names a folder that does not exist, is empty, or holds an earlier backup of this database, finished or
    /// cut short; then only what is new is copied. What was copied is read back, and its checksums are checked. A
    /// backup that something was written to is one no more.
    ///
    /// ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes and segments
    /// dealt with so far, those that were there among them, as for ``put_file``.
    ///
    /// Raises NotABackupError where something else is at ``path``; LockedError where someone writes to it;
    /// PathNotFoundError where the folder that it is to be in does not exist; CancelledError, DiskFullError, IoError or
    /// PermissionDeniedError, after which calling again goes on where this one ended; CorruptError where a segment is
    /// missing.
    #[pyo3(signature = (path, *, cancel=None, progress=None))]
    fn backup_to(
        &self,
        py: Python<'_>,
        path: PathArgument,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<BackupReport> {
        let watch = Watch::new(progress, cancel)?;
        let report = watch.run(py, |control| self.opened.backup_to_with(path.0, control))?;
        Ok(report.into())
    }
}
