//! The one door between JavaScript and the engine: panics stop here, and errors get the form in which they cross.
//!
//! An error crosses as the reason of napi's error, `NUMBER ERRNO MESSAGE`; `lib/errors.cjs` takes it apart and
//! makes an `OuroborosError` of it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ouroborosdb::{Error, ErrorCode, Result};

/// Runs `work`; a panic is the error `internal`.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // A panic leaves no handle of ours half changed: they are immutable or behind the engine's own locks.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(internal(&*panic)))
}

/// The error as JavaScript gets it.
pub(crate) fn thrown(error: &Error) -> napi::Error {
    let (number, os_code) = (error.code().number(), error.os_code().unwrap_or(0));
    napi::Error::from_reason(format!("{number} {os_code} {}", error.message()))
}

/// An error that arises here, before the engine is asked.
pub(crate) fn refused(code: ErrorCode, message: &str) -> napi::Error {
    thrown(&Error::new(code, message))
}

fn internal(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Error::new(ErrorCode::Internal, format!("the library failed in a way that it never should: {text}"))
}
