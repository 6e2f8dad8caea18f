//! `FileWriter`: a file that the caller pushes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use pyo3::prelude::*;

use crate::arguments::wrong_type;
use crate::block::leave;
use crate::bytes_like::BytesLike;
use crate::detached::detached;
use crate::event_id::EventId;
use crate::opened::Opened;

/// A file on its way in. Made by ``Database.file_writer``; nothing can be seen of it before ``finish``.
///
/// Threads may share it; each write is taken whole. As a context manager it finishes on a clean exit, unless it was
/// finished or aborted by then, and aborts on an exception. Every call raises FinishedError once it is finished,
/// aborted, or has failed, and ClosedError once the database is closed.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct FileWriter {
    inner: ouroborosdb::FileWriter,
    /// Whether `finish` or `abort` was called.
    ended: AtomicBool,
    event: Mutex<Option<ouroborosdb::EventId>>,
    /// Behind `inner`: what goes last closes the database.
    _database: Arc<Opened>,
}

impl FileWriter {
    pub(crate) fn new(database: &Arc<Opened>, inner: ouroborosdb::FileWriter) -> FileWriter {
        FileWriter {
            inner,
            ended: AtomicBool::new(false),
            event: Mutex::new(None),
            _database: Arc::clone(database),
        }
    }
}

#[pymethods]
impl FileWriter {
    /// Takes all of ``data``, which is bytes-like, and gives how many bytes that were. What is not bytes is copied
    /// first: give large things in pieces, or to ``Database.put_file``.
    ///
    /// Raises the errors of every write, after which the writer is finished.
    #[pyo3(signature = (data, /))]
    fn write(&self, py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<usize> {
        let copied;
        let given = BytesLike::of(data)?.ok_or_else(|| wrong_type("data", "bytes-like", data))?;
        let bytes = match &given {
            BytesLike::Bytes(bytes) => bytes.as_bytes(),
            BytesLike::View(view) => {
                copied = view.to_vec()?;
                &copied
            }
        };
        detached(py, || self.inner.write(bytes))?;
        Ok(bytes.len())
    }

    /// Bytes taken so far.
    #[getter]
    fn length(&self, py: Python<'_>) -> PyResult<u64> {
        detached(py, || Ok(self.inner.length()))
    }

    /// Makes the event, and gives its id. The writer is finished, whatever happens.
    ///
    /// Raises the errors of every write.
    fn finish(&self, py: Python<'_>) -> PyResult<EventId> {
        self.ended.store(true, Ordering::Relaxed);
        let id = detached(py, || {
            let id = self.inner.finish()?;
            *self.event.lock() = Some(id);
            Ok(id)
        })?;
        Ok(id.into())
    }

    /// Ends the writer without an event.
    fn abort(&self, py: Python<'_>) -> PyResult<()> {
        self.ended.store(true, Ordering::Relaxed);
        detached(py, || self.inner.abort())
    }

    /// The id of the event, once the writer is finished; None before, and where it was aborted.
    #[getter]
    fn event(&self) -> Option<EventId> {
        self.event.lock().map(EventId::from)
    }

    /// Gives the writer.
    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// Finishes the file, or aborts it where an exception leaves the block.
    #[pyo3(signature = (exc_type, exc_value, traceback, /))]
    fn __exit__(
        &self,
        py: Python<'_>,
        exc_type: &Bound<'_, PyAny>,
        exc_value: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let _ = (exc_value, traceback);
        leave(&self.ended, exc_type, || self.finish(py).map(drop), || self.abort(py))
    }

    fn __repr__(&self) -> &'static str {
        if self.ended.load(Ordering::Relaxed) { "<FileWriter, finished>" } else { "<FileWriter>" }
    }
}
