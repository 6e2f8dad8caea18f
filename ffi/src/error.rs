//! What went wrong, for C.

use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use ouroborosdb::{Error, ErrorCode};

use crate::boundary::Caller;
use crate::handle::to_c_string;

/// What a call answers: `OURO_OK`, or one of the numbers `OURO_ERROR_...`.
pub type ouro_status = i32;

/// The call succeeded.
pub const OURO_OK: ouro_status = 0;

/// Why a call failed. Owned by whoever asked for it: `ouro_error_free`.
pub struct ouro_error {
    code: ErrorCode,
    message: CString,
    os_code: i32,
}

impl ouro_error {
    pub(crate) fn new(error: &Error) -> ouro_error {
        ouro_error {
            code: error.code(),
            message: to_c_string(error.message().as_bytes()),
            os_code: error.os_code().unwrap_or(0),
        }
    }
}

/// Names and meanings as C strings, which the table of the engine does not have.
static STRINGS: LazyLock<Vec<(ErrorCode, CString, CString)>> = LazyLock::new(|| {
    let strings = |code: &ErrorCode| {
        (*code, to_c_string(code.name().as_bytes()), to_c_string(code.meaning().as_bytes()))
    };
    ErrorCode::ALL.iter().map(strings).collect()
});

fn strings_of(code: ErrorCode) -> Option<&'static (ErrorCode, CString, CString)> {
    STRINGS.iter().find(|(other, ..)| *other == code)
}

/// The code of the error, the same as the status of the call; `OURO_OK` for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_error_code(error: *const ouro_error) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(OURO_OK, || Some(caller.lent(error)?.code.number()))
}

/// The stable name of the error's code, such as `parent_not_found`. It is never freed; NULL for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_error_name(error: *const ouro_error) -> *const c_char {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(strings_of(caller.lent(error)?.code)?.1.as_ptr()))
}

/// What happened and what to do, for people: one line of UTF-8. Lent until the error is freed; NULL for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_error_message(error: *const ouro_error) -> *const c_char {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(caller.lent(error)?.message.as_ptr()))
}

/// The operating system's error number (`errno`), 0 where it reported none.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_error_os_code(error: *const ouro_error) -> i32 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(error)?.os_code))
}

/// Frees the error. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_error_free(error: *mut ouro_error) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(error);
}

/// The stable name of a code, NULL for a number that is none. It is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_error_code_name(code: ouro_status) -> *const c_char {
    // SAFETY: there are no pointers.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(strings_of(ErrorCode::from_number(code)?)?.1.as_ptr()))
}

/// What a code means, in one line; NULL for a number that is none. It is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_error_code_meaning(code: ouro_status) -> *const c_char {
    // SAFETY: there are no pointers.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(strings_of(ErrorCode::from_number(code)?)?.2.as_ptr()))
}

/// The code of a stable name; `OURO_OK` for NULL and for a name that is none.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_error_code_from_name(name: *const c_char) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(OURO_OK, || {
        let name = caller.c_string(name, "name").ok()?;
        Some(ErrorCode::from_name(name.to_str().ok()?)?.number())
    })
}
