//! Files in and out.

use crate::boundary::Caller;
use crate::bytes::ouro_bytes;
use crate::control::ouro_control;
use crate::database::ouro_database;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;
use crate::file_reader::ouro_file_reader;
use crate::file_writer::ouro_file_writer;
use crate::id_list::ouro_id_list;
use crate::new_event::ouro_new_event;
use crate::new_file::{ouro_new_file, ouro_put_files_options};
use crate::source::ouro_source;

/// Stores a file under `parent`: an event that carries what the source gives, read to its end, once, in
/// bounded memory. Where the source fails nothing is stored but chunks that nothing refers to. `new_event`
/// and `control`, which counts bytes, may be NULL.
///
/// Errors: `SOURCE_FAILED`; `PATH_NOT_FOUND`, `PERMISSION_DENIED` or `IO` for a path that cannot be opened;
/// `CANCELLED`; and those of `ouro_database_append`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_put_file(
    database: *const ouro_database,
    parent: ouro_event_id,
    source: ouro_source,
    new_event: *const ouro_new_event,
    control: *const ouro_control,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let database = caller.database(database)?;
        let (new, control) = (caller.new_event(new_event)?, caller.control(control)?);
        let reader = caller.source(&source)?;
        out.set(database.put_file_with(parent, reader, new, control)?.into());
        Ok(())
    })
}

/// Stores many files, each under `parent` or a parent of its own, and gives their ids in the order of the files. All
/// processors work on them, however small each file is. All become visible at once or none does, in one batch, whose
/// limits hold: 1,048,576 files, and 64 MiB for their events, in which the bytes of the files do not count. `options` and
/// `control`, which counts bytes and files, may be NULL; `files` where there are none.
///
/// Errors: those of `ouro_database_put_file`, led by which file they concern, as `files[3]`; `BATCH_TOO_LARGE`;
/// `INVALID_ARGUMENT` for a path that is no file; `CANCELLED`. Nothing is stored then but chunks that nothing refers to.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_put_files(
    database: *const ouro_database,
    parent: ouro_event_id,
    files: *const ouro_new_file,
    files_len: usize,
    options: *const ouro_put_files_options,
    control: *const ouro_control,
    out: *mut *mut ouro_id_list,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let options = caller.put_files_options(options)?.control(caller.control(control)?);
        let files = caller.new_files(files, files_len)?;
        out.give(ouro_id_list::new(database.put_files_from(parent, files, options)?));
        Ok(())
    })
}

/// A writer for a file that the caller pushes. The event is made by `ouro_file_writer_finish`. `new_event`
/// may be NULL.
///
/// Errors: those of `ouro_database_append`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_file_writer(
    database: *const ouro_database,
    parent: ouro_event_id,
    new_event: *const ouro_new_event,
    out: *mut *mut ouro_file_writer,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let writer = database.file_writer(parent, caller.new_event(new_event)?)?;
        out.give(ouro_file_writer { inner: writer });
        Ok(())
    })
}

/// The whole file that an event carries, every byte checked.
///
/// Errors: `EVENT_NOT_FOUND`; `NO_CONTENT`; `CORRUPT`, naming the event and the damaged place; `IO` where
/// there is not enough memory for it.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_read_file(
    database: *const ouro_database,
    event: ouro_event_id,
    out: *mut *mut ouro_bytes,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_bytes::new(caller.database(database)?.read_file(event)?));
        Ok(())
    })
}

/// Opens the file that an event carries. A range reads only the chunks that it touches.
///
/// Errors: `EVENT_NOT_FOUND`; `NO_CONTENT`; `CORRUPT`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_open_file(
    database: *const ouro_database,
    event: ouro_event_id,
    out: *mut *mut ouro_file_reader,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_file_reader { inner: caller.database(database)?.open_file(event)? });
        Ok(())
    })
}
