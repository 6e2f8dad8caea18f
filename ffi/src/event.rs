//! An event: an immutable snapshot.

use std::ffi::{c_char, c_void};

use ouroborosdb::{Event, EventKind, ORIGIN_BYTES};

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};
use crate::event_id::ouro_event_id;
use crate::handle::Lent;
use crate::new_event::ouro_attribute;

/// An ordinary event.
pub const OURO_EVENT_KIND_PLAIN: u8 = 0;
/// The top of a tree; it has a title and no parent.
pub const OURO_EVENT_KIND_ROOT: u8 = 1;
/// A named set of keys.
pub const OURO_EVENT_KIND_KEYSPACE: u8 = 2;
/// One key of a keyspace.
pub const OURO_EVENT_KIND_KEY: u8 = 3;
/// A version of a key's value.
pub const OURO_EVENT_KIND_VALUE: u8 = 4;
/// A version that removes a key.
pub const OURO_EVENT_KIND_TOMBSTONE: u8 = 5;
/// A step of a counter or a set.
pub const OURO_EVENT_KIND_OPERATION: u8 = 6;
/// A version that joins others.
pub const OURO_EVENT_KIND_MERGE: u8 = 7;
/// Settings that replicate.
pub const OURO_EVENT_KIND_CONFIG: u8 = 8;

/// Bytes of an event's origin.
pub const OURO_ORIGIN_BYTES: usize = 16;

const _: () = assert!(OURO_ORIGIN_BYTES == ORIGIN_BYTES);

/// An event as it was stored: immutable, and independent of the database's life. What its getters give is lent
/// until it is freed. The getters begin with `ouro_event_get_`, since `ouro_event_id` is a type.
pub struct ouro_event {
    event: Event,
    /// The engine's ids in the form that C has them.
    follows: Vec<ouro_event_id>,
}

impl ouro_event {
    pub(crate) fn new(event: Event) -> ouro_event {
        let follows = event.follows().iter().copied().map(ouro_event_id::from).collect();
        ouro_event { event, follows }
    }
}

/// The event's name; zeros for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_id(event: *const ouro_event) -> ouro_event_id {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(ouro_event_id::default(), || Some(caller.lent(event)?.event.id().into()))
}

/// What the event is for: `OURO_EVENT_KIND_...`, or a number of a later version of the library; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_kind(event: *const ouro_event) -> u8 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(event)?.event.kind().number()))
}

/// The name of a kind, such as `root`; `unknown` for one of a later version. It is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_event_kind_name(kind: u8) -> *const c_char {
    let name = match EventKind::from_number(kind) {
        EventKind::Plain => c"plain",
        EventKind::Root => c"root",
        EventKind::Keyspace => c"keyspace",
        EventKind::Key => c"key",
        EventKind::Value => c"value",
        EventKind::Tombstone => c"tombstone",
        EventKind::Operation => c"operation",
        EventKind::Merge => c"merge",
        EventKind::Config => c"config",
        _ => c"unknown",
    };
    name.as_ptr()
}

/// Whether the event hangs under another one, whose id goes to `out`; false and zeros for a root.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_parent(event: *const ouro_event, out: *mut ouro_event_id) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || Some(caller.lent(event)?.event.parent()?.into()))
}

/// The events that this one supersedes or joins, ascending; how many goes to `len`. Lent; NULL for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_follows(
    event: *const ouro_event,
    len: *mut usize,
) -> *const ouro_event_id {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.write(len, 0);
    caller.get(std::ptr::null(), || {
        let follows = &caller.lent(event)?.follows;
        caller.output(len, 0, "len").ok()?.set(follows.len());
        Some(follows.as_ptr())
    })
}

/// Who made the event: 16 bytes, drawn anew for each writer session; zeros for derived events and for NULL.
///
/// cbindgen:ptrs-as-arrays=[[out; 16]]
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_origin(event: *const ouro_event, out: *mut u8) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get((), || {
        let origin = caller.lent(event).map_or([0; ORIGIN_BYTES], |event| event.event.origin());
        caller.room(out, ORIGIN_BYTES, "out").ok()?.fill(origin);
        Some(())
    });
}

/// When the event was made, in milliseconds since 1970; 0 for derived events and for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_time_ms(event: *const ouro_event) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(event)?.event.time_ms()))
}

/// Orders events of one millisecond; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_time_counter(event: *const ouro_event) -> u16 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(event)?.event.time_counter()))
}

/// This store's own commit order, from 1: not part of the id, and other on each replica; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_sequence(event: *const ouro_event) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(event)?.event.sequence()))
}

/// The title of a root, UTF-8 without a NUL at its end, and its length. Lent; NULL for an event that is no
/// root.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_title(event: *const ouro_event, len: *mut usize) -> *const c_char {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.lend(len, || Some(caller.lent(event)?.event.title()?.as_bytes())).cast()
}

/// How many attributes the event has; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_attributes_len(event: *const ouro_event) -> usize {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(event)?.event.attributes().len()))
}

/// Whether the event has an attribute of this number, from 0, ascending by the bytes of the names. Its name
/// and value are lent.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_attribute_at(
    event: *const ouro_event,
    index: usize,
    out: *mut ouro_attribute,
) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || {
        let (name, value) = caller.lent(event)?.event.attributes().nth(index)?;
        let (name, value) = (Lent::new(name.as_bytes()), Lent::new(value));
        Some(ouro_attribute {
            name: name.data.cast(),
            name_len: name.length,
            value: value.data,
            value_len: value.length,
        })
    })
}

/// The value of the attribute of this name, lent; NULL where there is none, with `OURO_OK`.
///
/// Errors: `INVALID_TEXT` for a name that is not UTF-8.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_attribute(
    event: *const ouro_event,
    name: *const c_char,
    name_len: usize,
    value: *mut *const c_void,
    value_len: *mut usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(value, std::ptr::null(), "value")?;
        let out_len = caller.output(value_len, 0, "value_len")?;
        let event = caller.borrow(event, "event")?;
        let name = caller.text(name, name_len, "name", "the name of an attribute")?;
        if let Some(value) = event.event.attribute(name).map(Lent::new) {
            out.set(value.data);
            out_len.set(value.length);
        }
        Ok(())
    })
}

/// The event's own metadata and its length. Lent; NULL where it has none. `ouro_database_metadata` gives
/// inherited metadata.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_metadata(event: *const ouro_event, len: *mut usize) -> *const c_void {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.lend(len, || caller.lent(event)?.event.metadata())
}

/// Whether the event carries a file, whose length in bytes goes to `out`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_content_length(event: *const ouro_event, out: *mut u64) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || caller.lent(event)?.event.content_length())
}

/// Whether the event may be collected again; false for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_temporary(event: *const ouro_event) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(false, || Some(caller.lent(event)?.event.temporary()))
}

/// Whether the event expires, and when, in milliseconds since 1970.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_expires_ms(event: *const ouro_event, out: *mut u64) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || caller.lent(event)?.event.expires_ms())
}

/// Whether full-text search should cover the event; false for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_get_full_text(event: *const ouro_event) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(false, || Some(caller.lent(event)?.event.full_text()))
}

/// Frees the event. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_free(event: *mut ouro_event) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(event);
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use ouroborosdb::EventKind;

    #[test]
    fn the_names_of_kinds_are_those_of_the_engine() {
        for number in 0..=u8::MAX {
            // SAFETY: a static string.
            let name = unsafe { CStr::from_ptr(super::ouro_event_kind_name(number)) };
            assert_eq!(name.to_bytes(), EventKind::from_number(number).name().as_bytes());
        }
    }
}
