//! How a tier lies in its file. It is derived, so it is no part of the format, and may change with any version.
//!
//! ```text
//! header 4096 · rows · runs · ids · fan of the ids · chunks · fan of the chunks · below · roots · titles · text
//! · XXH3-64 of each 64 KiB of what is behind the header
//! ```
//!
//! Everything stands where the counts in the header say: no offset is stored, so none can be wrong.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use super::blocks::table_bytes;
use crate::codec::Reader;
use crate::log::{SEQUENCE_MAX, STORE_ID_BYTES};

const MAGIC: [u8; 8] = *b"OuroIdx\x04";
/// Bytes of the header; what follows is a multiple of all that a processor or a disk likes.
pub(super) const HEADER_BYTES: usize = 4096;
/// Bytes of the header that mean something.
const HEADER_USED_BYTES: usize = 112;

/// Bytes of each thing.
pub(super) const ROW_BYTES: usize = 128;
pub(super) const RUN_BYTES: usize = 16;
pub(super) const ID_BYTES: usize = 20;
pub(super) const FAN_BYTES: usize = 4;
pub(super) const CHUNK_BYTES: usize = 56;
pub(super) const BELOW_BYTES: usize = 16;
pub(super) const ROOT_BYTES: usize = 8;
pub(super) const TITLE_BYTES: usize = 24;
/// Entries of a tier are counted in 32 bits.
pub(super) const ENTRIES_MAX: u64 = u32::MAX as u64;
/// A part of a fan holds about so many entries.
const ENTRIES_A_PART: u64 = 8;
/// Bits of the largest fan.
const FAN_BITS_MAX: u32 = 26;

/// How many of each thing a tier holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(super) rows: u64,
    pub(super) runs: u64,
    pub(super) chunks: u64,
    pub(super) below: u64,
    pub(super) roots: u64,
    pub(super) text_bytes: u64,
}

/// What a tier's file begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TierHeader {
    pub(super) store_id: [u8; STORE_ID_BYTES],
    pub(super) number: u64,
    /// The numbers of its events are from here on, and below the end.
    pub(super) sequence_start: u64,
    pub(in crate::index) sequence_end: u64,
    pub(super) sizes: Sizes,
    /// XXH3-64 of the table of checksums.
    pub(super) table_check: u64,
}

impl TierHeader {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_BYTES);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&self.store_id);
        let Sizes { rows, runs, chunks, below, roots, text_bytes } = self.sizes;
        let numbers = [
            self.number,
            self.sequence_start,
            self.sequence_end,
            rows,
            runs,
            chunks,
            below,
            roots,
            text_bytes,
            self.table_check,
        ];
        numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        let check = xxh3_64(&out);
        out.extend_from_slice(&check.to_le_bytes());
        out.resize(HEADER_BYTES, 0);
        out
    }

    /// The header of a file; none unless it is whole and its counts can be true.
    pub(super) fn decode(bytes: &[u8]) -> Option<TierHeader> {
        let checked = bytes.get(..HEADER_USED_BYTES - 8)?;
        let mut reader = Reader::new(bytes.get(..HEADER_BYTES)?);
        if reader.array::<8>().ok()? != MAGIC {
            return None;
        }
        let store_id = reader.array().ok()?;
        let mut number = || reader.u64().ok();
        let header = TierHeader {
            store_id,
            number: number()?,
            sequence_start: number()?,
            sequence_end: number()?,
            sizes: Sizes {
                rows: number()?,
                runs: number()?,
                chunks: number()?,
                below: number()?,
                roots: number()?,
                text_bytes: number()?,
            },
            table_check: number()?,
        };
        let check = number()?;
        let padded = reader.rest().iter().all(|byte| *byte == 0);
        let ascends = header.sequence_start <= header.sequence_end && header.sequence_end <= SEQUENCE_MAX + 1;
        (check == xxh3_64(checked) && padded && ascends).then_some(header)
    }

    /// What the header's own checksum says: names the tier in the list of tiers.
    pub(crate) fn check(&self) -> u64 {
        let encoded = self.encode();
        let check = encoded.get(HEADER_USED_BYTES - 8..).and_then(|rest| rest.first_chunk());
        check.map_or(0, |check| u64::from_le_bytes(*check))
    }
}

