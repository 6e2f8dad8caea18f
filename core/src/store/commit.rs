//! Committing: chunks and events become part of the log and of the index, all or nothing.

use std::sync::Arc;

use super::durable::{DurablePoint, LogEnd};
use super::{Store, WriterState};
use crate::error::{Error, ErrorCode, Result};
use crate::event::EventFields;
use crate::id::{ChunkId, EventId};
use crate::index::{Index, Place};
use crate::log::{
    Codec, CommitNote, Prepared, RecordKind, SEGMENT_HEADER_BYTES, SEQUENCE_MAX, Writer, Written,
};
use crate::options::Durability;

/// An event that is ready to be committed.
#[derive(Clone, Debug)]
pub(crate) struct PreparedEvent {
    pub(crate) id: EventId,
    pub(crate) fields: EventFields,
    record: Prepared,
}

impl PreparedEvent {
    /// Encodes and names the event.
    pub(crate) fn new(fields: EventFields) -> PreparedEvent {
        let bytes = crate::event::encode(&fields);
        let id = crate::hash::event_id(&bytes);
        let raw = bytes.len();
        let record =
            Prepared::new(RecordKind::Event, fields.temporary, *id.as_bytes(), raw, Codec::Raw, bytes);
        PreparedEvent { id, fields, record }
    }
}

impl Store {
    /// Commits chunks and then events as one batch. What is stored already is left out: chunks of the same
    /// bytes, and derived events that someone else made meanwhile.
    pub(crate) fn commit(
        &self,
        mut chunks: Vec<Prepared>,
        mut events: Vec<PreparedEvent>,
        durability: Durability,
    ) -> Result<()> {
        self.check_writable()?;
        // Counted out when it is durable, or has failed.
        let _under_way = self.durable.under_way(durability);
        let mut guard = self.writer.lock();
        let state = guard.as_mut().ok_or_else(Error::closed)?;
        // Whoever held the lock before may have failed.
        self.poison.check()?;
        let (known_chunks, known_events) = self.query_as_writer(state, |index| {
            let chunks: Vec<bool> = chunks.iter().map(|chunk| self.is_stored(index, chunk)).collect();
            let known =
                |event: &PreparedEvent| !self.is_ours(&event.fields) && index.find(&event.id).is_some();
            let events: Vec<bool> = events.iter().map(known).collect();
            (chunks, events)
        })?;
        drop_known(&mut chunks, &known_chunks);
        drop_known(&mut events, &known_events);
        if !chunks.is_empty() || !events.is_empty() {
            self.write_batch(state, chunks, &mut events)?;
            self.spill_if_full(state);
        }
        let active = state.writer.active();
        let end = LogEnd { segment: active.number(), end: active.end() };
        drop(guard);
        self.settle(end, durability)
    }

