//! The index: where everything is, and how the trees hang together. Derived from the log, held in memory.
//!
//! Invariants: rows are dense by sequence number, and a number whose event was lost to damage has no row; an
//! event's parent has a smaller number than the event; the children of an event are linked in commit order.
//! Whatever the index says can be computed from the segments alone, and `rebuild_index` does so.

mod checkpoint;
mod row;
mod tree;

use std::collections::{BTreeMap, HashMap};

pub(crate) use checkpoint::{Position, decode_checkpoint, encode_checkpoint};
pub(crate) use row::{ChunkPlace, EventRow, Place};

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
    /// By sequence number less one.
    rows: Vec<Option<EventRow>>,
    by_id: HashMap<EventId, u64>,
    chunks: HashMap<ChunkId, ChunkPlace>,
    /// Roots in commit order, and by title.
    roots: Vec<u64>,
    titles: BTreeMap<String, Vec<u64>>,
    /// What recovery could not read.
    damage: Vec<Damage>,
    counts: Counts,
}

impl Index {
    /// The number after the last event.
    pub(crate) fn sequence_end(&self) -> u64 {
        self.rows.len() as u64 + 1
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn damage(&self) -> &[Damage] {
        &self.damage
    }

    pub(crate) fn add_damage(&mut self, damage: impl IntoIterator<Item = Damage>) {
        self.damage.extend(damage);
    }

    /// The row of a sequence number.
    pub(crate) fn row(&self, sequence: u64) -> Option<&EventRow> {
        let at = usize::try_from(sequence.checked_sub(1)?).ok()?;
        self.rows.get(at)?.as_ref()
    }

    fn row_mut(&mut self, sequence: u64) -> Option<&mut EventRow> {
        let at = usize::try_from(sequence.checked_sub(1)?).ok()?;
        self.rows.get_mut(at)?.as_mut()
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

    pub(crate) fn chunk_count(&self) -> u64 {
        self.chunks.len() as u64
    }

    pub(crate) fn chunks(&self) -> impl Iterator<Item = (&ChunkId, &ChunkPlace)> {
        self.chunks.iter()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &EventRow> {
        self.rows.iter().flatten()
    }

    pub(crate) fn insert_chunk(&mut self, id: ChunkId, place: ChunkPlace) {
        if self.chunks.insert(id, place).is_none() && !place.is_list {
            self.counts.chunk_bytes += u64::from(place.raw_bytes);
        }
    }

    /// Adds an event as of its fields.
    pub(crate) fn insert_event(&mut self, id: EventId, sequence: u64, place: Place, fields: &EventFields) {
        let parent = fields.parent.and_then(|parent| self.sequence_of(&parent));
        let row = EventRow::new(id, sequence, place, parent, fields);
        self.insert_row(row, fields.title.as_deref());
    }

    /// Adds an event whose body cannot be read: it is known to be there, and nothing else is known of it.
    pub(crate) fn insert_damaged_event(&mut self, id: EventId, sequence: u64, place: Place) {
        let fields = EventFields::derived(EventKind::Unknown(u8::MAX));
        self.insert_row(EventRow::new(id, sequence, place, None, &fields), None);
    }

    pub(crate) fn insert_row(&mut self, row: EventRow, title: Option<&str>) {
        let sequence = row.sequence;
        let at = usize::try_from(sequence.saturating_sub(1)).unwrap_or(usize::MAX);
        if sequence == 0 || self.row(sequence).is_some() || self.by_id.contains_key(&row.id) {
            return;
        }
        self.reserve_sequences(sequence + 1);
        self.by_id.insert(row.id, sequence);
        self.counts.events += 1;
        self.counts.content_bytes += row.content_bytes;
        if row.kind == EventKind::Root {
            self.counts.roots += 1;
            self.roots.push(sequence);
            self.titles.entry(title.unwrap_or_default().to_owned()).or_default().push(sequence);
        }
        if let Some(parent) = row.parent {
            self.link(parent, sequence);
        }
        if let Some(slot) = self.rows.get_mut(at) {
            *slot = Some(row);
        }
    }

    /// Numbers below `end` were given out, whether their events are known or not.
    pub(crate) fn reserve_sequences(&mut self, end: u64) {
        let wanted = usize::try_from(end.saturating_sub(1)).unwrap_or(0);
        // A number beyond what a disk can hold is damage, not a reason to allocate.
        if wanted > self.rows.len() && wanted - self.rows.len() <= SEQUENCE_JUMP_MAX {
            self.rows.resize_with(wanted, || None);
        }
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
                match fields {
                    Some(fields) => self.insert_event(id, header.sequence, place, &fields),
                    None => self.insert_damaged_event(id, header.sequence, place),
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
            let chunk = ChunkPlace { place, start, raw_bytes: entry.raw_bytes, is_list };
            self.insert_chunk(ChunkId::new(entry.id), chunk);
            start = start.saturating_add(entry.raw_bytes);
        }
    }
}

/// More lost events in a row than this are not believed.
const SEQUENCE_JUMP_MAX: usize = 1 << 26;
