//! The index: where everything is, and how the trees hang together. Derived from the log: tiers on the disk, and the
//! latest in memory.
//!
//! Invariants: the parts follow each other by sequence number, and a number whose event was lost to damage has no row;
//! an event's parent has a smaller number than the event; the children of an event are linked in commit order.
//! Whatever the index says can be computed from the segments alone, and `rebuild_index` does so. Where a tier is found
//! to be damaged, [`Index::is_damaged`] says so, and what was answered meanwhile is to be asked again of a new index.

mod checkpoint;
mod id_hash;
mod id_table;
mod item;
mod memory;
mod row;
mod rows;
mod tier;
#[cfg(test)]
mod tier_tests;
mod tree;

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

pub(crate) use checkpoint::{Checkpoint, CoveredSegment, ListedTier, Position};
pub(crate) use id_hash::IdHash;
pub(crate) use item::{Item, find_parents, items_of};
pub(crate) use memory::MemoryPart;
pub(crate) use row::{ChunkPlace, EventRow, Parent, Place};
#[cfg(any(test, fuzzing))]
pub(crate) use tier::forge_tier;
pub(crate) use tier::{Tier, TierHeader, write_merged};

use crate::event::{EventFields, EventKind};
use crate::id::{ChunkId, EventId};
use crate::log::{Damage, Header, STORE_ID_BYTES};
use crate::vfs::VfsFile;

/// Counts that `stats` gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) events: u64,
    pub(crate) roots: u64,
    pub(crate) content_bytes: u64,
    pub(crate) chunks: u64,
    pub(crate) chunk_bytes: u64,
}

/// Where everything is.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Ascending by sequence number.
    tiers: Vec<Arc<Tier>>,
    /// What is between the tiers and the part that takes new events, while a tier is made of it and the index is not in
    /// use yet: it can be looked into, and nobody walks there.
    frozen: Option<Arc<MemoryPart>>,
    memory: MemoryPart,
    /// What recovery could not read.
    damage: BTreeSet<Damage>,
    counts: Counts,
    /// How much more than a tier may be in memory, since none could be made.
    excess: u64,
    /// Whether a derived event may come once more: segments before were away when those that come were written.
    repeats: bool,
}

/// About how many bytes an event or a chunk takes in a tier, but for titles.
const ENTRY_BYTES: u64 = 192;

impl Index {
    /// The index of these tiers, and of what the list of them tells. None where that is of other tiers.
    pub(crate) fn of_checkpoint(tiers: Vec<Arc<Tier>>, checkpoint: &Checkpoint) -> Option<Index> {
        let covered = tiers.last().map_or(1, |tier| tier.header().sequence_end);
        if checkpoint.sequence_end < covered {
            return None;
        }
        let mut memory = MemoryPart::starting_at(covered);
        memory.rows.reserve(checkpoint.sequence_end);
        let (damage, counts) = (checkpoint.damage.clone(), checkpoint.counts);
        Some(Index { tiers, frozen: None, memory, damage, counts, excess: 0, repeats: false })
    }

    /// Whether a tier was found to be damaged.
    pub(crate) fn is_damaged(&self) -> bool {
        self.tiers.iter().any(|tier| tier.is_damaged())
    }

    /// The parts on the disk, ascending by sequence number.
    pub(crate) fn tiers(&self) -> &[Arc<Tier>] {
        &self.tiers
    }

    /// Events and chunks that are in memory only.
    pub(crate) fn memory_entries(&self) -> u64 {
        self.memory.entries()
    }

    /// Writes what is in memory into an empty file. [`Index::put_tier`] takes it from there.
    pub(crate) fn write_tier(
        &self,
        file: &dyn VfsFile,
        store_id: [u8; STORE_ID_BYTES],
        number: u64,
    ) -> io::Result<TierHeader> {
        self.memory.write_tier(file, store_id, number)
    }

