//! A piece of a file that is cut and named at once.

use std::ops::Range;

use crate::chunk::{cut, profile::CHUNK_BYTES_MAX};
use crate::hash;
use crate::id::ChunkId;
use crate::store::Store;

/// How much is gathered before it is cut: enough that four chunks are always hashed together, and that what is done for
/// each group costs nothing beside.
const GROUP_BYTES: usize = 1024 * 1024;
/// A group is full when the chunks that begin in its first [`GROUP_BYTES`] can be cut.
const FULL_BYTES: usize = GROUP_BYTES + CHUNK_BYTES_MAX;

/// So many chunks of a group are hashed to find out whether they are stored: as many as cost hardly more than one.
const FIRST_CHUNKS: usize = 4;

/// Bytes of a file, on the way to become chunks.
#[derive(Debug)]
pub(super) struct Group {
    /// Longer than what is in it, so that reading into it again does not fill it with zeros first.
    buffer: Vec<u8>,
    /// How much of the buffer holds bytes of the file.
    filled: usize,
}

/// Bytes of a file whose chunks have names.
#[derive(Debug)]
pub(super) struct Named {
    group: Group,
    ranges: Vec<Range<usize>>,
    ids: Vec<ChunkId>,
}

impl Group {
    pub(super) fn new(buffer: Vec<u8>) -> Group {
        Group { buffer, filled: 0 }
    }

    /// How much more it takes; 0 when it is full.
    pub(super) fn room(&self) -> usize {
        FULL_BYTES - self.filled
    }

    /// Room for so many bytes behind what is there.
    pub(super) fn place(&mut self, bytes: usize) -> &mut [u8] {
        let end = self.filled + bytes;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        self.buffer.get_mut(self.filled..end).unwrap_or_default()
    }

    /// So many bytes were put into the place.
    pub(super) fn took(&mut self, bytes: usize) {
        self.filled += bytes;
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// Cuts all that can be without knowing what follows. What is left begins the next group, in this buffer.
    pub(super) fn cut_full(&self, buffer: Vec<u8>) -> (Vec<Range<usize>>, Group) {
        let ranges = self.cut(CHUNK_BYTES_MAX);
        let mut next = Group::new(buffer);
        let rest = self.bytes().get(ranges.last().map_or(0, |last| last.end)..).unwrap_or_default();
        next.place(rest.len()).copy_from_slice(rest);
        next.took(rest.len());
        (ranges, next)
    }

    /// Cuts what is left where the file has ended.
    pub(super) fn cut_all(&self) -> Vec<Range<usize>> {
        self.cut(1)
    }

    /// Cuts as long as there is so much.
    fn cut(&self, least: usize) -> Vec<Range<usize>> {
        let (mut ranges, mut at) = (Vec::new(), 0);
        while let Some(rest) = self.bytes().get(at..).filter(|rest| rest.len() >= least) {
            let end = at + cut(rest);
            ranges.push(at..end);
            at = end;
        }
        ranges
    }

    /// The names of all these chunks. Where the first ones are stored already, the others are compared with what follows
    /// those, and hashed only where that fails.
    fn name(&self, store: &Store, ranges: &[Range<usize>]) -> Vec<ChunkId> {
        let mut ids = Vec::with_capacity(ranges.len());
        let mut scratch = Vec::new();
        while let Some(rest) = ranges.get(ids.len()..).filter(|rest| rest.len() > FIRST_CHUNKS) {
            let (first, rest) = rest.split_at(FIRST_CHUNKS);
            ids.extend(self.hash(first));
            let Some(mut place) = ids.last().and_then(|last| store.followed(last)) else { break };
            for range in rest {
                let bytes = self.bytes().get(range.clone()).unwrap_or_default();
                let Some((id, next)) = store.follow(&place, bytes, &mut scratch) else { break };
                ids.push(id);
                place = next;
            }
        }
        ids.extend(self.hash(ranges.get(ids.len()..).unwrap_or_default()));
        ids
    }

    fn hash(&self, ranges: &[Range<usize>]) -> Vec<ChunkId> {
        hash::chunk_ids(ranges.iter().map(|range| self.bytes().get(range.clone()).unwrap_or_default()))
    }

    pub(super) fn into_named(self, store: &Store, ranges: Vec<Range<usize>>) -> Named {
        let ids = self.name(store, &ranges);
        Named { group: self, ranges, ids }
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }
}

impl Named {
    /// The chunks with their names, in the order of the file.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (ChunkId, &[u8])> {
        let bytes = |range: &Range<usize>| self.group.bytes().get(range.clone()).unwrap_or_default();
        self.ids.iter().zip(&self.ranges).map(move |(id, range)| (*id, bytes(range)))
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.group.buffer
    }
}
