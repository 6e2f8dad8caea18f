//! Committing: chunks and events become part of the log and of the index, all or nothing.

use std::sync::Arc;

use super::durable::{DurablePoint, LogEnd};
use super::{Store, WriterState};
use crate::error::{Error, Result};
use crate::event::EventFields;
use crate::id::{ChunkId, EventId};
use crate::index::Place;
use crate::log::{Codec, CommitNote, Prepared, RecordKind, Writer, Written};
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
        let mut guard = self.writer.lock();
        let state = guard.as_mut().ok_or_else(Error::closed)?;
        // Whoever held the lock before may have failed.
        self.poison.check()?;
        {
            let index = self.index.read();
            chunks.retain(|chunk| !is_stored(&index, chunk));
            events.retain(|event| index.sequence_of(&event.id).is_none());
        }
        if !chunks.is_empty() || !events.is_empty() {
            self.write_batch(state, chunks, &mut events)?;
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
        let bytes = Writer::batch_bytes(&records);
        state.space.take(self.vfs.as_ref(), &self.folder, bytes)?;
        // From here on a failure leaves the file in a state that only recovery can judge.
        let dart = self.poison.arm();
        if state.writer.wants_roll(bytes) {
            self.roll(state, sequence_start)?;
        }
        let durable = self.durable.lock().log_end;
        let active = state.writer.active().number();
        let note = CommitNote {
            sequence_start,
            sequence_end: sequence_start + fields.len() as u64,
            clock: self.clock.high_water(),
            synced_to: if durable.segment == active { durable.end } else { 0 },
        };
        let written = state.writer.append(&records, note)?;
        self.index_batch(&records, chunk_count, &fields, &written);
        dart.disarm();
        Ok(())
    }

    fn index_batch(
        &self,
        records: &[Prepared],
        chunk_count: usize,
        fields: &[(EventId, EventFields)],
        written: &Written,
    ) {
        let mut index = self.index.write();
        for (at, (record, offset)) in records.iter().zip(&written.offsets).enumerate() {
            let place = Place {
                segment: written.segment,
                offset: *offset,
                record_bytes: u32::try_from(record.record_bytes()).unwrap_or(u32::MAX),
            };
            match at.checked_sub(chunk_count).and_then(|at| fields.get(at)) {
                Some((id, fields)) => index.insert_event(*id, record.header().sequence, place, fields),
                None => index.insert_record(place, record.header()),
            }
        }
    }

    pub(super) fn roll(&self, state: &mut WriterState, sequence_start: u64) -> Result<()> {
        let old = LogEnd { segment: state.writer.active().number(), end: state.writer.active().end() };
        state.writer.roll(sequence_start)?;
        let active = Arc::clone(state.writer.active());
        self.advance_durable(DurablePoint { log_end: old, sequence_end: sequence_start });
        self.segments.write().insert(active.number(), active);
        Ok(())
    }
}

fn is_stored(index: &crate::index::Index, chunk: &Prepared) -> bool {
    chunk.header().entries.iter().all(|entry| index.chunk(&ChunkId::new(entry.id)).is_some())
}
