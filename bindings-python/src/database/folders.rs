//! Folders in and out.

use ouroborosdb::{ExportOptions, ImportOptions};
use pyo3::prelude::*;

use super::Database;
use crate::arguments::{EventArgument, PathArgument};
use crate::open::Durable;
use crate::report::{ExportReport, ImportReport};
use crate::watch::Watch;

#[pymethods]
impl Database {
    /// Stores a folder, a file or a symbolic link under ``parent``, and tells what it stored.
    ///
    /// Each entry becomes an event under its folder's event, with the attributes "file.name", "file.type"
    /// ("file", "directory", "symlink"), "file.mode", "file.mtime_ns" and, for links, "file.target". The whole
    /// import becomes visible at once, up to about 150,000 entries; beyond that in several steps, folders before
    /// what is in them. Devices, sockets and pipes are skipped and reported.
    ///
    /// ``durability`` says when the import is safe, as for ``append``.
    ///
    /// ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes read and
    /// the entries done so far, as for ``put_file``.
    ///
    /// Raises PathNotFoundError, PermissionDeniedError or IoError, naming the path, where an entry cannot be
    /// read: nothing of the import is visible then; InvalidArgumentError for a device, or the store's own folder;
    /// CancelledError; ParentNotFoundError; InvalidParentError; the errors of every write.
    #[pyo3(signature = (parent, path, *, durability=None, cancel=None, progress=None))]
    fn import_path(
        &self,
        py: Python<'_>,
        parent: EventArgument,
        path: PathArgument,
        durability: Option<Durable>,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<ImportReport> {
        let watch = Watch::new(progress, cancel)?;
        let report = watch.run(py, |control| {
            let mut options = ImportOptions::new().control(control);
            if let Some(Durable(durability)) = durability {
                options = options.durability(durability);
            }
            self.opened.import_path(parent.0, path.0, options)
        })?;
        Ok(report.into())
    }

    /// Writes a stored folder, file or symbolic link to ``path``, which must not exist, or be an empty folder,
    /// and tells what it wrote.
    ///
    /// ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes written
    /// and the entries done so far, as for ``put_file``.
    ///
    /// Raises EventNotFoundError; NotExportableError for an event that is no folder entry; AlreadyExistsError;
    /// UnsafeNameError for a stored name that could lead elsewhere; PathNotFoundError where the folder of the
    /// target is missing; CancelledError; CorruptError; IoError, naming the path. What was written before an
    /// error stays.
    #[pyo3(signature = (event, path, *, cancel=None, progress=None))]
    fn export_path(
        &self,
        py: Python<'_>,
        event: EventArgument,
        path: PathArgument,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<ExportReport> {
        let watch = Watch::new(progress, cancel)?;
        let report = watch.run(py, |control| {
            self.opened.export_path(event.0, path.0, ExportOptions::new().control(control))
        })?;
        Ok(report.into())
    }
}
