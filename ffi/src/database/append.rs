//! New roots and new events.

use std::ffi::c_char;

use crate::boundary::Caller;
use crate::database::ouro_database;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;
use crate::new_event::ouro_new_event;

/// Makes a new root with this title, which may name several roots.
///
/// Errors: `INVALID_TEXT`, `TITLE_TOO_LONG`, and those of every write: `READ_ONLY`, `POISONED`, `DISK_FULL`,
/// `IO`, `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_create_root(
    database: *const ouro_database,
    title: *const c_char,
    title_len: usize,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let database = caller.database(database)?;
        let title = caller.text(title, title_len, "title", "the title")?;
        out.set(database.create_root(title)?.into());
        Ok(())
    })
}

/// The root whose id follows from the title alone, made where there is none: the same on every replica.
///
/// Errors: as `ouro_database_create_root`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_ensure_root(
    database: *const ouro_database,
    title: *const c_char,
    title_len: usize,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let database = caller.database(database)?;
        let title = caller.text(title, title_len, "title", "the title")?;
        out.set(database.ensure_root(title)?.into());
        Ok(())
    })
}

/// Appends an event under `parent`. `new_event` may be NULL, for an event that carries nothing.
///
/// Errors: `PARENT_NOT_FOUND`; `INVALID_PARENT` for a permanent event under a temporary one;
/// `EVENT_NOT_FOUND` for an id in `follows`; `INVALID_TEXT`, `ATTRIBUTE_NAME_TOO_LONG`,
/// `ATTRIBUTES_TOO_LARGE`, `METADATA_TOO_LARGE`, `TOO_MANY_FOLLOWS`, `DUPLICATE_ATTRIBUTE`,
/// `INVALID_ARGUMENT`; and those of every write.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_append(
    database: *const ouro_database,
    parent: ouro_event_id,
    new_event: *const ouro_new_event,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let database = caller.database(database)?;
        out.set(database.append(parent, caller.new_event(new_event)?)?.into());
        Ok(())
    })
}
