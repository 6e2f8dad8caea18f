//! Reading chunks and lists: from the file to where they are wanted, without a copy between.

use std::sync::Arc;

use super::Store;
use super::frames::DecodedFrame;
use super::read::DAMAGE_ADVICE;
use crate::error::{Error, ErrorCode, Result};
use crate::id::ChunkId;
use crate::index::{ChunkPlace, Place};
use crate::latency::Operation;
use crate::log::{
    Bytes, Codec, ENTRY_RAW_BYTES_MAX, Header, ONE_ENTRY_HEADER_BYTES, Segment, body_check_matches,
    decompress_to, padded,
};

/// A chunk list that was read, its checksum checked.
#[derive(Clone, Debug)]
pub(crate) struct StoredList {
    id: ChunkId,
    found: ChunkPlace,
    frame: Arc<DecodedFrame>,
}

impl StoredList {
    pub(crate) fn id(&self) -> &ChunkId {
        &self.id
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.frame.chunk(&self.id, &self.found).unwrap_or_default()
    }
}

impl Store {
    /// Reads a chunk list. One that is `jumped` to is looked at where it is mapped: of a large file whose parts are asked for
    /// in no order a list comes with each part, and copying it takes as long as checking it. With one page the system maps
    /// up to 2 MiB around it, so whoever reads on would have all of the file in his resident memory.
    pub(crate) fn read_list(&self, id: &ChunkId, jumped: bool) -> Result<StoredList> {
        let found = self.find_chunk(id, true)?;
        let read = self.decode_frame(id, &found, jumped);
        let frame = read.map_err(|error| self.name_chunk(id, &found, error))?;
        Ok(StoredList { id: *id, found, frame })
    }

    /// Puts the raw bytes of a chunk into `out`, which has its length.
    #[cfg(test)]
    pub(crate) fn read_chunk(&self, id: &ChunkId, out: &mut [u8]) -> Result<()> {
        let found = self.locate_chunk(id, out.len() as u64)?;
        self.read_alone(id, &found, out)
    }

