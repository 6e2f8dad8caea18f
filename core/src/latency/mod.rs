//! How long operations take: a histogram for each kind, for as long as a database is open.
//!
//! Reading the clock twice costs about 50 ns, which is nothing beside an `fdatasync` and as much as finding an event
//! that was read lately. So of what is quick only one call in so many is measured ([`Operation`] says of how many), by
//! chance and not in turn, so that no rhythm of the caller's hides anything; each measured call counts for that many. A
//! call that is not measured pays one multiplication. Calls that fail count too.
//!
//! Memory is bounded: 8.5 KiB for each kind of operation that was used.

mod histogram;

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use histogram::Histogram;

use crate::options::{Durability, Options};

macro_rules! operations {
    ($($variant:ident = $name:literal, $meaning:literal;)+) => {
        /// A kind of operation whose latency is measured.
        ///
        /// All calls are measured of [`Sync`](Operation::Sync), [`Refresh`](Operation::Refresh) and
        /// [`PutFiles`](Operation::PutFiles), and, where the options say that commits are durable, of those that write;
        /// one in 64 of
        /// [`Event`](Operation::Event) and [`CursorPage`](Operation::CursorPage); one in 4 of the others.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum Operation {
            $(#[doc = $meaning] $variant,)+
        }

        impl Operation {
            /// Every kind.
            pub const ALL: &'static [Operation] = &[$(Operation::$variant,)+];

            /// The stable name, in `snake_case`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Operation::$variant => $name,)+ }
            }

            /// What is measured, in one line.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Operation::$variant => $meaning,)+ }
            }
        }

        const KINDS: usize = [$($name,)+].len();
    };
}

operations! {
    Append = "append", "`append`, `create_root` and `ensure_root`.";
    PutFile = "put_file", "`put_file`, and `finish` of a file writer.";
    BatchCommit = "batch_commit", "`commit` of a batch.";
    Event = "event", "`event`.";
    ReadFile = "read_file", "`read_file`.";
    Read = "read", "`read` and `read_at` of an open file.";
    ReadChunk = "read_chunk", "Reading and checking one chunk of a file.";
    CursorPage = "cursor_page", "Fetching the next up to 128 events or ids of a cursor, such as that of `children`.";
    Sync = "sync", "Making the log durable, once for all commits that wait for it.";
    Refresh = "refresh", "Looking at what a writer has committed since.";
    PutFiles = "put_files", "`put_files`, and `import_path`.";
}

impl Operation {
    /// The kind of a name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Operation> {
        Self::ALL.iter().copied().find(|operation| operation.name() == name)
    }

    /// Of how many calls one is measured.
    fn one_in(self, durability: Durability) -> u64 {
        match (self, durability) {
            (Operation::Event | Operation::CursorPage, _) => 64,
            (Operation::Sync | Operation::Refresh | Operation::PutFiles, _)
            | (Operation::Append | Operation::PutFile | Operation::BatchCommit, Durability::Durable) => 1,
            _ => 4,
        }
    }
}

/// How long the calls of one kind took. Times are in nanoseconds; percentiles are at most a 32nd too large.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Latency {
    /// The kind.
    pub operation: Operation,
    /// Calls: those that were measured, times `one_in`.
    pub count: u64,
    /// Of how many calls one is measured; 0 where none is, since the options say so.
    pub one_in: u64,
    /// All calls together, as far as those that were measured tell.
    pub sum_ns: u64,
    /// Half of the calls took no longer.
    pub p50_ns: u64,
    /// 90 % of the calls took no longer.
    pub p90_ns: u64,
    /// 99 % of the calls took no longer.
    pub p99_ns: u64,
    /// 99.9 % of the calls took no longer.
    pub p999_ns: u64,
    /// The longest of those that were measured.
    pub max_ns: u64,
}

/// The latencies of an open database.
#[derive(Debug)]
pub(crate) struct Latencies {
    /// Of how many calls one is measured, by the number of the kind. 0 for none.
    one_in: [u64; KINDS],
    /// Made when the first call is measured.
    histograms: [OnceLock<Box<Histogram>>; KINDS],
}

impl Latencies {
    pub(crate) fn new(options: &Options) -> Latencies {
        let mut one_in = [0; KINDS];
        if options.latencies {
            for (place, operation) in one_in.iter_mut().zip(Operation::ALL) {
                *place = operation.one_in(options.durability);
            }
        }
        Latencies { one_in, histograms: [const { OnceLock::new() }; KINDS] }
    }

