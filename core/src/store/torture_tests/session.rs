//! A process that has a store open, and does one thing after the other with it.

use std::path::Path;
use std::sync::Arc;

use super::super::{PreparedEvent, Store};
use super::model::{Committed, Model};
use crate::content::{ChunkSink, ContentWriter};
use crate::error::{Error, Result};
use crate::log::{Prepared, SEGMENT_HEADER_BYTES};
use crate::options::{Durability, Options};
use crate::vfs::Simulator;

pub(super) const STORE: &str = "/store";

/// Of how many events and chunks a tier is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tiers {
    /// Made and merged all the time.
    Small,
    /// Made when the store is closed.
    AtTheEnd,
}

/// Something that an application does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Append(Durability),
    PutFile(Durability),
    Batch(Durability),
    Sync,
    /// A new segment is begun.
    Roll,
    /// The index goes to the disk, and its parts are merged.
    Spill,
    Rebuild,
    Close,
    /// The process ends without closing, and the next one opens the store.
    Reopen,
}

/// Opens the store on this machine.
pub(super) fn open(machine: &Simulator, tiers: Tiers) -> Result<Store> {
    let tier_entries = if tiers == Tiers::Small { 2 } else { u64::MAX };
    let options = Options {
        tier_entries,
        reserve_bytes: 1024,
        merge_beside: false,
        // Every store has one, and closing takes all but a piece of it.
        reserve_from_log_bytes: 1024,
        reserve_file_bytes: 64 * 1024,
        ..Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN)
    };
    Store::open(Arc::new(machine.clone()), Path::new(STORE), options)
}

/// A store that may be open, and what was done with it.
#[derive(Debug)]
pub(super) struct Session {
    machine: Simulator,
    tiers: Tiers,
    store: Option<Store>,
    pub(super) model: Model,
}

impl Session {
    pub(super) fn new(machine: Simulator, tiers: Tiers, model: Model) -> Session {
        Session { machine, tiers, store: None, model }
    }

    pub(super) fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// The process ends without closing. Gives what was committed.
    pub(super) fn end(self) -> Model {
        self.model
    }

    pub(super) fn run(&mut self, operation: Operation) -> Result<()> {
        match operation {
            Operation::Close => return self.store.take().map_or(Ok(()), |store| self.close(&store)),
            Operation::Reopen => self.store = None,
            _ => {}
        }
        let store = match self.store.take() {
            Some(store) => store,
            None => {
                let store = open(&self.machine, self.tiers)?;
                // Opening makes durable what it found.
                self.model.found(store.sequence_end() as usize - 1);
                store
            }
        };
        let outcome = self.run_in(&store, operation);
        self.store = Some(store);
        outcome
    }

    fn run_in(&mut self, store: &Store, operation: Operation) -> Result<()> {
        match operation {
            Operation::Append(durability) => {
                let event = self.event(store, false)?;
                self.commit(store, vec![event], durability)
            }
            Operation::PutFile(durability) => {
                let event = self.event(store, true)?;
                self.commit(store, vec![event], durability)
            }
            Operation::Batch(durability) => {
                let events = [false, true, false].map(|file| self.event(store, file));
                self.commit(store, events.into_iter().collect::<Result<_>>()?, durability)
            }
            Operation::Sync => store.sync().map(|()| self.model.acknowledge()),
            Operation::Roll => self.roll(store),
            Operation::Spill => {
                store.poison.check()?;
                let mut state = store.writer.lock();
                // What cannot be written stays in memory.
                let _ = store.write_checkpoint(state.as_mut().ok_or_else(Error::closed)?, store.merging());
                Ok(())
            }
            Operation::Rebuild => store.rebuild_index(|_| Ok(())),
            Operation::Close | Operation::Reopen => Ok(()),
        }
    }

    /// What the first batch does that does not fit into the segment.
    fn roll(&mut self, store: &Store) -> Result<()> {
        store.poison.check()?;
        let mut state = store.writer.lock();
        let state = state.as_mut().ok_or_else(Error::closed)?;
        if state.writer.active().end() > SEGMENT_HEADER_BYTES as u64 {
            let dart = store.poison.arm();
            store.roll_where_there_is_room(state)?;
            dart.disarm();
            // The old segment is durable, and nothing is in the new one.
            self.model.acknowledge();
        }
        Ok(())
    }

    fn close(&mut self, store: &Store) -> Result<()> {
        store.close().map(|()| self.model.acknowledge())
    }

    /// An event, and the chunks of its file.
    fn event(&mut self, store: &Store, with_file: bool) -> Result<(Vec<Prepared>, PreparedEvent, Committed)> {
        let parent = self.model.parent();
        let mut fields = self.model.new_fields(parent);
        let (mut chunks, mut file) = (Vec::new(), None);
        if with_file {
            let bytes = self.model.new_file();
            let mut writer = ContentWriter::new(ChunkSink::default(), false);
            writer.write(store, &bytes)?;
            let (content, mut sink) = writer.finish(store)?;
            chunks = sink.take(store)?;
            (fields.content, file) = (Some(content), Some(bytes));
        }
        let event = PreparedEvent::new(fields.clone());
        let committed = Committed { id: event.id, fields, file };
        Ok((chunks, event, committed))
    }

    fn commit(
        &mut self,
        store: &Store,
        parts: Vec<(Vec<Prepared>, PreparedEvent, Committed)>,
        durability: Durability,
    ) -> Result<()> {
        let (mut chunks, mut events, mut committed) = (Vec::new(), Vec::new(), Vec::new());
        for (its_chunks, event, its) in parts {
            chunks.extend(its_chunks);
            events.push(event);
            committed.push(its);
        }
        let (ended_before, count) = (store.poison.is_poisoned(), committed.len());
        self.model.attempt(committed);
        match store.commit(chunks, events, durability) {
            Ok(()) if durability == Durability::Durable => self.model.acknowledge(),
            Ok(()) => {}
            Err(error) => {
                // What failed in the middle may be there or not; what was refused is not.
                if ended_before || !store.poison.is_poisoned() {
                    self.model.take_back(count);
                }
                return Err(error);
            }
        }
        Ok(())
    }
}
