//! Refusing to write what would not fit, before anything is written.
//!
//! Asking the file system costs a system call, so half of what was free is used before it is asked again.

use std::path::Path;

use crate::error::{Error, ErrorCode, Result};
use crate::vfs::Vfs;

/// Room beyond a batch for what closing writes: a commit record, the superblock, a segment's header.
const MARGIN_BYTES: u64 = 16 * 1024;
/// Others write to the disk too: this much at most is used before it is asked again.
const ALLOWANCE_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Space {
    minimum_free_bytes: u64,
    allowance: u64,
}

impl Space {
    pub(crate) fn new(minimum_free_bytes: u64) -> Space {
        Space { minimum_free_bytes, allowance: 0 }
    }

    /// Whether there is room for so many bytes, as far as is known without asking the disk.
    pub(crate) fn has(&self, bytes: u64) -> bool {
        self.allowance >= bytes
    }

    /// Takes room for so many bytes, or answers `disk_full`.
    pub(crate) fn take(&mut self, vfs: &dyn Vfs, folder: &Path, bytes: u64) -> Result<()> {
        if self.allowance < bytes {
            let free =
                vfs.free_bytes(folder).map_err(|error| Error::io("asking the room of", folder, error))?;
            let usable = free.saturating_sub(self.minimum_free_bytes).saturating_sub(MARGIN_BYTES);
            if usable < bytes {
                return Err(self.full(folder, bytes, free));
            }
            self.allowance = (usable / 2).clamp(bytes, ALLOWANCE_BYTES_MAX.max(bytes));
        }
        self.allowance -= bytes;
        Ok(())
    }

    fn full(&self, folder: &Path, bytes: u64, free: u64) -> Error {
        let message = format!(
            "{}: {bytes} bytes are to be written, {free} are free, and {} are to stay free; \
             nothing was written, free some space and try again",
            folder.display(),
            self.minimum_free_bytes
        );
        Error::new(ErrorCode::DiskFull, message)
    }
}
