//! Writing a tier's file from front to back, with a checksum of each block.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use xxhash_rust::xxh3::xxh3_64;

use super::blocks::BLOCK_BYTES;
use super::layout::{FAN_BYTES, HEADER_BYTES, fan_bits, fan_part};
use crate::vfs::VfsFile;

/// How much is written at once: whole blocks.
const WRITE_BYTES: usize = 16 * BLOCK_BYTES;

pub(super) struct Output<'a> {
    file: &'a dyn VfsFile,
    /// Where the buffer goes.
    at: u64,
    buffer: Vec<u8>,
    checks: Vec<u8>,
    stop: Option<&'a AtomicBool>,
}

impl<'a> Output<'a> {
    /// Begins behind the header, which is written when everything else is known. `stop` gives it up between two writes.
    pub(super) fn new(file: &'a dyn VfsFile, stop: Option<&'a AtomicBool>) -> Output<'a> {
        let buffer = Vec::with_capacity(WRITE_BYTES + BLOCK_BYTES);
        Output { file, at: HEADER_BYTES as u64, buffer, checks: Vec::new(), stop }
    }

    pub(super) fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while self.buffer.len() + bytes.len() >= WRITE_BYTES {
            let (now, later) =
                bytes.split_at_checked(WRITE_BYTES - self.buffer.len()).unwrap_or((bytes, &[]));
            self.buffer.extend_from_slice(now);
            bytes = later;
            self.write()?;
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// Gives a buffer that is written from time to time by [`Output::put_filled`].
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// To be called after less than a block was appended to the buffer.
    pub(super) fn put_filled(&mut self) -> io::Result<()> {
        if self.buffer.len() < WRITE_BYTES {
            return Ok(());
        }
        let rest = self.buffer.split_off(WRITE_BYTES);
        self.write()?;
        self.buffer.extend_from_slice(&rest);
        Ok(())
    }

    fn write(&mut self) -> io::Result<()> {
        if self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        for block in self.buffer.chunks(BLOCK_BYTES) {
            self.checks.extend_from_slice(&xxh3_64(block).to_le_bytes());
        }
        self.file.write_all_at(&self.buffer, self.at)?;
        self.at += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the data, and gives the checksum of the table of checksums. `header` is told it.
    pub(super) fn finish(mut self, header: impl FnOnce(u64) -> Vec<u8>) -> io::Result<()> {
        if !self.buffer.is_empty() {
            self.write()?;
        }
        self.file.write_all_at(&self.checks, self.at)?;
        self.file.write_all_at(&header(xxh3_64(&self.checks)), 0)
    }
}

/// Counts how many entries of a sorted section lie in each part, while they are written.
pub(super) struct Fan {
    bits: u32,
    counts: Vec<u32>,
}

impl Fan {
    pub(super) fn new(entries: u64) -> Fan {
        let bits = fan_bits(entries);
        Fan { bits, counts: vec![0; 1 << bits] }
    }

    pub(super) fn count(&mut self, prefix: u64) {
        if let Some(count) = self.counts.get_mut(fan_part(prefix, self.bits)) {
            *count += 1;
        }
    }

    /// The part that a prefix belongs to.
    pub(super) fn part(&self, prefix: u64) -> usize {
        fan_part(prefix, self.bits)
    }

    /// How many entries each part has.
    pub(super) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Where each part begins.
    pub(super) fn begins(&self) -> Vec<u32> {
        let begin = |end: &mut u32, count: &u32| Some(std::mem::replace(end, *end + count));
        self.counts.iter().scan(0, begin).collect()
    }

    pub(super) fn put(&self, out: &mut Output<'_>) -> io::Result<()> {
        let mut begin = 0u32;
        for count in self.counts.iter().chain(std::iter::once(&0)) {
            const _: () = assert!(FAN_BYTES == size_of::<u32>());
            out.put(&begin.to_le_bytes())?;
            begin += count;
        }
        Ok(())
    }
}
