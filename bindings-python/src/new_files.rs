//! Many files, from an iterable of Python's.
//!
//! The engine asks for a file when it has room for it, from behind the door, on the thread that called: each time the
//! interpreter is taken for one element and given back.

use ouroborosdb::{Error, ErrorCode, NewFile, Result};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyIterator, PyString, PyTuple};

use crate::arguments::{EventArgument, wrong_type};
use crate::ending::attached;
use crate::new_event::new_event;
use crate::source::Source;
use crate::watch::Watch;

/// The files of a call.
pub(crate) struct NewFiles<'a> {
    files: Py<PyIterator>,
    watch: &'a Watch,
}

impl<'a> NewFiles<'a> {
    pub(crate) fn of(given: &Bound<'_, PyAny>, watch: &'a Watch) -> PyResult<NewFiles<'a>> {
        let wanted = "an iterable of sources, or of pairs of a source and a dict";
        // One file is no list of files, though bytes and text are iterable.
        let one = given.is_instance_of::<PyString>()
            || given.is_instance_of::<PyBytes>()
            || given.is_instance_of::<PyDict>();
        match given.try_iter() {
            Ok(files) if !one => Ok(NewFiles { files: files.unbind(), watch }),
            _ => Err(wrong_type("files", wanted, given)),
        }
    }

    fn make(&self, given: &Bound<'_, PyAny>) -> PyResult<NewFile<'a>> {
        let Ok(pair) = given.cast::<PyTuple>() else {
            return Ok(Source::of(given)?.new_file(self.watch));
        };
        let wrong = || wrong_type("a file", "a source, or a pair of a source and a dict", given);
        let (source, says) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>().map_err(|_| wrong())?;
        let says = says.cast::<PyDict>().map_err(|_| wrong())?.copy()?;
        let parent = says.get_item("parent")?;
        let file = Source::of(&source)?.new_file(self.watch);
        let Some(parent) = parent else { return Ok(file.event(new_event("put_files", Some(&says))?)) };
        says.del_item("parent")?;
        let file = file.event(new_event("put_files", Some(&says))?);
        if parent.is_none() {
            return Ok(file);
        }
        let parent = parent.extract::<EventArgument>()?;
        Ok(file.under(parent.0))
    }
}

impl<'a> Iterator for NewFiles<'a> {
    type Item = Result<NewFile<'a>>;

    fn next(&mut self) -> Option<Result<NewFile<'a>>> {
        let made = attached(|py| match self.files.bind(py).clone().next() {
            None => Ok(None),
            Some(given) => given.and_then(|given| self.make(&given)).map(Some),
        });
        match made {
            Some(Ok(file)) => file.map(Ok),
            Some(Err(exception)) => {
                self.watch.keep(exception);
                Some(Err(stopped("an exception was raised")))
            }
            None => Some(Err(stopped("the interpreter is ending"))),
        }
    }
}

/// Ends the engine's call; why is with the watch.
fn stopped(why: &str) -> Error {
    Error::new(ErrorCode::Cancelled, why)
}