    fn write_batch(
        &self,
        state: &mut WriterState,
        chunks: Vec<Prepared>,
        events: &mut Vec<PreparedEvent>,
    ) -> Result<()> {
        let sequence_start = self.index.read().sequence_end();
        let chunk_count = chunks.len();
        let mut records = chunks;
        for (sequence, event) in (sequence_start..).zip(events.iter_mut()) {
            event.record.set_sequence(sequence);
        }
        let fields: Vec<(EventId, EventFields)> = events
            .drain(..)
            .map(|event| {
                records.push(event.record);
                (event.id, event.fields)
            })
            .collect();
        let sequence_end = sequence_start + fields.len() as u64;
        if sequence_end > SEQUENCE_MAX {
            let message =
                "the sequence numbers of the store are used up, which only damage can do; run verify";
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
        let bytes = Writer::batch_bytes(&records);
        state.space.take(self.vfs.as_ref(), &self.folder, bytes)?;
        // From here on a failure leaves the file in a state that only recovery can judge.
        let dart = self.poison.arm();
        if state.must_roll.is_some() || state.writer.wants_roll(bytes) {
            self.roll(state, sequence_start)?;
        }
        let durable = self.durable.log_end();
        let active = state.writer.active().number();
        let note = CommitNote {
            sequence_start,
            sequence_end,
            clock: self.clock.high_water(),
            synced_to: if durable.segment == active { durable.end } else { 0 },
        };
        let written = state.writer.append(&records, note)?;
        self.index_batch(&records, chunk_count, &fields, &written);
        dart.disarm();
        Ok(())
    }

    /// Whether an event was made in this session: its origin is of nobody else, and its time of no other event, so that
    /// it cannot be stored yet.
    fn is_ours(&self, fields: &EventFields) -> bool {
        fields.origin == self.origin
    }

    /// Whether all that a record holds is stored, where a permanent one may not rest on what may be collected.
    fn is_stored(&self, index: &Index, chunk: &Prepared) -> bool {
        let (header, temporary) = (chunk.header(), chunk.header().temporary);
        header.entries.iter().all(|entry| {
            let found = index.chunk(&ChunkId::new(entry.id));
            found.is_some_and(|found| self.serves(&found, temporary))
        })
    }

    fn index_batch(
        &self,
        records: &[Prepared],
        chunk_count: usize,
        fields: &[(EventId, EventFields)],
        written: &Written,
    ) {
        // Readers see the bytes and the index of a batch at once.
        let mut index = self.index.write();
        written.publish();
        for (at, (record, offset)) in records.iter().zip(&written.offsets).enumerate() {
            let place = Place {
                segment: written.segment.number(),
                offset: *offset,
                record_bytes: u32::try_from(record.record_bytes()).unwrap_or(u32::MAX),
            };
            match at.checked_sub(chunk_count).and_then(|at| fields.get(at)) {
                Some((id, fields)) if self.is_ours(fields) => {
                    index.insert_new_event(*id, record.header().sequence, place, fields);
                }
                Some((id, fields)) => {
                    index.insert_event(*id, record.header().sequence, place, fields);
                }
                None => index.insert_record(place, record.header()),
            }
        }
    }

    /// Rolls, unless the disk is full: then nothing has changed.
    pub(super) fn roll_where_there_is_room(&self, state: &mut WriterState) -> Result<()> {
        state.space.take(self.vfs.as_ref(), &self.folder, SEGMENT_HEADER_BYTES as u64)?;
        let sequence_start = self.index.read().sequence_end();
        self.roll(state, sequence_start)
    }

    fn roll(&self, state: &mut WriterState, sequence_start: u64) -> Result<()> {
        let old = LogEnd { segment: state.writer.active().number(), end: state.writer.active().end() };
        state.writer.roll(sequence_start, state.must_roll.unwrap_or(old.end))?;
        state.must_roll = None;
        let active = Arc::clone(state.writer.active());
        self.advance_durable(DurablePoint { log_end: old, sequence_end: sequence_start });
        self.segments.write().insert(active.number(), active);
        Ok(())
    }
}

fn drop_known<T>(all: &mut Vec<T>, known: &[bool]) {
    let mut known = known.iter();
    all.retain(|_| !known.next().copied().unwrap_or(false));
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use super::PreparedEvent;
    use crate::event::{EventFields, EventKind};
    use crate::options::{Durability, Options};
    use crate::store::Store;
    use crate::vfs::MemoryVfs;

    /// The end of the log was published first and the index told afterwards, and verify, coming between, reported that
    /// the index did not know what it read.
    #[test]
    fn the_end_of_a_batch_and_its_index_appear_at_once() {
        let vfs = Arc::new(MemoryVfs::new(u64::MAX));
        let store = Store::open(vfs, Path::new("/store"), Options::new()).unwrap();
        let segment = store.segments().remove(0);
        let before = segment.end();
        std::thread::scope(|scope| {
            let index = store.index.read();
            let commit = scope.spawn(|| {
                let title = Some("r".to_owned());
                let fields = EventFields { title, ..EventFields::derived(EventKind::Root) };
                store.commit(Vec::new(), vec![PreparedEvent::new(fields)], Durability::Buffered)
            });
            // The bytes are written by now, and wait for the index.
            std::thread::sleep(Duration::from_millis(50));
            assert_eq!((segment.end(), index.sequence_end()), (before, 1));
            drop(index);
            commit.join().unwrap().unwrap();
        });
        assert!(segment.end() > before);
        assert_eq!(store.sequence_end(), 2);
    }
}
