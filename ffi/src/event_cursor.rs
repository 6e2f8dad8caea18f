//! A long answer of events, in pages.

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};
use crate::event::ouro_event;
use crate::handle::into_handle;

/// Events, one after another, as of the moment the cursor was made. Threads may share it; each event goes to one
/// of them.
pub struct ouro_event_cursor {
    pub(crate) inner: ouroborosdb::EventCursor,
}

/// The next event, which the caller frees; NULL at the end, with `OURO_OK`.
///
/// Errors: `CORRUPT` for an event that cannot be read, the cursor goes on behind it; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_cursor_next(
    cursor: *const ouro_event_cursor,
    out: *mut *mut ouro_event,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let page = caller.borrow(cursor, "cursor")?.inner.page(1)?;
        if let Some(event) = page.into_iter().next() {
            out.give(ouro_event::new(event));
        }
        Ok(())
    })
}

/// The next events, at most `capacity`, each of which the caller frees; how many goes to `len`, 0 at the end.
///
/// Errors: as `ouro_event_cursor_next`; an unreadable event is reported once those before it are given out.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_cursor_page(
    cursor: *const ouro_event_cursor,
    events: *mut *mut ouro_event,
    capacity: usize,
    len: *mut usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let len = caller.output(len, 0, "len")?;
        let room = caller.room(events, capacity, "events")?;
        let page = caller.borrow(cursor, "cursor")?.inner.page(capacity)?;
        len.set(room.fill(page.into_iter().map(|event| into_handle(ouro_event::new(event)))));
        Ok(())
    })
}

/// Frees the cursor. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_cursor_free(cursor: *mut ouro_event_cursor) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(cursor);
}
