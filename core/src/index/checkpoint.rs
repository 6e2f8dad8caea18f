//! The list of tiers: a file that says which tiers are the index, and up to where in the log.
//!
//! Derived and never needed: it is taken only where its checksum holds and the commit record that it names stands where
//! it says, and thrown away with all tiers otherwise.
//!
//! ```text
//! magic 8 · store id 16 · position (segment, end, commit offset, commit check) 4×u64 · sequence end · clock
//! · tally of the segment up to there 6×u64 · counts (events, roots, content bytes, chunks, chunk bytes) 5×u64 · counts of tiers, segments, damage 3×u64
//! · tier* (number, check) 2×u64 · segment* · damage* · XXH3-64 of all before
//! ```

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use super::Counts;
use crate::codec::{Reader, malformed, put_varint};
use crate::error::Result;
use crate::log::{Damage, SEQUENCE_MAX, STORE_ID_BYTES, TALLY_NUMBERS, Tally};

const MAGIC: &[u8; 8] = b"OuroIdx\x05";

/// A segment that an index has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CoveredSegment {
    pub(crate) number: u64,
    /// Where its records end.
    pub(crate) end: u64,
    /// Where the file ends. A longer one was put back since.
    pub(crate) file_bytes: u64,
}

/// Where the index stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Everything before `end` in `segment`, and all segments before it, is in the index.
    pub(crate) segment: u64,
    pub(crate) end: u64,
    /// The commit record that ends there, by its offset and its body's checksum.
    pub(crate) commit_offset: u64,
    pub(crate) commit_check: u64,
    /// High-water mark of the clock.
    pub(crate) clock: u64,
    /// What the segment holds up to `end`, where that is known.
    pub(crate) tally: Option<Tally>,
    /// The segments that it has read, by number.
    pub(crate) segments: Vec<CoveredSegment>,
}

impl Position {
    /// What is known of a segment.
    pub(crate) fn covered(&self, number: u64) -> Option<&CoveredSegment> {
        let at = self.segments.binary_search_by_key(&number, |covered| covered.number).ok()?;
        self.segments.get(at)
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.segments.iter().map(|covered| covered.number)
    }
}

/// A tier of the list: the number that its file is named by, and the checksum of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListedTier {
    pub(crate) number: u64,
    pub(crate) check: u64,
}

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub(crate) position: Position,
    /// The number after the last event.
    pub(crate) sequence_end: u64,
    pub(crate) counts: Counts,
    /// Ascending by sequence number.
    pub(crate) tiers: Vec<ListedTier>,
    pub(crate) damage: BTreeSet<Damage>,
}

