//! A histogram of times that any number of threads count into at once.
//!
//! Buckets are log-linear, as those of HdrHistogram (Gil Tene, hdrhistogram.org): each power of two is cut into 32 equal
//! parts, so that a bucket is at most a 32nd of its times wide. Counting in is two additions to atomics and no lock. A
//! crate was not taken: those that record from several threads keep a histogram for each, or a lock.
//!
//! Memory is fixed: 1,088 buckets, 8.5 KiB.

use std::sync::atomic::{AtomicU64, Ordering};

/// Parts of a power of two, as a power of two.
const PART_BITS: u32 = 5;
const PARTS: usize = 1 << PART_BITS;
/// Times below this have a bucket each.
const EXACT: usize = 2 * PARTS;
/// Times from 2 to this power on, about 4½ minutes, share the last bucket. The longest time is kept as it is.
const POWER_MAX: u32 = 38;
const BUCKETS: usize = EXACT + PARTS * (POWER_MAX - PART_BITS - 1) as usize;

#[derive(Debug)]
pub(super) struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    sum_ns: AtomicU64,
    max_ns: AtomicU64,
}

impl Histogram {
    pub(super) fn new() -> Histogram {
        Histogram {
            buckets: [const { AtomicU64::new(0) }; BUCKETS],
            sum_ns: AtomicU64::new(0),
            max_ns: AtomicU64::new(0),
        }
    }

    pub(super) fn record(&self, ns: u64) {
        if let Some(bucket) = self.buckets.get(bucket_of(ns)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.sum_ns.fetch_add(ns, Ordering::Relaxed);
        if ns > self.max_ns.load(Ordering::Relaxed) {
            self.max_ns.fetch_max(ns, Ordering::Relaxed);
        }
    }

    /// What was counted by now. Threads that count meanwhile are in it or not.
    pub(super) fn snapshot(&self) -> Snapshot {
        let buckets: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        let count = buckets.iter().sum();
        let (sum_ns, max_ns) = (self.sum_ns.load(Ordering::Relaxed), self.max_ns.load(Ordering::Relaxed));
        Snapshot { buckets, count, sum_ns, max_ns }
    }
}

/// A histogram as of one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    buckets: Vec<u64>,
    pub(super) count: u64,
    pub(super) sum_ns: u64,
    pub(super) max_ns: u64,
}

impl Snapshot {
    /// The time that so many of a thousand did not exceed: the end of its bucket, at most a 32nd too much.
    pub(super) fn quantile(&self, of_a_thousand: u64) -> u64 {
        let wanted = u128::from(self.count) * u128::from(of_a_thousand);
        let wanted = wanted.div_ceil(1000);
        let mut seen = 0u128;
        for (at, count) in self.buckets.iter().enumerate() {
            seen += u128::from(*count);
            if *count > 0 && seen >= wanted {
                return end_of(at).min(self.max_ns);
            }
        }
        self.max_ns
    }
}

fn bucket_of(ns: u64) -> usize {
    if ns < EXACT as u64 {
        return ns as usize;
    }
    let power = ns.ilog2();
    if power >= POWER_MAX {
        return BUCKETS - 1;
    }
    let part = (ns >> (power - PART_BITS)) as usize & (PARTS - 1);
    EXACT + (power - PART_BITS - 1) as usize * PARTS + part
}

/// The longest time of a bucket.
fn end_of(bucket: usize) -> u64 {
    match bucket.checked_sub(EXACT) {
        None => bucket as u64,
        Some(_) if bucket == BUCKETS - 1 => u64::MAX,
        Some(at) => (((PARTS + at % PARTS + 1) as u64) << (at / PARTS + 1)) - 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BUCKETS, Histogram, bucket_of, end_of};

    #[test]
    fn each_time_is_in_the_bucket_that_ends_behind_it() {
        let mut last = 0;
        let powers = (0..64).flat_map(|power| {
            let power = 1u64 << power;
            [power - 1, power, power + 1, power + power / 3]
        });
        let mut times: Vec<u64> = powers.chain(0..10_000).collect();
        times.sort_unstable();
        for ns in times {
            let bucket = bucket_of(ns);
            assert!(bucket >= last && bucket < BUCKETS, "{ns}");
            assert!(ns <= end_of(bucket), "{ns}");
            assert!(bucket == 0 || ns > end_of(bucket - 1), "{ns}");
            last = bucket;
        }
        assert_eq!(last, BUCKETS - 1);
    }

    #[test]
    fn nothing_gives_zeros() {
        let empty = Histogram::new().snapshot();
        assert_eq!((empty.count, empty.sum_ns, empty.max_ns, empty.quantile(500)), (0, 0, 0, 0));
    }

    #[test]
    fn threads_count_in_at_once() {
        let histogram = Histogram::new();
        std::thread::scope(|scope| {
            for thread in 1..=4u64 {
                let histogram = &histogram;
                scope.spawn(move || (0..10_000).for_each(|_| histogram.record(thread * 1000)));
            }
        });
        let all = histogram.snapshot();
        assert_eq!((all.count, all.sum_ns, all.max_ns), (40_000, 100_000_000, 4000));
    }

    proptest! {
        #[test]
        fn quantiles_are_those_of_the_sorted_times_within_a_32nd(
            mut times in proptest::collection::vec((0u32..38, 0u64..1 << 37), 1..300),
            of_a_thousand in 1u64..=1000,
        ) {
            let mut times: Vec<u64> = times.drain(..).map(|(power, ns)| ns & ((1 << power) - 1)).collect();
            let histogram = Histogram::new();
            times.iter().for_each(|ns| histogram.record(*ns));
            times.sort_unstable();
            let at = (times.len() as u64 * of_a_thousand).div_ceil(1000) as usize - 1;
            let (exact, given) = (times[at], histogram.snapshot().quantile(of_a_thousand));
            prop_assert!(exact <= given && given <= exact + exact / 32 + 1, "{exact} {given}");
        }
    }
}
