//! The index on disk: a file that spares the next opening a walk through the segments.
//!
//! Derived and never needed: it is checked as a whole, taken only where the commit record that it names stands
//! where it says and it knows all segments before that, and thrown away otherwise. It is written at a clean close.
//! It may be made to deceive, so nothing in it is taken that the walk through the segments could not have made.
//!
//! ```text
//! magic 8 · store id 16 · position (segment, end, commit offset, commit check) 4×u64 · sequence end · clock
//! · counts of segments, damage, events, chunks 4×u64 · segment* · damage* · event* · chunk*
//! · XXH3-64 of all before
//! ```

use xxhash_rust::xxh3::xxh3_64;

use super::{ChunkPlace, EventRow, Index, Parent, Place};
use crate::codec::{Reader, malformed, put_varint};
use crate::error::Result;
use crate::event::{EventKind, Time};
use crate::id::{ChunkId, EventId};
use crate::log::{Damage, STORE_ID_BYTES};

const MAGIC: &[u8; 8] = b"OuroIdx\x02";
/// An event and a chunk take at least so many bytes, which bounds what a count can make us allocate.
const ENTRY_BYTES_MIN: u64 = 64;

const FLAG_TEMPORARY: u8 = 1;
const FLAG_METADATA: u8 = 2;
const FLAG_PARENT_LOST: u8 = 4;
const FLAG_DAMAGED: u8 = 8;
const FLAG_LIST: u8 = 2;

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

/// The file's bytes.
pub(crate) fn encode_checkpoint(
    position: &Position,
    index: &Index,
    store_id: [u8; STORE_ID_BYTES],
) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + index.rows.len() * 112 + index.chunks.len() * 80);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&store_id);
    let numbers = [
        position.segment,
        position.end,
        position.commit_offset,
        position.commit_check,
        index.sequence_end(),
        position.clock,
        position.segments.len() as u64,
        index.damage.len() as u64,
        index.counts.events,
        index.chunks.len() as u64,
    ];
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
    for covered in &position.segments {
        for number in [covered.number, covered.end, covered.file_bytes] {
            put_varint(&mut out, number);
        }
    }
    for damage in &index.damage {
        for number in [damage.segment, damage.offset, damage.length] {
            put_varint(&mut out, number);
        }
    }
    let titles = index.title_of();
    for row in index.rows() {
        put_event(&mut out, row, titles.get(&row.sequence).copied().unwrap_or_default());
    }
    for (id, chunk) in &index.chunks {
        out.extend_from_slice(id.as_bytes());
        put_place(&mut out, &chunk.place);
        put_varint(&mut out, u64::from(chunk.start));
        put_varint(&mut out, u64::from(chunk.raw_bytes));
        let list = if chunk.is_list { FLAG_LIST } else { 0 };
        out.push(list | if chunk.temporary { FLAG_TEMPORARY } else { 0 });
    }
    let check = xxh3_64(&out);
    out.extend_from_slice(&check.to_le_bytes());
    out
}

fn put_place(out: &mut Vec<u8>, place: &Place) {
    put_varint(out, place.segment);
    put_varint(out, place.offset);
    put_varint(out, u64::from(place.record_bytes));
}

fn put_event(out: &mut Vec<u8>, row: &EventRow, title: &str) {
    out.extend_from_slice(row.id.as_bytes());
    put_varint(out, row.sequence);
    put_place(out, &row.place);
    let parent = match row.parent {
        Parent::Known(parent) => parent,
        Parent::None | Parent::Lost => 0,
    };
    put_varint(out, parent);
    put_varint(out, row.time.0);
    let flags = [
        (row.temporary, FLAG_TEMPORARY),
        (row.has_metadata, FLAG_METADATA),
        (row.parent == Parent::Lost, FLAG_PARENT_LOST),
        (row.damaged, FLAG_DAMAGED),
    ];
    let flags = flags.iter().filter(|(set, _)| *set).fold(0, |flags, (_, flag)| flags | flag);
    out.extend_from_slice(&[row.kind.number(), flags]);
    put_varint(out, row.content_bytes);
    if row.kind == EventKind::Root {
        put_varint(out, title.len() as u64);
        out.extend_from_slice(title.as_bytes());
    }
}

