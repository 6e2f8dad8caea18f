//! What a store's folder holds, and making it.
//!
//! ```text
//! superblock    says that this is a store          written last, so that a crash leaves no half-made store
//! lock          the writer's lock and its pid
//! segments/     the log: the only truth
//! index/        derived; may be deleted at any time while no one has the store open
//! reserve       derived; may be deleted at any time: room that is given up where the disk is full
//! ```

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::reserve::RESERVE_BYTES_MAX;
use crate::error::{Error, ErrorCode, Result};
use crate::log::{
    OpenFiles, SEGMENT_HEADER_BYTES, STORE_ID_BYTES, SUPERBLOCK_BYTES, SUPERBLOCK_NAME, Segment,
    SegmentHeader, Superblock, SuperblockError, create_segment, file_name, parse_file_name,
};
use crate::vfs::{Access, PathKind, Vfs, create_dir_unless_there, create_durably, remove_if_there};

pub(crate) const LOCK_NAME: &str = "lock";
/// In the place of the superblock while a backup is not finished: the superblock that it will have.
pub(crate) const BACKUP_NAME: &str = "backup";
pub(crate) const BACKUP_NEW_NAME: &str = "backup.new";
const SEGMENTS_NAME: &str = "segments";
/// What a crash leaves of a superblock that was being written.
const SUPERBLOCK_NEW_NAME: &str = "superblock.new";
/// Bytes of a lock file: the process id and a newline.
const LOCK_BYTES: u64 = super::lock::PID_BYTES as u64;
const INDEX_NAME: &str = "index";
pub(crate) const RESERVE_NAME: &str = "reserve";
const CHECKPOINT_NAME: &str = "checkpoint";
const TIER_ENDING: &str = ".tier";

pub(crate) fn segments(store: &Path) -> PathBuf {
    store.join(SEGMENTS_NAME)
}

pub(crate) fn index(store: &Path) -> PathBuf {
    store.join(INDEX_NAME)
}

pub(crate) fn checkpoint(store: &Path) -> PathBuf {
    index(store).join(CHECKPOINT_NAME)
}

/// The folder of the store that a segment is in.
pub(crate) fn of_segment(segment: &Segment) -> &Path {
    segment.path().parent().and_then(Path::parent).unwrap_or(Path::new(""))
}

/// The room that is kept for a full disk.
pub(crate) fn reserve(store: &Path) -> PathBuf {
    store.join(RESERVE_NAME)
}

/// How long the file is; 0 where there is none.
pub(crate) fn reserve_bytes(vfs: &dyn Vfs, store: &Path) -> u64 {
    file_bytes(vfs, &reserve(store)).ok().flatten().unwrap_or(0)
}

/// A part of the index.
pub(crate) fn tier(store: &Path, number: u64) -> PathBuf {
    index(store).join(format!("{number:08}{TIER_ENDING}"))
}

/// The number of a part of the index, from its file's name.
pub(crate) fn tier_number(name: &Path) -> Option<u64> {
    let number = name.to_str()?.strip_suffix(TIER_ENDING)?.parse().ok()?;
    (name == Path::new(tier(Path::new(""), number).file_name()?)).then_some(number)
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
    if has_superblock(&names) {
        return Ok(FolderState::Made);
    }
    if names.iter().any(|name| name == Path::new(BACKUP_NAME)) {
        let why = "it is a backup that was not finished; back up to it again, and it is one";
        return Err(not_a_store(store, why));
    }
    match check_unmade(vfs, store, &names) {
        Ok(()) => Ok(FolderState::Unmade),
        Err(refused) => {
            // Another process may be making the store at this moment: its superblock comes last.
            let names = vfs.list(store).map_err(|error| Error::io("listing", store, error))?;
            if has_superblock(&names) { Ok(FolderState::Made) } else { Err(refused) }
        }
    }
}

fn has_superblock(names: &[PathBuf]) -> bool {
    names.iter().any(|name| name == Path::new(SUPERBLOCK_NAME))
}

