//! The store's own folders: an import does not read them, an export does not write into them.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::platform;
use crate::database::Database;
use crate::error::{Error, ErrorCode, Result};

/// All folders of a store that are there.
pub(super) struct StoreFolders(Vec<Folder>);

struct Folder {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl StoreFolders {
    /// A database in memory has none.
    pub(super) fn of(db: &Database) -> Result<StoreFolders> {
        db.folders().iter().map(|path| Folder::at(path)).collect::<Result<_>>().map(StoreFolders)
    }

    /// Whether this is one of them, by whatever path it was found.
    pub(super) fn has(&self, path: &Path, metadata: &Metadata) -> bool {
        self.0.iter().any(|folder| folder.is_at(path, metadata))
    }

    /// `invalid_argument` for a folder of the store and what is in it.
    pub(super) fn refuse(&self, path: &Path, advice: &str) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let real = fs::canonicalize(path).map_err(|error| Error::io("cannot look at", path, error))?;
        if !self.0.iter().any(|folder| real.starts_with(&folder.path)) {
            return Ok(());
        }
        let message = format!("{} is the store's own folder, or in it; {advice}", path.display());
        Err(Error::new(ErrorCode::InvalidArgument, message))
    }
}

impl Folder {
    fn at(path: &Path) -> Result<Folder> {
        let failed = |error| Error::io("cannot look at the store's folder", path, error);
        let path = fs::canonicalize(path).map_err(failed)?;
        let metadata = fs::metadata(&path).map_err(failed)?;
        let identity = platform::identity_of(&metadata);
        Ok(Folder { path, identity })
    }

    fn is_at(&self, path: &Path, metadata: &Metadata) -> bool {
        match self.identity {
            Some(_) => platform::identity_of(metadata) == self.identity,
            None => fs::canonicalize(path).is_ok_and(|path| path == self.path),
        }
    }
}
