//! Where what readers may see ends. `models/` compiles this file too.

use crate::sync::{AtomicU64, Ordering};

/// An end that only its writer moves. Whoever sees it sees all that was written before it was published.
#[derive(Debug)]
pub(crate) struct Published(AtomicU64);

impl Published {
    pub(crate) fn new(end: u64) -> Published {
        Published(AtomicU64::new(end))
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn set(&self, end: u64) {
        self.0.store(end, Ordering::Release);
    }
}
