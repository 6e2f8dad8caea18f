//! Reading what a folder says of itself.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::folder;
use crate::error::{Error, ErrorCode, Result};
use crate::log::{PATH_LIST_BYTES_MAX, PATH_LIST_NAME, PathList, STORE_ID_BYTES, Superblock};
use crate::vfs::{Access, Vfs};

/// The list in a folder; none where there is none.
pub(super) fn read_list(
    vfs: &dyn Vfs,
    folder: &Path,
    store_id: [u8; STORE_ID_BYTES],
) -> Result<Option<PathList>> {
    let path = folder.join(PATH_LIST_NAME);
    let error = |error| Error::io("reading the list of folders", &path, error);
    let file = match vfs.open(&path, Access::Read) {
        Err(missing) if missing.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.map_err(error)?,
    };
    let mut bytes = vec![0; file.len().map_err(error)?.min(PATH_LIST_BYTES_MAX) as usize];
    file.read_exact_at(&mut bytes, 0).map_err(error)?;
    PathList::decode(&bytes, store_id).map(Some).map_err(|why| {
        let message = format!(
            "{} is damaged ({}); remove it, and give the other folders of the store as paths: their lists say the same",
            path.display(),
            why.message()
        );
        Error::new(ErrorCode::Corrupt, message)
    })
}

/// The list of the folder that is to be at this path, or why it is not there. None where it has lost its list: then it is
/// where it is to be, and two segments of one number are refused.
pub(super) fn look_at_listed(
    vfs: &dyn Vfs,
    path: &Path,
    superblock: &Superblock,
    at: usize,
) -> std::result::Result<Option<PathList>, String> {
    let other = || "it is another folder than the one that is to be there".to_owned();
    let found = folder::read_superblock(vfs, path).map_err(|error| error.message().to_owned())?;
    if (found.store_id, found.incarnation) != (superblock.store_id, superblock.incarnation) {
        return Err(other());
    }
    match read_list(vfs, path, superblock.store_id) {
        Ok(Some(list)) if list.own != at => Err(other()),
        Ok(list) => Ok(list),
        Err(error) if error.code() == ErrorCode::Corrupt => Ok(None),
        Err(error) => Err(error.message().to_owned()),
    }
}

pub(super) fn holds_no_segments(vfs: &dyn Vfs, store: &Path) -> Result<bool> {
    let folder = folder::segments(store);
    match vfs.list(&folder) {
        Ok(names) => Ok(names.is_empty()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::io("listing", &folder, error)),
    }
}

/// Whether two paths lead to one place, whether something is there or not.
pub(super) fn is_same(vfs: &dyn Vfs, one: &Path, other: &Path) -> bool {
    one == other || leads_to(vfs, one) == leads_to(vfs, other)
}

fn leads_to(vfs: &dyn Vfs, path: &Path) -> PathBuf {
    let by_parent = || Some(vfs.real(folder::parent(path)?).ok()?.join(path.file_name()?));
    vfs.real(path).ok().or_else(by_parent).unwrap_or_else(|| path.to_owned())
}
