//! Writing and making durable, once for all who wait.
//!
//! Durable commits queue. Whoever finds nobody at it writes what is queued, in one write, and syncs it; those who come
//! meanwhile wait, and one of them is the next. Before it writes, it lets those come who are on their way to the queue,
//! for as long as a half of the last sync took: then as many commits as there are threads share one `write` and one
//! `fdatasync`.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::commit::Work;
use super::queue::Queue;
use super::{Store, WriterState};
use crate::error::{Error, ErrorCode, Result};
use crate::latency::Operation;
use crate::log::Segment;

/// The longest that a commit waits for others before it is synced.
const GATHER_MAX: Duration = Duration::from_millis(1);

/// Up to where the log is durable. Compared by segment, then by offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogEnd {
    pub(crate) segment: u64,
    pub(crate) end: u64,
}

impl LogEnd {
    /// The end of what a segment has, which is the last one.
    pub(crate) fn of(last: &Segment) -> LogEnd {
        LogEnd { segment: last.number(), end: last.end() }
    }
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
    queue: Queue<Known, Work, Result<()>>,
}

#[derive(Debug)]
struct Known {
    point: DurablePoint,
    /// How long the last sync took.
    took: Duration,
}

/// The turn of one caller to write and to sync.
type Turn<'a> = super::queue::Turn<'a, Known, Work, Result<()>>;

impl Durable {
    pub(super) fn new(point: DurablePoint) -> Durable {
        Durable { queue: Queue::new(Known { point, took: Duration::ZERO }) }
    }

    fn point(&self) -> DurablePoint {
        self.queue.state.lock().known.point
    }

    /// Up to where the log is durable.
    pub(super) fn log_end(&self) -> LogEnd {
        self.point().log_end
    }

    pub(super) fn advance(&self, point: DurablePoint) {
        self.queue.learn(|known| known.advance(point));
        self.queue.tell();
    }

    /// Lets those come to the queue who are on their way.
    fn gather(&self) {
        let took = self.queue.state.lock().known.took;
        let (mut start, at_most) = (None, (took / 2).min(GATHER_MAX));
        while !self.queue.all_here() && start.get_or_insert_with(Instant::now).elapsed() < at_most {
            std::thread::yield_now();
        }
    }
}

impl Known {
    fn advance(&mut self, point: DurablePoint) {
        if point.log_end > self.point.log_end {
            // What was durable stays so, whatever is known of what came since.
            let sequence_end = point.sequence_end.max(self.point.sequence_end);
            self.point = DurablePoint { sequence_end, ..point };
        }
    }
}

impl Store {
    /// The number after the last event that survives power loss.
    pub(crate) fn durable_sequence_end(&self) -> u64 {
        self.durable.point().sequence_end
    }

    /// Makes everything that was committed durable.
    pub(crate) fn sync(&self) -> Result<()> {
        self.check_writable()?;
        let end = {
            let guard = self.writer.lock();
            let state = guard.as_ref().ok_or_else(Error::closed)?;
            LogEnd::of(state.writer.active())
        };
        self.make_durable(end).inspect_err(|error| self.tell_failed(error))
    }

    /// Commits what is to be durable when this returns, together with whoever does the same.
    pub(super) fn commit_durably(&self, work: Work) -> Result<()> {
        let queued = self.durable.queue.push(work);
        let led = match self.durable.queue.wait(|_| queued.outcome()) {
            ControlFlow::Break(outcome) => return outcome,
            ControlFlow::Continue(turn) => self.lead(turn),
        };
        match (led, queued.outcome()) {
            // Whoever leads is told what failed; the others, that something did.
            (Err(error), _) if error.code() != ErrorCode::Poisoned => Err(error),
            (_, Some(outcome)) => outcome,
            (led, None) => Err(led.err().unwrap_or_else(panicked)),
        }
    }

    fn make_durable(&self, wanted: LogEnd) -> Result<()> {
        let done = |known: &Known| {
            let durable = (known.point.log_end >= wanted).then_some(Ok(()));
            durable.or_else(|| self.poison.check().err().map(Err))
        };
        match self.durable.queue.wait(done) {
            ControlFlow::Break(answer) => answer,
            ControlFlow::Continue(turn) => self.lead(turn),
        }
    }

    /// Writes what is queued, and syncs all that was written by then.
    fn lead(&self, turn: Turn<'_>) -> Result<()> {
        self.durable.gather();
        let mut guard = self.writer.lock();
        let (taken, works) = turn.take();
        let written = match guard.as_mut() {
            Some(state) => self.commit_all(state, works),
            None => works.iter().map(|_| Err(Error::closed())).collect(),
        };
        let end = guard.as_ref().map(|state| self.log_end_of(state));
        drop(guard);
        let synced = end.ok_or_else(Error::closed).and_then(|(segment, point)| self.sync_to(&segment, point));
        let whole = |written: Result<()>| match synced {
            Ok(()) => written,
            Err(_) => written.and_then(|()| self.poison.check()),
        };
        taken.settle(written.into_iter().map(whole));
        drop(turn);
        synced
    }

    /// Up to where the log is written, and in which segment. The caller holds the writer's lock.
    fn log_end_of(&self, state: &WriterState) -> (Arc<Segment>, DurablePoint) {
        let segment = Arc::clone(state.writer.active());
        let log_end = LogEnd::of(&segment);
        (segment, DurablePoint { log_end, sequence_end: self.index.read().sequence_end() })
    }

    /// Makes the log durable up to here.
    fn sync_to(&self, segment: &Segment, point: DurablePoint) -> Result<()> {
        self.poison.check()?;
        if self.durable.log_end() >= point.log_end {
            return Ok(());
        }
        // A failed sync is final: the kernel may have dropped the dirty pages and called them clean.
        let (dart, start) = (self.poison.arm(), Instant::now());
        if !cfg!(ouroboros_seeded_bug = "acknowledged_before_sync") {
            segment.sync()?;
        }
        dart.disarm();
        let took = start.elapsed();
        self.latencies.record(Operation::Sync, took);
        self.counters.syncs.increment();
        self.durable.queue.learn(|known| {
            known.took = took;
            known.advance(point);
        });
        Ok(())
    }

    pub(super) fn advance_durable(&self, point: DurablePoint) {
        self.durable.advance(point);
    }

    /// Waits until an event of this number is durable, at most so long. Whether it is.
    pub(crate) fn wait_durable(&self, sequence: u64, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        let mut state = self.durable.queue.state.lock();
        while state.known.point.sequence_end <= sequence {
            if self.durable.queue.moved.wait_until(&mut state, until).timed_out() {
                return state.known.point.sequence_end > sequence;
            }
        }
        true
    }
}

fn panicked() -> Error {
    let message = "whoever was to write this failed on the way; close the database and open it again";
    Error::new(ErrorCode::Internal, message)
}
