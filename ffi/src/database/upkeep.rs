//! Making durable, checking, rebuilding, counting; the beginnings of batches and of the change feed.

use std::ffi::c_char;

use ouroborosdb::VerifyOptions;

use crate::batch::ouro_batch;
use crate::boundary::Caller;
use crate::bytes::ouro_bytes;
use crate::changes::{ouro_changes, parse};
use crate::control::ouro_control;
use crate::database::ouro_database;
use crate::error::{ouro_error, ouro_status};
use crate::stats::ouro_stats;
use crate::verify_report::ouro_verify_report;

/// Begins a batch: events that become visible together or not at all.
///
/// Errors: `READ_ONLY`; `POISONED`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_batch(
    database: *const ouro_database,
    out: *mut *mut ouro_batch,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_batch::new(caller.database(database)?.batch()?));
        Ok(())
    })
}

/// The durable events after a place in the change feed, in commit order; `after` is the text of a cursor,
/// NULL for the beginning.
///
/// Errors: `INVALID_CURSOR`; `CURSOR_OF_ANOTHER_STORE`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_changes(
    database: *const ouro_database,
    after: *const c_char,
    out: *mut *mut ouro_changes,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let after = if after.is_null() { None } else { Some(parse(&caller, after, "after")?) };
        out.give(ouro_changes { inner: database.changes(after)? });
        Ok(())
    })
}

/// Sees what a writer has committed since this database was opened read-only, or refreshed, in this process or
/// another; `out` gets whether there are new events. A database that is open for writing sees everything as it
/// comes, and answers no. Cursors that are open go on seeing what they saw; new ones, and the change feed, see
/// what is new.
///
/// Errors: `CORRUPT`; `IO`; then it goes on seeing what it saw. `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_refresh(
    database: *const ouro_database,
    out: *mut bool,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, false, "out")?;
        out.set(caller.database(database)?.refresh()?);
        Ok(())
    })
}

/// Makes everything that was committed durable.
///
/// Errors: `READ_ONLY`; `IO`, after which the database takes no more writes; `POISONED`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_sync(
    database: *const ouro_database,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.database(database)?.sync()?;
        Ok(())
    })
}

/// Figures as of now. `out` begins with `OURO_STATS_INIT`, and is all zeros but for its size on failure.
///
/// Errors: `INVALID_ARGUMENT` for a `struct_size` that is none; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_stats(
    database: *const ouro_database,
    out: *mut ouro_stats,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.set_sized(out, &ouro_stats::default(), "out")?;
        let database = caller.database(database)?;
        caller.set_sized(out, &ouro_stats::new(&database.stats()?), "out")?;
        Ok(())
    })
}

/// All figures in the text format of Prometheus, for an application to serve; `out` gets UTF-8 text. Serve each
/// database under a path of its own: the texts of two make no whole.
///
/// Errors: `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_prometheus(
    database: *const ouro_database,
    out: *mut *mut ouro_bytes,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_bytes::new(caller.database(database)?.prometheus()?));
        Ok(())
    })
}

/// Reads and checks everything. Damage is no error: the report names it. `control`, which counts bytes and
/// records, may be NULL.
///
/// Errors: `CANCELLED`; `IO`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_verify(
    database: *const ouro_database,
    control: *const ouro_control,
    out: *mut *mut ouro_verify_report,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let options = VerifyOptions::new().control(caller.control(control)?);
        out.give(ouro_verify_report::new(database.verify(options)?));
        Ok(())
    })
}

/// Makes the index anew from the segments. No answer changes; writers wait meanwhile. `control`, which counts
/// bytes and records, may be NULL.
///
/// Errors: as `ouro_database_verify`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_rebuild_index(
    database: *const ouro_database,
    control: *const ouro_control,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.database(database)?.rebuild_index_with(caller.control(control)?)?;
        Ok(())
    })
}
