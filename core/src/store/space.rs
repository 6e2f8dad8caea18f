//! Refusing to write what would not fit, before anything is written.
//!
//! Asking the file system costs a system call, so half of what was free is used before it is asked again.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorCode, Result};
use crate::vfs::Vfs;

/// Room beyond a batch for what closing writes: a commit record, the superblock, a segment's header.
pub(super) const MARGIN_BYTES: u64 = 16 * 1024;
/// Others write to the disk too: this much at most is used before it is asked again.
const ALLOWANCE_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Space {
    minimum_free_bytes: u64,
    /// What may be used, of the disk of which folder.
    allowance: u64,
    folder: PathBuf,
}

impl Space {
    pub(crate) fn new(minimum_free_bytes: u64) -> Space {
        Space { minimum_free_bytes, allowance: 0, folder: PathBuf::new() }
    }

    /// Whether there is room for so many bytes on the disk of a folder, as far as is known without asking the disk.
    pub(crate) fn has(&self, folder: &Path, bytes: u64) -> bool {
        self.allowance >= bytes && self.folder == folder
    }

    /// How many bytes may be written on the disk of a folder.
    pub(crate) fn usable(&self, vfs: &dyn Vfs, folder: &Path) -> Result<u64> {
        let free = vfs.free_bytes(folder).map_err(|error| Error::io("asking the room of", folder, error))?;
        Ok(free.saturating_sub(self.minimum_free_bytes).saturating_sub(MARGIN_BYTES))
    }

    /// How many bytes are free beyond those that are to stay so; 0 where the disk does not say.
    pub(crate) fn above_floor(&self, vfs: &dyn Vfs, folder: &Path) -> u64 {
        vfs.free_bytes(folder).map_or(0, |free| free.saturating_sub(self.minimum_free_bytes))
    }

    /// The disk is asked the next time, whatever it said before.
    pub(crate) fn forget(&mut self) {
        self.allowance = 0;
    }

    /// Takes room for so many bytes, or answers `disk_full`.
    pub(crate) fn take(&mut self, vfs: &dyn Vfs, folder: &Path, bytes: u64) -> Result<()> {
        if self.folder != folder {
            (self.allowance, self.folder) = (0, folder.to_owned());
        }
        if self.allowance < bytes {
            let usable = self.usable(vfs, folder)?;
            if usable < bytes {
                return Err(self.full(folder, bytes, usable));
            }
            self.allowance = (usable / 2).clamp(bytes, ALLOWANCE_BYTES_MAX.max(bytes));
        }
        self.allowance -= bytes;
        Ok(())
    }

    fn full(&self, folder: &Path, bytes: u64, usable: u64) -> Error {
        let message = format!(
            "{}: {bytes} bytes are to be written, and there is room for {usable} beside the {} that are to stay free; \
             nothing was written, free some space and try again",
            folder.display(),
            self.minimum_free_bytes.saturating_add(MARGIN_BYTES)
        );
        Error::new(ErrorCode::DiskFull, message)
    }
}
