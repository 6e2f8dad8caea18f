//! One segment file, for reading.
//!
//! The last segment of a store is read by `pread` up to the published end. A segment with a successor is never
//! written again: it is opened and mapped when it is read. Invariants: `end` only grows, and everything before it
//! is whole batches; a segment whose sync failed once is never called durable by this process.

use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::open_files::OpenFiles;
use super::published::Published;
use super::record::Seed;
use super::superblock::STORE_ID_BYTES;
use crate::codec::Reader;
use crate::error::{Error, ErrorCode, Result};
use crate::vfs::{Mapping, VfsFile};

/// Bytes of a segment's header; its first record follows.
pub(crate) const SEGMENT_HEADER_BYTES: usize = 64;
/// Largest number of a segment: counting on from it never overflows.
pub(crate) const SEGMENT_NUMBER_MAX: u64 = 1 << 48;
const MAGIC: [u8; 8] = *b"OuroSeg\x1a";
const CHECKED_BYTES: usize = 56;
const _: () = assert!(CHECKED_BYTES + 8 == SEGMENT_HEADER_BYTES);

/// The first bytes of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) number: u64,
    pub(crate) store_id: [u8; STORE_ID_BYTES],
    /// Where the predecessor ended, durable before this segment was made; 0 for the first.
    pub(crate) previous_end: u64,
    /// The next sequence number when this segment was made.
    pub(crate) sequence_start: u64,
    /// Whether a footer was put behind the predecessor's end, durable before this segment was made.
    pub(crate) previous_footer: bool,
}

const FLAG_PREVIOUS_FOOTER: u64 = 1;

impl SegmentHeader {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(SEGMENT_HEADER_BYTES);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.store_id);
        out.extend_from_slice(&self.previous_end.to_le_bytes());
        out.extend_from_slice(&self.sequence_start.to_le_bytes());
        let flags = if self.previous_footer { FLAG_PREVIOUS_FOOTER } else { 0 };
        out.extend_from_slice(&flags.to_le_bytes());
        let check = xxh3_64_with_seed(&out, self.number);
        out.extend_from_slice(&check.to_le_bytes());
        out
    }

    /// The header, if these bytes are one and it says that it is segment `number` of this store.
    pub(crate) fn decode(bytes: &[u8], number: u64, store_id: [u8; STORE_ID_BYTES]) -> Option<SegmentHeader> {
        let checked = bytes.get(..CHECKED_BYTES)?;
        let mut reader = Reader::new(bytes);
        if reader.array::<8>().ok()? != MAGIC {
            return None;
        }
        let header = SegmentHeader {
            number: reader.u64().ok()?,
            store_id: reader.array().ok()?,
            previous_end: reader.u64().ok()?,
            sequence_start: reader.u64().ok()?,
            previous_footer: reader.u64().ok()? & FLAG_PREVIOUS_FOOTER != 0,
        };
        let check = reader.u64().ok()?;
        let ours = header.number == number && header.store_id == store_id;
        (ours && check == xxh3_64_with_seed(checked, number)).then_some(header)
    }
}

/// The name of a segment's file.
pub(crate) fn file_name(number: u64) -> String {
    format!("{number:08}.segment")
}

/// The number of a segment, from its file's name.
pub(crate) fn parse_file_name(name: &Path) -> Option<u64> {
    let digits = name.to_str()?.strip_suffix(".segment")?;
    let number: u64 = digits.parse().ok()?;
    let possible = (1..=SEGMENT_NUMBER_MAX).contains(&number);
    (possible && file_name(number) == name.to_str()?).then_some(number)
}

/// A segment.
#[derive(Debug)]
pub(crate) struct Segment {
    number: u64,
    path: PathBuf,
    seed: Seed,
    files: Arc<OpenFiles>,
    /// The handle of a segment that may be written; all others are opened when they are read.
    kept: Mutex<Option<Arc<dyn VfsFile>>>,
    end: Published,
    sealed: AtomicBool,
    /// Whether a sync failed. The kernel tells a failure once, and calls the lost pages clean: no later sync of this
    /// file proves anything about what was written before it. A leaf among the locks.
    sync_failed: Mutex<bool>,
    /// None where the file could not be mapped; `pread` reads it then.
    mapping: OnceLock<Option<Mapping>>,
}

