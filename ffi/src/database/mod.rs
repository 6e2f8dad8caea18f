//! An open database.
//!
//! Freeing it closes it: a lock that outlives its handle, because some cursor is still around, is a trap.

pub mod append;
pub mod backup;
pub mod files;
pub mod folders;
pub mod tree;
pub mod upkeep;

use std::ffi::{CString, c_char};

use ouroborosdb::{Database, Result};

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};
use crate::handle::{path_bytes, to_c_string};
use crate::options::ouro_options;

/// An open database of event trees. Threads may share it.
pub struct ouro_database {
    pub(crate) inner: Database,
    path: Option<CString>,
}

impl ouro_database {
    fn new(inner: Database) -> ouro_database {
        let path = inner.path().map(|path| to_c_string(path_bytes(path)));
        ouro_database { inner, path }
    }
}

impl Drop for ouro_database {
    fn drop(&mut self) {
        // Whoever wants to hear of a failure calls `ouro_database_close` first.
        let _ = self.inner.close();
    }
}

impl Caller {
    pub(crate) fn database(&self, database: *const ouro_database) -> Result<&Database> {
        Ok(&self.borrow(database, "database")?.inner)
    }
}

/// Opens the store at `path` for reading and writing, and makes it where there is none. One process at a time
/// may have a store open for writing. `options` may be NULL.
///
/// Errors: `PATH_NOT_FOUND`, `NOT_A_STORE`, `NEWER_FORMAT`, `LOCKED` (the message names the process),
/// `PERMISSION_DENIED`, `CORRUPT`, `INVALID_ARGUMENT`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_open(
    path: *const c_char,
    options: *const ouro_options,
    out: *mut *mut ouro_database,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let path = caller.path(path, "path")?;
        out.give(ouro_database::new(Database::open(path, caller.options(options)?)?));
        Ok(())
    })
}

/// Opens the store at `path` for reading, as of now. Writes nothing, and does not mind a writer. `options`
/// may be NULL.
///
/// Errors: as `ouro_database_open`, without `LOCKED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_open_read_only(
    path: *const c_char,
    options: *const ouro_options,
    out: *mut *mut ouro_database,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let path = caller.path(path, "path")?;
        out.give(ouro_database::new(Database::open_read_only(path, caller.options(options)?)?));
        Ok(())
    })
}

/// Makes an empty database in memory, which is gone when it is closed. `options` may be NULL.
///
/// Errors: `DISK_FULL` where the options leave it less memory than an empty store takes.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_open_in_memory(
    options: *const ouro_options,
    out: *mut *mut ouro_database,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_database::new(Database::open_in_memory(caller.options(options)?)?));
        Ok(())
    })
}

/// Closes the database: refuses new calls with `CLOSED`, waits for running ones (long ones are cancelled and
/// answer `CLOSED`), makes everything durable, and releases the lock. The handle, and those made of it, are
/// still to be freed. Closing twice is fine. From within a callback of the database it returns at once, and
/// the database is closed when the call that runs the callback ends.
///
/// Errors: those of the last sync. The database is closed all the same.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_close(
    database: *const ouro_database,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.database(database)?.close()?;
        Ok(())
    })
}

/// Whether closing has begun; true for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_is_closed(database: *const ouro_database) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(true, || Some(caller.lent(database)?.inner.is_closed()))
}

/// Whether the database was opened read-only; false for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_is_read_only(database: *const ouro_database) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(false, || Some(caller.lent(database)?.inner.is_read_only()))
}

/// The store's folder, as it was given; NULL for a database in memory, and for NULL. Lent until the database
/// is freed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_path(database: *const ouro_database) -> *const c_char {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(caller.lent(database)?.path.as_ref()?.as_ptr()))
}

/// Closes the database, if `ouro_database_close` has not, and frees it. NULL is allowed. Handles made of it
/// may be freed before or after.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_free(database: *mut ouro_database) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(database);
}
