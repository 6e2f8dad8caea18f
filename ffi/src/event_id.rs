//! The name of an event, by value.

use std::ffi::{c_char, c_void};

use ouroborosdb::{EventId, ID_BYTES};

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};

/// Bytes of an id.
pub const OURO_EVENT_ID_BYTES: usize = 64;

/// Bytes of an id as text with its final NUL.
pub const OURO_EVENT_ID_HEX_BYTES: usize = 129;

const _: () = assert!(OURO_EVENT_ID_BYTES == ID_BYTES && OURO_EVENT_ID_HEX_BYTES == 2 * ID_BYTES + 1);

/// The name of an event: the SHA-512 of its canonical encoding. Compare two with `memcmp`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_event_id {
    /// The bytes.
    pub bytes: [u8; 64],
}

impl Default for ouro_event_id {
    fn default() -> ouro_event_id {
        ouro_event_id { bytes: [0; ID_BYTES] }
    }
}

impl From<EventId> for ouro_event_id {
    fn from(id: EventId) -> ouro_event_id {
        ouro_event_id { bytes: *id.as_bytes() }
    }
}

impl From<ouro_event_id> for EventId {
    fn from(id: ouro_event_id) -> EventId {
        EventId::new(id.bytes)
    }
}

/// Writes the id as 128 lower-case hexadecimal digits and a NUL.
///
/// cbindgen:ptrs-as-arrays=[[out; 129]]
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_id_to_hex(id: ouro_event_id, out: *mut c_char) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get((), || {
        let room = caller.room(out.cast::<u8>(), OURO_EVENT_ID_HEX_BYTES, "out").ok()?;
        room.fill(EventId::from(id).to_hex().into_bytes().into_iter().chain([0]));
        Some(())
    });
}

/// The id with these 128 hexadecimal digits of either case; `OURO_ERROR_INVALID_ID` for other text.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_id_from_hex(
    text: *const c_char,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let text = caller.c_string(text, "text")?;
        out.set(text.to_string_lossy().parse::<EventId>()?.into());
        Ok(())
    })
}

/// The id with these bytes; `OURO_ERROR_INVALID_ID` unless there are 64.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_event_id_from_bytes(
    bytes: *const c_void,
    bytes_len: usize,
    out: *mut ouro_event_id,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        let out = caller.output(out, ouro_event_id::default(), "out")?;
        let bytes = caller.bytes(bytes, bytes_len, "bytes")?;
        out.set(EventId::from_bytes(bytes)?.into());
        Ok(())
    })
}