impl Checkpoint {
    /// The file's bytes.
    pub(crate) fn encode(&self, store_id: [u8; STORE_ID_BYTES]) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.tiers.len() * 16 + self.position.segments.len() * 16);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&store_id);
        let (position, counts) = (&self.position, &self.counts);
        let numbers = [
            position.segment,
            position.end,
            position.commit_offset,
            position.commit_check,
            self.sequence_end,
            position.clock,
        ];
        let tally = position.tally.unwrap_or_default().numbers();
        let counted = [
            counts.events,
            counts.roots,
            counts.content_bytes,
            counts.chunks,
            counts.chunk_bytes,
            self.tiers.len() as u64,
            position.segments.len() as u64,
            self.damage.len() as u64,
        ];
        let numbers = numbers.iter().chain(&tally).chain(&counted);
        numbers.for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        for number in self.tiers.iter().flat_map(|tier| [tier.number, tier.check]) {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for covered in &position.segments {
            for number in [covered.number, covered.end, covered.file_bytes] {
                put_varint(&mut out, number);
            }
        }
        for damage in &self.damage {
            for number in [damage.segment, damage.offset, damage.length] {
                put_varint(&mut out, number);
            }
        }
        let check = xxh3_64(&out);
        out.extend_from_slice(&check.to_le_bytes());
        out
    }

    /// The checkpoint of these bytes, if they are whole and of this store.
    pub(crate) fn decode(bytes: &[u8], store_id: [u8; STORE_ID_BYTES]) -> Result<Checkpoint> {
        let (body, check) = bytes.split_last_chunk::<8>().ok_or_else(|| malformed("too short"))?;
        if u64::from_le_bytes(*check) != xxh3_64(body) {
            return Err(malformed("the checksum of the index does not match"));
        }
        let mut reader = Reader::new(body);
        if reader.array::<8>()? != *MAGIC || reader.array::<STORE_ID_BYTES>()? != store_id {
            return Err(malformed("the index is of another store or version"));
        }
        let (segment, end) = (reader.u64()?, reader.u64()?);
        let (commit_offset, commit_check) = (reader.u64()?, reader.u64()?);
        let (sequence_end, clock) = (reader.u64()?, reader.u64()?);
        let mut tally = [0; TALLY_NUMBERS];
        for number in &mut tally {
            *number = reader.u64()?;
        }
        // A commit record stands at the end of what is counted.
        let tally = Some(Tally::of(tally)).filter(|tally| *tally != Tally::default());
        if tally.is_some_and(|tally| tally.commits == 0) {
            return Err(malformed("the index counts records and no batches"));
        }
        let counts = Counts {
            events: reader.u64()?,
            roots: reader.u64()?,
            content_bytes: reader.u64()?,
            chunks: reader.u64()?,
            chunk_bytes: reader.u64()?,
        };
        let (tier_count, segment_count, damage_count) = (reader.u64()?, reader.u64()?, reader.u64()?);
        let (mut tiers, mut segments) = (Vec::new(), Vec::<CoveredSegment>::new());
        for _ in 0..tier_count {
            tiers.push(ListedTier { number: reader.u64()?, check: reader.u64()? });
        }
        for _ in 0..segment_count {
            let (number, end, file_bytes) = (reader.varint()?, reader.varint()?, reader.varint()?);
            if segments.last().is_some_and(|last| last.number >= number) {
                return Err(malformed("the segments of the index do not ascend"));
            }
            segments.push(CoveredSegment { number, end, file_bytes });
        }
        let mut damage = BTreeSet::new();
        for _ in 0..damage_count {
            let (segment, offset, length) = (reader.varint()?, reader.varint()?, reader.varint()?);
            let next = Damage { segment, offset, length };
            if damage.last().is_some_and(|last| *last >= next) {
                return Err(malformed("the damage that the index lists does not ascend"));
            }
            damage.insert(next);
        }
        if !reader.is_empty() || sequence_end > SEQUENCE_MAX + 1 {
            return Err(malformed("the index does not hold what it counts"));
        }
        let position = Position { segment, end, commit_offset, commit_check, clock, tally, segments };
        Ok(Checkpoint { position, sequence_end, counts, tiers, damage })
    }
}

#[cfg(test)]
mod tests {
    use super::{Checkpoint, CoveredSegment, ListedTier, Position};
    use crate::index::Counts;
    use crate::log::{Damage, Tally};

    #[test]
    fn it_is_taken_only_whole_and_of_its_store() {
        let segments = vec![CoveredSegment { number: 1, end: 500, file_bytes: 600 }];
        let checkpoint = Checkpoint {
            position: Position {
                segment: 2,
                end: 9,
                commit_offset: 4,
                commit_check: 77,
                clock: 8,
                tally: Some(Tally { records: 5, commits: 2, events: 3, ..Tally::default() }),
                segments,
            },
            sequence_end: 12,
            counts: Counts { events: 3, roots: 1, content_bytes: 70, chunks: 2, chunk_bytes: 60 },
            tiers: vec![ListedTier { number: 4, check: 99 }, ListedTier { number: 7, check: 98 }],
            damage: [Damage { segment: 1, offset: 64, length: 100 }].into(),
        };
        let bytes = checkpoint.encode([6; 16]);
        assert_eq!(Checkpoint::decode(&bytes, [6; 16]).unwrap(), checkpoint);
        assert!(Checkpoint::decode(&bytes, [5; 16]).is_err());
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert!(Checkpoint::decode(&flipped, [6; 16]).is_err(), "byte {at}");
            assert!(Checkpoint::decode(&bytes[..at], [6; 16]).is_err(), "cut to {at} bytes");
        }
    }
}
