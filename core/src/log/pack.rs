//! From chunks to the records that will hold them.
//!
//! Small chunks find more duplicates, large blocks compress better; so what is new is compressed in *frames*: chunks that
//! follow each other, together up to about [`FRAME_BYTES`], are one record. What does not shrink is stored as it is, a
//! record for each chunk, so that it can be read without the rest, and without a copy. Whether it is worth while is asked
//! of a sample first, because zstd takes nearly as long to find out.

use parking_lot::Mutex;
use zstd::bulk::Compressor;

use super::record::{Codec, ENTRIES_MAX, Entry, RecordKind};
use super::writer::Prepared;
use crate::error::{Error, ErrorCode, Result};
use crate::id::ChunkId;
use crate::options::Compression;

/// About how many bytes are compressed together: where zstd gains little more by taking more, and one chunk is still read
/// in a fraction of a millisecond.
pub(crate) const FRAME_BYTES: usize = 128 * 1024;

const ZSTD_LEVEL_FAST: i32 = 1;
const ZSTD_LEVEL_DEFAULT: i32 = 3;
/// Compressors that are kept, because they are dear to make. Each takes about a mebibyte.
const SPARE_MAX: usize = 8;

/// How many pieces of how many bytes are looked at to judge a frame.
const SAMPLE_PIECES: usize = 32;
const SAMPLE_PIECE_BYTES: usize = 256;
/// What the sum of squares below is, at most, for bytes that no coding of single bytes makes shorter by a hundredth.
/// Random bytes have 255 ± 23; a gain of g bits a byte adds about 2 · ln 2 · 8,192 · g. What zstd, deflate or a cipher made
/// stays below 500.
const CHI_SQUARE_MAX: u64 = 255 + 900;

/// Chunks that will be compressed together.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    entries: Vec<Entry>,
    raw: Vec<u8>,
}

impl Frame {
    /// Raw bytes in it.
    pub(crate) fn bytes(&self) -> usize {
        self.raw.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a chunk of so many bytes belongs into it.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.is_empty() || (self.entries.len() < ENTRIES_MAX && self.raw.len() + bytes <= FRAME_BYTES)
    }

    pub(crate) fn push(&mut self, id: &ChunkId, bytes: &[u8]) {
        if self.entries.len() == 1 {
            // A frame that gets a second one will get many.
            self.raw.reserve_exact(FRAME_BYTES.saturating_sub(self.raw.len()).max(bytes.len()));
        }
        self.entries.push(Entry { id: *id.as_bytes(), raw_bytes: bytes.len() as u32 });
        self.raw.extend_from_slice(bytes);
    }

    /// The chunks in it, with their ids.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = (ChunkId, &[u8])> {
        let mut rest = self.raw.as_slice();
        self.entries.iter().map(move |entry| {
            let (chunk, behind) = rest.split_at_checked(entry.raw_bytes as usize).unwrap_or_default();
            rest = behind;
            (ChunkId::new(entry.id), chunk)
        })
    }
}

/// Makes records of frames, as the database was opened to compress. Shared by all threads.
pub(crate) struct Packers {
    level: Option<i32>,
    spare: Mutex<Vec<Compressor<'static>>>,
}

impl Packers {
    pub(crate) fn new(compression: Compression) -> Packers {
        let level = match compression {
            Compression::None => None,
            Compression::Fast => Some(ZSTD_LEVEL_FAST),
            Compression::Default => Some(ZSTD_LEVEL_DEFAULT),
        };
        Packers { level, spare: Mutex::default() }
    }

    /// Whether frames are worth making.
    pub(crate) fn compresses(&self) -> bool {
        self.level.is_some()
    }

    /// The records of a frame: one where that saves at least a thirtieth, otherwise one for each chunk.
    pub(crate) fn pack(&self, frame: &Frame, temporary: bool) -> Result<Vec<Prepared>> {
        if let Some(level) = self.level.filter(|_| !looks_random(&frame.raw)) {
            let packed = self.compress(level, &frame.raw)?;
            if packed.len() <= frame.raw.len() - frame.raw.len() / 32 {
                return Ok(vec![frame.record(temporary, Codec::Zstd, packed)]);
            }
        }
        Ok(frame.chunks().map(|(id, bytes)| raw_chunk(&id, bytes, temporary)).collect())
    }

    fn compress(&self, level: i32, raw: &[u8]) -> Result<Vec<u8>> {
        let spare = self.spare.lock().pop();
        let mut zstd = spare.map_or_else(|| Compressor::new(level), Ok).map_err(zstd_failed)?;
        let mut packed = zstd.compress(raw).map_err(zstd_failed)?;
        let mut kept = self.spare.lock();
        if kept.len() < SPARE_MAX {
            kept.push(zstd);
        }
        drop(kept);
        // It was given room for the worst case.
        packed.shrink_to_fit();
        Ok(packed)
    }

    /// The records of what is left of one, without the entries whose bits are set.
    pub(crate) fn pack_without(&self, record: &Prepared, left_out: u64) -> Result<Vec<Prepared>> {
        let header = record.header();
        let raw = record.raw()?;
        let whole = Frame { entries: header.entries.to_vec(), raw: raw.into_owned() };
        let mut kept = Frame::default();
        for (at, (id, bytes)) in whole.chunks().enumerate() {
            if left_out & (1 << at) == 0 {
                kept.push(&id, bytes);
            }
        }
        self.pack(&kept, header.temporary)
    }
}

impl Frame {
    fn record(&self, temporary: bool, codec: Codec, stored: Vec<u8>) -> Prepared {
        let entries = match self.entries.as_slice() {
            [one] => (*one).into(),
            many => many.to_vec().into(),
        };
        Prepared::of_entries(RecordKind::Chunks, temporary, entries, codec, stored)
    }
}

/// The record of one chunk, stored as it is.
pub(crate) fn raw_chunk(id: &ChunkId, bytes: &[u8], temporary: bool) -> Prepared {
    let (kind, id) = (RecordKind::Chunks, *id.as_bytes());
    Prepared::new(kind, temporary, id, bytes.len(), Codec::Raw, bytes.to_vec())
}

/// Whether the bytes look as if they had been drawn at random, as what was compressed or encrypted does. Source: Pearson's
/// chi-square test of the bytes of a sample against all being as frequent.
fn looks_random(bytes: &[u8]) -> bool {
    let sampled = SAMPLE_PIECES * SAMPLE_PIECE_BYTES;
    if bytes.len() < 2 * sampled {
        return false;
    }
    let mut counts = [0u32; 256];
    for piece in bytes.chunks_exact(bytes.len() / SAMPLE_PIECES).take(SAMPLE_PIECES) {
        for byte in piece.iter().take(SAMPLE_PIECE_BYTES) {
            if let Some(count) = counts.get_mut(usize::from(*byte)) {
                *count += 1;
            }
        }
    }
    // sum (count - expected)^2 / expected = sum count^2 / expected - sampled
    let squares: u64 = counts.iter().map(|count| u64::from(*count) * u64::from(*count)).sum();
    (squares / (sampled as u64 / 256)).saturating_sub(sampled as u64) <= CHI_SQUARE_MAX
}

fn zstd_failed(error: std::io::Error) -> Error {
    Error::new(ErrorCode::Internal, format!("zstd cannot compress: {error}"))
}

impl std::fmt::Debug for Packers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packers").field("level", &self.level).finish_non_exhaustive()
    }
}
