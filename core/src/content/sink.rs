//! Chunks on their way into the log.
//!
//! What is new is gathered in frames, which are compressed by whichever thread is free, and written in the order in which
//! they were gathered. A chunk that is on its way is visible to nobody else: two writers may both prepare it, and the
//! commit, under the writer's lock, keeps one. What is flushed and then never referred to stays as an unreferenced chunk.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::error::{Error, ErrorCode, Result};
use crate::hands::{Hands, Promise};
use crate::id::ChunkId;
use crate::log::{Codec, Frame, Prepared, RecordKind, raw_chunk};
use crate::options::Durability;
use crate::store::Store;

/// How much may wait before it is written.
const FLUSH_BYTES: u64 = 1024 * 1024;

/// How many groups one of many sinks gives away: memory grows with the processors, and not with their square.
const AHEAD_OF_MANY: usize = 4;
/// How many groups anybody gives away: to name them is the least part of the work.
const AHEAD_MAX: usize = 16;
/// Frames for each group: they are smaller and take longer, and who gives them is away for a while when it reads and cuts.
const FRAMES_OF_GROUP: usize = 2;

#[derive(Debug, Default)]
pub(crate) struct ChunkSink {
    helpers: Option<Helpers>,
    /// One of so many as there are processors.
    of_many: bool,
    /// The frames that are being filled: of permanent chunks, and of temporary ones.
    open: [Frame; 2],
    packing: VecDeque<Packing>,
    ready: Vec<Prepared>,
    /// How much is in `packing` and `ready` together, raw where it is not compressed yet.
    bytes: u64,
    /// All that is on its way, and whether it is temporary.
    waiting: HashMap<ChunkId, bool>,
    /// Something on its way was lost to an error: nothing may rest on the rest.
    broken: bool,
    /// Kept from group to group and from file to file: what is fresh from the system has to be cleared by it first.
    buffers: Vec<Vec<u8>>,
}

/// Who helps, and with what.
#[derive(Debug)]
pub(super) struct Helpers {
    pub(super) store: Arc<Store>,
    pub(super) hands: Arc<Hands>,
}

/// A frame that is being compressed.
#[derive(Debug)]
struct Packing {
    raw_bytes: u64,
    records: Promise<Result<Vec<Prepared>>>,
}

impl ChunkSink {
    /// A sink for this store, whose frames are compressed by these threads too.
    pub(crate) fn with_hands(store: Arc<Store>, hands: Arc<Hands>) -> ChunkSink {
        ChunkSink { helpers: Some(Helpers { store, hands }), ..ChunkSink::default() }
    }

    pub(super) fn helpers(&self) -> Option<&Helpers> {
        self.helpers.as_ref()
    }

    /// The same, one of so many as there are processors, who all have work of their own: each gives little away.
    pub(crate) fn of_many(mut self) -> ChunkSink {
        self.of_many = true;
        self
    }

    /// How many groups may be on their way at once.
    pub(super) fn ahead(&self) -> usize {
        let ahead = self.helpers.as_ref().map_or(0, |helpers| helpers.hands.ahead());
        ahead.min(if self.of_many { AHEAD_OF_MANY } else { AHEAD_MAX })
    }

    /// What became of a piece that was given away, or was done at once.
    pub(super) fn take_piece<T>(&self, piece: Promise<T>) -> Result<T> {
        match &self.helpers {
            Some(Helpers { hands, .. }) => hands.take(piece),
            None => piece.take(),
        }
    }

    /// A buffer to work with, to be given back with [`ChunkSink::give_buffer`].
    pub(super) fn take_buffer(&mut self) -> Vec<u8> {
        self.buffers.pop().unwrap_or_default()
    }

    pub(super) fn give_buffer(&mut self, buffer: Vec<u8>) {
        if self.buffers.len() <= self.ahead() {
            self.buffers.push(buffer);
        }
    }

    /// Lets go of the buffers that only a large file needs.
    pub(crate) fn rest(&mut self) {
        self.buffers.truncate(1);
    }

    /// Whether the chunk is stored or on its way, so that a temporary or a permanent event may rest on it: what is
    /// temporary itself goes with the last temporary event.
    pub(super) fn has(&self, store: &Store, id: &ChunkId, temporary: bool) -> Result<bool> {
        if self.waiting.get(id).is_some_and(|waiting| temporary || !waiting) {
            return Ok(true);
        }
        store.has_chunk(id, temporary)
    }