/// The checkpoint of these bytes, if they are whole and of this store.
pub(crate) fn decode_checkpoint(bytes: &[u8], store_id: [u8; STORE_ID_BYTES]) -> Result<(Position, Index)> {
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
    let (segments, damage) = (reader.u64()?, reader.u64()?);
    let (events, chunks) = (reader.u64()?, reader.u64()?);
    let entries_max = bytes.len() as u64 / ENTRY_BYTES_MIN;
    if events > entries_max || chunks > entries_max {
        return Err(malformed("the index counts more than it holds"));
    }
    let mut index = Index::default();
    index.by_id.reserve(events as usize);
    index.chunks.reserve(chunks as usize);
    let mut covered: Vec<CoveredSegment> = Vec::new();
    for _ in 0..segments {
        let (number, end, file_bytes) = (reader.varint()?, reader.varint()?, reader.varint()?);
        if covered.last().is_some_and(|last| last.number >= number) {
            return Err(malformed("the segments of the index do not ascend"));
        }
        covered.push(CoveredSegment { number, end, file_bytes });
    }
    for _ in 0..damage {
        index.damage.insert(Damage {
            segment: reader.varint()?,
            offset: reader.varint()?,
            length: reader.varint()?,
        });
    }
    for _ in 0..events {
        read_event(&mut reader, &mut index)?;
    }
    for _ in 0..chunks {
        let id = ChunkId::new(reader.array()?);
        let place = read_place(&mut reader)?;
        let (start, raw_bytes) = (read_u32(&mut reader)?, read_u32(&mut reader)?);
        let flags = reader.u8()?;
        let (is_list, temporary) = (flags & FLAG_LIST != 0, flags & FLAG_TEMPORARY != 0);
        index.insert_chunk(id, ChunkPlace { place, start, raw_bytes, is_list, temporary });
    }
    index.reserve_sequences(sequence_end);
    if !reader.is_empty() || index.sequence_end() != sequence_end || index.counts.events != events {
        return Err(malformed("the index does not hold what it counts"));
    }
    Ok((Position { segment, end, commit_offset, commit_check, clock, segments: covered }, index))
}

fn read_u32(reader: &mut Reader<'_>) -> Result<u32> {
    u32::try_from(reader.varint()?).map_err(|_| malformed("a number of the index is too large"))
}

fn read_place(reader: &mut Reader<'_>) -> Result<Place> {
    Ok(Place { segment: reader.varint()?, offset: reader.varint()?, record_bytes: read_u32(reader)? })
}

fn read_event(reader: &mut Reader<'_>, index: &mut Index) -> Result<()> {
    let id = EventId::new(reader.array()?);
    let sequence = reader.varint()?;
    let place = read_place(reader)?;
    let parent = reader.varint()?;
    let time = Time(reader.varint()?);
    let kind = EventKind::from_number(reader.u8()?);
    let flags = reader.u8()?;
    let content_bytes = reader.varint()?;
    let mut title = "";
    if kind == EventKind::Root {
        let length = reader.length()?;
        title = std::str::from_utf8(reader.bytes(length)?).map_err(|_| malformed("a title is not text"))?;
    }
    let parent = match (parent, flags & FLAG_PARENT_LOST != 0) {
        (0, false) => Parent::None,
        (0, true) => Parent::Lost,
        (parent, false) if parent < sequence => Parent::Known(parent),
        _ => return Err(malformed("a parent of the index does not come before its child")),
    };
    let row = EventRow {
        id,
        sequence,
        place,
        parent,
        time,
        kind,
        temporary: flags & FLAG_TEMPORARY != 0,
        has_metadata: flags & FLAG_METADATA != 0,
        damaged: flags & FLAG_DAMAGED != 0,
        content_bytes,
        first_child: 0,
        last_child: 0,
        next_sibling: 0,
    };
    if !index.insert_row(row, Some(title)) {
        return Err(malformed("the events of the index do not ascend"));
    }
    Ok(())
}
