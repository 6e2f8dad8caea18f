//! Making what was written durable, once for all who wait.
//!
//! Whoever holds `syncing` syncs for everyone who wrote before it asked the writer where the log ends. Those
//! who waited for `syncing` meanwhile find their bytes durable and return: callers share one `fdatasync`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Store;
use crate::error::{Error, Result};
use crate::options::Durability;

/// Up to where the log is durable. Compared by segment, then by offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogEnd {
    pub(crate) segment: u64,
    pub(crate) end: u64,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DurablePoint {
    pub(crate) log_end: LogEnd,
    /// The number after the last durable event.
    pub(crate) sequence_end: u64,
}

impl Store {
    /// The number after the last event that survives power loss.
    pub(crate) fn durable_sequence_end(&self) -> u64 {
        self.durable.lock().sequence_end
    }

    /// Makes everything that was committed durable.
    pub(crate) fn sync(&self) -> Result<()> {
        self.check_writable()?;
        let end = {
            let guard = self.writer.lock();
            let state = guard.as_ref().ok_or_else(Error::closed)?;
            LogEnd { segment: state.writer.active().number(), end: state.writer.active().end() }
        };
        self.make_durable(end)
    }

    pub(super) fn settle(&self, end: LogEnd, durability: Durability) -> Result<()> {
        match durability {
            Durability::Durable if cfg!(ouroboros_seeded_bug = "acknowledged_before_sync") => Ok(()),
            Durability::Durable => self.make_durable(end),
            Durability::Buffered => Ok(()),
        }
    }

    pub(super) fn make_durable(&self, wanted: LogEnd) -> Result<()> {
        if self.durable.lock().log_end >= wanted {
            return Ok(());
        }
        let _leader = self.syncing.lock();
        if self.durable.lock().log_end >= wanted {
            return Ok(());
        }
        self.poison.check()?;
        let (segment, point) = {
            let guard = self.writer.lock();
            let state = guard.as_ref().ok_or_else(Error::closed)?;
            let segment = Arc::clone(state.writer.active());
            let log_end = LogEnd { segment: segment.number(), end: segment.end() };
            (segment, DurablePoint { log_end, sequence_end: self.index.read().sequence_end() })
        };
        // A failed sync is final: the kernel may have dropped the dirty pages and called them clean.
        let dart = self.poison.arm();
        segment.sync()?;
        dart.disarm();
        self.advance_durable(point);
        Ok(())
    }

    pub(super) fn advance_durable(&self, point: DurablePoint) {
        let mut durable = self.durable.lock();
        if point.log_end > durable.log_end {
            *durable = point;
            drop(durable);
            self.durable_moved.notify_all();
        }
    }

    /// Waits until an event of this number is durable, at most so long. Whether it is.
    pub(crate) fn wait_durable(&self, sequence: u64, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        let mut durable = self.durable.lock();
        while durable.sequence_end <= sequence {
            if self.durable_moved.wait_until(&mut durable, until).timed_out() {
                return durable.sequence_end > sequence;
            }
        }
        true
    }
}
