//! What only tests call, and the header does not have.

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
