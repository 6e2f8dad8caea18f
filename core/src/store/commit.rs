//! Committing: chunks and events become part of the log and of the index, all or nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{PreparedEvent, Store, WriterState, folder};
use crate::error::{Error, ErrorCode, Result};
use crate::event::EventFields;
use crate::id::{ChunkId, EventId};
use crate::index::{EventRow, IdHash, Index, Parent, Place};
use crate::log::{CommitNote, Prepared, SEQUENCE_MAX, Writer, Written};
use crate::options::Durability;

/// What is to be committed as one batch: chunks, and then events.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) chunks: Vec<Prepared>,
    pub(super) events: Vec<PreparedEvent>,
}

/// Batches that are staged and not written yet.
#[derive(Default)]
struct Group {
    staged: Vec<Staged>,
    /// The number after its last event; 0 while it has none.
    sequence_end: u64,
    /// Its events that others may make too. Only what is staged is here: what was refused is nobody's.
    derived: HashSet<EventId, IdHash>,
    /// Its chunks, and whether they are temporary.
    chunks: HashMap<ChunkId, bool, IdHash>,
}

impl Group {
    /// Whether a chunk is staged, where a permanent one may not rest on what may be collected.
    fn has(&self, id: &ChunkId, temporary: bool) -> bool {
        self.chunks.get(id).is_some_and(|staged| temporary || !staged)
    }
}

/// A batch that has its place in the log.
struct Staged {
    /// Whose it is, counted from 0.
    caller: usize,
    records: Vec<Prepared>,
    chunk_count: usize,
    fields: Vec<(EventId, EventFields)>,
    written: Written,
}

impl Store {
    /// Commits chunks and then events as one batch. What is stored already is left out: chunks of the same
    /// bytes, and derived events that someone else made meanwhile.
    pub(crate) fn commit(
        &self,
        chunks: Vec<Prepared>,
        events: Vec<PreparedEvent>,
        durability: Durability,
    ) -> Result<()> {
        self.check_writable()?;
        let work = Work { chunks, events };
        let done = match durability {
            Durability::Durable => self.commit_durably(work),
            Durability::Buffered => {
                let mut guard = self.writer.lock();
                let state = guard.as_mut().ok_or_else(Error::closed)?;
                self.commit_all(state, vec![work]).pop().unwrap_or(Ok(()))
            }
        };
        done.inspect_err(|error| self.tell_failed(error))
    }

    /// Writes batches, all of them at once where they are not too large, and lets readers see them. Gives what became
    /// of each. The caller holds the writer's lock.
    pub(super) fn commit_all(&self, state: &mut WriterState, works: Vec<Work>) -> Vec<Result<()>> {
        let (mut group, mut results) = (Group::default(), Vec::with_capacity(works.len()));
        // Should anything here panic, what is staged has numbers that would be given out again.
        let dart = self.poison.arm();
        for work in works {
            let result = self.stage(state, &mut group, work, &mut results);
            results.push(result);
        }
        self.write_group(state, &mut group, &mut results);
        dart.disarm();
        if !self.poison.is_poisoned() {
            self.spill_if_full(state);
            if state.reserve.is_due() {
                self.keep_reserve(state);
            }
        }
        results
    }

