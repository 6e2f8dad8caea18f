//! Reading back: every record's checksums are checked on every read.

use std::sync::Arc;

use super::Store;
use crate::error::{Error, ErrorCode, Result};
use crate::event::Event;
use crate::id::EventId;
use crate::index::{EventRow, Place};
use crate::latency::Operation;
use crate::log::{Bytes, Header, RecordKind, Segment, body_check_matches};

/// What to do about a damaged record.
pub(super) const DAMAGE_ADVICE: &str = "take the segment from a backup, what stands elsewhere can be read";

/// A record as it was read, its header checked.
pub(super) struct Record {
    pub(super) header: Header,
    bytes: Bytes,
}

impl Record {
    fn is_of_event(&self, id: &EventId) -> bool {
        let named = self.header.entries.first().is_some_and(|entry| entry.id == *id.as_bytes());
        self.header.kind == RecordKind::Event && named
    }

    /// The stored body, its checksum checked.
    pub(super) fn stored(&self) -> Result<&[u8]> {
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
            let record = self.read_record(&row.place)?;
            if !record.is_of_event(&row.id) {
                return Err(self.another_record(&row.place));
            }
            let stored = record.stored()?;
            Event::new(row.id, row.sequence, stored)
        };
        read().map_err(|error: Error| {
            let error = self.name_place(&row.place, error).within(&format!("event {}", row.id));
            let error = error.advise_if_corrupt(DAMAGE_ADVICE);
            self.tell_if_corrupt(&error);
            error
        })
    }

    /// The event of this id; `event_not_found`.
    pub(crate) fn event(&self, id: &EventId) -> Result<Event> {
        match self.events.get(id) {
            Some(event) => Ok(event),
            None => self.event_of_log(id),
        }
    }

    /// The same, measured. Counting all that is found would cost as much as finding it.
    #[cold]
    pub(crate) fn measured_event(&self, id: &EventId) -> Result<Event> {
        let _timer = self.latencies.begin(Operation::Event);
        let weight = self.latencies.one_in(Operation::Event);
        match self.events.get(id) {
            Some(event) => {
                self.counters.event_cache_hits.add(weight);
                Ok(event)
            }
            None => {
                self.counters.event_cache_misses.add(weight);
                self.event_of_log(id)
            }
        }
    }

    fn event_of_log(&self, id: &EventId) -> Result<Event> {
        let place = self.query(|index| index.likely_place(id))?.ok_or_else(|| event_not_found(id))?;
        let event = match place.and_then(|place| self.event_at(id, &place)) {
            Some(event) => event,
            None => {
                let row = self.query(|index| index.find(id))?.ok_or_else(|| event_not_found(id))?;
                self.read_event(&row)?
            }
        };
        self.events.offer(&event);
        Ok(event)
    }

    /// The event of this id, if its record is here and whole. Where it is not, the event's row says where to look, or what
    /// is wrong.
    pub(super) fn event_at(&self, id: &EventId, place: &Place) -> Option<Event> {
        let record = self.read_record(place).ok()?;
        if !record.is_of_event(id) {
            return None;
        }
        Event::new(*id, record.header.sequence, record.stored().ok()?).ok()
    }

    fn read_record(&self, place: &Place) -> Result<Record> {
        let segment = self.segment(place.segment)?;
        let length = place.record_bytes as usize;
        let bytes = segment.read(place.offset, length)?;
        Ok(Record { header: self.header_at(&segment, place, &bytes)?, bytes })
    }

    /// The header that `bytes` begin with, which stand at this place.
    pub(super) fn header_at(&self, segment: &Segment, place: &Place, bytes: &[u8]) -> Result<Header> {
        Header::peek(bytes)
            .and_then(|length| Header::decode(bytes.get(..length)?, segment.seed(), place.offset))
            .filter(|header| header.record_bytes() == u64::from(place.record_bytes))
            .ok_or_else(|| self.damaged(place, "the header of the record is damaged"))
    }

    pub(crate) fn segment(&self, number: u64) -> Result<Arc<Segment>> {
        self.segments
            .read()
            .get(&number)
            .cloned()
            .ok_or_else(|| Error::new(ErrorCode::Corrupt, self.missing_segment(number, "")))
    }

    /// That a segment is not there, and what to do about it: for one that is in no folder that may come back, as the caller
    /// advises.
    pub(crate) fn missing_segment(&self, number: u64, advice: &str) -> String {
        let paths = self.paths.read();
        match paths.absent_folder_of(number) {
            Some(folder) => format!(
                "segment {number} is in {}, which is not there; bring its disk back, or give the path where it is now",
                folder.display()
            ),
            None => format!("segment {number} is missing from the store{advice}"),
        }
    }

    /// Whether a segment that is not there never was.
    pub(crate) fn is_nobodys(&self, number: u64) -> bool {
        self.paths.read().is_nobodys(number)
    }

    pub(super) fn another_record(&self, place: &Place) -> Error {
        self.damaged(place, "another record stands there")
    }

    fn damaged(&self, place: &Place, what: &str) -> Error {
        self.name_place(place, Error::new(ErrorCode::Corrupt, what))
    }

    pub(super) fn name_place(&self, place: &Place, error: Error) -> Error {
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
