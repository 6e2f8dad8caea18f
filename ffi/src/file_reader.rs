//! A stored file, open for reading.

use std::ffi::c_void;
use std::io::SeekFrom;

use ouroborosdb::{Error, ErrorCode};

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};

/// Seek from the beginning of the file.
pub const OURO_SEEK_START: i32 = 0;
/// Seek from the position.
pub const OURO_SEEK_CURRENT: i32 = 1;
/// Seek from the end of the file.
pub const OURO_SEEK_END: i32 = 2;

/// A stored file, open for reading; every byte is checked when it is read. Threads may share it; they share its
/// position too, which `ouro_file_reader_read_at` leaves alone.
pub struct ouro_file_reader {
    pub(crate) inner: ouroborosdb::FileReader,
}

/// Length of the file in bytes; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_length(reader: *const ouro_file_reader) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(reader)?.inner.length()))
}

/// Where the next read begins; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_position(reader: *const ouro_file_reader) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(reader)?.inner.position()))
}

/// Fills the buffer from the position on, which advances; how many bytes goes to `len`: fewer than `capacity`
/// only at the end, 0 there.
///
/// Errors: `CORRUPT`, naming the event and the damaged place; `IO`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_read(
    reader: *const ouro_file_reader,
    buffer: *mut c_void,
    capacity: usize,
    len: *mut usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let len = caller.output(len, 0, "len")?;
        let reader = caller.borrow(reader, "reader")?;
        len.set(reader.inner.read(caller.buffer(buffer, capacity, "buffer")?)?);
        Ok(())
    })
}

/// Fills the buffer from `offset` on; the position stays. How many bytes goes to `len`: fewer than `capacity`
/// only at the end.
///
/// Errors: as `ouro_file_reader_read`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_read_at(
    reader: *const ouro_file_reader,
    offset: u64,
    buffer: *mut c_void,
    capacity: usize,
    len: *mut usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let len = caller.output(len, 0, "len")?;
        let reader = caller.borrow(reader, "reader")?;
        len.set(reader.inner.read_at(offset, caller.buffer(buffer, capacity, "buffer")?)?);
        Ok(())
    })
}

/// Moves the position by `offset` from the beginning, the position or the end (`OURO_SEEK_...`), and gives
/// the new one. Past the end is allowed; reads there give nothing. `position` may be NULL.
///
/// Errors: `INVALID_ARGUMENT` before the beginning, beyond 64 bits, and for another `whence`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_seek(
    reader: *const ouro_file_reader,
    whence: i32,
    offset: i64,
    position: *mut u64,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.write(position, 0);
        let reader = caller.borrow(reader, "reader")?;
        let target = match whence {
            OURO_SEEK_START => u64::try_from(offset).ok().map(SeekFrom::Start),
            OURO_SEEK_CURRENT => Some(SeekFrom::Current(offset)),
            OURO_SEEK_END => Some(SeekFrom::End(offset)),
            other => {
                let message =
                    format!("the parameter `whence` is {other}; use one of the constants OURO_SEEK_...");
                return Err(Error::new(ErrorCode::InvalidArgument, message));
            }
        };
        let target = target.ok_or_else(|| {
            Error::new(ErrorCode::InvalidArgument, "a file has no position before its beginning")
        })?;
        caller.write(position, reader.inner.seek(target)?);
        Ok(())
    })
}

/// Frees the reader. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_free(reader: *mut ouro_file_reader) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(reader);
}
