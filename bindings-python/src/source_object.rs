//! A Python file object as a source: `read(n)` is called until it gives nothing.

use std::io::{self, Read};

use ouroborosdb::ErrorCode;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::arguments::wrong_type;
use crate::bytes_like::BytesLike;
use crate::ending::attached;
use crate::errors::refused;
use crate::source::{ending, kept};
use crate::watch::Watch;

pub(crate) struct ObjectReader<'a> {
    object: Py<PyAny>,
    watch: &'a Watch,
    /// What the object gave beyond what was asked for, from `at` on.
    rest: Vec<u8>,
    at: usize,
}

impl ObjectReader<'_> {
    pub(crate) fn new(object: Py<PyAny>, watch: &Watch) -> ObjectReader<'_> {
        ObjectReader { object, watch, rest: Vec::new(), at: 0 }
    }

    /// Asks the object for as much as `target` takes. An exception is kept, and answered as the text that goes
    /// into the engine's message.
    fn ask(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let answer = attached(|py| {
            let given = self.object.bind(py).call_method1("read", (target.len(),)).map_err(|exception| {
                let text = exception.to_string();
                self.watch.keep_of_source(py, exception);
                io::Error::other(text)
            })?;
            self.take(&given, target).map_err(|exception| {
                self.watch.keep(exception);
                kept()
            })
        });
        answer.unwrap_or_else(|| Err(ending()))
    }

    fn take(&mut self, given: &Bound<'_, PyAny>, target: &mut [u8]) -> PyResult<usize> {
        if given.is_instance_of::<PyString>() {
            let message = "the source gives text; open it in binary mode";
            return Err(refused(given.py(), ErrorCode::WrongType, message));
        }
        if given.is_none() {
            let message = "the source has no bytes yet: it does not block; read it first, or make it block";
            let failed = refused(given.py(), ErrorCode::SourceFailed, message);
            failed.set_cause(given.py(), Some(PyValueError::new_err("read() returned None")));
            return Err(failed);
        }
        match BytesLike::of(given)? {
            None => Err(wrong_type("what the source's read() gives", "bytes", given)),
            Some(BytesLike::Bytes(bytes)) => Ok(self.hand_out(bytes.as_bytes(), target)),
            Some(BytesLike::View(view)) => Ok(self.hand_out(&view.to_vec()?, target)),
        }
    }

    fn hand_out(&mut self, bytes: &[u8], target: &mut [u8]) -> usize {
        let length = bytes.len().min(target.len());
        let (now, later) = bytes.split_at(length);
        if let Some(place) = target.get_mut(..length) {
            place.copy_from_slice(now);
        }
        self.rest = later.to_vec();
        self.at = 0;
        length
    }
}

impl Read for ObjectReader<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.rest.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return self.ask(target);
        }
        let read = rest.read(target)?;
        self.at += read;
        Ok(read)
    }
}
