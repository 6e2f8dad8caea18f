//! The one door between C and the engine: every export goes through [`Caller::call`] or [`Caller::get`].
//!
//! Invariants: no panic gets out into C; an error object is made exactly where a status other than `OURO_OK`
//! is returned and the caller asked for it; `*error` is NULL otherwise.

use ouroborosdb::{Result, guarded};

use crate::error::{OURO_OK, ouro_error, ouro_status};

/// Whoever called an export, trusted to keep the header's rules.
///
/// What C promises about its pointers no type can check. The promise is taken once, where a `Caller` is made,
/// and the methods that follow pointers are this type's.
pub(crate) struct Caller(());

impl Caller {
    /// The caller of the export that is running.
    ///
    /// # Safety
    ///
    /// Until the export returns, every pointer given to a method of this `Caller` is one that C passed to the
    /// export, on its own or within a struct, and keeps the rules at the top of the header: it is NULL, or it
    /// points to what its type says, for as long as the header says.
    pub(crate) unsafe fn trusted() -> Caller {
        Caller(())
    }

    /// Runs the body of an export that can fail.
    pub(crate) fn call(&self, error: *mut *mut ouro_error, body: impl FnOnce() -> Result<()>) -> ouro_status {
        self.write(error, std::ptr::null_mut());
        let Err(failure) = guarded(body) else { return OURO_OK };
        let status = failure.code().number();
        if !error.is_null() {
            self.write(error, Box::into_raw(Box::new(ouro_error::new(&failure))));
        }
        status
    }

    /// Runs the body of an export that cannot report: `default` stands for what has no answer.
    pub(crate) fn get<T>(&self, default: T, body: impl FnOnce() -> Option<T>) -> T {
        guarded(|| Ok(body())).ok().flatten().unwrap_or(default)
    }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a panic is what is tested")]
mod tests {
    use super::Caller;
    use crate::error::{ouro_error, ouro_error_code, ouro_error_free};
    use crate::error_codes::OURO_ERROR_INTERNAL;

    #[test]
    fn a_panic_is_an_internal_error() {
        let mut error: *mut ouro_error = std::ptr::null_mut();
        // SAFETY: the pointers are those of this function's variables.
        unsafe {
            let caller = Caller::trusted();
            assert_eq!(caller.call(&raw mut error, || panic!("on {}", "purpose")), OURO_ERROR_INTERNAL);
            assert_eq!(ouro_error_code(error), OURO_ERROR_INTERNAL);
            ouro_error_free(error);
            assert_eq!(caller.call(std::ptr::null_mut(), || panic!("unheard")), OURO_ERROR_INTERNAL);
            assert_eq!(caller.get(7, || panic!("in a getter")), 7);
        }
    }
}
