//! Bytes that the library gives away.

use std::ffi::c_void;

use crate::boundary::Caller;

/// Bytes that the library gave: a file, metadata, a title. Owned: `ouro_bytes_free`.
pub struct ouro_bytes {
    bytes: Vec<u8>,
}

impl ouro_bytes {
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> ouro_bytes {
        ouro_bytes { bytes: bytes.into() }
    }
}

/// The bytes, lent until the handle is freed; not NULL even where there are none; NULL for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_bytes_data(bytes: *const ouro_bytes) -> *const c_void {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(caller.lent(bytes)?.bytes.as_ptr().cast()))
}

/// How many bytes there are; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_bytes_len(bytes: *const ouro_bytes) -> usize {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(bytes)?.bytes.len()))
}

/// Frees the bytes. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_bytes_free(bytes: *mut ouro_bytes) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(bytes);
}