/// Whether a folder without a superblock holds nothing but what a creation that was cut short leaves. Anything else
/// may be all that someone has left of his data.
fn check_unmade(vfs: &dyn Vfs, store: &Path, names: &[PathBuf]) -> Result<()> {
    if names.iter().any(|name| name == Path::new(SEGMENTS_NAME)) {
        check_unmade_segments(vfs, store)?;
    }
    for name in names {
        let bytes_max = match name.to_str() {
            Some(SEGMENTS_NAME) => continue,
            Some(LOCK_NAME) => LOCK_BYTES,
            Some(SUPERBLOCK_NEW_NAME) => SUPERBLOCK_BYTES as u64,
            // Nobody's data, whatever became of the store that it was for.
            Some(RESERVE_NAME) => RESERVE_BYTES_MAX,
            _ => 0,
        };
        if bytes_max == 0 || file_bytes(vfs, &store.join(name))?.is_none_or(|bytes| bytes > bytes_max) {
            let why = "it has files but no superblock; give an empty folder, or one that is a store";
            return Err(not_a_store(store, why));
        }
    }
    Ok(())
}

fn check_unmade_segments(vfs: &dyn Vfs, store: &Path) -> Result<()> {
    let folder = segments(store);
    if vfs.kind(&folder).is_ok_and(|kind| kind != PathKind::Directory) {
        return Err(not_a_store(store, "it has no superblock, and `segments` in it is no folder"));
    }
    for name in vfs.list(&folder).map_err(|error| Error::io("listing", &folder, error))? {
        let path = folder.join(&name);
        if parse_file_name(&name).is_none() {
            let why = format!("it has no superblock, and {} is not ours; check the path", path.display());
            return Err(not_a_store(store, &why));
        }
        let bytes = file_bytes(vfs, &path)?;
        let leftover = name == Path::new(&file_name(1));
        if !leftover || bytes.is_none_or(|bytes| bytes > SEGMENT_HEADER_BYTES as u64) {
            let message = format!(
                "{} has segments but no superblock; take the superblock from a backup of this store, \
                 or move the segments away to make a new one",
                store.display()
            );
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
    }
    Ok(())
}

/// The length of a file; none for what is none.
fn file_bytes(vfs: &dyn Vfs, path: &Path) -> Result<Option<u64>> {
    let error = |error| Error::io("opening", path, error);
    if vfs.kind(path).map_err(error)? != PathKind::File {
        return Ok(None);
    }
    vfs.open(path, Access::Read).and_then(|file| file.len()).map(Some).map_err(error)
}

fn not_a_store(store: &Path, why: &str) -> Error {
    Error::new(ErrorCode::NotAStore, format!("{} is not a store: {why}", store.display()))
}

/// Makes the folder itself, durably; it may exist.
pub(crate) fn make(vfs: &dyn Vfs, store: &Path) -> Result<()> {
    match create_dir_unless_there(vfs, store) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = format!(
                "{} cannot be made: the folder that it is to be in does not exist; make that first",
                store.display()
            );
            return Err(Error::new(ErrorCode::PathNotFound, message));
        }
        Err(error) => return Err(Error::io("making the folder", store, error)),
    }
    sync_parent(vfs, store)
}

/// The folder that this one is in; none above the root.
pub(crate) fn parent(path: &Path) -> Option<&Path> {
    path.parent().map(|parent| if parent == Path::new("") { Path::new(".") } else { parent })
}

/// The folder of a store that a path is in, where there is one: what is written there would be taken for a part of that, or
/// be in its way.
pub(crate) fn store_above(vfs: &dyn Vfs, path: &Path) -> Option<PathBuf> {
    let above = parent(path)?;
    let real = match (vfs.real(path), vfs.real(above)) {
        (Ok(real), _) => real,
        (Err(_), Ok(above)) => above.join("new"),
        // Making the folder says what is wrong.
        (Err(_), Err(_)) => return None,
    };
    let is_store = |above: &&Path| {
        let is_file = vfs.kind(&above.join(SUPERBLOCK_NAME)).is_ok_and(|kind| kind == PathKind::File);
        is_file && read_superblock(vfs, above).is_ok()
    };
    real.ancestors().skip(1).find(is_store).map(Path::to_owned)
}

