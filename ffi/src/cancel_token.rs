//! Cancelling a long call from another thread or from its own progress function.

use ouroborosdb::CancelToken;

use crate::boundary::Caller;
use crate::handle::into_handle;

/// Cancels the calls that it is given to, which then answer `OURO_ERROR_CANCELLED`. It stays cancelled. It may be
/// freed while calls that hold it run.
pub struct ouro_cancel_token {
    pub(crate) token: CancelToken,
}

/// A new token that is not cancelled: `ouro_cancel_token_free`.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_cancel_token_new() -> *mut ouro_cancel_token {
    // SAFETY: there are no pointers.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null_mut(), || Some(into_handle(ouro_cancel_token { token: CancelToken::new() })))
}

/// Cancels the calls that hold this token, and those that will get it. From any thread.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_cancel_token_cancel(token: *const ouro_cancel_token) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get((), || {
        caller.lent(token)?.token.cancel();
        Some(())
    });
}

/// Whether the token was cancelled; false for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_cancel_token_is_cancelled(token: *const ouro_cancel_token) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(false, || Some(caller.lent(token)?.token.is_cancelled()))
}

/// Frees the token. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_cancel_token_free(token: *mut ouro_cancel_token) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(token);
}
