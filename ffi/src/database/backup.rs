//! Hot copies.

use std::ffi::c_char;

use crate::backup_report::ouro_backup_report;
use crate::boundary::Caller;
use crate::control::ouro_control;
use crate::database::ouro_database;
use crate::error::{ouro_error, ouro_status};

/// Makes `path` a consistent copy of the database, as of one sequence number, while writers go on. The copy is a
/// store, and opens at once. `path` names a folder that does not exist, is empty, or holds an earlier backup of
/// this database, finished or cut short; then only what is new is copied. What was copied is read back, and its
/// checksums are checked. A backup that something was written to is one no more. `control`, which counts bytes and
/// segments, those that were there among them, may be NULL.
///
/// Errors: `NOT_A_BACKUP` where something else is at `path`; `LOCKED` where someone writes to it;
/// `PATH_NOT_FOUND` where the folder that it is to be in does not exist; `CORRUPT` where a segment is missing;
/// `CANCELLED`, `DISK_FULL`, `IO` or `PERMISSION_DENIED`, after which calling again goes on where this one ended;
/// `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_backup_to(
    database: *const ouro_database,
    path: *const c_char,
    control: *const ouro_control,
    out: *mut *mut ouro_backup_report,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let path = caller.path(path, "path")?;
        let control = caller.control(control)?;
        out.give(ouro_backup_report { inner: database.backup_to_with(path, control)? });
        Ok(())
    })
}
