//! The index: where everything is, and how the trees hang together. Derived from the log, held in memory.
//!
//! Invariants: rows ascend by sequence number, and a number whose event was lost to damage has no row; an event's
//! parent has a smaller number than the event; the children of an event are linked in commit order. Whatever the
//! index says can be computed from the segments alone, and `rebuild_index` does so.

mod checkpoint;
mod id_hash;
mod row;
mod rows;
mod tree;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(crate) use checkpoint::{CoveredSegment, Position, decode_checkpoint, encode_checkpoint};
pub(crate) use id_hash::IdHash;
pub(crate) use row::{ChunkPlace, EventRow, Parent, Place};
use rows::Rows;

use crate::event::{EventFields, EventKind};
use crate::id::{ChunkId, EventId};
use crate::log::{Damage, Header, RecordKind, Scanned};

/// Counts that `stats` gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) events: u64,
    pub(crate) roots: u64,
    pub(crate) content_bytes: u64,
    pub(crate) chunk_bytes: u64,
}

/// Where everything is.
#[derive(Debug, Default)]
pub(crate) struct Index {
    rows: Rows,
    by_id: HashMap<EventId, u64, IdHash>,
    chunks: HashMap<ChunkId, ChunkPlace, IdHash>,
    /// Roots in commit order, and by title.
    roots: Vec<u64>,
    titles: BTreeMap<String, Vec<u64>>,
    /// What recovery could not read.
    damage: BTreeSet<Damage>,
    counts: Counts,
}

impl Index {
    /// The number after the last event.
    pub(crate) fn sequence_end(&self) -> u64 {
        self.rows.end()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn damage(&self) -> &BTreeSet<Damage> {
        &self.damage
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

    /// The row of a sequence number.
    pub(crate) fn row(&self, sequence: u64) -> Option<&EventRow> {
        self.rows.get(sequence)
    }

    /// The first sequence number from this one on whose event is known; that after the last one where there is none.
    /// What is between is lost to damage.
    pub(crate) fn next_known(&self, sequence: u64) -> u64 {
        self.rows.next_known(sequence)
    }

    /// The sequence number of an event.
    pub(crate) fn sequence_of(&self, id: &EventId) -> Option<u64> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn find(&self, id: &EventId) -> Option<&EventRow> {
        self.row(self.sequence_of(id)?)
    }

    /// The ids of all events, in no order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &EventId> {
        self.by_id.keys()
    }

    pub(crate) fn chunk(&self, id: &ChunkId) -> Option<ChunkPlace> {
        self.chunks.get(id).copied()
    }

    /// Whether a chunk is there for an event that is permanent, or temporary: a permanent one must not rest on what
    /// may be collected.
    pub(crate) fn has_chunk(&self, id: &ChunkId, temporary: bool) -> bool {
        self.chunks.get(id).is_some_and(|chunk| temporary || !chunk.temporary)
    }

    pub(crate) fn chunk_count(&self) -> u64 {
        self.chunks.len() as u64
    }

    pub(crate) fn chunks(&self) -> impl Iterator<Item = (&ChunkId, &ChunkPlace)> {
        self.chunks.iter()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &EventRow> {
        self.rows.iter()
    }

    /// Adds a chunk. A permanent record takes the place of a temporary one, and never the reverse.
    pub(crate) fn insert_chunk(&mut self, id: ChunkId, place: ChunkPlace) {
        match self.chunks.entry(id) {
            Entry::Vacant(vacant) => {
                if !place.is_list {
                    let bytes = u64::from(place.raw_bytes);
                    self.counts.chunk_bytes = self.counts.chunk_bytes.saturating_add(bytes);
                }
                vacant.insert(place);
            }
            Entry::Occupied(mut there) => {
                if there.get().temporary || !place.temporary {
                    there.insert(place);
                }
            }
        }
    }

    /// Adds an event as of its fields. `false` where its number or id is taken, as in all that add one.
    pub(crate) fn insert_event(
        &mut self,
        id: EventId,
        sequence: u64,
        place: Place,
        fields: &EventFields,
    ) -> bool {
        let parent = match &fields.parent {
            None => Parent::None,
            Some(parent) => self.sequence_of(parent).map_or(Parent::Lost, Parent::Known),
        };
        let row = EventRow::new(id, sequence, place, parent, fields);
        self.insert_row(row, fields.title.as_deref())
    }

    /// Adds an event whose body cannot be read: it is known to be there, and nothing else is known of it but what
    /// the header of its record says.
    fn insert_damaged_event(&mut self, place: Place, header: &Header, id: EventId) -> bool {
        let kind = EventKind::Unknown(u8::MAX);
        let fields = EventFields { temporary: header.temporary, ..EventFields::derived(kind) };
        let row = EventRow::new(id, header.sequence, place, Parent::Lost, &fields);
        self.insert_row(EventRow { damaged: true, ..row }, None)
    }

    pub(crate) fn insert_row(&mut self, row: EventRow, title: Option<&str>) -> bool {
        let (id, sequence, parent) = (row.id, row.sequence, row.parent);
        let (is_root, content_bytes) = (row.kind == EventKind::Root, row.content_bytes);
        if self.by_id.contains_key(&id) || !self.rows.push(row) {
            return false;
        }
        self.by_id.insert(id, sequence);
        self.counts.events += 1;
        self.counts.content_bytes = self.counts.content_bytes.saturating_add(content_bytes);
        if is_root {
            self.counts.roots += 1;
            self.roots.push(sequence);
            self.titles.entry(title.unwrap_or_default().to_owned()).or_default().push(sequence);
        }
        if let Parent::Known(parent) = parent {
            self.link(parent, sequence);
        }
        true
    }

    /// Numbers below `end` were given out, whether their events are known or not.
    pub(crate) fn reserve_sequences(&mut self, end: u64) {
        self.rows.reserve(end);
    }

    /// Adds what a record of the log carries. Events come in commit order.
    pub(crate) fn insert_scanned(&mut self, segment: u64, scanned: &Scanned) {
        let header = &scanned.header;
        let record_bytes = u32::try_from(header.record_bytes()).unwrap_or(u32::MAX);
        let place = Place { segment, offset: scanned.offset, record_bytes };
        match header.kind {
            RecordKind::Commit => {}
            RecordKind::Event => {
                let Some(entry) = header.entries.first() else { return };
                let id = EventId::new(entry.id);
                let fields = scanned.body.as_ref().and_then(|body| crate::event::decode(body).ok());
                let taken = match fields {
                    Some(fields) => self.insert_event(id, header.sequence, place, &fields),
                    None => self.insert_damaged_event(place, header, id),
                };
                if !taken {
                    // No writer of ours gives a number or an id twice.
                    let (offset, length) = (place.offset, header.record_bytes());
                    self.add_damage(Damage { segment, offset, length });
                }
            }
            RecordKind::Chunks | RecordKind::Lists => self.insert_record(place, header),
        }
    }

    /// Adds the chunks or lists that a record carries.
    pub(crate) fn insert_record(&mut self, place: Place, header: &Header) {
        let is_list = header.kind == RecordKind::Lists;
        let mut start = 0u32;
        for entry in &header.entries {
            let temporary = header.temporary;
            let chunk = ChunkPlace { place, start, raw_bytes: entry.raw_bytes, is_list, temporary };
            self.insert_chunk(ChunkId::new(entry.id), chunk);
            start = start.saturating_add(entry.raw_bytes);
        }
    }
}
