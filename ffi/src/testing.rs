//! What only tests call, and the header does not have.

use std::ffi::c_int;

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};

/// Panics, to show that it comes out as `OURO_ERROR_INTERNAL`.
///
/// cbindgen:ignore
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
#[allow(clippy::panic, reason = "the one place that panics on purpose")]
pub unsafe extern "C" fn ouro_test_panic(error: *mut *mut ouro_error) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || panic!("ouro_test_panic was called"))
}

/// Adds one to a number without synchronisation, to show that ThreadSanitizer sees the two threads that do so at once.
///
/// cbindgen:ignore
///
/// # Safety
///
/// The pointer is valid. Two threads may call it with the same one only where what follows is to be found.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_test_add_unsynchronised(number: *mut c_int) {
    // SAFETY: the pointer is valid. Volatile, so that it is read and written each time.
    unsafe { number.write_volatile(number.read_volatile().wrapping_add(1)) };
}
