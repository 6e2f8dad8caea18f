//! The byte forms of what a tier holds, one by one.

use super::layout::{BELOW_BYTES, CHUNK_BYTES, ID_BYTES, ROW_BYTES, RUN_BYTES, TITLE_BYTES};
use crate::codec::Reader;
use crate::event::{EventKind, Time};
use crate::id::{ChunkId, EventId};
use crate::index::{ChunkPlace, EventRow, Parent, Place};
use crate::log::RECORD_BYTES_MAX;

const FLAG_TEMPORARY: u8 = 1;
const FLAG_METADATA: u8 = 2;
const FLAG_PARENT_LOST: u8 = 4;
const FLAG_DAMAGED: u8 = 8;
const FLAG_LIST: u8 = 16;
/// Bytes of a segment's number.
const SEGMENT_BYTES: usize = 6;
/// Bytes of a chunk's id that a tier keeps. Two chunks that agree in them cost 2^96 hashes to find, and whoever reads
/// one finds out: the record has its whole id.
const CHUNK_ID_BYTES: usize = 24;

/// The first eight bytes of an id, as a number that is ordered as the ids are.
pub(super) fn prefix_of(id: &[u8]) -> u64 {
    id.first_chunk().map_or(0, |prefix| u64::from_be_bytes(*prefix))
}

fn put_place(out: &mut Vec<u8>, place: &Place, kind: u8, flags: u8) {
    out.extend_from_slice(place.segment.to_le_bytes().get(..SEGMENT_BYTES).unwrap_or_default());
    out.extend_from_slice(&[kind, flags]);
    out.extend_from_slice(&place.offset.to_le_bytes());
    out.extend_from_slice(&place.record_bytes.to_le_bytes());
}

/// The place, the kind and the flags.
#[inline]
fn read_place(reader: &mut Reader<'_>) -> Option<(Place, u8, u8)> {
    let mut segment = [0; 8];
    segment.get_mut(..SEGMENT_BYTES)?.copy_from_slice(reader.bytes(SEGMENT_BYTES).ok()?);
    let (kind, flags) = (reader.u8().ok()?, reader.u8().ok()?);
    let (offset, record_bytes) = (reader.u64().ok()?, reader.u32().ok()?);
    // What is longer is no record, and nobody makes room for it.
    if record_bytes as usize > RECORD_BYTES_MAX {
        return None;
    }
    Some((Place { segment: u64::from_le_bytes(segment), offset, record_bytes }, kind, flags))
}

pub(super) fn put_row(out: &mut Vec<u8>, row: &EventRow) {
    let flags = [
        (row.temporary, FLAG_TEMPORARY),
        (row.has_metadata, FLAG_METADATA),
        (row.parent == Parent::Lost, FLAG_PARENT_LOST),
        (row.damaged, FLAG_DAMAGED),
    ];
    let flags = flags.iter().filter(|(set, _)| *set).fold(0, |flags, (_, flag)| flags | flag);
    out.extend_from_slice(row.id.as_bytes());
    put_place(out, &row.place, row.kind.number(), flags);
    out.extend_from_slice(&[0; 4]);
    let numbers = [row.known_parent(), row.time.0, row.content_bytes, row.first_child, row.next_sibling];
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
}

/// The row of this number. None for what leads backwards: whoever follows it would never come to an end.
#[inline]
pub(super) fn read_row(bytes: &[u8; ROW_BYTES], sequence: u64) -> Option<EventRow> {
    let mut reader = Reader::new(bytes);
    let id = EventId::new(reader.array().ok()?);
    let (place, kind, flags) = read_place(&mut reader)?;
    reader.u32().ok()?;
    let mut number = || reader.u64().ok();
    let (parent, time, content_bytes) = (number()?, number()?, number()?);
    let (first_child, next_sibling) = (number()?, number()?);
    let forward = |to: u64| to == 0 || to > sequence;
    let parent = match (parent, flags & FLAG_PARENT_LOST != 0) {
        (0, false) => Parent::None,
        (0, true) => Parent::Lost,
        (parent, false) if parent < sequence => Parent::Known(parent),
        _ => return None,
    };
    (forward(first_child) && forward(next_sibling)).then_some(EventRow {
        id,
        sequence,
        place,
        parent,
        time: Time(time),
        kind: EventKind::from_number(kind),
        temporary: flags & FLAG_TEMPORARY != 0,
        has_metadata: flags & FLAG_METADATA != 0,
        damaged: flags & FLAG_DAMAGED != 0,
        content_bytes,
        first_child,
        // Only the part that takes new events needs it.
        last_child: 0,
        next_sibling,
    })
}

