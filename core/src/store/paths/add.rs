//! Adding a folder to a store.
//!
//! Order, each step after the one before is on the disk: the folder with `segments` and the superblock; its list; the
//! lists of the other folders. A crash before its list leaves a folder without segments, which is made anew; one after
//! it a folder that is the store's, and is found again when it is given again.

use std::path::{Path, PathBuf};

use super::super::LockFile;
use super::super::folder;
use super::{Folder, Paths, full, write_list};
use crate::error::{Error, ErrorCode, Result};
use crate::limits::PATHS_MAX;
use crate::log::{PATH_BYTES_MAX, PathList, SUPERBLOCK_NAME, Superblock};
use crate::vfs::{Vfs, bytes_of_text, create_dir_unless_there, create_durably};

impl Paths {
    /// Adds a folder to a store that has so many segments, and gives its lock. The caller has looked, and holds the locks
    /// of the others.
    pub(crate) fn add(
        &mut self,
        vfs: &dyn Vfs,
        superblock: &Superblock,
        path: &Path,
        last: u64,
        sequence_end: u64,
    ) -> Result<LockFile> {
        let mut list = match self.list.clone() {
            Some(list) => list,
            None => PathList::of_one(bytes_of(&self.home)?, last, sequence_end),
        };
        list.paths.push(bytes_of(path)?);
        if !list.advance() {
            return Err(full());
        }
        let own = list.paths.len() - 1;
        if own >= PATHS_MAX {
            let message = format!("a store is in {PATHS_MAX} folders at most; give fewer paths");
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        folder::make(vfs, path)?;
        let lock = LockFile::take(vfs, path)?;
        let segments = folder::segments(path);
        create_dir_unless_there(vfs, &segments)
            .map_err(|error| Error::io("making the folder", &segments, error))?;
        let file = path.join(SUPERBLOCK_NAME);
        create_durably(vfs, &file, &superblock.encode())
            .map_err(|error| Error::io("writing the superblock", &file, error))?;
        write_list(vfs, superblock.store_id, &list, own, path)?;
        self.folders.push(Folder::there(path.to_owned()));
        self.write(vfs, superblock.store_id, list, own)?;
        Ok(lock)
    }
}

/// A path as a list has it.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let bytes = bytes_of_text(path.as_os_str()).filter(|bytes| (1..=PATH_BYTES_MAX).contains(&bytes.len()));
    bytes.ok_or_else(|| {
        let message = format!(
            "the path {} is not text, or longer than {PATH_BYTES_MAX} bytes; give another folder",
            PathBuf::from(path).display()
        );
        Error::new(ErrorCode::InvalidArgument, message)
    })
}
