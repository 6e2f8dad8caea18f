//! Events that were read lately: checked, and found by their ids without asking the index or the disk.
//!
//! Events never change, so nothing here ever goes stale. The table is made of sets of six, each a line of the cache
//! behind a lock of its own, which is held for as long as it takes to compare an id; a new event takes the place of the
//! one that its set has had the longest. Set associativity: Smith, "Cache Memories", ACM Computing Surveys 14 (3), 1982.
//!
//! What all events take is counted. Where it is more than there may be, a hand goes from set to set and takes the
//! oldest of each until it is not.

use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::event::Event;
use crate::id::EventId;
use crate::index::IdHash;
use crate::latency::is_chosen;

/// Events of a set: as many as fit into a line of the cache together with their tags and the lock.
const WAYS: usize = 6;
/// Of so many events that are read while the table is full one takes the place of another: putting each costs as much as
/// reading it, for others that are put out again before anybody asks for them.
const PUT_ONE_IN: u64 = 4;
/// Events that take more memory are read from the disk each time: one takes the place of few others.
const EVENT_MEMORY_BYTES_MAX: usize = 4096;
/// There is a place for every so many bytes: less than most events take, so that few sets are full while there is room.
const BYTES_FOR_A_PLACE: usize = 256;
/// The largest table, of 256 MiB, whatever limit the caller has: 25 million events.
const SETS_MAX: usize = 1 << 22;

#[derive(Debug)]
pub(super) struct EventCache {
    hash: IdHash,
    /// How many sets there are to be, a power of two.
    wanted: usize,
    /// Made when the first event is put: a part of its share, which many a short-lived store never needs.
    sets: OnceLock<Box<[Line]>>,
    /// What the events may take, what they take, and where the hand is.
    bytes_max: usize,
    bytes: AtomicUsize,
    /// What of that something else has taken.
    lent: AtomicUsize,
    hand: AtomicUsize,
}

/// A set in a line of its own: whoever looks at it waits for the memory once.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Line(Mutex<Set>);

#[derive(Debug, Default)]
struct Set {
    /// Eight bits of the hash of each event, so that others are not looked at.
    tags: [u8; WAYS],
    /// The newest first.
    events: [Option<Event>; WAYS],
}

const _: () = assert!(std::mem::size_of::<Line>() == 64);

impl Set {
    /// Puts an event, and gives back the one that there is no place for any more.
    fn put(&mut self, event: Event, tag: u8) -> Option<Event> {
        self.tags.rotate_right(1);
        self.events.rotate_right(1);
        *self.tags.first_mut()? = tag;
        self.events.first_mut()?.replace(event)
    }

    fn take_oldest(&mut self) -> Option<Event> {
        self.events.iter_mut().rev().find_map(Option::take)
    }
}

impl EventCache {
    /// A table that takes so many bytes of memory at most, its events included.
    pub(super) fn new(bytes: u64) -> EventCache {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        let wanted = (bytes / (WAYS * BYTES_FOR_A_PLACE)).checked_ilog2().map_or(1, |bits| 1 << bits);
        let wanted = wanted.min(SETS_MAX);
        let bytes_max = bytes.saturating_sub(wanted * size_of::<Line>());
        let (sets, bytes, hand) = (OnceLock::new(), AtomicUsize::new(0), AtomicUsize::new(0));
        EventCache {
            hash: IdHash::default(),
            wanted,
            sets,
            bytes_max,
            bytes,
            lent: AtomicUsize::new(0),
            hand,
        }
    }

    /// Says how many bytes of its share are something else's by now. The next events that are put make room.
    pub(super) fn lend(&self, bytes: usize) {
        self.lent.store(bytes, Ordering::Relaxed);
    }

    /// What is left for events.
    fn bytes_left(&self) -> usize {
        self.bytes_max.saturating_sub(self.lent.load(Ordering::Relaxed))
    }

    pub(super) fn get(&self, id: &EventId) -> Option<Event> {
        let (at, tag) = self.place(id);
        let set = self.sets.get()?.get(at)?.0.lock();
        let found =
            set.tags.iter().zip(&set.events).find(|(other, event)| {
                **other == tag && event.as_ref().is_some_and(|event| event.has_id(id))
            });
        found.and_then(|(_, event)| event.clone())
    }

    /// Puts an event that was read. While the table is full, one in so many, by chance: of events that are read as often
    /// as each other as many are found then as if each were put, and what is read often comes in soon.
    pub(super) fn offer(&self, event: &Event) {
        let bytes = self.bytes.load(Ordering::Relaxed).saturating_add(event.memory_bytes());
        let is_full = bytes > self.bytes_left();
        if !is_full || is_chosen(PUT_ONE_IN) {
            self.put(event);
        }
    }

