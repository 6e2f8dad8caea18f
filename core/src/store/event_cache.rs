//! Events that were read lately: checked and decoded, found by their ids without asking the index or the disk.
//!
//! Events never change, so nothing here ever goes stale. The table is made of sets of six, each behind a lock of its
//! own that is held for as long as it takes to compare an id; a new event takes the place of the one that its set has
//! had the longest. Set associativity: Smith, "Cache Memories", ACM Computing Surveys 14 (3), 1982.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use parking_lot::Mutex;

use crate::event::Event;
use crate::id::EventId;
use crate::index::IdHash;

/// Events of a set: as many as fit into a cache line of 64 bytes together with their tags and the lock.
const WAYS: usize = 6;
/// Events that take more memory are read from the disk each time: so all together take no more than the table's share.
const EVENT_MEMORY_BYTES_MAX: usize = 1024;

#[derive(Debug)]
pub(super) struct EventCache {
    hash: IdHash,
    /// How many sets there are to be, a power of two.
    wanted: usize,
    /// Made when the first event is put: a hundredth of its share, which many a short-lived store never needs.
    sets: OnceLock<Box<[Mutex<Set>]>>,
}

#[derive(Debug, Default)]
struct Set {
    /// Eight bits of the hash of each event, so that others are not looked at.
    tags: [u8; WAYS],
    /// Which event goes next.
    oldest: u8,
    events: [Option<Event>; WAYS],
}

const _: () = assert!(std::mem::size_of::<Mutex<Set>>() <= 64);

impl EventCache {
    /// A table whose events take so many bytes of memory at most.
    pub(super) fn new(bytes: u64) -> EventCache {
        let fit = usize::try_from(bytes).unwrap_or(usize::MAX) / (WAYS * EVENT_MEMORY_BYTES_MAX);
        let wanted = fit.checked_ilog2().map_or(1, |bits| 1 << bits);
        EventCache { hash: IdHash::default(), wanted, sets: OnceLock::new() }
    }

    pub(super) fn get(&self, id: &EventId) -> Option<Event> {
        let (at, tag) = self.place(id);
        let set = self.sets.get()?.get(at)?.lock();
        let found =
            set.tags.iter().zip(&set.events).find(|(other, event)| {
                **other == tag && event.as_ref().is_some_and(|event| event.has_id(id))
            });
        found.and_then(|(_, event)| event.clone())
    }

    pub(super) fn put(&self, event: &Event) {
        if event.memory_bytes() > EVENT_MEMORY_BYTES_MAX {
            return;
        }
        let (at, tag) = self.place(&event.id());
        let sets =
            self.sets.get_or_init(|| std::iter::repeat_with(Mutex::default).take(self.wanted).collect());
        let Some(mut set) = sets.get(at).map(Mutex::lock) else { return };
        let at = usize::from(set.oldest);
        set.oldest = ((at + 1) % WAYS) as u8;
        if let Some(place) = set.tags.get_mut(at) {
            *place = tag;
        }
        let left = set.events.get_mut(at).and_then(|place| place.replace(event.clone()));
        drop(set);
        // Freed under no lock.
        drop(left);
    }

    /// The position of its set, and its tag.
    fn place(&self, id: &EventId) -> (usize, u8) {
        let hash = self.hash.hash_one(id);
        (hash as usize % self.wanted, (hash >> 56) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::{EVENT_MEMORY_BYTES_MAX, EventCache, WAYS};
    use crate::event::{Event, EventFields, EventKind};
    use crate::id::EventId;

    const BYTES: u64 = 6 * 1024 * 1024;
    const KEPT_MAX: usize = 1024 * WAYS;

    fn event(number: u64, metadata: usize) -> Event {
        let mut id = [3; 64];
        id[..8].copy_from_slice(&number.to_le_bytes());
        let fields =
            EventFields { metadata: Some(vec![1; metadata]), ..EventFields::derived(EventKind::Plain) };
        Event::new(EventId::new(id), number, fields)
    }

    #[test]
    fn an_event_that_was_put_is_found_and_no_other() {
        let cache = EventCache::new(BYTES);
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
        let cache = EventCache::new(BYTES);
        let many = (4 * KEPT_MAX) as u64;
        for number in 0..many {
            cache.put(&event(number, 0));
        }
        let kept: Vec<u64> =
            (0..many).filter(|number| cache.get(&event(*number, 0).id()).is_some()).collect();
        assert!(kept.len() <= KEPT_MAX && kept.len() > KEPT_MAX * 9 / 10, "{}", kept.len());
        let late = kept.iter().filter(|number| **number >= many / 2).count();
        assert!(late > kept.len() * 9 / 10, "{late} of {}", kept.len());
    }

    #[test]
    fn what_is_large_is_not_kept() {
        let cache = EventCache::new(BYTES);
        let large = event(1, EVENT_MEMORY_BYTES_MAX);
        cache.put(&large);
        assert_eq!(cache.get(&large.id()), None);
    }
}
