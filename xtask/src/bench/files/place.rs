//! Where a store is put, and what is exported from it.
//!
//! ext4 gives the number of a file that was removed in the last minutes to no new one, and looks at each of them whenever a
//! file is made. Where each run removes what the one before it made, making a thousand files takes three times as long
//! as on a disk that nothing was removed from, for all who are measured. So what has many files is removed at the end.

use std::fs;
use std::path::PathBuf;

use super::folder::Contents;
use crate::{Result, paths};

const STORE: &str = "bench/store";
const USED: &str = "bench/used";

/// What has larger files than this, on average, has few.
const SMALL_FILE_BYTES: u64 = 1024 * 1024;

/// An empty folder, in place of the last one.
pub(super) fn fresh() -> Result<PathBuf> {
    let place = paths::target().join(STORE);
    if place.exists() {
        let Contents { files, bytes } = Contents::of(&place)?;
        if files > 0 && bytes / files < SMALL_FILE_BYTES {
            let used = paths::target().join(USED);
            fs::create_dir_all(&used)?;
            fs::rename(&place, used.join(fs::read_dir(&used)?.count().to_string()))?;
        }
    }
    paths::fresh_folder(STORE)
}

/// Removes all that was put here.
pub(super) fn clear() -> Result<()> {
    for place in [STORE, USED] {
        paths::fresh_folder(place)?;
    }
    Ok(())
}
