//! Where a store is put, and what is exported from it.
//!
//! ext4 gives the number of a file that was removed in the last minutes to no new one, and looks at each of them whenever a
//! file is made. Where each run removes what the one before it made, making a thousand files takes three times as long
//! as on a disk that nothing was removed from, for all who are measured. So many files are emptied, and removed at the end.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::folder;
use crate::{Result, paths};

const STORE: &str = "bench/store";
const USED: &str = "bench/used";

/// What has more files is put aside.
const FEW_FILES: usize = 100;

/// An empty folder, in place of the last one.
pub(super) fn fresh() -> Result<PathBuf> {
    let place = paths::target().join(STORE);
    if place.exists() {
        paths::make_removable(&place)?;
        let files = folder::files(&place)?;
        if files.len() > FEW_FILES {
            for (file, _) in files {
                empty(&place.join(file))?;
            }
            let used = paths::target().join(USED);
            fs::create_dir_all(&used)?;
            fs::rename(&place, used.join(fs::read_dir(&used)?.count().to_string()))?;
        }
    }
    paths::fresh_folder(STORE)
}

/// Gives back what a file takes on the disk, whoever may write to it.
fn empty(file: &Path) -> Result<()> {
    let mut permissions = fs::metadata(file)?.permissions();
    if permissions.readonly() {
        #[expect(clippy::permissions_set_readonly_false, reason = "the file is removed soon")]
        permissions.set_readonly(false);
        fs::set_permissions(file, permissions)?;
    }
    File::options().write(true).truncate(true).open(file)?;
    Ok(())
}

/// Removes all that was put here.
pub(super) fn clear() -> Result<()> {
    for place in [STORE, USED] {
        paths::fresh_folder(place)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::empty;
    use crate::paths;

    #[test]
    fn a_file_that_nobody_may_write_is_emptied() {
        let scratch = paths::fresh_folder("test-bench-place").unwrap();
        let file = scratch.join("file");
        std::fs::write(&file, [7; 10_000]).unwrap();
        let mut permissions = std::fs::metadata(&file).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&file, permissions).unwrap();
        empty(&file).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().len(), 0);
        std::fs::remove_dir_all(scratch).unwrap();
    }
}
