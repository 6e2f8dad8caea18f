//! Folders in and out.

use std::ffi::c_char;

use ouroborosdb::ExportOptions;

use crate::boundary::Caller;
use crate::control::ouro_control;
use crate::database::ouro_database;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;
use crate::export_report::ouro_export_report;
use crate::import_options::ouro_import_options;
use crate::import_report::ouro_import_report;

/// Stores a folder, a file or a symbolic link under `parent`. Each entry becomes an event under its folder's
/// event, with its name, type, mode and time as attributes. Devices, sockets and pipes are skipped and
/// reported. `control`, which counts bytes and entries, may be NULL.
///
/// Errors: `PATH_NOT_FOUND`, `PERMISSION_DENIED` or `IO`, naming the path, where an entry cannot be read:
/// nothing of the import is visible then; `CANCELLED`; `PARENT_NOT_FOUND`; and those of every write.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_import_path(
    database: *const ouro_database,
    parent: ouro_event_id,
    path: *const c_char,
    control: *const ouro_control,
    out: *mut *mut ouro_import_report,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    unsafe { ouro_database_import_path_with(database, parent, path, std::ptr::null(), control, out, error) }
}

/// As `ouro_database_import_path`, with options. `options` and `control` may be NULL.
///
/// Errors: those of `ouro_database_import_path`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_import_path_with(
    database: *const ouro_database,
    parent: ouro_event_id,
    path: *const c_char,
    options: *const ouro_import_options,
    control: *const ouro_control,
    out: *mut *mut ouro_import_report,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let path = caller.path(path, "path")?;
        let options = caller.import_options(options)?.control(caller.control(control)?);
        out.give(ouro_import_report::new(database.import_path(parent, path, options)?));
        Ok(())
    })
}

/// Writes a stored folder, file or symbolic link to `path`, which must not exist, or be an empty folder.
/// `control`, which counts bytes and entries, may be NULL.
///
/// Errors: `EVENT_NOT_FOUND`; `NOT_EXPORTABLE` for an event that is no folder entry; `ALREADY_EXISTS`;
/// `UNSAFE_NAME` for a stored name that could lead elsewhere; `CANCELLED`; `CORRUPT`; `IO`, naming the path.
/// What was written before an error stays.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_export_path(
    database: *const ouro_database,
    event: ouro_event_id,
    path: *const c_char,
    control: *const ouro_control,
    out: *mut *mut ouro_export_report,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let path = caller.path(path, "path")?;
        let options = ExportOptions::new().control(caller.control(control)?);
        out.give(ouro_export_report { inner: database.export_path(event, path, options)? });
        Ok(())
    })
}
