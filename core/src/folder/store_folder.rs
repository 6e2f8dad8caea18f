//! The store's own folder: an import does not read it, an export does not write into it.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::platform;
use crate::database::Database;
use crate::error::{Error, ErrorCode, Result};

pub(super) struct StoreFolder {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl StoreFolder {
    /// None for a database in memory.
    pub(super) fn of(db: &Database) -> Result<Option<StoreFolder>> {
        let Some(path) = db.folder() else { return Ok(None) };
        let failed = |error| Error::io("cannot look at the store's folder", path, error);
        let path = fs::canonicalize(path).map_err(failed)?;
        let metadata = fs::metadata(&path).map_err(failed)?;
        let identity = platform::identity_of(&metadata);
        Ok(Some(StoreFolder { path, identity }))
    }

    /// Whether this is the folder, by whatever path it was found.
    pub(super) fn is_at(&self, path: &Path, metadata: &Metadata) -> bool {
        match self.identity {
            Some(_) => platform::identity_of(metadata) == self.identity,
            None => fs::canonicalize(path).is_ok_and(|path| path == self.path),
        }
    }

    /// `invalid_argument` for the store itself and what is in it.
    pub(super) fn refuse(&self, path: &Path, advice: &str) -> Result<()> {
        let real = fs::canonicalize(path).map_err(|error| Error::io("cannot look at", path, error))?;
        if !real.starts_with(&self.path) {
            return Ok(());
        }
        let message = format!("{} is the store's own folder, or in it; {advice}", path.display());
        Err(Error::new(ErrorCode::InvalidArgument, message))
    }
}