    /// How much waits.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes + self.open.iter().map(|frame| frame.bytes() as u64).sum::<u64>()
    }

    /// Adds a chunk of a file that is not on its way yet.
    pub(super) fn push(&mut self, store: &Store, id: ChunkId, bytes: &[u8], temporary: bool) -> Result<()> {
        self.waiting.insert(id, temporary);
        if !store.packers().compresses() {
            self.push_record(raw_chunk(&id, bytes, temporary));
            return Ok(());
        }
        if !self.frame(temporary).has_room(bytes.len()) {
            self.pack(store, temporary, false)?;
        }
        self.frame(temporary).push(&id, bytes);
        Ok(())
    }

    /// Adds a chunk list that is not on its way yet.
    pub(super) fn push_list(&mut self, id: ChunkId, bytes: Vec<u8>, temporary: bool) {
        self.waiting.insert(id, temporary);
        let raw = bytes.len();
        self.push_record(Prepared::new(RecordKind::Lists, temporary, *id.as_bytes(), raw, Codec::Raw, bytes));
    }

    fn push_record(&mut self, record: Prepared) {
        self.bytes += record.record_bytes();
        self.ready.push(record);
    }

    fn frame(&mut self, temporary: bool) -> &mut Frame {
        let [permanent, passing] = &mut self.open;
        if temporary { passing } else { permanent }
    }

    /// Gives a frame to be compressed. A last one that is alone costs no other thread.
    fn pack(&mut self, store: &Store, temporary: bool, last: bool) -> Result<()> {
        let frame = std::mem::take(self.frame(temporary));
        if frame.is_empty() {
            return Ok(());
        }
        let (raw_bytes, packers) = (frame.bytes() as u64, Arc::clone(store.packers()));
        self.bytes += raw_bytes;
        let work = move || packers.pack(&frame, temporary);
        let ahead = FRAMES_OF_GROUP * self.ahead();
        let records = match &self.helpers {
            Some(Helpers { hands, .. }) if !last || !self.packing.is_empty() => hands.give(work),
            _ => Promise::kept(work()),
        };
        self.packing.push_back(Packing { raw_bytes, records });
        self.settle(ahead)
    }

    /// Takes what was compressed, until no more than so many frames are on their way.
    fn settle(&mut self, frames: usize) -> Result<()> {
        self.check_whole()?;
        while self.packing.len() > frames
            && let Some(Packing { raw_bytes, records }) = self.packing.pop_front()
        {
            self.bytes -= raw_bytes;
            self.broken = true;
            self.take_piece(records)??.into_iter().for_each(|record| self.push_record(record));
            self.broken = false;
        }
        Ok(())
    }

    /// Takes over all that waits in another sink.
    pub(crate) fn absorb(&mut self, store: &Store, other: &mut ChunkSink) -> Result<()> {
        for (frame, temporary) in std::mem::take(&mut other.open).iter().zip([false, true]) {
            for (id, bytes) in frame.chunks() {
                if !self.has(store, &id, temporary)? {
                    self.push(store, id, bytes, temporary)?;
                }
            }
        }
        self.packing.append(&mut other.packing);
        self.ready.append(&mut other.ready);
        self.bytes += std::mem::take(&mut other.bytes);
        self.waiting.extend(other.waiting.drain());
        Ok(())
    }

    /// Writes what is ready, if it is much.
    pub(crate) fn flush_if_full(&mut self, store: &Store) -> Result<()> {
        if self.bytes < FLUSH_BYTES {
            return Ok(());
        }
        while self.packing.front().is_some_and(|packing| packing.records.is_done()) {
            self.settle(self.packing.len() - 1)?;
        }
        if self.ready.iter().map(Prepared::record_bytes).sum::<u64>() < FLUSH_BYTES {
            return Ok(());
        }
        self.write(store)
    }

    /// Writes all that waits. It becomes durable with the event that refers to it, which is committed later.
    pub(crate) fn flush(&mut self, store: &Store) -> Result<()> {
        self.finish(store)?;
        self.write(store)
    }

    fn write(&mut self, store: &Store) -> Result<()> {
        let ready = std::mem::take(&mut self.ready);
        for record in &ready {
            self.bytes -= record.record_bytes();
            for entry in record.header().entries.iter() {
                self.waiting.remove(&ChunkId::new(entry.id));
            }
        }
        if ready.is_empty() {
            return Ok(());
        }
        self.broken = true;
        store.commit(ready, Vec::new(), Durability::Buffered)?;
        self.broken = false;
        Ok(())
    }

    fn check_whole(&self) -> Result<()> {
        let message = "chunks were lost to an error before; what was to rest on them is to be stored again";
        if self.broken { Err(Error::new(ErrorCode::Internal, message)) } else { Ok(()) }
    }

    fn finish(&mut self, store: &Store) -> Result<()> {
        self.check_whole()?;
        self.pack(store, false, true)?;
        self.pack(store, true, true)?;
        self.settle(0)
    }

    /// What waits, to be committed together with the event that refers to it.
    pub(crate) fn take(&mut self, store: &Store) -> Result<Vec<Prepared>> {
        self.finish(store)?;
        self.waiting.clear();
        self.bytes = 0;
        Ok(std::mem::take(&mut self.ready))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::{ChunkSink, Packing};
    use crate::error::{Error, ErrorCode};
    use crate::hands::Promise;
    use crate::hash;
    use crate::options::Options;
    use crate::store::Store;
    use crate::vfs::MemoryVfs;

    /// The frame of an earlier member of a batch failed while a later one was added; the batch was as before to its caller,
    /// and its commit made an event whose chunks were nowhere.
    #[test]
    fn nothing_rests_on_chunks_that_were_lost() {
        let vfs = Arc::new(MemoryVfs::new(u64::MAX));
        let store = Store::open(vfs, Path::new("/store"), Options::new()).unwrap();
        let mut sink = ChunkSink::default();
        let (bytes, failed) = (vec![7; 5000], Error::new(ErrorCode::Io, "no memory"));
        let id = hash::chunk_ids([&bytes[..]].into_iter())[0];
        sink.push(&store, id, &bytes, false).unwrap();
        sink.packing.push_back(Packing { raw_bytes: 0, records: Promise::kept(Err(failed)) });
        let mut other = ChunkSink::default();
        other.push(&store, id, &bytes, true).unwrap();
        sink.absorb(&store, &mut other).unwrap();
        assert_eq!(sink.settle(0).unwrap_err().code(), ErrorCode::Io);
        assert_eq!(sink.take(&store).unwrap_err().code(), ErrorCode::Internal);
        assert_eq!(sink.flush(&store).unwrap_err().code(), ErrorCode::Internal);
    }
}