fn sync_parent(vfs: &dyn Vfs, store: &Path) -> Result<()> {
    let Some(parent) = parent(store) else { return Ok(()) };
    match vfs.sync_dir(parent) {
        // A folder that may be passed through but not read cannot be synced, by nobody like us.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(Error::io("syncing the folder", parent, error)),
        Ok(()) => Ok(()),
    }
}

/// Makes the names durable that lead to the log: a process that was killed may have left them unsynced, and what is
/// acknowledged from now on stands behind them.
pub(crate) fn sync_names(vfs: &dyn Vfs, store: &Path) -> Result<()> {
    if cfg!(ouroboros_seeded_bug = "names_unsynced") {
        return Ok(());
    }
    sync_parent(vfs, store)?;
    for folder in [store.to_owned(), segments(store)] {
        match vfs.sync_dir(&folder) {
            // A lost folder of segments is told by recovery.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("syncing the folder", &folder, error)),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// Fills an unmade folder. The caller holds the lock, and has looked at what is there. The superblock comes last:
/// what has one is whole.
pub(crate) fn fill(files: &Arc<OpenFiles>, store: &Path) -> Result<Superblock> {
    let vfs = files.vfs().as_ref();
    let superblock = Superblock::new(random()?, random()?);
    let segments = segments(store);
    create_dir_unless_there(vfs, &segments)
        .map_err(|error| Error::io("making the folder", &segments, error))?;
    // No more than a header: [`look`] has refused everything else.
    let leftover = segments.join(file_name(1));
    remove_if_there(vfs, &leftover).map_err(|error| Error::io("removing", &leftover, error))?;
    let header = SegmentHeader {
        number: 1,
        store_id: superblock.store_id,
        previous_end: 0,
        sequence_start: 1,
        previous_footer: false,
    };
    create_segment(files, &segments, &header)?;
    vfs.sync_dir(store).map_err(|error| Error::io("syncing the folder", store, error))?;
    let path = store.join(SUPERBLOCK_NAME);
    create_durably(vfs, &path, &superblock.encode())
        .map_err(|error| Error::io("writing the superblock", &path, error))?;
    Ok(superblock)
}

fn superblock_bytes(vfs: &dyn Vfs, store: &Path, name: &str) -> Result<Vec<u8>> {
    let path = store.join(name);
    let error = |error| Error::io("reading the superblock", &path, error);
    let file = vfs.open(&path, Access::Read).map_err(error)?;
    let length = file.len().map_err(error)?.min(SUPERBLOCK_BYTES as u64);
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, 0).map_err(error)?;
    Ok(bytes)
}

/// What is wrong, if one copy of the superblock is damaged.
pub(crate) fn superblock_problem(vfs: &dyn Vfs, store: &Path) -> Result<Option<String>> {
    let bytes = superblock_bytes(vfs, store, SUPERBLOCK_NAME)?;
    let whole = Superblock::decode(&bytes).is_ok_and(|superblock| superblock.encode() == bytes);
    Ok((!whole).then(|| "one copy of the superblock is damaged; the other one is in use".to_owned()))
}

/// Reads the superblock of a store.
pub(crate) fn read_superblock(vfs: &dyn Vfs, store: &Path) -> Result<Superblock> {
    read_superblock_from(vfs, store, SUPERBLOCK_NAME)
}

/// As [`read_superblock`], from a file of another name.
pub(crate) fn read_superblock_from(vfs: &dyn Vfs, store: &Path, name: &str) -> Result<Superblock> {
    let path = store.join(name);
    let bytes = superblock_bytes(vfs, store, name)?;
    Superblock::decode(&bytes).map_err(|why| match why {
        SuperblockError::NotAStore => not_a_store(store, "its superblock is not one of ours; check the path"),
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
