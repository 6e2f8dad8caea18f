//! Appending batches to the last segment, and beginning the next one.
//!
//! Order of a roll, each step after the one before is on the disk: the data of the old segment is synced; the
//! new segment's header, which vouches for the old one's end, is written and synced; its name is synced. A
//! crash between any two leaves the old segment as the last one, or a new one that is empty.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::commit::{COMMIT_RECORD_BYTES, Commit};
use super::open_files::OpenFiles;
use super::record::{Codec, Entry, Header, RecordKind, body_check, padded};
use super::segment::{SEGMENT_HEADER_BYTES, SEGMENT_NUMBER_MAX, Segment, SegmentHeader, file_name};
use super::superblock::STORE_ID_BYTES;
use crate::error::{Error, ErrorCode, Result};
use crate::id::ID_BYTES;

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

/// Where a batch went: its segment, the offset of each record, and where it ends.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) segment: Arc<Segment>,
    pub(crate) offsets: Vec<u64>,
    pub(crate) end: u64,
}

impl Written {
    /// Lets readers see the batch. Until then the writer takes no other.
    pub(crate) fn publish(&self) {
        self.segment.publish_end(self.end);
    }
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
    folder: PathBuf,
    store_id: [u8; STORE_ID_BYTES],
    segment_bytes: u64,
    files: Arc<OpenFiles>,
    active: Arc<Segment>,
    /// The body checksum of the last commit record.
    last_commit: u64,
    buffer: Vec<u8>,
}

impl Writer {
    /// A writer that goes on in the segment `active`, after the commit record with the checksum `last_commit`.
    pub(crate) fn new(
        files: Arc<OpenFiles>,
        folder: PathBuf,
        store_id: [u8; STORE_ID_BYTES],
        segment_bytes: u64,
        active: Arc<Segment>,
        last_commit: u64,
    ) -> Writer {
        Writer { folder, store_id, segment_bytes, files, active, last_commit, buffer: Vec::new() }
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

    /// Writes a batch and its commit record behind everything else. The caller publishes it, together with what
    /// it puts into the index.
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
            previous_check: self.last_commit,
        };
        let body = commit.encode();
        commit_header(&body).encode(&seed, start + buffer.len() as u64, &mut buffer);
        buffer.extend_from_slice(&body);
        let written = self.active.file()?.write_all_at(&buffer, start);
        let end = start + buffer.len() as u64;
        // A large batch does not keep its room for ever.
        buffer.shrink_to(8 * 1024 * 1024);
        self.buffer = buffer;
        written.map_err(|error| self.active.error("writing", error))?;
        self.last_commit = body_check(&body);
        Ok(Written { segment: Arc::clone(&self.active), offsets, end })
    }

    /// Ends the last segment and begins the next one, whose header says that this one ended at `previous_end`.
    pub(crate) fn roll(&mut self, sequence_start: u64, previous_end: u64) -> Result<()> {
        let old = Arc::clone(&self.active);
        if old.number() >= SEGMENT_NUMBER_MAX {
            let message = format!("segment {} has the largest number that there is", old.path().display());
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
        if !cfg!(ouroboros_seeded_bug = "rolled_without_sync") {
            old.sync()?;
        }
        let header =
            SegmentHeader { number: old.number() + 1, store_id: self.store_id, previous_end, sequence_start };
        self.active = create_segment(&self.files, &self.folder, &header)?;
        // Its mode tells the next opening that the segment was sealed, should its successor be lost. Where the file
        // system has no modes, nothing else changes.
        let _ = old.file().and_then(|file| file.set_read_only().map_err(|error| old.error("sealing", error)));
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

/// Makes a segment durably: its header first, its name after it. What fails leaves no file, so that it can be tried
/// again.
pub(crate) fn create_segment(
    files: &Arc<OpenFiles>,
    folder: &Path,
    header: &SegmentHeader,
) -> Result<Arc<Segment>> {
    let vfs = files.vfs();
    let path = folder.join(file_name(header.number));
    let error = |error| Error::io("making the segment", &path, error);
    let file = vfs.create_new(&path).map_err(error)?;
    let sync = !cfg!(ouroboros_seeded_bug = "new_segment_unsynced");
    let sync_dir = !cfg!(ouroboros_seeded_bug = "directory_unsynced");
    let made = file
        .write_all_at(&header.encode(), 0)
        .and_then(|()| if sync { file.sync_data() } else { Ok(()) })
        .and_then(|()| if sync_dir { vfs.sync_dir(folder) } else { Ok(()) });
    if let Err(failed) = made {
        let _ = vfs.remove_file(&path);
        return Err(error(failed));
    }
    Ok(Arc::new(Segment::new(header.number, path.clone(), header.store_id, Arc::clone(files), Some(file))))
}
