//! The few files of a store that are open at once.
//!
//! A store may have more segments than a process may have open files, so a segment is opened when it is read, and
//! the one that was not read for the longest time is closed. A file that is in use stays open until it is let go.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::error::{Error, ErrorCode, Result};
use crate::vfs::{Access, Vfs, VfsFile};

/// How many are kept open: enough for several readers, few beside the 1,024 that a process usually may have.
const OPEN_MAX: usize = 32;

#[derive(Debug)]
pub(crate) struct OpenFiles {
    vfs: Arc<dyn Vfs>,
    /// By the number of their segment, the one last used in front.
    recent: Mutex<VecDeque<(u64, Arc<dyn VfsFile>)>>,
}

impl OpenFiles {
    pub(crate) fn new(vfs: Arc<dyn Vfs>) -> OpenFiles {
        OpenFiles { vfs, recent: Mutex::default() }
    }

    pub(crate) fn vfs(&self) -> &Arc<dyn Vfs> {
        &self.vfs
    }

    /// The file of segment `number`, open for reading; `corrupt` where it is gone.
    pub(super) fn get(&self, number: u64, path: &Path) -> Result<Arc<dyn VfsFile>> {
        if let Some(file) = self.use_again(number) {
            return Ok(file);
        }
        let file = self.vfs.open(path, Access::Read).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                let message = format!("segment {number} is missing from the store; take it from a backup");
                Error::new(ErrorCode::Corrupt, message)
            }
            _ => Error::io("opening the segment", path, error),
        })?;
        let mut recent = self.recent.lock();
        recent.push_front((number, Arc::clone(&file)));
        recent.truncate(OPEN_MAX);
        Ok(file)
    }

    /// Closes the file of segment `number`: there may be another one of that name by now.
    pub(crate) fn forget(&self, number: u64) {
        self.recent.lock().retain(|(other, _)| *other != number);
    }

    fn use_again(&self, number: u64) -> Option<Arc<dyn VfsFile>> {
        let mut recent = self.recent.lock();
        let at = recent.iter().position(|(other, _)| *other == number)?;
        let found = recent.remove(at)?;
        let file = Arc::clone(&found.1);
        recent.push_front(found);
        Some(file)
    }
}
