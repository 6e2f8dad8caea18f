//! Making a small file appear whole.

use std::io;
use std::path::Path;

use super::{Vfs, remove_if_there};

/// Writes a file so that after a crash it is there whole or not at all.
///
/// The bytes go under another name and are synced; then the name is changed, atomically; then the folder is
/// synced. A crash before the rename leaves a `.new` that means nothing; after it, the whole file.
pub(crate) fn create_durably(vfs: &dyn Vfs, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    remove_if_there(vfs, &new)?;
    let file = vfs.create_new(&new)?;
    file.write_all_at(bytes, 0)?;
    if !cfg!(ouroboros_seeded_bug = "small_file_unsynced") {
        file.sync_data()?;
    }
    vfs.rename(&new, path)?;
    match path.parent() {
        Some(folder) => vfs.sync_dir(folder),
        None => Ok(()),
    }
}
