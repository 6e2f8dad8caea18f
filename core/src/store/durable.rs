//! Making what was written durable, once for all who wait.
//!
//! Whoever finds nobody at it syncs for everyone who has written by then; those who write meanwhile wait, and one of them
//! is the next. Before it syncs, it lets those who are in the middle of a commit come to the same point, for as long as
//! a half of the last sync took: then as many commits as there are threads share one `fdatasync`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::Store;
use crate::error::{Error, Result};
use crate::options::Durability;

/// The longest that a commit waits for others before it is synced.
const GATHER_MAX: Duration = Duration::from_millis(1);

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

/// What is durable, and who is at it.
#[derive(Debug)]
pub(super) struct Durable {
    state: Mutex<State>,
    /// Told when a sync has ended.
    moved: Condvar,
    /// Commits that are to be durable and are not yet.
    under_way: AtomicU64,
}

#[derive(Debug)]
struct State {
    point: DurablePoint,
    /// Whether somebody syncs.
    syncing: bool,
    /// Commits that wait for that.
    waiting: u64,
    /// How long the last sync took.
    took: Duration,
}

impl Durable {
    pub(super) fn new(point: DurablePoint) -> Durable {
        let state = State { point, syncing: false, waiting: 0, took: Duration::ZERO };
        Durable { state: Mutex::new(state), moved: Condvar::new(), under_way: AtomicU64::new(0) }
    }

    /// Up to where the log is durable.
    pub(super) fn log_end(&self) -> LogEnd {
        self.state.lock().point.log_end
    }

    pub(super) fn advance(&self, point: DurablePoint) {
        self.state.lock().advance(point);
        self.moved.notify_all();
    }

    /// Counts a commit that is to be durable, until it is or has failed.
    pub(super) fn under_way(&self, durability: Durability) -> Option<UnderWay<'_>> {
        (durability == Durability::Durable).then(|| {
            self.under_way.fetch_add(1, Ordering::Relaxed);
            UnderWay { durable: self }
        })
    }

    /// Lets those come to this point who are on their way.
    fn gather(&self, took: Duration) {
        let (start, at_most) = (Instant::now(), (took / 2).min(GATHER_MAX));
        while self.state.lock().waiting + 1 < self.under_way.load(Ordering::Relaxed)
            && start.elapsed() < at_most
        {
            std::thread::yield_now();
        }
    }
}

impl State {
    fn advance(&mut self, point: DurablePoint) {
        if point.log_end > self.point.log_end {
            // What was durable stays so, whatever is known of what came since.
            let sequence_end = point.sequence_end.max(self.point.sequence_end);
            self.point = DurablePoint { sequence_end, ..point };
        }
    }
}

/// A commit that is not durable yet.
#[derive(Debug)]
pub(super) struct UnderWay<'a> {
    durable: &'a Durable,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.durable.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Store {
    /// The number after the last event that survives power loss.
    pub(crate) fn durable_sequence_end(&self) -> u64 {
        self.durable.state.lock().point.sequence_end
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

    fn make_durable(&self, wanted: LogEnd) -> Result<()> {
        let took = {
            let mut state = self.durable.state.lock();
            loop {
                if state.point.log_end >= wanted {
                    return Ok(());
                }
                self.poison.check()?;
                if !state.syncing {
                    break;
                }
                state.waiting += 1;
                self.durable.moved.wait(&mut state);
                state.waiting -= 1;
            }
            state.syncing = true;
            state.took
        };
        self.durable.gather(took);
        let start = Instant::now();
        let synced = self.sync_to_end();
        let mut state = self.durable.state.lock();
        state.syncing = false;
        state.took = start.elapsed();
        if let Ok(point) = synced {
            state.advance(point);
        }
        drop(state);
        // After a failure each of them finds the store poisoned.
        self.durable.moved.notify_all();
        synced.map(|_| ())
    }

    /// Syncs what the log holds by now.
    fn sync_to_end(&self) -> Result<DurablePoint> {
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
        Ok(point)
    }

    pub(super) fn advance_durable(&self, point: DurablePoint) {
        self.durable.advance(point);
    }

    /// Waits until an event of this number is durable, at most so long. Whether it is.
    pub(crate) fn wait_durable(&self, sequence: u64, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        let mut state = self.durable.state.lock();
        while state.point.sequence_end <= sequence {
            if self.durable.moved.wait_until(&mut state, until).timed_out() {
                return state.point.sequence_end > sequence;
            }
        }
        true
    }
}