    /// Measures from here until what it gives is dropped, if it is this call's turn.
    #[inline]
    pub(crate) fn start(&self, operation: Operation) -> Timer<'_> {
        Timer { running: self.is_measured(operation).then(|| (self, operation, Instant::now())) }
    }

    /// Whether it is this call's turn: for what is so quick that a timer that measures nothing would be felt.
    #[inline]
    pub(crate) fn is_measured(&self, operation: Operation) -> bool {
        let one_in = self.one_in(operation);
        one_in == 1 || (one_in > 1 && is_chosen(one_in))
    }

    /// Measures from here on.
    pub(crate) fn begin(&self, operation: Operation) -> Timer<'_> {
        Timer { running: Some((self, operation, Instant::now())) }
    }

    /// Of how many calls one is measured; 0 where none is.
    #[inline]
    pub(crate) fn one_in(&self, operation: Operation) -> u64 {
        self.one_in.get(operation as usize).copied().unwrap_or(0)
    }

    /// Counts a time that the caller has measured.
    pub(crate) fn record(&self, operation: Operation, took: Duration) {
        let at = operation as usize;
        if self.one_in.get(at).is_some_and(|one_in| *one_in > 0)
            && let Some(histogram) = self.histograms.get(at)
        {
            let histogram = histogram.get_or_init(|| Box::new(Histogram::new()));
            histogram.record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
        }
    }

    /// What was measured by now, of each kind.
    pub(crate) fn all(&self) -> Vec<Latency> {
        Operation::ALL.iter().map(|operation| self.of(*operation)).collect()
    }

    /// What was measured by now of one kind.
    pub(crate) fn of(&self, operation: Operation) -> Latency {
        let one_in = self.one_in(operation);
        let found = self.histograms.get(operation as usize).and_then(OnceLock::get);
        let found = found.map(|histogram| histogram.snapshot());
        let quantile = |of_a_thousand| found.as_ref().map_or(0, |found| found.quantile(of_a_thousand));
        Latency {
            operation,
            count: found.as_ref().map_or(0, |found| found.count.saturating_mul(one_in)),
            one_in,
            sum_ns: found.as_ref().map_or(0, |found| found.sum_ns.saturating_mul(one_in)),
            p50_ns: quantile(500),
            p90_ns: quantile(900),
            p99_ns: quantile(990),
            p999_ns: quantile(999),
            max_ns: found.as_ref().map_or(0, |found| found.max_ns),
        }
    }
}

/// A call that is measured, or not.
#[derive(Debug)]
#[must_use]
pub(crate) struct Timer<'a> {
    running: Option<(&'a Latencies, Operation, Instant)>,
}

impl Drop for Timer<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some((latencies, operation, start)) = self.running.take() {
            latencies.record(operation, start.elapsed());
        }
    }
}

/// Whether this call is the one in so many, which is a power of two. The generator is that of Knuth's MMIX.
#[inline]
pub(crate) fn is_chosen(one_in: u64) -> bool {
    thread_local! {
        static STATE: Cell<u64> = const { Cell::new(0x853c_49e6_748f_ea9b) };
    }
    let next = |state: &Cell<u64>| {
        let next =
            state.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.set(next);
        // The upper bits are the random ones.
        (next >> 32) & (one_in - 1) == 0
    };
    STATE.try_with(next).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Latencies, Operation, is_chosen};
    use crate::options::{Durability, Options};

    #[test]
    fn names_are_unique_and_found() {
        assert_eq!(Operation::ALL.len(), KINDS);
        for (at, operation) in Operation::ALL.iter().enumerate() {
            assert_eq!(*operation as usize, at);
            assert_eq!(Operation::from_name(operation.name()), Some(*operation));
        }
        assert_eq!(Operation::from_name("none"), None);
    }

    #[test]
    fn of_what_is_quick_one_call_in_so_many_is_measured_and_counts_for_all() {
        let latencies = Latencies::new(&Options::new());
        (0..64_000).for_each(|_| drop(latencies.start(Operation::Event)));
        let event = latencies.of(Operation::Event);
        assert_eq!(event.one_in, 64);
        assert!(event.count.abs_diff(64_000) < 12_800, "{event:?}");
        assert!(event.p50_ns <= event.p999_ns && event.p999_ns <= event.max_ns, "{event:?}");
    }

    /// Reads and appends in turn: every other call is a read, and calls in turn would measure all of them or none.
    #[test]
    fn a_rhythm_of_the_caller_hides_nothing() {
        let mut chosen = [0u32; 2];
        (0..40_000).for_each(|at| chosen[at % 2] += u32::from(is_chosen(4)));
        assert!(chosen.iter().all(|count| count.abs_diff(5000) < 500), "{chosen:?}");
    }

    #[test]
    fn each_durable_write_is_measured_and_some_of_the_others() {
        let durable = Latencies::new(&Options::new());
        let buffered = Latencies::new(&Options::new().durability(Durability::Buffered));
        for _ in 0..1000 {
            drop((durable.start(Operation::Append), buffered.start(Operation::Append)));
        }
        assert_eq!(durable.of(Operation::Append).count, 1000);
        assert_eq!(buffered.of(Operation::Append).one_in, 4);
    }

    #[test]
    fn nothing_is_measured_where_the_options_say_so() {
        let latencies = Latencies::new(&Options::new().latencies(false));
        drop(latencies.start(Operation::Append));
        latencies.record(Operation::Sync, std::time::Duration::from_secs(1));
        let all = latencies.all();
        assert!(all.iter().all(|latency| (latency.count, latency.one_in) == (0, 0)), "{all:?}");
    }
}