    fn put(&self, event: &Event) {
        let bytes = event.memory_bytes();
        if bytes > EVENT_MEMORY_BYTES_MAX {
            return;
        }
        let (at, tag) = self.place(&event.id());
        let sets = self.sets.get_or_init(|| table(self.wanted));
        let Some(set) = sets.get(at) else { return };
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let left = set.0.lock().put(event.clone(), tag);
        // Freed under no lock.
        self.forget(left);
        // So many steps empty all sets; whoever puts at the same time makes room himself.
        let bytes_max = self.bytes_left();
        for _ in 0..WAYS * self.wanted {
            if self.bytes.load(Ordering::Relaxed) <= bytes_max {
                return;
            }
            let at = self.hand.fetch_add(1, Ordering::Relaxed) % self.wanted;
            self.forget(sets.get(at).and_then(|set| set.0.lock().take_oldest()));
        }
    }

    /// Counts out what is not in the table any more.
    fn forget(&self, event: Option<Event>) {
        if let Some(event) = event {
            self.bytes.fetch_sub(event.memory_bytes(), Ordering::Relaxed);
        }
    }

    /// The position of its set, and its tag.
    fn place(&self, id: &EventId) -> (usize, u8) {
        let hash = self.hash.hash_one(id);
        (hash as usize & (self.wanted - 1), (hash >> 56) as u8)
    }
}
/// A table of so many sets; of none, which keeps nothing, where there is no memory for it.
fn table(wanted: usize) -> Box<[Line]> {
    let mut sets = Vec::new();
    if sets.try_reserve_exact(wanted).is_ok() {
        sets.resize_with(wanted, Line::default);
    }
    sets.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::{EVENT_MEMORY_BYTES_MAX, EventCache};
    use crate::event::{Event, EventFields, EventKind, encode};
    use crate::id::EventId;

    const BYTES: usize = 6 * 1024 * 1024;

    fn event(number: u64, metadata: usize) -> Event {
        let mut id = [3; 64];
        id[..8].copy_from_slice(&number.to_le_bytes());
        let fields =
            EventFields { metadata: Some(vec![1; metadata]), ..EventFields::derived(EventKind::Value) };
        Event::new(EventId::new(id), number, &encode(&fields)).unwrap()
    }

    #[test]
    fn an_event_that_was_put_is_found_and_no_other() {
        let cache = EventCache::new(BYTES as u64);
        assert_eq!(cache.get(&event(1, 0).id()), None);
        for number in 0..100 {
            cache.put(&event(number, 10));
        }
        for number in 0..100 {
            assert_eq!(cache.get(&event(number, 10).id()), Some(event(number, 10)));
        }
        assert_eq!(cache.get(&event(100, 10).id()), None);
    }

    #[test]
    fn it_forgets_the_oldest_and_never_grows() {
        let cache = EventCache::new(BYTES as u64);
        for metadata in [0, 200, 3000] {
            let of_one = event(0, metadata).memory_bytes();
            let fit = cache.bytes_max / of_one;
            let many = 4 * fit as u64;
            for number in 0..many {
                cache.put(&event(number, metadata));
                assert!(cache.bytes.load(Ordering::Relaxed) <= cache.bytes_max);
            }
            let kept: Vec<u64> =
                (0..many).filter(|number| cache.get(&event(*number, metadata).id()).is_some()).collect();
            assert!(kept.len() <= fit && kept.len() > fit * 8 / 10, "{} of {fit}", kept.len());
            let late = kept.iter().filter(|number| **number >= many / 2).count();
            // By chance as the keys of the hash are: about nine in ten of the largest events.
            assert!(late > kept.len() * 85 / 100, "{late} of {}", kept.len());
        }
    }

    #[test]
    fn what_is_offered_fills_it_and_comes_in_by_chance_then() {
        let cache = EventCache::new(BYTES as u64);
        let fit = (cache.bytes_max / event(0, 200).memory_bytes()) as u64;
        let kept = |numbers: std::ops::Range<u64>| {
            numbers.filter(|number| cache.get(&event(*number, 200).id()).is_some()).count() as u64
        };
        (0..fit / 2).for_each(|number| cache.offer(&event(number, 200)));
        assert!(kept(0..fit / 2) > fit / 2 * 9 / 10);
        (fit / 2..2 * fit).for_each(|number| cache.offer(&event(number, 200)));
        let late = kept(fit * 5 / 4..2 * fit);
        assert!(late > fit / 8 && late < fit / 4, "{late} of {}", fit * 3 / 4);
        assert!(cache.bytes.load(Ordering::Relaxed) <= cache.bytes_max);
        // Whoever is asked for again and again is there soon.
        let often = event(u64::MAX, 200);
        let tries = (0..200).take_while(|_| cache.get(&often.id()).is_none());
        assert!(tries.map(|_| cache.offer(&often)).count() < 200);
    }

    #[test]
    fn what_is_large_is_not_kept() {
        let cache = EventCache::new(BYTES as u64);
        let large = event(1, EVENT_MEMORY_BYTES_MAX);
        cache.put(&large);
        assert_eq!(cache.get(&large.id()), None);
    }
}
