//! What a store's folder holds, and making it.
//!
//! ```text
//! superblock    says that this is a store          written last, so that a crash leaves no half-made store
//! lock          the writer's lock and its pid
//! segments/     the log: the only truth
//! index/        derived; may be deleted at any time while no one has the store open
//! ```

use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorCode, Result};
use crate::log::{STORE_ID_BYTES, SUPERBLOCK_BYTES, SUPERBLOCK_NAME, SegmentHeader, Superblock, SuperblockError, create_segment};
use crate::vfs::{Access, PathKind, Vfs, create_durably};

pub(crate) const LOCK_NAME: &str = "lock";
const SEGMENTS_NAME: &str = "segments";
/// What a crash leaves of a superblock that was being written.
const SUPERBLOCK_NEW_NAME: &str = "superblock.new";
const INDEX_NAME: &str = "index";
const CHECKPOINT_NAME: &str = "checkpoint";

pub(crate) fn segments(store: &Path) -> PathBuf {
    store.join(SEGMENTS_NAME)
}

pub(crate) fn index(store: &Path) -> PathBuf {
    store.join(INDEX_NAME)
}

pub(crate) fn checkpoint(store: &Path) -> PathBuf {
    index(store).join(CHECKPOINT_NAME)
}

/// What is at the path of a store.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FolderState {
    Missing,
    /// An empty folder, or what a creation that was cut short left behind.
    Unmade,
    Made,
}

/// Looks without changing anything; `not_a_store` for whatever is neither a store nor can become one.
pub(crate) fn look(vfs: &dyn Vfs, store: &Path) -> Result<FolderState> {
    match vfs.kind(store) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(FolderState::Missing),
        Err(error) => return Err(Error::io("opening", store, error)),
        Ok(PathKind::Directory) => {}
        Ok(PathKind::File | PathKind::Other) => {
            return Err(not_a_store(store, "it is not a folder; a store is a folder"));
        }
    }
    let names = vfs.list(store).map_err(|error| Error::io("listing", store, error))?;
    if names.iter().any(|name| name == Path::new(SUPERBLOCK_NAME)) {
        return Ok(FolderState::Made);
    }
    let ours = [LOCK_NAME, SEGMENTS_NAME, INDEX_NAME, SUPERBLOCK_NEW_NAME];
    if names.iter().all(|name| ours.iter().any(|ours| name == Path::new(ours))) {
        return Ok(FolderState::Unmade);
    }
    Err(not_a_store(store, "it has files but no superblock; give an empty folder, or one that is a store"))
}

fn not_a_store(store: &Path, why: &str) -> Error {
    Error::new(ErrorCode::NotAStore, format!("{} is not a store: {why}", store.display()))
}

/// Makes the folder itself, durably; it may exist.
pub(crate) fn make(vfs: &dyn Vfs, store: &Path) -> Result<()> {
    match vfs.create_dir(store) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Error::io("making the folder", store, error)),
    }
    let parent = match store.parent() {
        Some(parent) if parent == Path::new("") => Path::new("."),
        Some(parent) => parent,
        None => return Ok(()),
    };
    vfs.sync_dir(parent).map_err(|error| Error::io("syncing the folder", parent, error))
}

/// Fills an unmade folder. The caller holds the lock. The superblock comes last: what has one is whole.
pub(crate) fn fill(vfs: &dyn Vfs, store: &Path) -> Result<Superblock> {
    let superblock = Superblock::new(random()?, random()?);
    let segments = segments(store);
    match vfs.create_dir(&segments) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(Error::io("making the folder", &segments, error));
        }
        _ => {}
    }
    let leftovers = vfs.list(&segments).map_err(|error| Error::io("listing", &segments, error))?;
    for name in leftovers {
        // Without a superblock nothing was ever committed here.
        let path = segments.join(name);
        vfs.remove_file(&path).map_err(|error| Error::io("removing", &path, error))?;
    }
    let header =
        SegmentHeader { number: 1, store_id: superblock.store_id, previous_end: 0, sequence_start: 1 };
    create_segment(vfs, &segments, &header)?;
    let path = store.join(SUPERBLOCK_NAME);
    create_durably(vfs, &path, &superblock.encode())
        .map_err(|error| Error::io("writing the superblock", &path, error))?;
    Ok(superblock)
}

fn superblock_bytes(vfs: &dyn Vfs, store: &Path) -> Result<Vec<u8>> {
    let path = store.join(SUPERBLOCK_NAME);
    let error = |error| Error::io("reading the superblock", &path, error);
    let file = vfs.open(&path, Access::Read).map_err(error)?;
    let length = file.len().map_err(error)?.min(SUPERBLOCK_BYTES as u64);
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, 0).map_err(error)?;
    Ok(bytes)
}

/// What is wrong, if one copy of the superblock is damaged.
pub(crate) fn superblock_problem(vfs: &dyn Vfs, store: &Path) -> Result<Option<String>> {
    let bytes = superblock_bytes(vfs, store)?;
    let whole = Superblock::decode(&bytes).is_ok_and(|superblock| superblock.encode() == bytes);
    Ok((!whole).then(|| "one copy of the superblock is damaged; the other one is in use".to_owned()))
}

/// Reads the superblock of a store.
pub(crate) fn read_superblock(vfs: &dyn Vfs, store: &Path) -> Result<Superblock> {
    let path = store.join(SUPERBLOCK_NAME);
    let bytes = superblock_bytes(vfs, store)?;
    Superblock::decode(&bytes).map_err(|why| match why {
        SuperblockError::NotAStore => not_a_store(store, "its superblock is not one of ours"),
        SuperblockError::Newer => {
            let message = format!(
                "{} was written by a newer version of the library; use that version to open it",
                store.display()
            );
            Error::new(ErrorCode::NewerFormat, message)
        }
        SuperblockError::Damaged => {
            let message = format!(
                "both copies of the superblock {} are damaged; take it from a backup of this store, \
                 the segments beside it are not affected",
                path.display()
            );
            Error::new(ErrorCode::Corrupt, message)
        }
    })
}

/// Random bytes from the operating system.
pub(crate) fn random() -> Result<[u8; STORE_ID_BYTES]> {
    let mut bytes = [0; STORE_ID_BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(ErrorCode::Io, format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}
