//! Files in and out.

use ouroborosdb::PutFilesOptions;
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
use crate::new_files::NewFiles;
use crate::open::Durable;
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

    /// Stores many files, and gives their ids in the order of the files.
    ///
    /// ``files`` is an iterable whose elements are sources, as for ``put_file``, or pairs of a source and a dict that
    /// says what the event carries beside the file, in the keyword arguments of ``append``, and ``"parent"``: the event
    /// that it hangs under, ``parent`` unless it is said. All processors work on bytes and paths, however small each
    /// file is; what is at a path must be a file, and no device or pipe. Other sources are read on this thread, one
    /// after the other. The iterable is asked for a file when there is room for it.
    ///
    /// All become visible at once or none does, in one batch, whose limits hold: 1,048,576 files, and 64 MiB for their
    /// events, in which the bytes of the files do not count. ``durability`` says when the call is safe, as for
    /// ``append``.
    ///
    /// ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes read and the
    /// files done so far, as for ``put_file``.
    ///
    /// Raises what the iterable raises; what ``put_file`` raises, in messages that say which file they concern, as
    /// ``files[3]``; BatchTooLargeError; InvalidArgumentError for a path that is no file. Nothing of the files can be
    /// seen then.
    #[pyo3(signature = (parent, files, *, durability=None, cancel=None, progress=None))]
    fn put_files(
        &self,
        py: Python<'_>,
        parent: EventArgument,
        files: &Bound<'_, PyAny>,
        durability: Option<Durable>,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<EventId>> {
        let watch = Watch::new(progress, cancel)?;
        let files = NewFiles::of(files, &watch)?;
        let ids = watch.run(py, |control| {
            let mut options = PutFilesOptions::new().control(control);
            if let Some(Durable(durability)) = durability {
                options = options.durability(durability);
            }
            self.opened.put_files_from(parent.0, files, options)
        })?;
        Ok(ids.into_iter().map(EventId::from).collect())
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
