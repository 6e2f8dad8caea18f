//! Where a file's bytes come from: bytes, another buffer, a path or a Python file object.
//!
//! The engine pulls; each source is a `Read` that the engine asks for a piece at a time, from behind the door. A
//! source that needs the interpreter takes it for one piece and gives it back.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use ouroborosdb::NewFile;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyString;

use crate::arguments::{PathArgument, wrong_type};
use crate::bytes_like::{BytesLike, View};
use crate::ending::attached;
use crate::errors::raised;
use crate::source_object::ObjectReader;
use crate::watch::Watch;

/// What the caller gave as a file's content.
pub(crate) enum Source {
    Bytes(PyBackedBytes),
    View { view: Py<PyAny>, length: usize },
    Path(PathBuf),
    Object(Py<PyAny>),
}

impl Source {
    pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<Source> {
        if given.is_instance_of::<PyString>() || given.hasattr("__fspath__")? {
            return Ok(Source::Path(given.extract::<PathArgument>()?.0));
        }
        match BytesLike::of(given)? {
            Some(BytesLike::Bytes(bytes)) => Ok(Source::Bytes(PyBackedBytes::from(bytes))),
            Some(BytesLike::View(view)) => {
                let (view, length) = view.unbind();
                Ok(Source::View { view, length })
            }
            None if given.hasattr("read")? => Ok(Source::Object(given.clone().unbind())),
            None => {
                let wanted = "bytes-like, a path (str or os.PathLike) or a file object open in binary mode";
                Err(wrong_type("the source", wanted, given))
            }
        }
    }

    /// The source as the engine wants it. What goes wrong in Python is kept by `watch`.
    pub(crate) fn reader(self, watch: &Watch) -> Box<dyn Read + Send + '_> {
        match self {
            Source::Bytes(bytes) => Box::new(io::Cursor::new(bytes)),
            Source::View { view, length } => Box::new(ViewReader { view, length, at: 0, watch }),
            Source::Path(path) => Box::new(PathReader { path, file: None, watch }),
            Source::Object(object) => Box::new(ObjectReader::new(object, watch)),
        }
    }

    /// The same as one of many files. What needs the interpreter is read by the thread that calls.
    pub(crate) fn new_file(self, watch: &Watch) -> NewFile<'_> {
        match self {
            Source::Bytes(bytes) => NewFile::from_bytes(bytes),
            Source::Path(path) => NewFile::from_path(path),
            Source::View { .. } | Source::Object(_) => NewFile::from_reader_here(self.reader(watch)),
        }
    }
}

/// Ends the engine's reading; why is with the watch.
pub(crate) fn kept() -> io::Error {
    io::Error::other("an exception was raised")
}

/// Ends the engine's reading, as the process ends.
pub(crate) fn ending() -> io::Error {
    io::Error::other("the interpreter is ending")
}

/// Runs `work` with the interpreter. What it raises is kept by `watch`.
pub(crate) fn in_python<T>(watch: &Watch, work: impl FnOnce(Python<'_>) -> PyResult<T>) -> io::Result<T> {
    let outcome = attached(|py| work(py).map_err(|exception| watch.keep(exception)));
    outcome.ok_or_else(ending)?.map_err(|()| kept())
}

struct ViewReader<'a> {
    view: Py<PyAny>,
    length: usize,
    at: usize,
    watch: &'a Watch,
}

impl Read for ViewReader<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let copied =
            in_python(self.watch, |py| View::bound(py, &self.view, self.length).copy_out(self.at, target))?;
        self.at += copied;
        Ok(copied)
    }
}

/// Opened behind the door: opening a pipe waits for its writer.
struct PathReader<'a> {
    path: PathBuf,
    file: Option<File>,
    watch: &'a Watch,
}

impl PathReader<'_> {
    fn open(&self) -> io::Result<File> {
        File::open(&self.path).or_else(|error| {
            let error = ouroborosdb::Error::io("opening", &self.path, error);
            in_python(self.watch, |py| Err(raised(py, &error)))
        })
    }
}

impl Read for PathReader<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.file.is_none() {
            self.file = Some(self.open()?);
        }
        let Some(file) = &mut self.file else { return Ok(0) };
        let read = file.read(target);
        if read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
            // The engine tries again; Ctrl-C is to be heard between the two.
            in_python(self.watch, |py| py.check_signals())?;
        }
        read
    }
}