    /// Gives a batch its place in the log. What stands before it is written where there is no room for both; `results`
    /// are those of the callers before.
    fn stage(
        &self,
        state: &mut WriterState,
        group: &mut Group,
        work: Work,
        results: &mut [Result<()>],
    ) -> Result<()> {
        // Whoever held the lock before may have failed.
        self.poison.check()?;
        let Work { mut chunks, mut events } = work;
        self.drop_stored(state, group, &mut chunks, &mut events)?;
        if chunks.is_empty() && events.is_empty() {
            return Ok(());
        }
        let sequence_start = self.index.read().sequence_end().max(group.sequence_end);
        let sequence_end = sequence_start + events.len() as u64;
        if sequence_end > SEQUENCE_MAX {
            let message =
                "the sequence numbers of the store are used up, which only damage can do; run verify";
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
        self.find_parents(state, sequence_start, &mut events)?;
        let chunk_count = chunks.len();
        let mut records = chunks;
        let mut fields = Vec::with_capacity(events.len());
        for (sequence, mut event) in (sequence_start..).zip(events) {
            event.record.set_sequence(sequence, event.parent);
            records.push(event.record);
            fields.push((event.id, event.fields));
        }
        let bytes = Writer::batch_bytes(&records);
        let rolls = state.must_roll.is_some() || state.writer.wants_roll(bytes);
        let needed = if rolls { bytes } else { state.writer.lacks(bytes) };
        if rolls || state.writer.is_full() || !has_room(state, needed) {
            // What is staged takes room that the disk does not know of yet.
            self.write_group(state, group, results);
            self.poison.check()?;
        }
        let begin_in = match rolls {
            true => Some(self.take_folder(state, bytes)?),
            false => self.take_room(state, needed, bytes)?,
        };
        if let Some(folder) = begin_in {
            let header = self.announce(state, sequence_start, &folder)?;
            let dart = self.poison.arm();
            self.roll(state, &header, &folder)?;
            dart.disarm();
        }
        if let Some(step) = state.writer.step(bytes).filter(|step| has_room(state, *step)) {
            let active = Arc::clone(state.writer.active());
            state.space.take(self.vfs.as_ref(), folder::of_segment(&active), step)?;
            state.writer.reserve(bytes, step);
        }
        let durable = self.durable.log_end();
        let active = state.writer.active().number();
        let note = CommitNote {
            sequence_start,
            sequence_end,
            clock: self.clock.high_water(),
            synced_to: if durable.segment == active { durable.end } else { 0 },
        };
        let written = state.writer.stage(&records, note);
        state.reserve.wrote(bytes);
        group.sequence_end = sequence_end;
        for record in records.iter().take(chunk_count) {
            let header = record.header();
            group
                .chunks
                .extend(header.entries.iter().map(|entry| (ChunkId::new(entry.id), header.temporary)));
        }
        let derived = fields.iter().filter(|(_, fields)| !self.is_ours(fields));
        group.derived.extend(derived.map(|(id, _)| *id));
        group.staged.push(Staged { caller: results.len(), records, chunk_count, fields, written });
        Ok(())
    }

    /// Takes out what is stored, or will be with the group, or stands in the batch before.
    fn drop_stored(
        &self,
        state: &mut WriterState,
        group: &Group,
        chunks: &mut Vec<Prepared>,
        events: &mut Vec<PreparedEvent>,
    ) -> Result<()> {
        if chunks.is_empty() && events.iter().all(|event| self.is_ours(&event.fields)) {
            return Ok(());
        }
        let (known_chunks, known_events) = self.query_as_writer(state, |index| {
            let lasting = permanent_beside_temporary(chunks);
            let mut before = HashMap::<ChunkId, bool, IdHash>::default();
            let mut is_known = |id: ChunkId, temporary: bool| {
                let known = before.get(&id).is_some_and(|earlier| temporary || !earlier)
                    || (temporary && lasting.contains(&id))
                    || group.has(&id, temporary)
                    || index.chunk(&id).is_some_and(|found| self.serves(&found, temporary));
                if !known {
                    before.insert(id, temporary);
                }
                known
            };
            let chunks =
                chunks.iter().map(|record| known_entries(record, &mut is_known)).collect::<Vec<u64>>();
            let known = |event: &PreparedEvent| {
                !self.is_ours(&event.fields)
                    && (group.derived.contains(&event.id) || index.find(&event.id).is_some())
            };
            let events: Vec<bool> = events.iter().map(known).collect();
            (chunks, events)
        })?;
        self.drop_chunks(chunks, &known_chunks)?;
        drop_known(events, &known_events);
        Ok(())
    }

    /// Takes out the chunks whose bits are set, a word for each record. Two callers who store the same bytes at once have
    /// both of them framed, with others that are new; what is left of a frame is made a record again.
    fn drop_chunks(&self, records: &mut Vec<Prepared>, known: &[u64]) -> Result<()> {
        if known.iter().all(|known| *known == 0) {
            return Ok(());
        }
        for (record, known) in std::mem::take(records).into_iter().zip(known) {
            match known.count_ones() as usize {
                0 => records.push(record),
                all if all == record.header().entries.len() => {}
                _ => records.extend(self.packers.pack_without(&record, *known)?),
            }
        }
        Ok(())
    }

    /// Looks for the numbers of the parents that the callers do not know: in the batch, and in the index.
    fn find_parents(
        &self,
        state: &mut WriterState,
        sequence_start: u64,
        events: &mut [PreparedEvent],
    ) -> Result<()> {
        let asked = |event: &PreparedEvent| event.fields.parent.filter(|_| event.parent == 0);
        if events.iter().all(|event| asked(event).is_none()) {
            return Ok(());
        }
        let members: HashMap<EventId, u64, IdHash> =
            events.iter().map(|event| event.id).zip(sequence_start..).collect();
        let found: Vec<Option<u64>> = self.query_as_writer(state, |index| {
            let find = |id: EventId| members.get(&id).copied().or_else(|| index.sequence_of(&id));
            events.iter().map(|event| asked(event).and_then(find)).collect()
        })?;
        for (event, found) in events.iter_mut().zip(found) {
            event.parent = found.unwrap_or(event.parent);
        }
        Ok(())
    }

    /// Writes what is staged, and lets readers see it. Where that fails, so has everybody in the group.
    fn write_group(&self, state: &mut WriterState, group: &mut Group, results: &mut [Result<()>]) {
        let Group { staged, .. } = std::mem::take(group);
        if staged.is_empty() {
            return;
        }
        // From here on a failure leaves the file in a state that only recovery can judge.
        let dart = self.poison.arm();
        match state.writer.write() {
            Ok(()) => {
                self.index_group(&staged);
                dart.disarm();
                self.counters.commits.add(staged.len() as u64);
            }
            Err(error) => {
                drop(dart);
                let mut error = Some(error);
                for staged in staged {
                    if let Some(result) = results.get_mut(staged.caller) {
                        *result = error.take().map_or_else(|| self.poison.check(), Err);
                    }
                }
            }
        }
    }

    /// Whether an event was made in this session: its origin is of nobody else, and its time of no other event, so that
    /// it cannot be stored yet.
    fn is_ours(&self, fields: &EventFields) -> bool {
        fields.origin == self.origin
    }

    fn index_group(&self, group: &[Staged]) {
        // Readers see the bytes and the index of a batch at once.
        let mut index = self.index.write();
        for staged in group {
            staged.written.publish();
            self.index_batch(&mut index, staged);
        }
    }

    fn index_batch(&self, index: &mut Index, staged: &Staged) {
        let Staged { records, chunk_count, fields, written, .. } = staged;
        for (at, (record, offset)) in records.iter().zip(&written.offsets).enumerate() {
            let header = record.header();
            let place = Place {
                segment: written.segment.number(),
                offset: *offset,
                record_bytes: u32::try_from(record.record_bytes()).unwrap_or(u32::MAX),
            };
            let Some((id, fields)) = at.checked_sub(*chunk_count).and_then(|at| fields.get(at)) else {
                index.insert_record(place, header);
                continue;
            };
            let parent = match header.parent {
                0 => index.parent_of(fields),
                known => Parent::Known(known),
            };
            let row = EventRow::new(*id, header.sequence, place, parent, fields);
            if self.is_ours(fields) {
                index.insert_new_row(&row, fields.title.as_deref());
            } else {
                index.insert_row(&row, fields.title.as_deref());
            }
        }
    }
}

/// Whether there is room behind the last segment, as far as is known without asking the disk.
fn has_room(state: &WriterState, bytes: u64) -> bool {
    state.space.has(folder::of_segment(state.writer.active()), bytes)
}

/// The permanent chunks of a batch, where it has temporary ones too, which may rest on them.
fn permanent_beside_temporary(records: &[Prepared]) -> HashSet<ChunkId, IdHash> {
    if records.iter().all(|record| !record.header().temporary) {
        return HashSet::default();
    }
    let permanent = records.iter().map(Prepared::header).filter(|header| !header.temporary);
    permanent.flat_map(|header| header.entries.iter().map(|entry| ChunkId::new(entry.id))).collect()
}

/// A bit for each thing in a record: whether it is known.
fn known_entries(record: &Prepared, is_known: &mut impl FnMut(ChunkId, bool) -> bool) -> u64 {
    let header = record.header();
    header.entries.iter().enumerate().fold(0, |known, (at, entry)| {
        known | u64::from(is_known(ChunkId::new(entry.id), header.temporary)) << at
    })
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

    use crate::event::{EventFields, EventKind};
    use crate::options::{Durability, Options};
    use crate::store::{PreparedEvent, Store};
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
