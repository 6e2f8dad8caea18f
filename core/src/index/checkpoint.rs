//! The index on disk: a file that spares the next opening a walk through the segments.
//!
//! Derived and never needed: it is checked as a whole, taken only where the commit record that it names stands
//! where it says, and thrown away otherwise. It is written at a clean close.
//!
//! ```text
//! magic 8 · store id 16 · position (segment, end, commit offset, commit check) 4×u64 · sequence end · clock
//! · counts of damage, events, chunks 3×u64 · damage* · event* · chunk* · XXH3-64 of all before
//! ```

use xxhash_rust::xxh3::xxh3_64;

use super::{ChunkPlace, EventRow, Index, Place};
use crate::codec::{Reader, malformed, put_varint};
use crate::error::Result;
use crate::event::{EventKind, Time};
use crate::id::{ChunkId, EventId};
use crate::log::{Damage, STORE_ID_BYTES};

const MAGIC: &[u8; 8] = b"OuroIdx\x01";
/// An event and a chunk take at least so many bytes, which bounds what a count can make us allocate.
const ENTRY_BYTES_MIN: u64 = 64;

const FLAG_TEMPORARY: u8 = 1;
const FLAG_METADATA: u8 = 2;

/// Where the index stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Everything before `end` in `segment`, and all segments before it, is in the index.
    pub(crate) segment: u64,
    pub(crate) end: u64,
    /// The commit record that ends there, by its offset and its body's checksum.
    pub(crate) commit_offset: u64,
    pub(crate) commit_check: u64,
    /// High-water mark of the clock.
    pub(crate) clock: u64,
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
        index.damage.len() as u64,
        index.counts.events,
        index.chunks.len() as u64,
    ];
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
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
        out.push(u8::from(chunk.is_list));
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
    put_varint(out, row.parent.unwrap_or(0));
    put_varint(out, row.time.0);
    let temporary = if row.temporary { FLAG_TEMPORARY } else { 0 };
    let metadata = if row.has_metadata { FLAG_METADATA } else { 0 };
    out.extend_from_slice(&[row.kind.number(), temporary | metadata]);
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
    let (damage, events, chunks) = (reader.u64()?, reader.u64()?, reader.u64()?);
    let entries_max = bytes.len() as u64 / ENTRY_BYTES_MIN;
    if events > entries_max || chunks > entries_max {
        return Err(malformed("the index counts more than it holds"));
    }
    let mut index = Index::default();
    index.by_id.reserve(events as usize);
    index.chunks.reserve(chunks as usize);
    for _ in 0..damage {
        index.damage.push(Damage {
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
        index.insert_chunk(id, ChunkPlace { place, start, raw_bytes, is_list: reader.u8()? != 0 });
    }
    index.reserve_sequences(sequence_end);
    if !reader.is_empty() || index.sequence_end() != sequence_end || index.counts.events != events {
        return Err(malformed("the index does not hold what it counts"));
    }
    Ok((Position { segment, end, commit_offset, commit_check, clock }, index))
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
    let parent = Some(reader.varint()?).filter(|parent| *parent != 0);
    let time = Time(reader.varint()?);
    let kind = EventKind::from_number(reader.u8()?);
    let flags = reader.u8()?;
    let content_bytes = reader.varint()?;
    let mut title = "";
    if kind == EventKind::Root {
        let length = reader.length()?;
        title = std::str::from_utf8(reader.bytes(length)?).map_err(|_| malformed("a title is not text"))?;
    }
    let row = EventRow {
        id,
        sequence,
        place,
        parent,
        time,
        kind,
        temporary: flags & FLAG_TEMPORARY != 0,
        has_metadata: flags & FLAG_METADATA != 0,
        content_bytes,
        first_child: 0,
        last_child: 0,
        next_sibling: 0,
    };
    index.insert_row(row, Some(title));
    Ok(())
}
