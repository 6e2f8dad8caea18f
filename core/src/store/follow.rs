//! Chunks that are stored already, known by comparing them.
//!
//! Whoever stores something again brings the chunks in the order in which they stand in the log. So behind one that was
//! found, the next record is a candidate for the next chunk, and if it holds the same bytes, its header tells their id:
//! that costs a read and a comparison, a small part of a SHA-512. What is compressed is not followed: decompressing costs as
//! much as hashing.

use super::Store;
use crate::id::ChunkId;
use crate::index::Place;
use crate::log::{
    Codec, Header, ONE_ENTRY_HEADER_BYTES, RecordKind, SEGMENT_HEADER_BYTES, body_check_matches,
};

/// Records of other kinds that are passed over: a commit record, and lists of chunks.
const PASSED_MAX: usize = 4;

impl Store {
    /// Where a chunk stands that is stored as it is, so that what follows it may be followed.
    pub(crate) fn followed(&self, id: &ChunkId) -> Option<Place> {
        let found = self.query(|index| index.chunk(id)).ok()??;
        (Store::is_alone(&found) && self.stands(&found.place)).then_some(found.place)
    }

    /// The id of the chunk with these bytes, and where it stands, if it is the next one behind this record.
    pub(crate) fn follow(
        &self,
        behind: &Place,
        bytes: &[u8],
        scratch: &mut Vec<u8>,
    ) -> Option<(ChunkId, Place)> {
        let (mut number, mut offset) = (behind.segment, behind.offset + u64::from(behind.record_bytes));
        let mut segment = self.segment(number).ok()?;
        for _ in 0..PASSED_MAX {
            if offset >= segment.end() {
                (number, offset) = (number + 1, SEGMENT_HEADER_BYTES as u64);
                segment = self.segment(number).ok()?;
            }
            let there = usize::try_from(segment.end().saturating_sub(offset)).ok()?;
            scratch.resize((ONE_ENTRY_HEADER_BYTES + bytes.len()).min(there), 0);
            segment.read_to(offset, scratch).ok()?;
            let header_bytes = Header::peek(scratch)?;
            let header = Header::decode(scratch.get(..header_bytes)?, segment.seed(), offset)?;
            let record_bytes = u32::try_from(header.record_bytes()).ok()?;
            if header.kind == RecordKind::Chunks {
                let [entry] = header.entries.get(..)? else { return None };
                let same = header.codec == Codec::Raw
                    && scratch.get(header_bytes..).is_some_and(|stored| stored == bytes)
                    && body_check_matches(&header, bytes).is_ok();
                let (id, place) = (ChunkId::new(entry.id), Place { segment: number, offset, record_bytes });
                // Where the index has the chunk elsewhere, or not, its record here is nothing to rest on.
                return (same && self.followed(&id) == Some(place)).then_some((id, place));
            }
            offset += u64::from(record_bytes);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use crate::hash;
    use crate::id::ChunkId;
    use crate::log::raw_chunk;
    use crate::options::{Compression, Durability, Options};
    use crate::store::Store;
    use crate::vfs::MemoryVfs;

    fn chunk(number: u8) -> Vec<u8> {
        (0..5000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8 ^ number).collect()
    }

    fn id(number: u8) -> ChunkId {
        hash::chunk_ids([&chunk(number)[..]].into_iter())[0]
    }

    /// Commits of three chunks each, in segments of a few commits.
    fn store() -> Store {
        let options = Options::new().compression(Compression::None).segment_bytes(Options::SEGMENT_BYTES_MIN);
        let store = Store::open(Arc::new(MemoryVfs::new(u64::MAX)), Path::new("/store"), options).unwrap();
        for first in (0..60).step_by(3) {
            let chunks = (first..first + 3).map(|number| raw_chunk(&id(number), &chunk(number), false));
            store.commit(chunks.collect(), Vec::new(), Durability::Buffered).unwrap();
        }
        assert!(store.segments().len() > 3);
        store
    }

    #[test]
    fn all_that_was_stored_is_found_again_from_its_first_chunk_on() {
        let (store, mut scratch) = (store(), Vec::new());
        let mut place = store.followed(&id(0)).unwrap();
        for number in 1..60 {
            let (found, next) = store.follow(&place, &chunk(number), &mut scratch).unwrap();
            assert_eq!(found, id(number));
            assert_eq!(store.followed(&found), Some(next));
            place = next;
        }
        assert!(store.follow(&place, &chunk(60), &mut scratch).is_none(), "the log ends here");
    }

    #[test]
    fn what_differs_anywhere_is_another_chunk() {
        let (store, mut scratch) = (store(), Vec::new());
        let place = store.followed(&id(7)).unwrap();
        let right = chunk(8);
        assert!(store.follow(&place, &right, &mut scratch).is_some());
        for at in 0..right.len() {
            let mut other = right.clone();
            other[at] ^= 1;
            assert!(store.follow(&place, &other, &mut scratch).is_none(), "byte {at}");
        }
        assert!(store.follow(&place, &right[..4999], &mut scratch).is_none(), "shorter");
        assert!(store.follow(&place, &[&right[..], &[0]].concat(), &mut scratch).is_none(), "longer");
        assert!(store.follow(&place, &chunk(9), &mut scratch).is_none(), "the one after the next");
        assert!(store.followed(&id(200)).is_none(), "what is not stored");
    }
}
