//! A long answer of ids, in pages.

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;

/// Ids of events, one after another, as of the moment the cursor was made. Threads may share it; each id goes to
/// one of them.
pub struct ouro_id_cursor {
    pub(crate) inner: ouroborosdb::IdCursor,
}

/// Whether there is a next id, in `found`, and the id. At the end `found` is false, with `OURO_OK`.
///
/// Errors: `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_id_cursor_next(
    cursor: *const ouro_id_cursor,
    out: *mut ouro_event_id,
    found: *mut bool,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let found = caller.output(found, false, "found")?;
        let page = caller.borrow(cursor, "cursor")?.inner.page(1)?;
        if let Some(id) = page.first() {
            out.set((*id).into());
            found.set(true);
        }
        Ok(())
    })
}

/// The next ids, at most `capacity`; how many goes to `len`, 0 at the end.
///
/// Errors: `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_id_cursor_page(
    cursor: *const ouro_id_cursor,
    ids: *mut ouro_event_id,
    capacity: usize,
    len: *mut usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let len = caller.output(len, 0, "len")?;
        let room = caller.room(ids, capacity, "ids")?;
        let page = caller.borrow(cursor, "cursor")?.inner.page(capacity)?;
        len.set(room.fill(page.into_iter().map(ouro_event_id::from)));
        Ok(())
    })
}

/// Frees the cursor. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_id_cursor_free(cursor: *mut ouro_id_cursor) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(cursor);
}
