//! The change feed.

use std::ffi::c_char;
use std::time::Duration;

use ouroborosdb::{ChangeCursor, Result};

use crate::boundary::Caller;
use crate::control::ouro_control;
use crate::error::{ouro_error, ouro_status};
use crate::event::ouro_event;
use crate::handle::into_handle;

/// Bytes of a change cursor's text with its final NUL.
pub const OURO_CHANGE_CURSOR_BYTES: usize = 67;

/// The events behind a place in the change feed, in commit order. It ends at the last durable event, and goes on
/// from there when it is asked again later. Threads may share it; each event goes to one of them.
pub struct ouro_changes {
    pub(crate) inner: ouroborosdb::Changes,
}

/// The cursor with this text.
pub(crate) fn parse(caller: &Caller, text: *const c_char, name: &str) -> Result<ChangeCursor> {
    caller.c_string(text, name)?.to_string_lossy().parse()
}

/// The next event, which the caller frees; NULL where there is none yet, with `OURO_OK`.
///
/// Errors: `CORRUPT` for an event that cannot be read, the feed goes on behind it; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_changes_next(
    changes: *const ouro_changes,
    out: *mut *mut ouro_event,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.handle(out, "out")?;
        let page = caller.borrow(changes, "changes")?.inner.page(1)?;
        if let Some(event) = page.into_iter().next() {
            out.give(ouro_event::new(event));
        }
        Ok(())
    })
}

/// The next events, at most `capacity`, each of which the caller frees; how many goes to `len`, 0 where there
/// are none yet.
///
/// Errors: as `ouro_changes_next`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_changes_page(
    changes: *const ouro_changes,
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
        let page = caller.borrow(changes, "changes")?.inner.page(capacity)?;
        len.set(room.fill(page.into_iter().map(|event| into_handle(ouro_event::new(event)))));
        Ok(())
    })
}

/// As `ouro_changes_page`, but where there are no events yet it waits for them, at most `timeout_ms` milliseconds;
/// `UINT64_MAX` is without end. A database that was opened read-only looks at what its writer has committed
/// meanwhile, in whichever process that is; it looks once where it may not wait at all. `control` may be NULL; its
/// function is told that nothing has come yet, with zeros.
///
/// Errors: as `ouro_changes_next`; `CANCELLED`; `CLOSED` within a moment of another thread's closing the database.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_changes_watch(
    changes: *const ouro_changes,
    timeout_ms: u64,
    control: *const ouro_control,
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
        let changes = caller.borrow(changes, "changes")?;
        let at_most = Duration::from_millis(timeout_ms);
        let page = changes.inner.watch(capacity, at_most, caller.control(control)?)?;
        len.set(room.fill(page.into_iter().map(|event| into_handle(ouro_event::new(event)))));
        Ok(())
    })
}

/// The text of the place behind the last event given out, with a NUL: keep it to go on later, in
/// `ouro_database_changes`.
///
/// cbindgen:ptrs-as-arrays=[[out; 67]]
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_changes_cursor(
    changes: *const ouro_changes,
    out: *mut c_char,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let room = caller.room(out.cast::<u8>(), OURO_CHANGE_CURSOR_BYTES, "out")?;
        let changes = caller.borrow(changes, "changes")?;
        let text = changes.inner.cursor().to_string();
        room.fill(text.into_bytes().into_iter().chain([0]));
        Ok(())
    })
}

/// The sequence number of the last event before the place that this text names; 0 at the beginning.
///
/// Errors: `INVALID_CURSOR`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_change_cursor_sequence(
    cursor: *const c_char,
    out: *mut u64,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, 0, "out")?;
        out.set(parse(&caller, cursor, "cursor")?.sequence());
        Ok(())
    })
}

/// Frees the changes. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_changes_free(changes: *mut ouro_changes) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(changes);
}