impl Segment {
    /// A segment of which nothing is known yet but its file. `kept` is the handle of one that may be written.
    pub(crate) fn new(
        number: u64,
        path: PathBuf,
        store_id: [u8; STORE_ID_BYTES],
        files: Arc<OpenFiles>,
        kept: Option<Arc<dyn VfsFile>>,
    ) -> Segment {
        Segment {
            number,
            path,
            seed: Seed::new(store_id, number),
            files,
            kept: Mutex::new(kept),
            end: Published::new(SEGMENT_HEADER_BYTES as u64),
            sealed: AtomicBool::new(false),
            sync_failed: Mutex::new(false),
            mapping: OnceLock::new(),
        }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn seed(&self) -> &Seed {
        &self.seed
    }

    /// The file, opened where it is not.
    pub(crate) fn file(&self) -> Result<Arc<dyn VfsFile>> {
        let kept = self.kept.lock().clone();
        kept.map_or_else(|| self.files.get(self.number, &self.path), Ok)
    }

    /// Length of the file in bytes.
    pub(crate) fn file_bytes(&self) -> Result<u64> {
        self.file()?.len().map_err(|error| self.error("reading", error))
    }

    /// Makes what was written durable. The one door to a sync of this file: once it has failed, it fails for ever.
    pub(crate) fn sync(&self) -> Result<()> {
        let mut failed = self.sync_failed.lock();
        if *failed {
            let again = std::io::Error::other("an earlier sync of this file failed");
            return Err(self.error("syncing", again));
        }
        if self.is_sealed() {
            // It was synced before it was sealed.
            return Ok(());
        }
        *failed = !cfg!(ouroboros_seeded_bug = "failed_sync_forgotten");
        self.file()?.sync_data().map_err(|error| self.error("syncing", error))?;
        *failed = false;
        Ok(())
    }

    /// Where the visible part ends.
    pub(crate) fn end(&self) -> u64 {
        self.end.get()
    }

    /// Publishes what was written. Only the writer, and recovery before anyone reads, call this.
    pub(crate) fn publish_end(&self, end: u64) {
        self.end.set(end);
    }

    /// Nobody will write to this segment again: it may be mapped.
    pub(crate) fn seal(&self) {
        self.sealed.store(true, Ordering::Release);
        *self.kept.lock() = None;
    }

    pub(crate) fn is_sealed(&self) -> bool {
        self.sealed.load(Ordering::Acquire)
    }

    /// The bytes at `offset`, from the mapping where there is one.
    pub(crate) fn read(&self, offset: u64, length: usize) -> Result<Bytes> {
        if self.is_sealed()
            && let Some(mapping) = self.mapping()
        {
            let start = usize::try_from(offset).unwrap_or(usize::MAX);
            let range = start..start.saturating_add(length);
            if mapping.get(range.clone()).is_some() {
                return Ok(Bytes::Mapped(mapping, range));
            }
        }
        self.read_copied(offset, length)
    }

    /// The bytes at `offset`, never from a mapping: for what is read whole and once, which would otherwise fill the
    /// process's resident memory with whatever passes through.
    pub(crate) fn read_copied(&self, offset: u64, length: usize) -> Result<Bytes> {
        let mut buffer = vec![0; length];
        self.read_to(offset, &mut buffer)?;
        Ok(Bytes::Owned(buffer))
    }

    /// Fills `buffer` with the bytes at `offset`.
    pub(crate) fn read_to(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        match self.file()?.read_exact_at(buffer, offset) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                let message = format!("segment {} ends before offset {offset}: it was cut", self.number);
                Err(Error::new(ErrorCode::Corrupt, message))
            }
            Err(error) => Err(self.error("reading", error)),
        }
    }

    fn mapping(&self) -> Option<Mapping> {
        self.mapping.get_or_init(|| self.file().ok()?.map().ok()).clone()
    }

    pub(crate) fn error(&self, doing: &str, error: std::io::Error) -> Error {
        Error::io(doing, &self.path, error)
    }
}

/// Bytes of a segment, mapped or read.
#[derive(Debug)]
pub(crate) enum Bytes {
    Mapped(Mapping, Range<usize>),
    Owned(Vec<u8>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(mapping, range) => mapping.get(range.clone()).unwrap_or_default(),
            Bytes::Owned(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SegmentHeader, file_name, parse_file_name};
    use std::path::Path;

    #[test]
    fn a_header_is_taken_only_whole_and_only_in_its_file() {
        let header = SegmentHeader {
            number: 3,
            store_id: [9; 16],
            previous_end: 4096,
            sequence_start: 12,
            previous_footer: true,
        };
        let bytes = header.encode();
        assert_eq!(SegmentHeader::decode(&bytes, 3, [9; 16]), Some(header));
        assert_eq!(SegmentHeader::decode(&bytes, 4, [9; 16]), None);
        assert_eq!(SegmentHeader::decode(&bytes, 3, [8; 16]), None);
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert_eq!(SegmentHeader::decode(&flipped, 3, [9; 16]), None, "byte {at}");
        }
    }

    #[test]
    fn names_have_one_form() {
        assert_eq!(parse_file_name(Path::new(&file_name(12))), Some(12));
        assert_eq!(parse_file_name(Path::new(&file_name(123_456_789))), Some(123_456_789));
        assert_eq!(parse_file_name(Path::new(&file_name(1 << 48))), Some(1 << 48));
        for name in [file_name(0), file_name((1 << 48) + 1), file_name(u64::MAX)] {
            assert_eq!(parse_file_name(Path::new(&name)), None, "{name}");
        }
        for name in ["1.segment", "00000001.segmen", "00000001.segment.new", "+0000001.segment", "x"] {
            assert_eq!(parse_file_name(Path::new(name)), None, "{name}");
        }
    }
}
