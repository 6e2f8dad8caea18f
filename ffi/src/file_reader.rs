//! A stored file, open for reading.

use std::ffi::{c_char, c_int, c_void};
use std::io::{self, SeekFrom, Write};

use ouroborosdb::{Error, ErrorCode};

use crate::boundary::Caller;
use crate::control::ouro_control;
use crate::descriptor::Borrowed;
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

/// Takes the next bytes of a file, `len` of them, and returns how many it took, at least one; 0 or a negative number where
/// it cannot go on: the call then answers `OURO_ERROR_IO`. It runs on the calling thread, only during the call, under no
/// lock. It may call the library; it must not throw.
pub type ouro_write_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, bytes: *const c_void, len: usize) -> isize>;

/// Writes the file to an open descriptor, from the position on to the end; how many bytes that were goes to `written`.
/// The position advances with what was written, also where the call fails. The descriptor stays open. `control`, which
/// counts bytes, and `written` may be NULL.
///
/// Errors: `DISK_FULL` or `IO` where the descriptor takes no more; `CANCELLED`; as `ouro_file_reader_read`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_write_to_descriptor(
    reader: *const ouro_file_reader,
    descriptor: c_int,
    control: *const ouro_control,
    written: *mut u64,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.write(written, 0);
        let reader = caller.borrow(reader, "reader")?;
        let target = Borrowed::of(descriptor, "descriptor")?;
        caller.write(written, reader.inner.write_to_with(target, caller.control(control)?)?);
        Ok(())
    })
}

/// Writes the file to a new file at `path`, from the position on to the end, as `ouro_file_reader_write_to_descriptor`
/// does. Where it fails no file is left at the path.
///
/// Errors: `ALREADY_EXISTS` where there is something at the path, be it a symbolic link; `PATH_NOT_FOUND` where its
/// folder is missing; `PERMISSION_DENIED`; `INVALID_ARGUMENT` for a path in the store's own folder; `DISK_FULL`; `IO`;
/// `CANCELLED`; as `ouro_file_reader_read`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_write_to_path(
    reader: *const ouro_file_reader,
    path: *const c_char,
    control: *const ouro_control,
    written: *mut u64,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.write(written, 0);
        let reader = caller.borrow(reader, "reader")?;
        let path = caller.path(path, "path")?;
        caller.write(written, reader.inner.write_to_path_with(path, caller.control(control)?)?);
        Ok(())
    })
}

/// Gives the file to a function, from the position on to the end, as `ouro_file_reader_write_to_descriptor` does.
///
/// Errors: `IO` where the function takes no more; `CANCELLED`; as `ouro_file_reader_read`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_reader_write_to_callback(
    reader: *const ouro_file_reader,
    write: ouro_write_fn,
    userdata: *mut c_void,
    control: *const ouro_control,
    written: *mut u64,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.write(written, 0);
        let reader = caller.borrow(reader, "reader")?;
        let write = write.ok_or_else(|| {
            Error::new(ErrorCode::InvalidArgument, "the parameter `write` is NULL; pass a function")
        })?;
        let target = Callback { write, userdata };
        caller.write(written, reader.inner.write_to_with(target, caller.control(control)?)?);
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

/// A function of C's as a writer.
struct Callback {
    write: unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> isize,
    userdata: *mut c_void,
}

impl Write for Callback {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: the caller's function and pointer, and bytes that last as long as it runs.
        let taken = unsafe { (self.write)(self.userdata, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(taken) {
            Ok(length) if (1..=bytes.len()).contains(&length) => Ok(length),
            Ok(0) | Err(_) => Err(io::Error::other(format!("the write callback returned {taken}"))),
            Ok(length) => Err(io::Error::other(format!(
                "the write callback says that it took {length} bytes of {}",
                bytes.len()
            ))),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
