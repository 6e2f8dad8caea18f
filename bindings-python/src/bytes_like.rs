//! Bytes that the caller gives: `bytes` in place, every other buffer by copies.
//!
//! Another thread may write to a `bytearray`, a `memoryview` or an array while a call runs without the
//! interpreter. So only `bytes`, which nobody can change, is read in place; of anything else a piece at a time is
//! copied while the interpreter is held.

use ouroborosdb::ErrorCode;
use pyo3::buffer::{PyBuffer, PyUntypedBuffer};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView, PySlice, PyString};

use crate::arguments::{utf8, wrong_type};
use crate::errors::refused;

/// Bytes that the caller gives.
pub(crate) enum BytesLike<'py> {
    /// Immutable.
    Bytes(Bound<'py, PyBytes>),
    /// One dimension of bytes that may change at any time.
    View(View<'py>),
}

/// A `memoryview` of format `B`, of one dimension, contiguous.
pub(crate) struct View<'py> {
    view: Bound<'py, PyAny>,
    length: usize,
}

impl<'py> BytesLike<'py> {
    /// The bytes of an object that has some; none for an object of another type.
    pub(crate) fn of(given: &Bound<'py, PyAny>) -> PyResult<Option<BytesLike<'py>>> {
        if let Ok(bytes) = given.cast::<PyBytes>() {
            return Ok(Some(BytesLike::Bytes(bytes.clone())));
        }
        Ok(View::of(given)?.map(BytesLike::View))
    }

    pub(crate) fn to_vec(&self) -> PyResult<Vec<u8>> {
        match self {
            BytesLike::Bytes(bytes) => Ok(bytes.as_bytes().to_vec()),
            BytesLike::View(view) => view.to_vec(),
        }
    }
}

/// Hands out the bytes of a bytes-like object, or the UTF-8 of a text; `bytes` and text in place.
pub(crate) fn with_bytes_or_text<T>(
    what: &str,
    given: &Bound<'_, PyAny>,
    take: impl FnOnce(&[u8]) -> T,
) -> PyResult<T> {
    if let Ok(string) = given.cast::<PyString>() {
        return Ok(take(utf8(what, string)?.as_bytes()));
    }
    match BytesLike::of(given)? {
        Some(BytesLike::Bytes(bytes)) => Ok(take(bytes.as_bytes())),
        Some(BytesLike::View(view)) => Ok(take(&view.to_vec()?)),
        None => Err(wrong_type(what, "bytes-like or a str", given)),
    }
}

impl<'py> View<'py> {
    /// A view of any object with a contiguous buffer; none for an object without a buffer.
    pub(crate) fn of(given: &Bound<'py, PyAny>) -> PyResult<Option<View<'py>>> {
        let py = given.py();
        let refuse = |error: PyErr| {
            let message = format!("the buffer cannot be used: {error}");
            let raised = refused(py, ErrorCode::InvalidArgument, &message);
            raised.set_cause(py, Some(error));
            raised
        };
        let view = match PyMemoryView::from(given) {
            Ok(view) => view.into_any(),
            Err(error) if error.is_instance_of::<PyTypeError>(py) => return Ok(None),
            Err(error) => return Err(refuse(error)),
        };
        let buffer = PyUntypedBuffer::get(&view).map_err(refuse)?;
        if !buffer.is_c_contiguous() {
            let message = "the buffer is not contiguous; copy it first, with bytes(...)";
            return Err(refused(py, ErrorCode::InvalidArgument, message));
        }
        let length = buffer.len_bytes();
        let plain = buffer.dimensions() == 1 && buffer.format().to_bytes() == b"B";
        buffer.release(py);
        let view = if plain {
            view
        } else if length == 0 {
            PyBytes::new(py, b"").into_any()
        } else {
            // What is not one of the native formats cannot be cast and is copied.
            view.call_method1("cast", ("B",)).or_else(|_| view.call_method0("tobytes"))?
        };
        Ok(Some(View { view, length }))
    }

    /// A view of an object whose bytes may be written.
    pub(crate) fn writable(what: &str, given: &Bound<'py, PyAny>) -> PyResult<View<'py>> {
        let wanted = "a writable bytes-like object";
        let view = View::of(given)?.ok_or_else(|| wrong_type(what, wanted, given))?;
        // The view of nothing is not of the given object; there is nothing to write either.
        if view.length > 0 && view.view.getattr("readonly")?.is_truthy()? {
            return Err(wrong_type(what, wanted, given));
        }
        Ok(view)
    }

    pub(crate) fn length(&self) -> usize {
        self.length
    }

    pub(crate) fn to_vec(&self) -> PyResult<Vec<u8>> {
        let mut bytes = vec![0; self.length];
        self.copy_out(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Copies from `start` on as much as `target` takes, and says how much that was.
    pub(crate) fn copy_out(&self, start: usize, target: &mut [u8]) -> PyResult<usize> {
        let length = target.len().min(self.length.saturating_sub(start));
        let target = target.get_mut(..length).unwrap_or_default();
        if length > 0 {
            self.piece(start, length)?.copy_to_slice(self.view.py(), target)?;
        }
        Ok(length)
    }

    /// Copies `source`, which must fit, to `start`.
    pub(crate) fn copy_in(&self, start: usize, source: &[u8]) -> PyResult<()> {
        if source.is_empty() {
            return Ok(());
        }
        self.piece(start, source.len())?.copy_from_slice(self.view.py(), source)
    }

    fn piece(&self, start: usize, length: usize) -> PyResult<PyBuffer<u8>> {
        if start == 0 && length == self.length {
            return PyBuffer::get(&self.view);
        }
        // A buffer is never longer than the largest `isize`.
        let slice = PySlice::new(self.view.py(), start as isize, (start + length) as isize, 1);
        PyBuffer::get(&self.view.get_item(slice)?)
    }

    pub(crate) fn unbind(self) -> (Py<PyAny>, usize) {
        (self.view.unbind(), self.length)
    }

    /// The view that [`unbind`](View::unbind) took apart.
    pub(crate) fn bound(py: Python<'py>, view: &Py<PyAny>, length: usize) -> View<'py> {
        View { view: view.bind(py).clone(), length }
    }
}