    /// Puts the tier that was made of it in the place of what is in memory, and gives that back.
    pub(crate) fn put_tier(&mut self, tier: Arc<Tier>) -> MemoryPart {
        self.excess = 0;
        self.tiers.push(tier);
        let memory = MemoryPart::starting_at(self.memory.rows.end());
        std::mem::replace(&mut self.memory, memory)
    }

    /// The parts in memory, the latest first.
    fn parts(&self) -> impl Iterator<Item = &MemoryPart> {
        [&self.memory].into_iter().chain(self.frozen.as_deref())
    }

    /// Puts what is in memory aside, so that a tier is made of it while others come, and gives it. [`Index::thaw`] ends
    /// that, before anything else is frozen.
    pub(crate) fn freeze(&mut self) -> Arc<MemoryPart> {
        let next = self.memory.next();
        let part = Arc::new(std::mem::replace(&mut self.memory, next));
        self.frozen = Some(Arc::clone(&part));
        part
    }

    /// Puts the tier that was made of it in the place of what was put aside; where none could be made, all of it is in
    /// memory again.
    pub(crate) fn thaw(&mut self, tier: Option<Arc<Tier>>) {
        let Some(frozen) = self.frozen.take() else { return };
        if let Some(tier) = tier {
            self.excess = 0;
            self.tiers.push(tier);
            return;
        }
        let mut all = MemoryPart::starting_at(frozen.rows.start());
        [&*frozen, &self.memory].iter().for_each(|part| all.append(part));
        self.memory = all;
    }

    /// The two tiers that are to be one first: of all that are, the smallest, so that of many equal ones each entry is
    /// written as often as they can be halved, and not as often as there are tiers.
    pub(crate) fn next_merge(&self) -> Option<(Arc<Tier>, Arc<Tier>)> {
        let pairs = self.tiers.windows(2).filter_map(|pair| match pair {
            [old, new] if old.belongs_to(new) => Some((old, new)),
            _ => None,
        });
        let smallest = pairs.min_by_key(|(old, new)| old.entries().saturating_add(new.entries()));
        smallest.map(|(old, new)| (Arc::clone(old), Arc::clone(new)))
    }

    /// Puts a tier in the place of the two that it was made of. `false` where they are not there any more.
    pub(crate) fn put_merged(&mut self, old: &Arc<Tier>, new: &Arc<Tier>, tier: Arc<Tier>) -> bool {
        let here = |pair: &[Arc<Tier>]| match pair {
            [first, second] => Arc::ptr_eq(first, old) && Arc::ptr_eq(second, new),
            _ => false,
        };
        let Some(at) = self.tiers.windows(2).position(here) else { return false };
        self.tiers.splice(at..at + 2, [tier]);
        true
    }

    /// Whether there is enough in memory for a tier of so many events and chunks.
    pub(crate) fn is_full(&self, tier_entries: u64) -> bool {
        self.memory_weight() >= tier_entries.saturating_add(self.excess)
    }

    /// No tier could be made: that is tried again when there is as much once more.
    pub(crate) fn allow_more(&mut self) {
        self.excess = self.memory_weight();
    }

    /// About how many bytes a tier of what is in memory takes.
    pub(crate) fn memory_tier_bytes(&self) -> u64 {
        self.memory_weight() * ENTRY_BYTES
    }

    /// What is in memory, in entries: a long title counts as several.
    fn memory_weight(&self) -> u64 {
        self.memory.entries() + self.memory.title_bytes / ENTRY_BYTES
    }

