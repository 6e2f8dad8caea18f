//! A panic, as the error that a binding answers in its place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Error, ErrorCode, Result};

/// Runs `work`, and answers `internal` where it panics: for bindings, whose callers must never meet a panic.
///
/// ```
/// use ouroborosdb::{ErrorCode, guarded};
/// assert_eq!(guarded(|| Ok(7))?, 7);
/// # std::panic::set_hook(Box::new(|_| ()));
/// let error = guarded::<()>(|| panic!("what never happens")).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::Internal);
/// assert!(error.message().contains("what never happens"));
/// # Ok::<(), ouroborosdb::Error>(())
/// ```
///
/// # Errors
///
/// What `work` answers; `internal`, with the panic's message.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // A panic leaves no handle half changed: they are immutable, or behind the guards of the engine.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("without a message");
        Err(Error::new(ErrorCode::Internal, format!("the library panicked: {text}; please report it")))
    })
}
