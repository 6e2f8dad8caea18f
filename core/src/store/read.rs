//! Reading back: every record's checksums are checked on every read.

use std::sync::Arc;

use super::Store;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{self, Event};
use crate::id::{ChunkId, EventId};
use crate::index::{ChunkPlace, EventRow, Place};
use crate::log::{Bytes, Codec, Header, RecordKind, Segment, body_check_matches, decompress};

/// What to do about a damaged record.
const DAMAGE_ADVICE: &str = "take the segment from a backup, what stands elsewhere can be read";

/// How a record comes into memory.
#[derive(Clone, Copy)]
enum Fetch {
    Mapped,
    Copied,
}

/// A record as it was read, its header checked.
struct Record {
    header: Header,
    bytes: Bytes,
}

impl Record {
    /// The stored body, its checksum checked.
    fn stored(&self) -> Result<&[u8]> {
        let start = self.header.header_bytes();
        let stored = self.bytes.get(start..start + self.header.stored_bytes as usize).unwrap_or_default();
        body_check_matches(&self.header, stored)?;
        Ok(stored)
    }
}

impl Store {
    /// The event of this row.
    pub(crate) fn read_event(&self, row: &EventRow) -> Result<Event> {
        let read = || {
            let record = self.read_record(&row.place, Fetch::Mapped)?;
            let named = record.header.entries.first().is_some_and(|entry| entry.id == *row.id.as_bytes());
            if record.header.kind != RecordKind::Event || !named {
                return Err(self.damaged(&row.place, "another record stands there"));
            }
            let stored = record.stored()?;
            let fields = match record.header.codec {
                Codec::Raw => event::decode(stored)?,
                Codec::Zstd => event::decode(&decompress(&record.header, stored)?)?,
            };
            Ok(Event::new(row.id, row.sequence, fields))
        };
        read().map_err(|error: Error| {
            let error = self.name_place(&row.place, error).within(&format!("event {}", row.id));
            error.advise_if_corrupt(DAMAGE_ADVICE)
        })
    }

    /// The event of this id; `event_not_found`.
    pub(crate) fn event(&self, id: &EventId) -> Result<Event> {
        let row = self.index().find(id).cloned().ok_or_else(|| event_not_found(id))?;
        self.read_event(&row)
    }

    /// Puts the raw bytes of a chunk or list into `out`.
    pub(crate) fn read_chunk(&self, id: &ChunkId, is_list: bool, out: &mut Vec<u8>) -> Result<()> {
        let found = self.index().chunk(id).filter(|found| found.is_list == is_list);
        let Some(found) = found else {
            return Err(Error::new(ErrorCode::Corrupt, format!("chunk {id} is missing from the store")));
        };
        self.read_chunk_at(id, &found, out).map_err(|error| {
            let error = self.name_place(&found.place, error).within(&format!("chunk {id}"));
            error.advise_if_corrupt(DAMAGE_ADVICE)
        })
    }

    fn read_chunk_at(&self, id: &ChunkId, found: &ChunkPlace, out: &mut Vec<u8>) -> Result<()> {
        let record = self.read_record(&found.place, Fetch::Copied)?;
        if !record.header.entries.iter().any(|entry| entry.id == *id.as_bytes()) {
            return Err(self.damaged(&found.place, "another record stands there"));
        }
        let stored = record.stored()?;
        let range = found.start as usize..found.start as usize + found.raw_bytes as usize;
        let raw = match record.header.codec {
            Codec::Raw => stored.get(range),
            Codec::Zstd if range == (0..record.header.raw_bytes as usize) => {
                *out = decompress(&record.header, stored)?;
                return Ok(());
            }
            Codec::Zstd => {
                let whole = decompress(&record.header, stored)?;
                out.clear();
                out.extend_from_slice(whole.get(range).unwrap_or_default());
                return Ok(());
            }
        };
        out.clear();
        out.extend_from_slice(raw.unwrap_or_default());
        Ok(())
    }

    fn read_record(&self, place: &Place, fetch: Fetch) -> Result<Record> {
        let segment = self.segment(place.segment)?;
        let length = place.record_bytes as usize;
        let bytes = match fetch {
            Fetch::Mapped => segment.read(place.offset, length)?,
            Fetch::Copied => segment.read_copied(place.offset, length)?,
        };
        let header = Header::peek(&bytes)
            .and_then(|length| Header::decode(bytes.get(..length)?, segment.seed(), place.offset))
            .filter(|header| header.record_bytes() == u64::from(place.record_bytes));
        match header {
            Some(header) => Ok(Record { header, bytes }),
            None => Err(self.damaged(place, "the header of the record is damaged")),
        }
    }

    pub(crate) fn segment(&self, number: u64) -> Result<Arc<Segment>> {
        self.segments.read().get(&number).cloned().ok_or_else(|| {
            Error::new(ErrorCode::Corrupt, format!("segment {number} is missing from the store"))
        })
    }

    fn damaged(&self, place: &Place, what: &str) -> Error {
        self.name_place(place, Error::new(ErrorCode::Corrupt, what))
    }

    fn name_place(&self, place: &Place, error: Error) -> Error {
        if error.message().starts_with("segment ") {
            return error;
        }
        error.within(&format!("segment {}, offset {}", place.segment, place.offset))
    }
}

pub(crate) fn event_not_found(id: &EventId) -> Error {
    Error::new(
        ErrorCode::EventNotFound,
        format!("the store holds no event {id}; check the id, and that this is its store"),
    )
}
