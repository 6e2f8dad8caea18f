//! The hybrid logical clock: never runs backwards, stays close to the wall clock.
//!
//! Source: Kulkarni, Demirbas et al., "Logical Physical Clocks", 2014. Its high-water mark is in every commit
//! record, so that it does not run backwards over a restart either.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::event::Time;

/// A time further ahead than this does not advance our clock: one replica with a wrong year must not take all
/// others with it.
const AHEAD_MS_MAX: u64 = 24 * 60 * 60 * 1000;

/// No log of ours says that it is later than this, in the year 6429. A clock that stood at its end would give one time for
/// ever, and events that differ in nothing else one id.
const FORGED_FROM: Time = Time(u64::MAX / 2);

#[derive(Debug, Default)]
pub(crate) struct Clock {
    last: AtomicU64,
}

impl Clock {
    /// A clock that stood at `last`.
    pub(crate) fn new(last: Time) -> Clock {
        let last = if last < FORGED_FROM { last.0 } else { 0 };
        Clock { last: AtomicU64::new(last) }
    }

    /// A time after every other that this clock gave or saw.
    pub(crate) fn tick(&self) -> Time {
        let now = Time::from_ms(wall_ms()).0;
        let next = |last: u64| Some(now.max(last.saturating_add(1)));
        let last = self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, next).unwrap_or(now);
        Time(now.max(last.saturating_add(1)))
    }

    pub(crate) fn high_water(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// The latest time from elsewhere that may advance the clock, as of now.
    pub(crate) fn believed_until() -> Time {
        Time::from_ms(wall_ms().saturating_add(AHEAD_MS_MAX).saturating_add(1))
    }
}

fn wall_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX) & (u64::MAX >> Time::COUNTER_BITS)
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use crate::event::Time;

    #[test]
    fn a_log_that_lies_does_not_stop_it() {
        for forged in [u64::MAX, u64::MAX - 1, super::FORGED_FROM.0] {
            let clock = Clock::new(Time(forged));
            let (first, second) = (clock.tick(), clock.tick());
            assert!(first < second && second < super::FORGED_FROM);
        }
    }

    #[test]
    fn it_never_repeats_and_never_runs_backwards() {
        let future = Time::from_ms(super::wall_ms() + 1_000_000);
        let clock = Clock::new(future);
        let mut last = future;
        for _ in 0..100_000 {
            let next = clock.tick();
            assert!(next > last);
            last = next;
        }
        assert!(last.ms() - future.ms() <= 2, "the counter carries into the milliseconds");
    }
}
