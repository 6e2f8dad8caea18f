//! One stored file out to a path.

use std::fs::{self, File};
use std::path::Path;

use super::export::{not_made, refuse_store};
use crate::control::Control;
use crate::database::{Database, FileReader};
use crate::error::Result;

/// Writes the rest of an open file to a new file at `path`. Where it fails, there is nothing at the path.
pub(crate) fn write_file(
    db: &Database,
    reader: &FileReader,
    path: &Path,
    control: Control<'_>,
) -> Result<u64> {
    control.check()?;
    refuse_store(db, path)?;
    let file = File::create_new(path).map_err(|error| not_made(path, error))?;
    let half = Half { path };
    let written = reader
        .write_to_with(&file, control)
        .map_err(|error| error.within(&format!("cannot write {}", path.display())))?;
    std::mem::forget(half);
    Ok(written)
}

/// A file that is not whole yet. Half a file under its name would be taken for the whole one, so it goes with this, also
/// where the caller's progress function panics.
struct Half<'a> {
    path: &'a Path,
}

impl Drop for Half<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.path);
    }
}
