//! Arguments that are plain Python values: text, numbers, flags, paths, events.
//!
//! What is of a wrong type raises `WrongTypeError`, which is a `TypeError`; PyO3 adds a note with the argument's
//! name. `None` stands for "left out" wherever something may be left out.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use ouroborosdb::ErrorCode;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};

use crate::bytes_like::BytesLike;
use crate::errors::refused;
use crate::event::Event;
use crate::event_id::EventId;

/// `WrongTypeError`: `what` should be `wanted`.
pub(crate) fn wrong_type(what: &str, wanted: &str, given: &Bound<'_, PyAny>) -> PyErr {
    let class = given.get_type().name().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
    refused(given.py(), ErrorCode::WrongType, &format!("{what} is {wanted}, not {class}"))
}

/// `InvalidArgumentError`.
pub(crate) fn invalid(py: Python<'_>, message: &str) -> PyErr {
    refused(py, ErrorCode::InvalidArgument, message)
}

/// Text that has a UTF-8 form.
pub(crate) fn text<'a>(what: &str, given: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    let string = given.cast::<PyString>().map_err(|_| wrong_type(what, "a str", given))?;
    utf8(what, string)
}

/// The UTF-8 form of a `str`; one with lone surrogates has none.
pub(crate) fn utf8<'a>(what: &str, string: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    string.to_str().map_err(|error| {
        let message = format!("{what} is not text that UTF-8 can hold: {error}");
        let raised = refused(string.py(), ErrorCode::InvalidText, &message);
        raised.set_cause(string.py(), Some(error));
        raised
    })
}

/// A whole number from 0 up.
pub(crate) fn whole_number(what: &str, given: &Bound<'_, PyAny>) -> PyResult<u64> {
    if given.is_instance_of::<PyBool>() {
        return Err(wrong_type(what, "an int", given));
    }
    given.extract::<u64>().map_err(|error| {
        if error.is_instance_of::<PyOverflowError>(given.py()) {
            invalid(given.py(), &format!("{what} is a whole number from 0 to 2**64 - 1"))
        } else {
            wrong_type(what, "an int", given)
        }
    })
}

/// How long to wait: seconds, or `None` for without end. Less than nothing is nothing.
pub(crate) fn time_limit(what: &str, given: Option<&Bound<'_, PyAny>>) -> PyResult<Duration> {
    let Some(given) = given else { return Ok(Duration::MAX) };
    let seconds = given.extract::<f64>().ok().filter(|_| !given.is_instance_of::<PyBool>());
    let seconds = seconds.ok_or_else(|| wrong_type(what, "a number of seconds", given))?;
    if seconds.is_nan() {
        return Err(invalid(given.py(), &format!("{what} is a number of seconds, and NaN is no number")));
    }
    Ok(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX))
}

/// `True` or `False`, and no other value that Python would take for one.
pub(crate) fn flag(what: &str, given: &Bound<'_, PyAny>) -> PyResult<bool> {
    let flag = given.cast::<PyBool>().map_err(|_| wrong_type(what, "a bool", given))?;
    Ok(flag.is_true())
}

/// A path: `str`, `bytes` or `os.PathLike`.
pub(crate) struct PathArgument(pub(crate) PathBuf);

impl FromPyObject<'_, '_> for PathArgument {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<PathArgument> {
        let decoded = given.py().import("os")?.call_method1("fsdecode", (given,));
        let decoded = decoded.map_err(|error| {
            if error.is_instance_of::<pyo3::exceptions::PyTypeError>(given.py()) {
                wrong_type("a path", "str, bytes or os.PathLike", &given)
            } else {
                error
            }
        })?;
        let path = decoded.extract::<OsString>().map_err(|error| {
            let message = format!("the path has no form that the file system takes: {error}");
            refused(given.py(), ErrorCode::InvalidText, &message)
        })?;
        Ok(PathArgument(path.into()))
    }
}

/// An event: an `Event`, an `EventId`, the 64 bytes of an id or its 128 hexadecimal digits.
pub(crate) struct EventArgument(pub(crate) ouroborosdb::EventId);

impl FromPyObject<'_, '_> for EventArgument {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<EventArgument> {
        event(&given)?.map(EventArgument).ok_or_else(|| {
            wrong_type("an event", "an Event, an EventId, 64 bytes or 128 hexadecimal digits", &given)
        })
    }
}

/// The id that names an event, or none if the argument is of no type that could.
pub(crate) fn event(given: &Bound<'_, PyAny>) -> PyResult<Option<ouroborosdb::EventId>> {
    let py = given.py();
    let id = if let Ok(id) = given.cast::<EventId>() {
        Ok(id.get().inner)
    } else if let Ok(event) = given.cast::<Event>() {
        Ok(event.get().inner.id())
    } else if let Ok(digits) = given.cast::<PyString>() {
        // What is not UTF-8 is no hexadecimal digit either.
        digits.to_string_lossy().parse()
    } else if let Some(bytes) = BytesLike::of(given)? {
        ouroborosdb::EventId::from_bytes(&bytes.to_vec()?)
    } else {
        return Ok(None);
    };
    id.map(Some).map_err(|error| crate::errors::raised(py, &error))
}
