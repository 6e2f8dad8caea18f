//! `Database`: the methods lie in the files of their families, as in the engine; those of batches and of the
//! change feed beside their handles.

mod backup;
mod files;
mod folders;
mod tree;
mod upkeep;

use std::path::Path;
use std::sync::Arc;

use ouroborosdb::ErrorCode;
use pyo3::prelude::*;

use crate::detached::detached;
use crate::errors::refused;
use crate::opened::Opened;

/// An open database of event trees: made by ``open``, ``open_read_only`` or ``open_in_memory``.
///
/// Threads may share it; other threads run while a call waits. As a context manager it closes itself. An event
/// as argument is an Event, an EventId, the 64 bytes of an id or its 128 hexadecimal digits; a malformed id
/// raises InvalidIdError. Every call raises ClosedError after ``close``, IoError where the operating system
/// reports an error, CorruptError where stored bytes are damaged. Every call that writes also raises
/// ReadOnlyError, DiskFullError, and PoisonedError after a failed write.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct Database {
    pub(crate) opened: Arc<Opened>,
}

impl Database {
    pub(crate) fn new(database: ouroborosdb::Database) -> Database {
        Database { opened: Arc::new(Opened::new(database)) }
    }
}

#[pymethods]
impl Database {
    /// Closes the database: refuses new calls, waits for running ones (long ones are cancelled and raise
    /// ClosedError), makes everything durable, and releases the lock. What hangs on the database raises
    /// ClosedError from then on. Closing twice is fine.
    ///
    /// Raises the errors of the last sync; the database is closed all the same.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        detached(py, || self.opened.close())
    }

    /// Whether closing has begun.
    #[getter]
    fn closed(&self) -> bool {
        self.opened.is_closed()
    }

    /// Whether the database was opened read-only.
    #[getter]
    fn read_only(&self) -> bool {
        self.opened.is_read_only()
    }

    /// The store's folder as it was given to ``open``, a pathlib.Path; None for a database in memory.
    #[getter]
    fn path(&self) -> Option<&Path> {
        self.opened.path()
    }

    /// Gives the database. Raises ClosedError where it is closed already.
    fn __enter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        if slf.opened.is_closed() {
            return Err(refused(
                slf.py(),
                ErrorCode::Closed,
                "the database is closed; open it again to go on",
            ));
        }
        Ok(slf)
    }

    /// Closes the database.
    #[pyo3(signature = (exc_type, exc_value, traceback, /))]
    fn __exit__(
        &self,
        py: Python<'_>,
        exc_type: &Bound<'_, PyAny>,
        exc_value: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let _ = (exc_type, exc_value, traceback);
        self.close(py)
    }

    fn __repr__(&self) -> String {
        let place = self.opened.path().map_or("in memory".into(), Path::to_string_lossy);
        let closed = if self.opened.is_closed() { ", closed" } else { "" };
        format!("<Database {place}{closed}>")
    }
}