/// A row's place in its tier, found by the id; and where the event's record is, as far as that is told, so that whoever
/// wants the event alone need not look at the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdEntry {
    pub(super) prefix: u64,
    pub(super) row: u32,
    pub(super) record: RecordAt,
}

impl IdEntry {
    pub(super) fn encode(&self) -> [u8; ID_BYTES] {
        let mut out = [0; ID_BYTES];
        let (prefix, rest) = out.split_at_mut(8);
        let (row, record) = rest.split_at_mut(4);
        prefix.copy_from_slice(&self.prefix.to_be_bytes());
        row.copy_from_slice(&self.row.to_le_bytes());
        record.copy_from_slice(&self.record.0.to_le_bytes());
        out
    }

    #[inline]
    pub(super) fn decode(bytes: &[u8]) -> Option<IdEntry> {
        let (prefix, rest) = bytes.split_first_chunk::<8>()?;
        let (row, record) = rest.split_first_chunk::<4>()?;
        let record = RecordAt(u64::from_le_bytes(*record.first_chunk()?));
        Some(IdEntry { prefix: u64::from_be_bytes(*prefix), row: u32::from_le_bytes(*row), record })
    }
}

/// A place in 64 bits: from the highest, the segment, and offset and length of the record in steps of eight bytes. 0,
/// which is no place, for one that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordAt(u64);

impl RecordAt {
    pub(super) const NONE: RecordAt = RecordAt(0);
    const STEP: u64 = 8;
    const SEGMENT_BITS: u32 = 20;
    /// More than the largest segment has.
    const OFFSET_BITS: u32 = 30;
    const LENGTH_BITS: u32 = 14;
    const _WHOLE: () = assert!(Self::SEGMENT_BITS + Self::OFFSET_BITS + Self::LENGTH_BITS == u64::BITS);

    pub(super) fn of(place: &Place) -> RecordAt {
        let (offset, length) = (place.offset, u64::from(place.record_bytes));
        let fits = |number: u64, bits: u32| number >> bits == 0;
        let told = fits(place.segment, Self::SEGMENT_BITS)
            && fits(offset / Self::STEP, Self::OFFSET_BITS)
            && fits(length / Self::STEP, Self::LENGTH_BITS)
            && offset.is_multiple_of(Self::STEP)
            && length.is_multiple_of(Self::STEP);
        if !told {
            return RecordAt::NONE;
        }
        let segment = place.segment << (Self::OFFSET_BITS + Self::LENGTH_BITS);
        let offset = (offset / Self::STEP) << Self::LENGTH_BITS;
        RecordAt(segment | offset | (length / Self::STEP))
    }

    /// The place, where it is told.
    #[inline]
    pub(super) fn place(self) -> Option<Place> {
        let part = |shift: u32, bits: u32| (self.0 >> shift) & ((1 << bits) - 1);
        let segment = part(Self::OFFSET_BITS + Self::LENGTH_BITS, Self::SEGMENT_BITS);
        let offset = part(Self::LENGTH_BITS, Self::OFFSET_BITS) * Self::STEP;
        let record_bytes = u32::try_from(part(0, Self::LENGTH_BITS) * Self::STEP).ok()?;
        (segment != 0).then_some(Place { segment, offset, record_bytes })
    }
}

