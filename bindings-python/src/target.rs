//! Where a stored file is written to: a path, a descriptor or a Python file object.

use std::io::{self, Write};
use std::path::PathBuf;

use ouroborosdb::ErrorCode;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyInt, PyString};

use crate::arguments::{PathArgument, wrong_type};
use crate::errors::refused;
use crate::source::in_python;
use crate::watch::Watch;

/// What the caller gave to be written to.
pub(crate) enum Target {
    Path(PathBuf),
    Object(Py<PyAny>),
}

impl Target {
    pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<Target> {
        let py = given.py();
        if given.is_instance_of::<PyString>() || given.hasattr("__fspath__")? {
            return Ok(Target::Path(given.extract::<PathArgument>()?.0));
        }
        if given.is_instance_of::<PyInt>() && !given.is_instance_of::<PyBool>() {
            if given.lt(0)? {
                let message = "the descriptor is negative; pass an open one";
                return Err(refused(py, ErrorCode::InvalidArgument, message));
            }
            // Python's own file over the descriptor, which stays open: it knows what a descriptor is on each system.
            let file = py.import("io")?.getattr("FileIO")?.call1((given, "wb", false))?;
            return Ok(Target::Object(file.unbind()));
        }
        if given.hasattr("write")? {
            return Ok(Target::Object(given.clone().unbind()));
        }
        let wanted = "a path (str or os.PathLike), an open descriptor, or a file object open for writing in binary mode";
        Err(wrong_type("the target", wanted, given))
    }
}

/// Writes to a Python file object. What it raises is kept by `watch`.
pub(crate) struct ObjectWriter<'a> {
    pub(crate) object: Py<PyAny>,
    pub(crate) watch: &'a Watch,
}

impl ObjectWriter<'_> {
    fn taken(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<usize> {
        let object = self.object.bind(py);
        let answer = object.call_method1("write", (PyBytes::new(py, bytes),))?;
        if answer.is_none() {
            let raw = py.import("io")?.getattr("RawIOBase")?;
            if object.is_instance(&raw)? {
                let message = "the target takes no bytes now: it does not block; make it block";
                return Err(refused(py, ErrorCode::Io, message));
            }
            // Whoever does not say how much has taken all, as for `shutil.copyfileobj`.
            return Ok(bytes.len());
        }
        match answer.extract::<usize>() {
            Ok(count) if count > 0 && count <= bytes.len() => Ok(count),
            _ => {
                let message = format!("the target's write() took {answer} of {} bytes", bytes.len());
                Err(refused(py, ErrorCode::Io, &message))
            }
        }
    }
}

impl Write for ObjectWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        in_python(self.watch, |py| self.taken(py, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
