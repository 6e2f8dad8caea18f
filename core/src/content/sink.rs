//! Chunks on their way into the log.
//!
//! A chunk that is on its way is visible to nobody else: two writers may both prepare it, and the commit, under
//! the writer's lock, keeps one. What is flushed and then never referred to stays as an unreferenced chunk.

use std::collections::HashMap;

use super::pack::Packer;
use crate::error::Result;
use crate::id::ChunkId;
use crate::log::Prepared;
use crate::options::Durability;
use crate::store::Store;

/// How much may wait before it is written.
const FLUSH_BYTES: u64 = 1024 * 1024;

#[derive(Debug, Default)]
pub(crate) struct ChunkSink {
    pending: Vec<Prepared>,
    /// Where each chunk is among them.
    places: HashMap<ChunkId, usize>,
    bytes: u64,
    /// Kept from file to file, because they are dear to make.
    packer: Option<Packer>,
    buffer: Vec<u8>,
}

impl ChunkSink {
    /// A buffer and a packer to work with, to be given back with [`ChunkSink::give_tools`].
    pub(super) fn take_tools(&mut self) -> (Vec<u8>, Option<Packer>) {
        (std::mem::take(&mut self.buffer), self.packer.take())
    }

    pub(super) fn give_tools(&mut self, buffer: Vec<u8>, packer: Option<Packer>) {
        self.buffer = buffer;
        self.packer = packer;
    }

    /// Whether the chunk is stored or on its way, so that a temporary or a permanent event may rest on it: what is
    /// temporary itself goes with the last temporary event.
    pub(crate) fn has(&self, store: &Store, id: &ChunkId, temporary: bool) -> Result<bool> {
        let waiting = self.places.get(id).and_then(|at| self.pending.get(*at));
        if waiting.is_some_and(|waiting| temporary || !waiting.header().temporary) {
            return Ok(true);
        }
        store.has_chunk(id, temporary)
    }

    /// How much waits.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds a chunk. A permanent record takes the place of a temporary one of the same bytes.
    pub(crate) fn push(&mut self, id: ChunkId, record: Prepared) {
        let waiting = self.places.get(&id).and_then(|at| self.pending.get_mut(*at));
        let Some(waiting) = waiting else {
            self.places.insert(id, self.pending.len());
            self.bytes += record.record_bytes();
            self.pending.push(record);
            return;
        };
        if waiting.header().temporary && !record.header().temporary {
            self.bytes = self.bytes - waiting.record_bytes() + record.record_bytes();
            *waiting = record;
        }
    }

    /// Takes over a record of one thing from another sink.
    pub(crate) fn push_record(&mut self, record: Prepared) {
        if let Some(entry) = record.header().entries.first() {
            self.push(ChunkId::new(entry.id), record);
        }
    }

    /// Writes what waits, if it is much.
    pub(crate) fn flush_if_full(&mut self, store: &Store) -> Result<()> {
        if self.bytes < FLUSH_BYTES {
            return Ok(());
        }
        self.flush(store)
    }

    /// Writes what waits. It becomes durable with the event that refers to it, which is committed later.
    pub(crate) fn flush(&mut self, store: &Store) -> Result<()> {
        let pending = self.take();
        if pending.is_empty() {
            return Ok(());
        }
        store.commit(pending, Vec::new(), Durability::Buffered)
    }

    /// What waits, to be committed together with the event that refers to it.
    pub(crate) fn take(&mut self) -> Vec<Prepared> {
        self.places.clear();
        self.bytes = 0;
        std::mem::take(&mut self.pending)
    }
}
