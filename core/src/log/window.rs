//! Reading a segment from front to back by `pread`, a window at a time.
//!
//! Recovery and verify read this way and never through a mapping, so that a bad sector is an error and not a
//! signal, and so that what is checked is what the disk holds.

use std::io;

use crate::vfs::VfsFile;

/// How much is read at once.
const WINDOW_BYTES: usize = 256 * 1024;

/// How often a read is tried again that ended before the file does.
const ATTEMPTS: usize = 3;

#[derive(Debug)]
pub(crate) struct Window<'a> {
    file: &'a dyn VfsFile,
    /// Where the readable part ends.
    end: u64,
    start: u64,
    buffer: Vec<u8>,
}

impl<'a> Window<'a> {
    pub(crate) fn new(file: &'a dyn VfsFile, end: u64) -> Window<'a> {
        Window { file, end, start: 0, buffer: Vec::new() }
    }

    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// The bytes at `offset`; none where the readable part ends before.
    pub(crate) fn get(&mut self, offset: u64, length: usize) -> io::Result<Option<&[u8]>> {
        // Between reading and asking for the length the writer may give room back, and reserve some again.
        let mut attempts = 0;
        loop {
            let Some(end) = offset.checked_add(length as u64).filter(|end| *end <= self.end) else {
                return Ok(None);
            };
            if offset >= self.start && end <= self.start + self.buffer.len() as u64 {
                let at = (offset - self.start) as usize;
                return Ok(self.buffer.get(at..at + length));
            }
            let wanted = (length.max(WINDOW_BYTES) as u64).min(self.end - offset) as usize;
            self.buffer.resize(wanted, 0);
            self.start = offset;
            if let Err(error) = self.file.read_exact_at(&mut self.buffer, offset) {
                self.buffer.clear();
                // The writer may have given back room at the end that he had reserved.
                let cut = error.kind() == io::ErrorKind::UnexpectedEof;
                match self.file.len() {
                    Ok(now) if cut && now < self.end => self.end = now,
                    Ok(_) if cut && attempts < ATTEMPTS => attempts += 1,
                    _ => return Err(error),
                }
            }
        }
    }
}
