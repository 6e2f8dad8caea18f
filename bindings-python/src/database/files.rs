//! Files in and out.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyType};

use super::Database;
use crate::arguments::EventArgument;
use crate::detached::detached;
use crate::event_id::EventId;
use crate::file_reader::{RawFile, whole};
use crate::file_writer::FileWriter;
use crate::new_event::new_event;
use crate::source::Source;
use crate::watch::Watch;

#[pymethods]
impl Database {
    /// Stores a file under ``parent``: an event that carries what ``source`` gives. Gives the event's id.
    ///
    /// ``source`` is bytes-like (bytes are read in place), a path (str or os.PathLike), or a file object open in
    /// binary mode, whose ``read(n)`` is called until it gives nothing. It is read to its end, once; memory is
    /// bounded whatever the length. Where it fails, nothing of it can be seen. The other arguments say what else
    /// the event carries, as for ``append``.
    ///
    /// ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes read so
    /// far and 0, at most about 20 times a second, on this thread; it may use the database, and what it raises
    /// ends the call. So does Ctrl-C.
    ///
    /// Raises SourceFailedError with the source's exception as its cause; PathNotFoundError and
    /// PermissionDeniedError for a path; CancelledError; and what ``append`` raises.
    #[pyo3(
        signature = (parent, source, *, cancel=None, progress=None, **new),
        text_signature = "($self, parent, source, *, cancel=None, progress=None, metadata=None, attributes=None, \
                          follows=None, temporary=False, expires=None, full_text=False, durability=None)"
    )]
    fn put_file(
        &self,
        py: Python<'_>,
        parent: EventArgument,
        source: &Bound<'_, PyAny>,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
        new: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<EventId> {
        let new = new_event("put_file", new)?;
        let watch = Watch::new(progress, cancel)?;
        let source = Source::of(source)?;
        let reader = source.reader(&watch);
        let id = watch.run(py, |control| self.opened.put_file_with(parent.0, reader, new, control))?;
        Ok(id.into())
    }

    /// The whole file that an event carries. ``open_file`` reads a large one in pieces.
    ///
    /// Raises EventNotFoundError; NoContentError where the event carries no file; MemoryError; CorruptError,
    /// naming the event and the damaged place.
    fn read_file<'py>(&self, py: Python<'py>, event: EventArgument) -> PyResult<Bound<'py, PyBytes>> {
        let reader = detached(py, || self.opened.open_file(event.0))?;
        whole(py, &reader)
    }

    /// Opens the file that an event carries for reading. A range reads only what it touches.
    ///
    /// Raises EventNotFoundError; NoContentError where the event carries no file.
    fn open_file<'py>(&self, py: Python<'py>, event: EventArgument) -> PyResult<Bound<'py, PyAny>> {
        static FILE_READER: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let reader = detached(py, || self.opened.open_file(event.0))?;
        let class = FILE_READER.import(py, "ouroborosdb._files", "FileReader")?;
        class.call1((RawFile::new(&self.opened, reader),))
    }

    /// A writer for a file that the caller pushes; ``FileWriter.finish`` makes the event. The arguments say what
    /// the event carries beside the file, as for ``append``.
    ///
    /// Raises what ``append`` raises.
    #[pyo3(
        signature = (parent, **new),
        text_signature = "($self, parent, *, metadata=None, attributes=None, follows=None, temporary=False, \
                          expires=None, full_text=False, durability=None)"
    )]
    fn file_writer(
        &self,
        py: Python<'_>,
        parent: EventArgument,
        new: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<FileWriter> {
        let new = new_event("file_writer", new)?;
        let writer = detached(py, || self.opened.file_writer(parent.0, new))?;
        Ok(FileWriter::new(&self.opened, writer))
    }
}