    /// The number after the last event.
    pub(crate) fn sequence_end(&self) -> u64 {
        self.memory.rows.end()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn damage(&self) -> &BTreeSet<Damage> {
        &self.damage
    }

    /// Forgets the damage of segments that never were.
    pub(crate) fn forget_segments(&mut self, are: &dyn Fn(u64) -> bool) {
        self.damage.retain(|damage| !are(damage.segment));
    }

    /// Lists a stretch, unless one that is listed has it already, in the place of those that it has itself.
    pub(crate) fn add_damage(&mut self, new: Damage) {
        let before = self.damage.range(..=Damage { length: u64::MAX, ..new }).next_back();
        let end = |damage: &Damage| damage.offset.saturating_add(damage.length);
        if before.is_some_and(|old| old.segment == new.segment && end(old) >= end(&new)) {
            return;
        }
        let first = Damage { length: 0, ..new };
        while let Some(old) = self.damage.range(first..).next().copied() {
            if old.segment != new.segment || end(&old) > end(&new) {
                break;
            }
            self.damage.remove(&old);
        }
        self.damage.insert(new);
    }

    /// The position of the tier that has a sequence number, or would; that behind the last one for the part in memory.
    fn part(&self, sequence: u64) -> usize {
        self.tiers.partition_point(|tier| tier.header().sequence_end <= sequence)
    }

    /// The row of a sequence number.
    pub(crate) fn row(&self, sequence: u64) -> Option<EventRow> {
        match self.tiers.get(self.part(sequence)) {
            Some(tier) => tier.row(sequence),
            None => self.parts().find_map(|part| part.rows.get(sequence)).copied(),
        }
    }

    /// The first sequence number from this one on whose event is known; that after the last one where there is none.
    /// What is between is lost to damage.
    pub(crate) fn next_known(&self, sequence: u64) -> u64 {
        let tiers = self.tiers.iter().skip(self.part(sequence));
        let mut known = tiers.filter_map(|tier| tier.next_known(sequence));
        known.next().unwrap_or_else(|| self.memory.rows.next_known(sequence))
    }

    /// The sequence number of an event.
    pub(crate) fn sequence_of(&self, id: &EventId) -> Option<u64> {
        self.find(id).map(|row| row.sequence)
    }

    pub(crate) fn find(&self, id: &EventId) -> Option<EventRow> {
        let in_memory = self.parts().find_map(|part| part.find(id)).copied();
        in_memory.or_else(|| {
            self.touch_id(id);
            // The largest tiers are the oldest ones.
            self.tiers.iter().find_map(|tier| tier.find(id))
        })
    }

    /// Where the record of an event is, unless another id begins as this one does: the record says whether it is.
    /// `Some(None)` where nobody tells, and [`Index::find`] is to be asked; none where there is no such event.
    pub(crate) fn likely_place(&self, id: &EventId) -> Option<Option<Place>> {
        if let Some(row) = self.parts().find_map(|part| part.find(id)) {
            return Some(Some(row.place));
        }
        self.touch_id(id);
        self.tiers.iter().find_map(|tier| tier.likely_place(id))
    }

    /// Brings near what all tiers read first to look for this id, so that it is waited for together.
    fn touch_id(&self, id: &EventId) {
        if self.tiers.len() > 1 {
            std::hint::black_box(self.tiers.iter().fold(0, |sum, tier| sum ^ tier.touch_id(id)));
        }
    }

    /// The ids whose first eight bytes are from `from` to `to`, in no order.
    pub(crate) fn ids_between(&self, from: u64, to: u64) -> impl Iterator<Item = EventId> {
        let prefix =
            |id: &EventId| id.as_bytes().first_chunk().map_or(0, |prefix| u64::from_be_bytes(*prefix));
        let in_memory = self.memory.ids().copied().filter(move |id| (from..=to).contains(&prefix(id)));
        self.tiers.iter().flat_map(move |tier| tier.ids_between(from, to)).chain(in_memory)
    }

    /// Where a chunk is: of several places a permanent one, and of these the latest.
    pub(crate) fn chunk(&self, id: &ChunkId) -> Option<ChunkPlace> {
        let mut temporary = None;
        let in_memory = self.parts().filter_map(|part| part.chunks.get(id).copied());
        let places = in_memory.chain(self.tiers.iter().rev().filter_map(|tier| tier.chunk(id)));
        for place in places {
            if !place.temporary {
                return Some(place);
            }
            temporary.get_or_insert(place);
        }
        temporary
    }

    /// Where all chunks are, in no order. One that was temporary before may come twice.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = ChunkPlace> {
        self.tiers.iter().flat_map(|tier| tier.chunks()).chain(self.memory.chunks.values().copied())
    }

