//! Frames that were decompressed lately: checked, and found by where they stand.
//!
//! Records never change, so nothing here ever goes stale. A file that was changed in few places finds its new chunks in
//! one frame and those between them in others, and each is decompressed once. What was used the longest ago goes first.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::id::ChunkId;
use crate::index::{ChunkPlace, Place};
use crate::log::{Bytes, Entries, Entry};

/// Buffers that are kept for the next frames: one that is new costs the system a page fault for every 4 KiB.
const SPARE_MAX: usize = 4;
/// What is longer than any frame of ours is not kept.
const SPARE_BYTES_MAX: usize = 256 * 1024;
/// What a frame takes beside its bytes and entries, about.
const FRAME_OVERHEAD_BYTES: usize = 128;

/// The raw bytes of a record of chunks, their checksum checked.
#[derive(Debug)]
pub(crate) struct DecodedFrame {
    entries: Entries,
    raw: Bytes,
    /// Where they begin: what is stored as it is stands behind the header.
    start: usize,
}

impl DecodedFrame {
    /// What was decompressed.
    pub(super) fn new(entries: Entries, raw: Vec<u8>) -> DecodedFrame {
        DecodedFrame { entries, raw: Bytes::Owned(raw), start: 0 }
    }

    /// What is stored as it is, mapped or read, header and all.
    pub(super) fn of_record(entries: Entries, record: Bytes, start: usize) -> DecodedFrame {
        DecodedFrame { entries, raw: record, start }
    }

    /// How much memory it takes.
    fn memory_bytes(&self) -> usize {
        let raw = match &self.raw {
            Bytes::Owned(bytes) => bytes.capacity(),
            Bytes::Mapped(..) => 0,
        };
        raw + self.entries.len() * size_of::<Entry>() + FRAME_OVERHEAD_BYTES
    }

    /// The bytes of a chunk that the index says is here; none if it is not.
    pub(crate) fn chunk(&self, id: &ChunkId, found: &ChunkPlace) -> Option<&[u8]> {
        let mut start = 0u32;
        for entry in self.entries.iter() {
            if start == found.start && entry.id == *id.as_bytes() && entry.raw_bytes == found.raw_bytes {
                let start = self.start + start as usize;
                return self.raw.get(start..start + found.raw_bytes as usize);
            }
            start = start.checked_add(entry.raw_bytes)?;
        }
        None
    }
}

#[derive(Debug)]
pub(super) struct FrameCache {
    bytes_max: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    frames: HashMap<(u64, u64), Kept>,
    bytes: usize,
    /// Counts uses.
    now: u64,
    spare: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct Kept {
    frame: Arc<DecodedFrame>,
    used: u64,
}

impl State {
    fn keep(&mut self, buffer: Vec<u8>) {
        if self.spare.len() < SPARE_MAX && buffer.capacity() <= SPARE_BYTES_MAX {
            self.spare.push(buffer);
        }
    }
}

impl FrameCache {
    /// A cache that takes about so many bytes of memory at most.
    pub(super) fn new(bytes: u64) -> FrameCache {
        FrameCache { bytes_max: usize::try_from(bytes).unwrap_or(usize::MAX), state: Mutex::default() }
    }

    pub(super) fn get(&self, place: &Place) -> Option<Arc<DecodedFrame>> {
        let mut state = self.state.lock();
        state.now += 1;
        let now = state.now;
        let kept = state.frames.get_mut(&(place.segment, place.offset))?;
        kept.used = now;
        Some(Arc::clone(&kept.frame))
    }

    /// Keeps a frame, and tells how many bytes all take together, before anybody else changes that.
    pub(super) fn put(&self, place: &Place, frame: &Arc<DecodedFrame>, tell: impl FnOnce(usize)) {
        let mut state = self.state.lock();
        state.now += 1;
        let kept = Kept { frame: Arc::clone(frame), used: state.now };
        state.bytes += frame.memory_bytes();
        if let Some(twice) = state.frames.insert((place.segment, place.offset), kept) {
            state.bytes -= twice.frame.memory_bytes();
        }
        while state.bytes > self.bytes_max
            && let Some(oldest) = state.frames.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| *key)
            && let Some(Kept { frame, .. }) = state.frames.remove(&oldest)
        {
            state.bytes -= frame.memory_bytes();
            if let Some(Bytes::Owned(raw)) = Arc::into_inner(frame).map(|frame| frame.raw) {
                state.keep(raw);
            }
        }
        tell(state.bytes);
    }

    /// Takes back a buffer.
    pub(super) fn give_back(&self, buffer: Vec<u8>) {
        self.state.lock().keep(buffer);
    }

    /// A buffer of at least so many bytes, whatever is in them: to fill it with zeros would take longer than to read.
    pub(super) fn buffer(&self, bytes: usize) -> Vec<u8> {
        let spare = self.state.lock().spare.pop();
        let mut buffer = spare.unwrap_or_default();
        if buffer.len() < bytes {
            buffer.resize(bytes, 0);
        }
        buffer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{DecodedFrame, FrameCache};
    use crate::id::ChunkId;
    use crate::index::{ChunkPlace, Place};
    use crate::log::Entry;

    fn place(offset: u64) -> Place {
        Place { segment: 1, offset, record_bytes: 50 }
    }

    fn frame() -> Arc<DecodedFrame> {
        let entries = vec![Entry { id: [1; 64], raw_bytes: 600 }, Entry { id: [2; 64], raw_bytes: 400 }];
        let raw = [vec![1; 600], vec![2; 400]].concat();
        Arc::new(DecodedFrame::new(entries.into(), raw))
    }

    #[test]
    fn what_was_used_the_longest_ago_goes_first() {
        let one = frame().memory_bytes();
        let cache = FrameCache::new(3 * one as u64);
        let put = |at| {
            let mut all = 0;
            cache.put(&place(at), &frame(), |bytes| all = bytes);
            all
        };
        assert_eq!((0..3).map(put).max(), Some(3 * one));
        assert!(cache.get(&place(0)).is_some());
        put(3);
        let there: Vec<u64> = (0..4).filter(|at| cache.get(&place(*at)).is_some()).collect();
        assert_eq!(there, [0, 2, 3]);
        assert_eq!(put(3), 3 * one);
        assert_eq!(cache.state.lock().frames.len(), 3);
        assert!(cache.buffer(700).len() >= 700);
    }

    #[test]
    fn a_chunk_is_given_only_where_the_frame_has_it() {
        let found = |start, raw_bytes| ChunkPlace {
            place: place(0),
            start,
            raw_bytes,
            is_list: false,
            temporary: false,
        };
        let (frame, id) = (frame(), |byte| ChunkId::new([byte; 64]));
        assert_eq!(frame.chunk(&id(2), &found(600, 400)), Some(&[2; 400][..]));
        for (what, byte, start, raw_bytes) in
            [("another chunk", 1, 600, 400), ("another place", 2, 0, 400), ("another length", 2, 600, 399)]
        {
            assert_eq!(frame.chunk(&id(byte), &found(start, raw_bytes)), None, "{what}");
        }
    }
}
