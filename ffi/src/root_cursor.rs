//! The title index, in pages.

use crate::boundary::Caller;
use crate::bytes::ouro_bytes;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;
use crate::handle::into_handle;

/// Roots with their titles, ascending by the bytes of the title, as of the moment the cursor was made.
pub struct ouro_root_cursor {
    pub(crate) inner: ouroborosdb::RootCursor,
}

/// The next title, which the caller frees, and the id of its root; the title is NULL at the end, with
/// `OURO_OK`.
///
/// Errors: `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_root_cursor_next(
    cursor: *const ouro_root_cursor,
    title: *mut *mut ouro_bytes,
    root: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let title = caller.handle(title, "title")?;
        let root = caller.output(root, ouro_event_id::default(), "root")?;
        let page = caller.borrow(cursor, "cursor")?.inner.page(1)?;
        if let Some((text, id)) = page.into_iter().next() {
            root.set(id.into());
            title.give(ouro_bytes::new(text));
        }
        Ok(())
    })
}

/// The next titles, at most `capacity`, each of which the caller frees, and the ids of their roots; how many
/// goes to `len`, 0 at the end.
///
/// Errors: `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_root_cursor_page(
    cursor: *const ouro_root_cursor,
    titles: *mut *mut ouro_bytes,
    roots: *mut ouro_event_id,
    capacity: usize,
    len: *mut usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let len = caller.output(len, 0, "len")?;
        let titles = caller.room(titles, capacity, "titles")?;
        let roots = caller.room(roots, capacity, "roots")?;
        let page = caller.borrow(cursor, "cursor")?.inner.page(capacity)?;
        roots.fill(page.iter().map(|(_, id)| (*id).into()));
        len.set(titles.fill(page.into_iter().map(|(text, _)| into_handle(ouro_bytes::new(text)))));
        Ok(())
    })
}

/// Frees the cursor. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_root_cursor_free(cursor: *mut ouro_root_cursor) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(cursor);
}
