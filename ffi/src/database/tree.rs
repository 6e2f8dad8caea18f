//! Asking for events, and walking the trees.

use std::ffi::c_char;

use ouroborosdb::{Error, ErrorCode, Order, Result};

use crate::boundary::Caller;
use crate::bytes::ouro_bytes;
use crate::database::ouro_database;
use crate::error::{ouro_error, ouro_status};
use crate::event::ouro_event;
use crate::event_cursor::ouro_event_cursor;
use crate::event_id::ouro_event_id;
use crate::id_cursor::ouro_id_cursor;
use crate::root_cursor::ouro_root_cursor;

/// Children come as this store committed them.
pub const OURO_ORDER_COMMIT: i32 = 0;
/// Children come by time, then by id: the same on every replica.
pub const OURO_ORDER_TIME: i32 = 1;

fn order(number: i32) -> Result<Order> {
    match number {
        OURO_ORDER_COMMIT => Ok(Order::Commit),
        OURO_ORDER_TIME => Ok(Order::Time),
        other => {
            let message =
                format!("the parameter `order` is {other}; use one of the constants OURO_ORDER_...");
            Err(Error::new(ErrorCode::InvalidArgument, message))
        }
    }
}

/// The id of the one event whose id begins with these hexadecimal digits, of which there may be 1 to 128.
///
/// Errors: `INVALID_ID` for what is no such text; `EVENT_NOT_FOUND`; `AMBIGUOUS_ID` where several events begin so;
/// `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_resolve(
    database: *const ouro_database,
    digits: *const c_char,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let digits = caller.c_string(digits, "digits")?;
        out.set(caller.database(database)?.resolve(&digits.to_string_lossy())?.into());
        Ok(())
    })
}

/// The event of this id.
///
/// Errors: `EVENT_NOT_FOUND`; `CORRUPT`; `IO`; `CLOSED`; as all that ask for an event.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_event(
    database: *const ouro_database,
    id: ouro_event_id,
    out: *mut *mut ouro_event,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_event::new(caller.database(database)?.event(id)?));
        Ok(())
    })
}

/// The event that this one hangs under; NULL for a root, with `OURO_OK`.
///
/// Errors: as `ouro_database_event`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_parent(
    database: *const ouro_database,
    event: ouro_event_id,
    out: *mut *mut ouro_event,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        if let Some(parent) = caller.database(database)?.parent(event)? {
            out.give(ouro_event::new(parent));
        }
        Ok(())
    })
}

/// The metadata of the event: its own, else that of its nearest ancestor that has some; NULL where none has,
/// with `OURO_OK`.
///
/// Errors: as `ouro_database_event`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_metadata(
    database: *const ouro_database,
    event: ouro_event_id,
    out: *mut *mut ouro_bytes,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        if let Some(metadata) = caller.database(database)?.metadata(event)? {
            out.give(ouro_bytes::new(metadata));
        }
        Ok(())
    })
}

/// All roots, in commit order.
///
/// Errors: `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_roots(
    database: *const ouro_database,
    out: *mut *mut ouro_event_cursor,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_event_cursor { inner: caller.database(database)?.roots()? });
        Ok(())
    })
}

/// The roots of this title, in commit order.
///
/// Errors: `INVALID_TEXT`; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_roots_titled(
    database: *const ouro_database,
    title: *const c_char,
    title_len: usize,
    out: *mut *mut ouro_event_cursor,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        let title = caller.text(title, title_len, "title", "the title")?;
        out.give(ouro_event_cursor { inner: database.roots_titled(title)? });
        Ok(())
    })
}

/// The title index: every root with its title, by title.
///
/// Errors: `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_root_index(
    database: *const ouro_database,
    out: *mut *mut ouro_root_cursor,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_root_cursor { inner: caller.database(database)?.root_index()? });
        Ok(())
    })
}

/// The events directly under this one, in one of the orders `OURO_ORDER_...`.
///
/// Errors: as `ouro_database_event`; `INVALID_ARGUMENT` for another order.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_children(
    database: *const ouro_database,
    event: ouro_event_id,
    order: i32,
    out: *mut *mut ouro_event_cursor,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        out.give(ouro_event_cursor { inner: database.children(event, self::order(order)?)? });
        Ok(())
    })
}

/// The ids of the events directly under this one, without reading them.
///
/// Errors: as `ouro_database_children`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_child_ids(
    database: *const ouro_database,
    event: ouro_event_id,
    order: i32,
    out: *mut *mut ouro_id_cursor,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let database = caller.database(database)?;
        out.give(ouro_id_cursor { inner: database.child_ids(event, self::order(order)?)? });
        Ok(())
    })
}

/// The events above this one, nearest first, a root last.
///
/// Errors: as `ouro_database_event`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_ancestors(
    database: *const ouro_database,
    event: ouro_event_id,
    out: *mut *mut ouro_event_cursor,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_event_cursor { inner: caller.database(database)?.ancestors(event)? });
        Ok(())
    })
}

/// All events under this one: parents before their children, children in commit order, depth first.
///
/// Errors: as `ouro_database_event`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_descendants(
    database: *const ouro_database,
    event: ouro_event_id,
    out: *mut *mut ouro_event_cursor,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        out.give(ouro_event_cursor { inner: caller.database(database)?.descendants(event)? });
        Ok(())
    })
}
