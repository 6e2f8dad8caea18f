//! The bytes of a tier: mapped, and each block checked when it is first touched.
//!
//! Opening reads the header and the table of checksums and nothing else, so that it costs the same whatever the tier
//! holds. A block that does not match its checksum is never given out; the tier then says that it is damaged, and its
//! answers up to there are not to be believed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use xxhash_rust::xxh3::xxh3_64;

use crate::vfs::Mapping;

/// Bytes of a block that has a checksum.
pub(super) const BLOCK_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Blocks {
    bytes: Mapping,
    /// Where the data begins, and how long it is.
    start: usize,
    length: usize,
    /// One bit for each block that was found to be whole.
    whole: Box<[AtomicU64]>,
    damaged: AtomicBool,
}

/// Bytes of the table of checksums that follows so much data.
pub(super) fn table_bytes(length: usize) -> usize {
    length.div_ceil(BLOCK_BYTES) * 8
}

impl Blocks {
    /// `length` bytes from `start` on, with the table behind them; none where the file ends before, or the table has
    /// another checksum than the header says.
    pub(super) fn new(bytes: Mapping, start: usize, length: usize, table_check: u64) -> Option<Blocks> {
        let table = bytes.get(start.checked_add(length)?..)?;
        if table.len() != table_bytes(length) || xxh3_64(table) != table_check {
            return None;
        }
        let words = length.div_ceil(BLOCK_BYTES).div_ceil(64);
        let whole = std::iter::repeat_with(AtomicU64::default).take(words).collect();
        Some(Blocks { bytes, start, length, whole, damaged: AtomicBool::new(false) })
    }

    /// The whole file, unchecked.
    pub(super) fn file(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether a block that was asked for was not what its checksum says.
    pub(super) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    /// What is wrong with the tier was seen by someone else.
    pub(super) fn note_damage(&self) {
        self.damaged.store(true, Ordering::Release);
    }

    /// Bytes of the data; none where they are damaged, or beyond the end.
    #[inline]
    pub(super) fn get(&self, at: usize, length: usize) -> Option<&[u8]> {
        let end = at.checked_add(length).filter(|end| *end <= self.length)?;
        for block in at / BLOCK_BYTES..end.div_ceil(BLOCK_BYTES) {
            let word = self.whole.get(block / 64)?;
            if word.load(Ordering::Relaxed) & (1 << (block % 64)) == 0 && !self.check(block) {
                return None;
            }
        }
        self.bytes.get(self.start + at..self.start + end)
    }

    /// Whether a block is whole that was not looked at before.
    #[cold]
    fn check(&self, block: usize) -> bool {
        // Who is damaged once answers nothing more, and costs nothing more.
        let whole = !self.is_damaged() && self.matches(block).unwrap_or(false);
        match self.whole.get(block / 64) {
            Some(word) if whole => {
                word.fetch_or(1 << (block % 64), Ordering::Relaxed);
            }
            _ => self.note_damage(),
        }
        whole
    }

    fn matches(&self, block: usize) -> Option<bool> {
        let from = block * BLOCK_BYTES;
        let to = (from + BLOCK_BYTES).min(self.length);
        let data = self.bytes.get(self.start + from..self.start + to)?;
        let check = self.start + self.length + block * 8;
        let check = self.bytes.get(check..check + 8)?.first_chunk()?;
        Some(xxh3_64(data) == u64::from_le_bytes(*check))
    }
}