/// Where things are, behind the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) rows: Range<usize>,
    pub(super) runs: Range<usize>,
    pub(super) ids: Range<usize>,
    pub(super) id_fan: Range<usize>,
    pub(super) chunks: Range<usize>,
    pub(super) chunk_fan: Range<usize>,
    pub(super) below: Range<usize>,
    pub(super) roots: Range<usize>,
    pub(super) titles: Range<usize>,
    pub(super) text: Range<usize>,
}

impl Layout {
    /// None where there is more than a tier holds.
    pub(super) fn of(sizes: &Sizes) -> Option<Layout> {
        let counts = [sizes.rows, sizes.runs, sizes.chunks, sizes.below, sizes.roots];
        if counts.iter().any(|count| *count > ENTRIES_MAX) {
            return None;
        }
        let mut at = 0usize;
        let mut next = |count: u64, bytes: usize| {
            let start = at;
            at = start.checked_add(usize::try_from(count).ok()?.checked_mul(bytes)?)?;
            Some(start..at)
        };
        Some(Layout {
            rows: next(sizes.rows, ROW_BYTES)?,
            runs: next(sizes.runs, RUN_BYTES)?,
            ids: next(sizes.rows, ID_BYTES)?,
            id_fan: next(fan_entries(sizes.rows), FAN_BYTES)?,
            chunks: next(sizes.chunks, CHUNK_BYTES)?,
            chunk_fan: next(fan_entries(sizes.chunks), FAN_BYTES)?,
            below: next(sizes.below, BELOW_BYTES)?,
            roots: next(sizes.roots, ROOT_BYTES)?,
            titles: next(sizes.roots, TITLE_BYTES)?,
            text: next(sizes.text_bytes, 1)?,
        })
    }

    /// Bytes behind the header, without the table of checksums.
    pub(super) fn data_bytes(&self) -> usize {
        self.text.end
    }

    /// Bytes of the whole file.
    pub(super) fn file_bytes(&self) -> Option<usize> {
        self.data_bytes().checked_add(HEADER_BYTES)?.checked_add(table_bytes(self.data_bytes()))
    }
}

/// The bits of a prefix that choose a part of the fan over so many entries.
pub(super) fn fan_bits(entries: u64) -> u32 {
    (entries / ENTRIES_A_PART).checked_ilog2().map_or(0, |bits| bits + 1).min(FAN_BITS_MAX)
}

/// Where each part begins, and where the last one ends.
fn fan_entries(entries: u64) -> u64 {
    (1 << fan_bits(entries)) + 1
}

/// The part of the fan that a prefix belongs to.
pub(super) fn fan_part(prefix: u64, bits: u32) -> usize {
    prefix.checked_shr(64 - bits).unwrap_or(0) as usize
}

#[cfg(test)]
mod tests {
    use super::{HEADER_BYTES, Layout, Sizes, TierHeader, fan_bits, fan_part};

    fn header() -> TierHeader {
        let sizes = Sizes { rows: 3, runs: 1, chunks: 2, below: 1, roots: 1, text_bytes: 5 };
        let (sequence_start, sequence_end) = (7, 10);
        TierHeader { store_id: [4; 16], number: 9, sequence_start, sequence_end, sizes, table_check: 77 }
    }

    #[test]
    fn a_header_is_taken_only_whole() {
        let bytes = header().encode();
        assert_eq!(bytes.len(), HEADER_BYTES);
        assert_eq!(TierHeader::decode(&bytes), Some(header()));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert_eq!(TierHeader::decode(&flipped), None, "byte {at}");
        }
        let backwards = TierHeader { sequence_end: 6, ..header() };
        assert_eq!(TierHeader::decode(&backwards.encode()), None);
    }

    #[test]
    fn counts_that_cannot_be_true_have_no_layout() {
        assert!(Layout::of(&header().sizes).is_some());
        for rows in [u64::from(u32::MAX) + 1, u64::MAX] {
            assert_eq!(Layout::of(&Sizes { rows, ..Sizes::default() }), None, "{rows}");
        }
        let endless = Layout::of(&Sizes { text_bytes: u64::MAX, ..header().sizes });
        assert!(endless.is_none_or(|layout| layout.file_bytes().is_none()));
    }

    #[test]
    fn parts_of_a_fan_are_chosen_by_the_highest_bits() {
        assert_eq!([0, 7, 8, 15, 16, 1 << 40].map(fan_bits), [0, 0, 1, 1, 2, 26]);
        assert_eq!(fan_part(u64::MAX, 0), 0);
        assert_eq!(fan_part(u64::MAX, 3), 7);
        assert_eq!(fan_part(1 << 63, 1), 1);
    }
}