    /// All rows, by sequence number.
    pub(crate) fn rows(&self) -> impl Iterator<Item = EventRow> {
        self.tiers.iter().flat_map(|tier| tier.rows()).chain(self.memory.rows.iter().copied())
    }

    /// The rows that are in memory only.
    pub(crate) fn rows_in_memory(&self) -> impl Iterator<Item = &EventRow> {
        self.memory.rows.iter()
    }

    /// Adds a chunk. A permanent record takes the place of a temporary one, and never the reverse.
    pub(crate) fn insert_chunk(&mut self, id: ChunkId, place: ChunkPlace) {
        match self.chunk(&id) {
            None => {
                self.counts.chunks = self.counts.chunks.saturating_add(1);
                if !place.is_list {
                    let bytes = u64::from(place.raw_bytes);
                    self.counts.chunk_bytes = self.counts.chunk_bytes.saturating_add(bytes);
                }
            }
            Some(there) if place.temporary && !there.temporary => return,
            Some(_) => {}
        }
        self.memory.chunks.insert(id, place);
    }

    /// What an event hangs under, as of its fields.
    pub(crate) fn parent_of(&self, fields: &EventFields) -> Parent {
        match &fields.parent {
            None => Parent::None,
            Some(parent) => self.parent_named(parent),
        }
    }

    /// As [`Index::parent_of`], where the record tells the parent's number. The id counts: where another event has the
    /// number, the parent is looked for.
    fn parent_told(&self, hangs: &item::Hangs) -> Parent {
        let item::Hangs { parent, told } = hangs;
        let there = match self.tiers.get(self.part(*told)) {
            Some(tier) => tier.has_id_at(*told, parent),
            None => self.parts().any(|part| part.rows.get(*told).is_some_and(|row| row.id == *parent)),
        };
        if there { Parent::Known(*told) } else { self.parent_named(parent) }
    }

    fn parent_named(&self, parent: &EventId) -> Parent {
        self.sequence_of(parent).map_or(Parent::Lost, Parent::Known)
    }

    /// Whether an event is in memory, and in no tier yet.
    fn is_in_memory(&self, id: &EventId) -> bool {
        self.parts().any(|part| part.find(id).is_some())
    }

    /// Adds an event. `false` where its number or its id is taken.
    pub(crate) fn insert_row(&mut self, row: &EventRow, title: Option<&str>) -> bool {
        self.find(&row.id).is_none() && self.insert_new_row(row, title)
    }

    /// Adds an event of which the caller knows that it is new: its id is not looked for. `false` where its number is
    /// taken.
    pub(crate) fn insert_new_row(&mut self, row: &EventRow, title: Option<&str>) -> bool {
        if !self.memory.insert_row(row, title) {
            return false;
        }
        self.counts.events = self.counts.events.saturating_add(1);
        self.counts.roots = self.counts.roots.saturating_add(u64::from(row.kind == EventKind::Root));
        self.counts.content_bytes = self.counts.content_bytes.saturating_add(row.content_bytes);
        true
    }

    /// Numbers below `end` were given out, whether their events are known or not.
    pub(crate) fn reserve_sequences(&mut self, end: u64) {
        self.memory.rows.reserve(end);
    }

    /// From now on a derived event may come that there is already.
    pub(crate) fn expect_repeats(&mut self) {
        self.repeats = true;
    }

    /// Whether a derived event was made once more while the first one was away, which counts.
    fn is_repeated(&self, row: &EventRow) -> bool {
        self.repeats && self.find(&row.id).is_some_and(|first| first.sequence < row.sequence)
    }

    /// Adds the chunks or lists that a record carries.
    pub(crate) fn insert_record(&mut self, place: Place, header: &Header) {
        item::chunks_of(place, header, |id, chunk| self.insert_chunk(id, chunk));
    }
}