pub(super) fn put_chunk(out: &mut Vec<u8>, id: &ChunkId, chunk: &ChunkPlace) {
    let flags = if chunk.is_list { FLAG_LIST } else { 0 } | if chunk.temporary { FLAG_TEMPORARY } else { 0 };
    out.extend_from_slice(id.as_bytes().get(..CHUNK_ID_BYTES).unwrap_or_default());
    put_place(out, &chunk.place, 0, flags);
    out.extend_from_slice(&chunk.start.to_le_bytes());
    out.extend_from_slice(&chunk.raw_bytes.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
}

/// The chunk of these bytes.
pub(super) fn read_chunk(bytes: &[u8]) -> Option<ChunkPlace> {
    debug_assert_eq!(bytes.len(), CHUNK_BYTES);
    let mut reader = Reader::new(bytes.get(CHUNK_ID_BYTES..)?);
    let (place, _, flags) = read_place(&mut reader)?;
    let (start, raw_bytes) = (reader.u32().ok()?, reader.u32().ok()?);
    let (is_list, temporary) = (flags & FLAG_LIST != 0, flags & FLAG_TEMPORARY != 0);
    Some(ChunkPlace { place, start, raw_bytes, is_list, temporary })
}

/// Whether the bytes are those of this chunk.
pub(super) fn is_chunk(bytes: &[u8], id: &ChunkId) -> bool {
    bytes.get(..CHUNK_ID_BYTES) == id.as_bytes().get(..CHUNK_ID_BYTES)
}

/// Two numbers: of a run, its first sequence number and row; of an event in an earlier tier, its number and that of its
/// first child in this one.
pub(super) fn put_pair(first: u64, second: u64) -> [u8; RUN_BYTES] {
    const _: () = assert!(RUN_BYTES == BELOW_BYTES);
    (u128::from(first) | u128::from(second) << 64).to_le_bytes()
}

pub(super) fn read_pair(bytes: &[u8]) -> Option<(u64, u64)> {
    let pair = u128::from_le_bytes(*bytes.first_chunk()?);
    Some((pair as u64, (pair >> 64) as u64))
}

/// Where a title is in the text, and the root that has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct TitleEntry {
    pub(super) at: u64,
    pub(super) bytes: u32,
    pub(super) root: u64,
}

impl TitleEntry {
    pub(super) fn encode(&self) -> [u8; TITLE_BYTES] {
        let mut out = [0; TITLE_BYTES];
        let numbers = [self.at, u64::from(self.bytes), self.root];
        out.chunks_exact_mut(8).zip(numbers).for_each(|(place, number)| {
            place.copy_from_slice(&number.to_le_bytes());
        });
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<TitleEntry> {
        let mut reader = Reader::new(bytes);
        let (at, length, root) = (reader.u64().ok()?, reader.u64().ok()?, reader.u64().ok()?);
        Some(TitleEntry { at, bytes: u32::try_from(length).ok()?, root })
    }
}

#[cfg(test)]
mod tests {
    use super::{IdEntry, RecordAt};
    use crate::index::Place;

    #[test]
    fn a_place_is_told_whole_or_not_at_all() {
        let place = |segment, offset, record_bytes| Place { segment, offset, record_bytes };
        for told in [place(1, 64, 8), place((1 << 20) - 1, (1 << 33) - 8, (1 << 17) - 8), place(7, 4096, 424)]
        {
            let entry = IdEntry { prefix: u64::MAX - 5, row: 77, record: RecordAt::of(&told) };
            assert_eq!(IdEntry::decode(&entry.encode()), Some(entry));
            assert_eq!(entry.record.place(), Some(told));
        }
        let untold = [
            place(0, 64, 424),
            place(1 << 20, 64, 424),
            place(u64::MAX, 64, 424),
            place(1, 1 << 33, 424),
            place(1, u64::MAX, 424),
            place(1, 64, 1 << 17),
            place(1, 64, u32::MAX),
            place(1, 65, 424),
            place(1, 64, 425),
        ];
        for untold in untold {
            assert_eq!(RecordAt::of(&untold).place(), None, "{untold:?}");
        }
    }
}
