//! Which row has an id: a table of places in the rows, which have the ids themselves.
//!
//! Open addressing with linear probing, at most half full; each slot has 32 bits of the hash beside the place, so that
//! other rows are hardly ever looked at, and the table grows without looking at any.

use std::hash::BuildHasher;

use super::{EventRow, IdHash};
use crate::id::EventId;

const SLOTS_MIN: usize = 64;

#[derive(Debug, Default)]
pub(super) struct IdTable {
    hash: IdHash,
    /// A power of two of them, or none yet.
    slots: Vec<Slot>,
    used: usize,
}

/// 32 bits of the hash, and the place plus one; all zeros where there is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slot {
    hash: u32,
    place: u32,
}

impl IdTable {
    /// The row of this id.
    pub(super) fn find<'r>(&self, id: &EventId, rows: &'r [EventRow]) -> Option<&'r EventRow> {
        let hash = self.hash_of(id);
        let mut at = hash as usize;
        loop {
            let slot = self.slots.get(at & self.slots.len().checked_sub(1)?)?;
            let place = slot.place.checked_sub(1)? as usize;
            if slot.hash == hash
                && let Some(row) = rows.get(place).filter(|row| row.id == *id)
            {
                return Some(row);
            }
            at += 1;
        }
    }

    /// Makes room for so many ids in a table that has none yet.
    pub(super) fn make_room(&mut self, ids: usize) {
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); (2 * ids).next_power_of_two().max(SLOTS_MIN)];
        }
    }

    /// Brings the slot near where this id is, or would be. Gives what is read of it.
    pub(super) fn touch(&self, id: &EventId) -> u32 {
        let mask = self.slots.len().wrapping_sub(1);
        self.slots.get(self.hash_of(id) as usize & mask).map_or(0, |slot| slot.place)
    }

    /// Adds the id of the row at this place, which is in no other row. `false` where there are more rows than can be
    /// counted.
    pub(super) fn insert(&mut self, id: &EventId, place: usize) -> bool {
        let Some(place) = u32::try_from(place).ok().and_then(|place| place.checked_add(1)) else {
            return false;
        };
        if 2 * self.used >= self.slots.len() {
            let slots = vec![Slot::default(); (2 * self.slots.len()).max(SLOTS_MIN)];
            let before = std::mem::replace(&mut self.slots, slots);
            before.into_iter().filter(|slot| slot.place != 0).for_each(|slot| self.put(slot));
        }
        self.put(Slot { hash: self.hash_of(id), place });
        self.used += 1;
        true
    }

    fn put(&mut self, new: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = new.hash as usize;
        while let Some(slot) = self.slots.get_mut(at & mask) {
            if slot.place == 0 {
                *slot = new;
                return;
            }
            at += 1;
        }
    }

    fn hash_of(&self, id: &EventId) -> u32 {
        self.hash.hash_one(id) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::IdTable;
    use crate::event::{EventFields, EventKind};
    use crate::id::EventId;
    use crate::index::{EventRow, Parent, Place};

    #[test]
    fn every_row_is_found_and_nothing_else() {
        let id = |number: u64| {
            let mut id = [7; 64];
            id[..8].copy_from_slice(&number.to_le_bytes());
            EventId::new(id)
        };
        let place = Place { segment: 1, offset: 64, record_bytes: 100 };
        let fields = EventFields::derived(EventKind::Plain);
        let (mut table, mut rows) = (IdTable::default(), Vec::new());
        assert_eq!(table.find(&id(0), &rows), None);
        for number in 0..10_000 {
            assert_eq!(table.find(&id(number), &rows), None);
            rows.push(EventRow::new(id(number), number + 1, place, Parent::None, &fields));
            assert!(table.insert(&id(number), number as usize));
        }
        for number in 0..10_000 {
            assert_eq!(table.find(&id(number), &rows).map(|row| row.sequence), Some(number + 1));
        }
        assert_eq!(table.find(&id(10_000), &rows), None);
        assert!(!table.insert(&id(10_000), u32::MAX as usize));
    }
}
