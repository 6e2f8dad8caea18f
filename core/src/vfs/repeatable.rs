//! Steps that may have been taken already, by whoever was interrupted behind them.

use std::io;
use std::path::Path;

use super::Vfs;

/// Removes a file, if it is there.
pub(crate) fn remove_if_there(vfs: &dyn Vfs, path: &Path) -> io::Result<()> {
    match vfs.remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Makes a folder, unless something is there: a folder, or what the next step fails on.
pub(crate) fn create_dir_unless_there(vfs: &dyn Vfs, path: &Path) -> io::Result<()> {
    match vfs.create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}
