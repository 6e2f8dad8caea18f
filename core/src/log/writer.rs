//! Appending batches to the last segment, and beginning the next one.
//!
//! Order of a roll, each step after the one before is on the disk: the data of the old segment is synced; the
//! new segment's header, which vouches for the old one's end, is written and synced; its name is synced. A
//! crash between any two leaves the old segment as the last one, or a new one that is empty.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::commit::{COMMIT_RECORD_BYTES, Commit};
use super::record::{Codec, Entry, Header, RecordKind, body_check, padded};
use super::segment::{SEGMENT_HEADER_BYTES, Segment, SegmentHeader, file_name};
use super::superblock::STORE_ID_BYTES;
use crate::error::{Error, Result};
use crate::id::ID_BYTES;
use crate::vfs::Vfs;

/// A record that is ready to be appended: everything but its place.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    header: Header,
    stored: Vec<u8>,
}

impl Prepared {
    /// A record of one thing, whose body is stored as it is, or compressed to `stored`.
    pub(crate) fn new(
        kind: RecordKind,
        temporary: bool,
        id: [u8; ID_BYTES],
        raw_bytes: usize,
        codec: Codec,
        stored: Vec<u8>,
    ) -> Prepared {
        let raw_bytes = raw_bytes as u32;
        let header = Header {
            kind,
            codec,
            temporary,
            stored_bytes: stored.len() as u32,
            raw_bytes,
            sequence: 0,
            body_check: body_check(&stored),
            entries: vec![Entry { id, raw_bytes }],
        };
        Prepared { header, stored }
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn record_bytes(&self) -> u64 {
        self.header.record_bytes()
    }

    pub(crate) fn set_sequence(&mut self, sequence: u64) {
        self.header.sequence = sequence;
    }
}

/// Where a batch went: its segment, and the offset of each record.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) segment: u64,
    pub(crate) offsets: Vec<u64>,
}

/// What a batch's commit record says beside what its records tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommitNote {
    pub(crate) sequence_start: u64,
    pub(crate) sequence_end: u64,
    pub(crate) clock: u64,
    pub(crate) synced_to: u64,
}

/// Appends to the last segment.
#[derive(Debug)]
pub(crate) struct Writer {
    vfs: Arc<dyn Vfs>,
    folder: PathBuf,
    store_id: [u8; STORE_ID_BYTES],
    segment_bytes: u64,
    active: Arc<Segment>,
    buffer: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(
        vfs: Arc<dyn Vfs>,
        folder: PathBuf,
        store_id: [u8; STORE_ID_BYTES],
        segment_bytes: u64,
        active: Arc<Segment>,
    ) -> Writer {
        Writer { vfs, folder, store_id, segment_bytes, active, buffer: Vec::new() }
    }

    pub(crate) fn active(&self) -> &Arc<Segment> {
        &self.active
    }

    /// How many bytes a batch of these records takes.
    pub(crate) fn batch_bytes(records: &[Prepared]) -> u64 {
        records.iter().map(Prepared::record_bytes).sum::<u64>() + COMMIT_RECORD_BYTES
    }

    /// Whether a batch of so many bytes belongs into the next segment.
    pub(crate) fn wants_roll(&self, batch_bytes: u64) -> bool {
        let end = self.active.end();
        end > SEGMENT_HEADER_BYTES as u64 && end + batch_bytes > self.segment_bytes
    }

    /// Writes a batch and its commit record behind everything else, and publishes the new end.
    pub(crate) fn append(&mut self, records: &[Prepared], note: CommitNote) -> Result<Written> {
        let start = self.active.end();
        let seed = *self.active.seed();
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let mut offsets = Vec::with_capacity(records.len());
        let mut headers = Xxh3::new();
        for record in records {
            let offset = start + buffer.len() as u64;
            offsets.push(offset);
            let at = buffer.len();
            record.header.encode(&seed, offset, &mut buffer);
            headers.update(buffer.get(at..).unwrap_or_default());
            buffer.extend_from_slice(&record.stored);
            buffer.resize(padded(buffer.len() as u64) as usize, 0);
        }
        let commit = Commit {
            batch_start: start,
            records: records.len() as u32,
            sequence_start: note.sequence_start,
            sequence_end: note.sequence_end,
            clock: note.clock,
            synced_to: note.synced_to,
            headers_check: headers.digest(),
        };
        let body = commit.encode();
        commit_header(&body).encode(&seed, start + buffer.len() as u64, &mut buffer);
        buffer.extend_from_slice(&body);
        let written = self.active.file().write_all_at(&buffer, start);
        let end = start + buffer.len() as u64;
        // A large batch does not keep its room for ever.
        buffer.shrink_to(8 * 1024 * 1024);
        self.buffer = buffer;
        written.map_err(|error| self.active.error("writing", error))?;
        self.active.publish_end(end);
        Ok(Written { segment: self.active.number(), offsets })
    }

    /// Ends the last segment and begins the next one.
    pub(crate) fn roll(&mut self, sequence_start: u64) -> Result<()> {
        let old = Arc::clone(&self.active);
        old.file().sync_data().map_err(|error| old.error("syncing", error))?;
        let header = SegmentHeader {
            number: old.number() + 1,
            store_id: self.store_id,
            previous_end: old.end(),
            sequence_start,
        };
        self.active = create_segment(self.vfs.as_ref(), &self.folder, &header)?;
        // Its mode is a courtesy to people; that it fails on some file systems changes nothing.
        let _ = old.file().set_read_only();
        old.seal();
        Ok(())
    }
}

fn commit_header(body: &[u8]) -> Header {
    Header {
        kind: RecordKind::Commit,
        codec: Codec::Raw,
        temporary: false,
        stored_bytes: body.len() as u32,
        raw_bytes: body.len() as u32,
        sequence: 0,
        body_check: body_check(body),
        entries: Vec::new(),
    }
}

/// Makes a segment durably: its header first, its name after it.
pub(crate) fn create_segment(vfs: &dyn Vfs, folder: &Path, header: &SegmentHeader) -> Result<Arc<Segment>> {
    let path = folder.join(file_name(header.number));
    let error = |error| Error::io("making the segment", &path, error);
    let file = vfs.create_new(&path).map_err(error)?;
    file.write_all_at(&header.encode(), 0).map_err(error)?;
    file.sync_data().map_err(error)?;
    vfs.sync_dir(folder).map_err(error)?;
    let end = SEGMENT_HEADER_BYTES as u64;
    Ok(Arc::new(Segment::new(header.number, path.clone(), header.store_id, file, end)))
}
