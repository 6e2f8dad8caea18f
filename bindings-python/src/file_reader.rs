//! `RawFile`: the native half of `FileReader`, which is written in Python over it.
//!
//! The engine reads without the interpreter, so never into memory that another thread may see meanwhile: into a
//! new `bytes` object that nobody has yet, or into a piece of our own that is copied with the interpreter held.

use std::io::SeekFrom;
use std::sync::Arc;

use ouroborosdb::{Error, ErrorCode, Result};
use pyo3::exceptions::{PyMemoryError, PyOverflowError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes};

use crate::arguments::{invalid, whole_number, wrong_type};
use crate::bytes_like::View;
use crate::detached::detached;
use crate::opened::Opened;
use crate::target::{ObjectWriter, Target};
use crate::watch::Watch;

/// Up to this many bytes, room is made without asking where in the file the reader stands.
const SMALL_BYTES: u64 = 1 << 20;

/// What `readinto` copies at once with the interpreter held: a millisecond's work.
const PIECE_BYTES: usize = 4 << 20;

/// What a whole file is read in: between two of them the database may be closed.
const WHOLE_STEP_BYTES: usize = 16 << 20;

/// A stored file, open for reading. `FileReader` wraps it.
#[pyclass(frozen, module = "ouroborosdb._native")]
pub(crate) struct RawFile {
    inner: ouroborosdb::FileReader,
    /// Behind `inner`: what goes last closes the database.
    _database: Arc<Opened>,
}

impl RawFile {
    pub(crate) fn new(database: &Arc<Opened>, inner: ouroborosdb::FileReader) -> RawFile {
        RawFile { inner, _database: Arc::clone(database) }
    }
}

#[pymethods]
impl RawFile {
    /// Up to `size` bytes from the position on; all the rest for None or a negative size.
    fn read<'py>(&self, py: Python<'py>, size: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let wanted = size_of(size)?;
        let room = match wanted {
            Some(size) if size <= SMALL_BYTES => size.min(self.inner.length()),
            _ => {
                let left = detached(py, || Ok(self.inner.length().saturating_sub(self.inner.position())))?;
                wanted.map_or(left, |size| size.min(left))
            }
        };
        filled(py, room, |target| self.inner.read(target))
    }

    /// Up to `size` bytes from `offset` on. The position stays.
    fn read_at<'py>(
        &self,
        py: Python<'py>,
        offset: &Bound<'py, PyAny>,
        size: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let offset = whole_number("offset", offset)?;
        let left = self.inner.length().saturating_sub(offset);
        let room = whole_number("size", size)?.min(left);
        filled(py, room, |target| self.inner.read_at(offset, target))
    }

    /// Fills a writable buffer from the position on, and gives how many bytes that were: fewer only at the end.
    fn readinto(&self, py: Python<'_>, buffer: &Bound<'_, PyAny>) -> PyResult<usize> {
        let view = View::writable("the buffer", buffer)?;
        let mut piece = vec![0; view.length().min(PIECE_BYTES)];
        let mut done = 0;
        loop {
            let wanted = piece.len().min(view.length() - done);
            let place = piece.get_mut(..wanted).unwrap_or_default();
            let read = detached(py, || self.inner.read(place))?;
            view.copy_in(done, place.get(..read).unwrap_or_default())?;
            done += read;
            if read < wanted || done == view.length() {
                return Ok(done);
            }
            py.check_signals()?;
        }
    }

    /// Moves the position, as `io.IOBase.seek`, and gives the new one.
    fn seek(&self, py: Python<'_>, offset: &Bound<'_, PyAny>, whence: &Bound<'_, PyAny>) -> PyResult<u64> {
        let far = || invalid(py, "the position is before the beginning of the file or beyond 64 bits");
        let offset = signed("offset", offset)?.ok_or_else(far)?;
        let relative = || i64::try_from(offset).map_err(|_| far());
        let to = match signed("whence", whence)? {
            Some(0) => SeekFrom::Start(u64::try_from(offset).map_err(|_| far())?),
            Some(1) => SeekFrom::Current(relative()?),
            Some(2) => SeekFrom::End(relative()?),
            _ => return Err(invalid(py, "whence is os.SEEK_SET, os.SEEK_CUR or os.SEEK_END")),
        };
        detached(py, || self.inner.seek(to))
    }

    /// Where the next `read` begins.
    fn tell(&self, py: Python<'_>) -> PyResult<u64> {
        detached(py, || Ok(self.inner.position()))
    }

    /// Writes from the position on to the end, and gives how many bytes that were.
    fn write_to(
        &self,
        py: Python<'_>,
        target: &Bound<'_, PyAny>,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let watch = Watch::new(progress, cancel)?;
        match Target::of(target)? {
            Target::Path(path) => watch.run(py, |control| self.inner.write_to_path_with(path, control)),
            Target::Object(object) => {
                let writer = ObjectWriter { object, watch: &watch };
                watch.run(py, |control| self.inner.write_to_with(writer, control))
            }
        }
    }

    /// Length of the file in bytes.
    #[getter]
    fn length(&self) -> u64 {
        self.inner.length()
    }
}

/// All that a reader at the beginning of its file has.
pub(crate) fn whole<'py>(py: Python<'py>, reader: &ouroborosdb::FileReader) -> PyResult<Bound<'py, PyBytes>> {
    filled(py, reader.length(), |target| {
        for piece in target.chunks_mut(WHOLE_STEP_BYTES) {
            if reader.read(piece)? < piece.len() {
                return Err(Error::new(ErrorCode::Internal, "a file ends before its length"));
            }
        }
        Ok(target.len())
    })
}

/// A `bytes` object of what `read` gives, for which there is room for `room` bytes.
fn filled(
    py: Python<'_>,
    room: u64,
    read: impl FnOnce(&mut [u8]) -> Result<usize> + Send,
) -> PyResult<Bound<'_, PyBytes>> {
    let room = isize::try_from(room).map_err(|_| PyMemoryError::new_err(()))?.unsigned_abs();
    let mut length = 0;
    let bytes = PyBytes::new_with(py, room, |target| {
        length = detached(py, || read(target))?;
        Ok(())
    })?;
    match bytes.as_bytes().get(..length) {
        Some(short) if length < room => Ok(PyBytes::new(py, short)),
        _ => Ok(bytes),
    }
}

/// A size as `io` takes it: none for None or a negative number.
fn size_of(given: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    if given.is_none() {
        return Ok(None);
    }
    // What is beyond 64 bits is more than any file has.
    let size = signed("size", given)?.unwrap_or(i128::MAX);
    Ok((size >= 0).then(|| u64::try_from(size).unwrap_or(u64::MAX)))
}

/// An int; none where it is beyond 128 bits.
fn signed(what: &str, given: &Bound<'_, PyAny>) -> PyResult<Option<i128>> {
    if given.is_instance_of::<PyBool>() {
        return Err(wrong_type(what, "an int", given));
    }
    match given.extract::<i128>() {
        Ok(number) => Ok(Some(number)),
        Err(error) if error.is_instance_of::<PyOverflowError>(given.py()) => Ok(None),
        Err(_) => Err(wrong_type(what, "an int", given)),
    }
}
