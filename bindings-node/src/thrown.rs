//! The form in which errors cross to JavaScript.
//!
//! An error crosses as the reason of napi's error, `NUMBER ERRNO MESSAGE`; `lib/errors.cjs` takes it apart and
//! makes an `OuroborosError` of it.

use ouroborosdb::{Error, ErrorCode};

/// The error as JavaScript gets it.
pub(crate) fn thrown(error: &Error) -> napi::Error {
    let (number, os_code) = (error.code().number(), error.os_code().unwrap_or(0));
    napi::Error::from_reason(format!("{number} {os_code} {}", error.message()))
}

/// An error that arises here, before the engine is asked.
pub(crate) fn refused(code: ErrorCode, message: &str) -> napi::Error {
    thrown(&Error::new(code, message))
}
