//! What stands at a path that the caller gave.

use std::path::Path;

use super::super::folder::{self, FolderState};
use super::read::{holds_no_segments, read_list};
use crate::error::{Error, ErrorCode, Result};
use crate::log::{PathList, Superblock};
use crate::vfs::Vfs;

pub(super) enum Given {
    /// A folder of the store, with its list.
    Known(PathList),
    /// A folder of the store, or a copy of one, that has no list.
    Unlisted(Error),
    /// Nothing, or what may become one.
    New,
}

pub(super) fn look_at_given(vfs: &dyn Vfs, path: &Path, superblock: &Superblock) -> Result<Given> {
    if folder::look(vfs, path)? != FolderState::Made {
        return Ok(Given::New);
    }
    let found = folder::read_superblock(vfs, path)?;
    if (found.store_id, found.incarnation) != (superblock.store_id, superblock.incarnation) {
        return Err(refused(path, "it is another store, or a copy of this one"));
    }
    match read_list(vfs, path, superblock.store_id)? {
        Some(list) => Ok(Given::Known(list)),
        // Its list comes last.
        None if holds_no_segments(vfs, path)? => Ok(Given::New),
        None => Ok(Given::Unlisted(refused(path, "it is a copy of this store, or has lost its list"))),
    }
}

pub(super) fn refused(path: &Path, why: &str) -> Error {
    let message = format!(
        "{} cannot be a folder of the store: {why}; give an empty folder, or one that is the store's already",
        path.display()
    );
    Error::new(ErrorCode::InvalidArgument, message)
}
