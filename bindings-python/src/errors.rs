//! Errors: from the engine's one table of codes to the classes of `ouroborosdb._errors`.
//!
//! The classes are written in Python, where they can inherit from two bases, and so are the codes, as an enum. When
//! the module is imported, both must be exactly the engine's table: a code without a class fails the import and not,
//! some day, the raising.

use std::collections::HashMap;

use ouroborosdb::{Error, ErrorCode};
use pyo3::exceptions::{PyImportError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

static CLASSES: PyOnceLock<HashMap<ErrorCode, Py<PyType>>> = PyOnceLock::new();

/// Finds the class of every code, and holds Python's table against the engine's.
pub(crate) fn load(py: Python<'_>) -> PyResult<()> {
    let module = py.import("ouroborosdb._errors")?;
    let by_number = module.getattr("CLASSES")?.cast_into::<PyDict>()?;
    let members = module.getattr("ErrorCode")?;
    if members.len()? != ErrorCode::ALL.len() || by_number.len() != ErrorCode::ALL.len() {
        return Err(PyImportError::new_err("ouroborosdb._errors does not have as many codes as the engine"));
    }
    let mut classes = HashMap::new();
    for code in ErrorCode::ALL {
        let other = || {
            PyImportError::new_err(format!("ouroborosdb._errors does not have `{}` as it is", code.name()))
        };
        let member = members.get_item(code.name().to_uppercase()).map_err(|_| other())?;
        let class = by_number.get_item(code.number())?.ok_or_else(other)?;
        if !member.eq(code.number())? || !class.getattr("code")?.is(&member) {
            return Err(other());
        }
        classes.insert(*code, class.cast_into::<PyType>()?.unbind());
    }
    // Set before, by an earlier import of the module: the same classes.
    let _ = CLASSES.set(py, classes);
    Ok(())
}

/// The exception that an error of the engine is.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error.code(), error.message(), error.os_code())
}

/// An exception that arises here, before the engine is asked.
pub(crate) fn refused(py: Python<'_>, code: ErrorCode, message: &str) -> PyErr {
    exception(py, code, message, None)
}

/// The exception of this code.
pub(crate) fn exception(py: Python<'_>, code: ErrorCode, message: &str, os_code: Option<i32>) -> PyErr {
    match CLASSES.get(py).and_then(|classes| classes.get(&code)) {
        Some(class) => match class.bind(py).call1((message, os_code)) {
            Ok(value) => PyErr::from_value(value),
            Err(error) => error,
        },
        None => PyRuntimeError::new_err(message.to_owned()),
    }
}

/// The engine's table of error codes: number, name and meaning of each.
#[pyfunction]
pub(crate) fn error_codes() -> Vec<(i32, &'static str, &'static str)> {
    ErrorCode::ALL.iter().map(|code| (code.number(), code.name(), code.meaning())).collect()
}
