//! Appending batches to the last segment, and beginning the next one.
//!
//! Order of a roll, each step after the one before is on the disk: the data of the old segment is synced, and its footer
//! with it; the
//! new segment's header, which vouches for the old one's end, is written and synced; its name is synced. A
//! crash between any two leaves the old segment as the last one, or a new one that is empty.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::commit::{COMMIT_RECORD_BYTES, Commit};
use super::entries::Entries;
use super::footer::Footer;
use super::open_files::OpenFiles;
use super::record::{Codec, Entry, Header, RecordKind, body_check, decode_body, padded};
use super::scan::RESERVED_BYTES_MAX;
use super::segment::{SEGMENT_HEADER_BYTES, SEGMENT_NUMBER_MAX, Segment, SegmentHeader, file_name};
use super::tally::Tally;
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
        Prepared::of_entries(kind, temporary, Entry { id, raw_bytes }.into(), codec, stored)
    }

    /// A record of several things.
    pub(super) fn of_entries(
        kind: RecordKind,
        temporary: bool,
        entries: Entries,
        codec: Codec,
        stored: Vec<u8>,
    ) -> Prepared {
        let header = Header {
            kind,
            codec,
            temporary,
            stored_bytes: stored.len() as u32,
            raw_bytes: entries.iter().map(|entry| entry.raw_bytes).sum(),
            sequence: 0,
            parent: 0,
            body_check: body_check(&stored),
            entries,
        };
        Prepared { header, stored }
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The bytes of all that it holds.
    pub(super) fn raw(&self) -> Result<Cow<'_, [u8]>> {
        decode_body(&self.header, &self.stored)
    }

    pub(crate) fn record_bytes(&self) -> u64 {
        self.header.record_bytes()
    }

    /// Numbers an event, and names its parent by the number; 0 where it has none, or that is not known.
    pub(crate) fn set_sequence(&mut self, sequence: u64, parent: u64) {
        (self.header.sequence, self.header.parent) = (sequence, parent);
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

/// Appends to the last segment. What is staged is written before anything else is asked of it.
#[derive(Debug)]
pub(crate) struct Writer {
    segment_bytes: u64,
    files: Arc<OpenFiles>,
    active: Arc<Segment>,
    /// The body checksum of the last commit record.
    last_commit: u64,
    /// What the last segment holds; none where that is not known, so that it gets no footer.
    tally: Option<Tally>,
    /// Batches that are to be written behind the end.
    staged: Vec<u8>,
    reserved: Reserved,
}

/// Where a writer goes on.
#[derive(Debug)]
pub(crate) struct GoOn {
    pub(crate) active: Arc<Segment>,
    /// The body checksum of the last commit record.
    pub(crate) last_commit: u64,
    /// What the segment holds; none where that is not known.
    pub(crate) tally: Option<Tally>,
}

/// Room at the end of the last segment that is the file's already, so that a sync has no length to write.
#[derive(Debug)]
pub(crate) struct Reserved {
    /// Up to where there is any; no more than the end where there is none.
    end: u64,
    /// Where the file ends, if that is behind the log and behind `end`; what is between is not counted on.
    file_end: u64,
    /// The least that is reserved at once; none where the file system cannot.
    step: Option<u64>,
}

impl Reserved {
    /// No room yet, in a file that ends here. Room is reserved in steps of at least so many bytes.
    pub(crate) fn new(step: u64, file_end: u64) -> Reserved {
        Reserved { end: 0, file_end, step: Some(step) }
    }
}

/// The most that is reserved at once.
const RESERVE_BYTES_MAX: u64 = 1024 * 1024;

/// Batches are written once they have so many bytes together.
const STAGED_BYTES_MAX: usize = 4 * 1024 * 1024;

impl Writer {
    /// A writer that goes on at the end of the log.
    pub(crate) fn new(files: Arc<OpenFiles>, segment_bytes: u64, reserved: Reserved, end: GoOn) -> Writer {
        let (GoOn { active, last_commit, tally }, staged) = (end, Vec::new());
        Writer { segment_bytes, files, active, last_commit, tally, staged, reserved }
    }

    /// What the last segment holds, once what is staged is written; none where that is not known.
    pub(crate) fn tally(&self) -> Option<Tally> {
        self.tally
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
        let end = self.staged_end();
        end > SEGMENT_HEADER_BYTES as u64 && end + batch_bytes > self.segment_bytes
    }

    /// Whether so much is staged that it should be written.
    pub(crate) fn is_full(&self) -> bool {
        self.staged.len() >= STAGED_BYTES_MAX
    }

    /// How many bytes of the disk a batch of so many takes, beside what is reserved.
    pub(crate) fn lacks(&self, batch_bytes: u64) -> u64 {
        let end = self.staged_end();
        (end + batch_bytes).saturating_sub(self.reserved.end.max(end))
    }

    /// How much should be reserved beyond a batch of so many bytes that does not fit into what is.
    pub(crate) fn step(&self, batch_bytes: u64) -> Option<u64> {
        let end = self.staged_end() + batch_bytes;
        let least = self.reserved.step?;
        let step = (end / 8).clamp(least, RESERVE_BYTES_MAX.max(least));
        // Recovery takes no more zeros than so many for reserved room.
        let wanted = end > self.reserved.end && batch_bytes + step <= RESERVED_BYTES_MAX;
        wanted.then_some(step)
    }

    /// Reserves room for a batch, and so much more. What fails costs time later on, and nothing else.
    pub(crate) fn reserve(&mut self, batch_bytes: u64, step: u64) {
        let (from, to) = (self.reserved.end.max(self.active.end()), self.staged_end() + batch_bytes + step);
        let Ok(file) = self.active.file() else { return };
        match file.reserve(from, to) {
            Ok(()) => self.reserved.end = to,
            Err(error) if error.kind() == ErrorKind::Unsupported => self.reserved.step = None,
            // Some of it may be there.
            Err(_) => self.reserved.file_end = file.len().unwrap_or(to),
        }
    }

    /// Gives back what is reserved, before the file is read-only or the store closed. Nobody has mapped the file: it
    /// has no successor.
    pub(crate) fn give_back(&mut self) {
        let Reserved { end, file_end, .. } = &mut self.reserved;
        let file_end = std::mem::take(end).max(std::mem::take(file_end));
        if file_end > self.active.end() {
            // Where it fails there are zeros behind the end, which mean nothing.
            let _ = self.active.file().map(|file| file.give_back(self.active.end()));
        }
    }

    fn staged_end(&self) -> u64 {
        self.active.end() + self.staged.len() as u64
    }

    /// Puts a batch and its commit record behind everything else. [`Writer::write`] writes it; then the caller
    /// publishes it, together with what it puts into the index.
    pub(crate) fn stage(&mut self, records: &[Prepared], note: CommitNote) -> Written {
        let start = self.staged_end();
        let before = self.staged.len();
        let seed = *self.active.seed();
        let place = |staged: &Vec<u8>| start + (staged.len() - before) as u64;
        let mut offsets = Vec::with_capacity(records.len());
        let mut headers = Xxh3::new();
        for record in records {
            let offset = place(&self.staged);
            offsets.push(offset);
            let at = self.staged.len();
            record.header.encode(&seed, offset, &mut self.staged);
            headers.update(self.staged.get(at..).unwrap_or_default());
            self.staged.extend_from_slice(&record.stored);
            let end = padded(place(&self.staged));
            self.staged.resize(before + (end - start) as usize, 0);
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
        let offset = place(&self.staged);
        if let Some(tally) = &mut self.tally {
            records.iter().for_each(|record| tally.add(&record.header));
            tally.add_commit(offset, commit.headers_check);
        }
        commit_header(&body).encode(&seed, offset, &mut self.staged);
        self.staged.extend_from_slice(&body);
        self.last_commit = body_check(&body);
        Written { segment: Arc::clone(&self.active), offsets, end: self.staged_end() }
    }

    /// Writes what is staged, all at once. After an error nobody knows what the file holds.
    pub(crate) fn write(&mut self) -> Result<()> {
        let (start, file) = (self.active.end(), self.active.file());
        let staged = &self.staged;
        let written = file.map(|file| file.write_all_at(staged, start));
        self.staged.clear();
        // A large batch does not keep its room for ever.
        self.staged.shrink_to(2 * STAGED_BYTES_MAX);
        written?.map_err(|error| self.active.error("writing", error))
    }

    /// Ends the last segment and begins the next one, with this header, in a folder of segments. Where the header says that
    /// the last one ended behind its last batch, a footer is put there.
    pub(crate) fn roll(&mut self, header: &SegmentHeader, folder: &Path, clock: u64) -> Result<()> {
        self.give_back();
        let old = Arc::clone(&self.active);
        if header.number > SEGMENT_NUMBER_MAX {
            let message = format!("segment {} has the largest number that there is", old.path().display());
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
        let vouched = header.number == old.number() + 1 && header.previous_end == old.end();
        let previous_footer = vouched && self.put_footer(header, clock)?;
        if !cfg!(ouroboros_seeded_bug = "rolled_without_sync") {
            old.sync()?;
        }
        let header = SegmentHeader { previous_footer, ..*header };
        self.active = create_segment(&self.files, folder, &header)?;
        self.tally = Some(Tally::default());
        // Its mode tells the next opening that the segment was sealed, should its successor be lost. Where the file
        // system has no modes, nothing else changes.
        let _ = old.file().and_then(|file| file.set_read_only().map_err(|error| old.error("sealing", error)));
        old.seal();
        Ok(())
    }
}

impl Writer {
    /// Says behind the last batch what the segment holds, where that is known. Whether it was.
    fn put_footer(&self, next: &SegmentHeader, clock: u64) -> Result<bool> {
        let Some(tally) = self.tally.filter(|tally| tally.commits > 0) else { return Ok(false) };
        let (old, file) = (&self.active, self.active.file()?);
        let mut header = [0; SEGMENT_HEADER_BYTES];
        file.read_exact_at(&mut header, 0).map_err(|error| old.error("reading", error))?;
        let Some(header) = SegmentHeader::decode(&header, old.number(), next.store_id) else {
            return Ok(false);
        };
        let offset = old.end();
        let footer = Footer {
            offset,
            tally,
            sequence_start: header.sequence_start,
            sequence_end: next.sequence_start,
            clock,
            commit_offset: offset - COMMIT_RECORD_BYTES,
            commit_check: self.last_commit,
        };
        let written = file.write_all_at(&footer.encode(old.seed()), offset);
        written.map(|()| true).map_err(|error| old.error("writing", error))
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
        parent: 0,
        body_check: body_check(body),
        entries: Entries::NONE,
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
