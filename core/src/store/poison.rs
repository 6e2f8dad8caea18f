//! The state after a failed write: reading goes on, writing has ended.
//!
//! After a failed write or sync nobody knows what the disk holds, and a second sync that succeeds proves
//! nothing. So the first failure is final for the handle; opening again finds out what is there.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, ErrorCode, Result};

#[derive(Debug, Default)]
pub(crate) struct Poison {
    poisoned: AtomicBool,
}

impl Poison {
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_poisoned() {
            let message =
                "an earlier write failed, so the database takes no more; close it and open it again";
            return Err(Error::new(ErrorCode::Poisoned, message));
        }
        Ok(())
    }

    pub(crate) fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Acquire)
    }

    /// Poisons when it is dropped before [`Dart::disarm`]: by an error, or by a panic in between.
    pub(crate) fn arm(&self) -> Dart<'_> {
        Dart { poison: self, armed: true }
    }
}

/// Covers a stretch of code that must be done whole.
#[derive(Debug)]
pub(crate) struct Dart<'a> {
    poison: &'a Poison,
    armed: bool,
}

impl Dart<'_> {
    pub(crate) fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for Dart<'_> {
    fn drop(&mut self) {
        if self.armed {
            self.poison.poisoned.store(true, Ordering::Release);
        }
    }
}