    /// Where a chunk of this length is.
    pub(crate) fn locate_chunk(&self, id: &ChunkId, length: u64) -> Result<ChunkPlace> {
        let found = self.find_chunk(id, false)?;
        if u64::from(found.raw_bytes) != length {
            let message = format!("chunk {id} has another length than its list says");
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
        Ok(found)
    }

    /// Puts the raw bytes of a chunk into `out`, which has its length, without keeping what else is read for it: for
    /// what is stored alone, and as it is.
    pub(crate) fn read_alone(&self, id: &ChunkId, found: &ChunkPlace, out: &mut [u8]) -> Result<()> {
        let _timer = self.latencies.start(Operation::ReadChunk);
        self.fill(id, found, out)
    }

    /// The frame that a chunk is in. What is stored alone and as it is is given as it is mapped, if it is `jumped` to:
    /// whoever reads on would have all that he reads in his resident memory.
    pub(crate) fn frame(&self, id: &ChunkId, found: &ChunkPlace, jumped: bool) -> Result<Arc<DecodedFrame>> {
        let alone = Store::is_alone(found);
        // An index or a list that lies names another chunk than the one that the frame was fetched for.
        let kept = if alone { None } else { self.frames.get(&found.place) };
        if let Some(frame) = kept.filter(|frame| frame.chunk(id, found).is_some()) {
            return Ok(frame);
        }
        let _timer = self.latencies.start(Operation::ReadChunk);
        self.decode_frame(id, found, jumped).map_err(|error| self.name_chunk(id, found, error))
    }

    fn decode_frame(&self, id: &ChunkId, found: &ChunkPlace, jumped: bool) -> Result<Arc<DecodedFrame>> {
        let place = &found.place;
        let (segment, length) = (self.segment(place.segment)?, place.record_bytes as usize);
        let bytes = if jumped && Store::is_alone(found) {
            segment.read(place.offset, length)?
        } else {
            let mut buffer = self.frames.buffer(length);
            segment.read_to(place.offset, buffer.get_mut(..length).unwrap_or_default())?;
            Bytes::Owned(buffer)
        };
        let header = self.header_at(&segment, place, &bytes)?;
        let start = header.header_bytes();
        let stored = bytes.get(start..start + header.stored_bytes as usize).unwrap_or_default();
        body_check_matches(&header, stored)?;
        let frame = match header.codec {
            // It is in the system's cache, and wants no other.
            Codec::Raw => DecodedFrame::of_record(header.entries, bytes, start),
            Codec::Zstd => {
                let mut raw = self.frames.buffer(header.raw_bytes as usize);
                let whole = raw.get_mut(..header.raw_bytes as usize).unwrap_or_default();
                decompress_to(&header, stored, whole)?;
                if let Bytes::Owned(stored) = bytes {
                    self.frames.give_back(stored);
                }
                DecodedFrame::new(header.entries, raw)
            }
        };
        let frame = Arc::new(frame);
        // What has another chunk there is no answer to anybody.
        frame.chunk(id, found).ok_or_else(|| self.another_record(place))?;
        if header.codec == Codec::Zstd {
            self.frames.put(place, &frame, |bytes| self.events.lend(bytes));
        }
        Ok(frame)
    }

    /// Whether a chunk is stored alone and as it is, as far as the index tells.
    pub(crate) fn is_alone(found: &ChunkPlace) -> bool {
        let alone = padded(ONE_ENTRY_HEADER_BYTES as u64 + u64::from(found.raw_bytes));
        found.start == 0 && u64::from(found.place.record_bytes) == alone
    }

    /// Whether a chunk is there for an event that is permanent, or temporary.
    pub(crate) fn has_chunk(&self, id: &ChunkId, temporary: bool) -> Result<bool> {
        let found = self.query(|index| index.chunk(id))?;
        Ok(found.is_some_and(|found| self.serves(&found, temporary)))
    }

    /// Whether an event that is permanent, or temporary, may rest on this place: a permanent one not on what may be
    /// collected, and none on a segment that was lost or cut. Then the same bytes are stored once more.
    pub(super) fn serves(&self, found: &ChunkPlace, temporary: bool) -> bool {
        (temporary || !found.temporary) && self.stands(&found.place)
    }

    /// Whether the segment of a record is there, and long enough.
    pub(crate) fn stands(&self, place: &Place) -> bool {
        let end = place.offset.checked_add(u64::from(place.record_bytes));
        self.segment(place.segment).is_ok_and(|segment| end.is_some_and(|end| end <= segment.end()))
    }

    fn find_chunk(&self, id: &ChunkId, is_list: bool) -> Result<ChunkPlace> {
        let found = self.query(|index| index.chunk(id))?.filter(|found| found.is_list == is_list);
        // What is longer no record can hold: the index on disk is damaged.
        found
            .filter(|found| found.raw_bytes <= ENTRY_RAW_BYTES_MAX)
            .ok_or_else(|| Error::new(ErrorCode::Corrupt, format!("chunk {id} is missing from the store")))
    }

    fn fill(&self, id: &ChunkId, found: &ChunkPlace, out: &mut [u8]) -> Result<()> {
        let filled = self.segment(found.place.segment).and_then(|segment| {
            let mut start = [0; ONE_ENTRY_HEADER_BYTES];
            segment.read_to(found.place.offset, &mut start)?;
            if Header::peek(&start) == Some(start.len()) {
                self.fill_from_one(&segment, &start, id, found, out)
            } else {
                self.fill_from_many(id, found, out)
            }
        });
        filled.map_err(|error| self.name_chunk(id, found, error))
    }

    fn name_chunk(&self, id: &ChunkId, found: &ChunkPlace, error: Error) -> Error {
        let error = self.name_place(&found.place, error).within(&format!("chunk {id}"));
        let error = error.advise_if_corrupt(DAMAGE_ADVICE);
        self.tell_if_corrupt(&error);
        error
    }

    /// Reads the body of a record that holds nothing else straight to `out`.
    fn fill_from_one(
        &self,
        segment: &Segment,
        start: &[u8],
        id: &ChunkId,
        found: &ChunkPlace,
        out: &mut [u8],
    ) -> Result<()> {
        let place = &found.place;
        let header = self.header_at(segment, place, start)?;
        if !names(&header, id) || found.start != 0 || header.raw_bytes != found.raw_bytes {
            return Err(self.another_record(place));
        }
        let body = place.offset + start.len() as u64;
        match header.codec {
            Codec::Raw => {
                segment.read_to(body, out)?;
                body_check_matches(&header, out)
            }
            Codec::Zstd => {
                let stored = segment.read_copied(body, header.stored_bytes as usize)?;
                body_check_matches(&header, &stored)?;
                decompress_to(&header, &stored, out)
            }
        }
    }

    /// Reads a record of several chunks, and takes one out of it.
    fn fill_from_many(&self, id: &ChunkId, found: &ChunkPlace, out: &mut [u8]) -> Result<()> {
        let frame = self.decode_frame(id, found, false)?;
        match frame.chunk(id, found).filter(|raw| raw.len() == out.len()) {
            Some(raw) => {
                out.copy_from_slice(raw);
                Ok(())
            }
            None => Err(self.another_record(&found.place)),
        }
    }
}

fn names(header: &Header, id: &ChunkId) -> bool {
    header.entries.iter().any(|entry| entry.id == *id.as_bytes())
}
