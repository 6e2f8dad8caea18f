//! The place that a backup goes to: what stands there, and what becomes of it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, ErrorCode, Result};
use crate::log::{SUPERBLOCK_NAME, Superblock};
use crate::store::{LockFile, Snapshot, folder};
use crate::vfs::{PathKind, Vfs, create_dir_unless_there, create_durably, remove_if_there};

/// A folder that is a backup of this store, or is to become one, held so that nobody else writes to it.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) vfs: Arc<dyn Vfs>,
    pub(super) path: PathBuf,
    _lock: LockFile,
}

impl Target {
    /// Takes what stands at `path`: nothing, an empty folder, or an earlier backup of the store, finished or not.
    pub(super) fn take(vfs: &Arc<dyn Vfs>, path: &Path, store: &Superblock) -> Result<Target> {
        refuse_stores(vfs.as_ref(), path)?;
        match vfs.kind(path) {
            Ok(PathKind::Directory) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => folder::make(vfs.as_ref(), path)?,
            Ok(PathKind::File | PathKind::Other) => return Err(refused(path, "it is no folder")),
            Err(error) => return Err(Error::io("opening", path, error)),
        }
        // Before anything is written, even a lock.
        look(vfs.as_ref(), path, store)?;
        let lock = LockFile::take(vfs.as_ref(), path)?;
        if look(vfs.as_ref(), path, store)? == There::Nothing {
            let superblock = Superblock { incarnation: folder::random()?, generation: 1, ..store.clone() };
            let marker = path.join(folder::BACKUP_NAME);
            create_durably(vfs.as_ref(), &marker, &superblock.encode())
                .map_err(|error| Error::io("writing", &marker, error))?;
        }
        let segments = folder::segments(path);
        create_dir_unless_there(vfs.as_ref(), &segments)
            .map_err(|error| Error::io("making the folder", &segments, error))?;
        if vfs.kind(&segments).is_ok_and(|kind| kind != PathKind::Directory) {
            return Err(refused(path, "`segments` in it is no folder"));
        }
        vfs.sync_dir(path).map_err(|error| Error::io("syncing the folder", path, error))?;
        Ok(Target { vfs: Arc::clone(vfs), path: path.to_owned(), _lock: lock })
    }

    /// Puts the index of the store there, so that the copy opens at once. It is derived: an older one is not in the way.
    pub(super) fn put_index(&self, snapshot: &Snapshot) -> Result<()> {
        let Some(index) = &snapshot.index else { return Ok(()) };
        index.write(self.vfs.as_ref(), &self.path)
    }

    /// Makes it a store, where it is none yet. The mark goes after the superblock is durable: with neither of them it
    /// would be somebody's segments.
    pub(super) fn finish(&self) -> Result<()> {
        let (marker, superblock) = (self.path.join(folder::BACKUP_NAME), self.path.join(SUPERBLOCK_NAME));
        if self.vfs.kind(&superblock).is_err() {
            let will_be = folder::read_superblock_from(self.vfs.as_ref(), &self.path, folder::BACKUP_NAME)?;
            create_durably(self.vfs.as_ref(), &superblock, &will_be.encode())
                .map_err(|error| Error::io("writing the superblock", &superblock, error))?;
        }
        remove_if_there(self.vfs.as_ref(), &marker).map_err(|error| Error::io("removing", &marker, error))
    }

    /// The error for what is not, or no longer, a copy of the store.
    pub(super) fn refused(&self, why: &str) -> Error {
        refused(&self.path, why)
    }
}

/// What is written into the folder of a store would be taken for a part of it, or be in its way.
fn refuse_stores(vfs: &dyn Vfs, path: &Path) -> Result<()> {
    let Some(above) = folder::store_above(vfs, path) else { return Ok(()) };
    let message = format!(
        "{} is in the folder of a store, {}; back up to another place",
        path.display(),
        above.display()
    );
    Err(Error::new(ErrorCode::InvalidArgument, message))
}

/// What stands at a target.
#[derive(PartialEq, Eq)]
enum There {
    Nothing,
    /// A backup of the store, finished or not.
    Backup,
}

fn look(vfs: &dyn Vfs, path: &Path, store: &Superblock) -> Result<There> {
    let names = vfs.list(path).map_err(|error| Error::io("listing", path, error))?;
    let has = |wanted: &str| names.iter().any(|name| name == Path::new(wanted));
    let name = [SUPERBLOCK_NAME, folder::BACKUP_NAME].into_iter().find(|name| has(name));
    let Some(name) = name else {
        let leftover = |name: &PathBuf| {
            [folder::LOCK_NAME, folder::BACKUP_NEW_NAME, folder::RESERVE_NAME]
                .iter()
                .any(|ours| name == Path::new(ours))
        };
        if names.iter().all(leftover) {
            return Ok(There::Nothing);
        }
        return Err(refused(path, "it has files that are none"));
    };
    // People have folders of these names.
    if vfs.kind(&path.join(name)).is_ok_and(|kind| kind != PathKind::File) {
        return Err(refused(path, &format!("`{name}` in it is no file")));
    }
    let found = folder::read_superblock_from(vfs, path, name).map_err(|error| match error.code() {
        ErrorCode::NotAStore => refused(path, &format!("`{name}` in it is not one of ours")),
        _ => error,
    })?;
    if found.store_id != store.store_id {
        return Err(refused(path, "it is another store"));
    }
    if found.incarnation == store.incarnation {
        return Err(refused(path, "it is the store itself, or a copy that was not made by a backup"));
    }
    Ok(There::Backup)
}

fn refused(path: &Path, why: &str) -> Error {
    let message = format!(
        "{} is no backup of this store: {why}; give an empty folder, or an earlier backup",
        path.display()
    );
    Error::new(ErrorCode::NotABackup, message)
}
