//! A file that the caller pushes.

use std::ffi::c_void;

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;

/// A file on its way in. Nothing is visible before `ouro_file_writer_finish`; freed before, it is aborted. Threads
/// may share it; each write is taken whole.
pub struct ouro_file_writer {
    pub(crate) inner: ouroborosdb::FileWriter,
}

/// Takes all of the bytes.
///
/// Errors: `FINISHED` after finish or abort; those of every write, after which the writer is finished.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_writer_write(
    writer: *const ouro_file_writer,
    bytes: *const c_void,
    bytes_len: usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let writer = caller.borrow(writer, "writer")?;
        writer.inner.write(caller.bytes(bytes, bytes_len, "bytes")?)?;
        Ok(())
    })
}

/// Bytes taken so far; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_writer_length(writer: *const ouro_file_writer) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(writer)?.inner.length()))
}

/// Makes the event, and gives its id. The writer is finished, whatever the answer.
///
/// Errors: `FINISHED`; those of every write.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_writer_finish(
    writer: *const ouro_file_writer,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        out.set(caller.borrow(writer, "writer")?.inner.finish()?.into());
        Ok(())
    })
}

/// Ends the writer without an event.
///
/// Errors: `FINISHED`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_writer_abort(
    writer: *const ouro_file_writer,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.borrow(writer, "writer")?.inner.abort()?;
        Ok(())
    })
}

/// Frees the writer. What was not finished is aborted. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_file_writer_free(writer: *mut ouro_file_writer) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(writer);
}
