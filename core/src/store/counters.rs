//! What a store counts while it is open. Single additions to atomics, none of them on the way to an event that was read
//! lately.

use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn increment(&self) {
        self.add(1);
    }

    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Since the store was opened.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Batches that were written, those of chunks alone included.
    pub(crate) commits: Counter,
    /// How often the log was made durable for commits and for `sync`.
    pub(crate) syncs: Counter,
    /// Events that were asked for and found among those that were read lately, as far as measured calls tell.
    pub(crate) event_cache_hits: Counter,
    /// Events that were asked for and were not among them.
    pub(crate) event_cache_misses: Counter,
    /// How often a reader looked at what its writer has committed.
    pub(crate) refreshes: Counter,
}
