//! Finding the folders of a store: where its list says, or where the caller says that they are now.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::folder::{self, FolderState};
use super::{Folder, Paths};
use crate::error::{Error, ErrorCode, Result};
use crate::log::{PATH_LIST_BYTES_MAX, PATH_LIST_NAME, PathList, STORE_ID_BYTES, Superblock};
use crate::vfs::{Access, Vfs, bytes_of_text, text_of_bytes};

/// What stands at a path that the caller gave.
enum Given {
    /// A folder of the store, which it is in the list.
    Known(usize, PathList),
    /// Nothing, or what may become one.
    New,
}

impl Paths {
    /// Looks for all folders, without changing anything. Gives those too that are to be added.
    pub(crate) fn look(
        vfs: &dyn Vfs,
        home: &Path,
        superblock: &Superblock,
        given: &[PathBuf],
    ) -> Result<(Paths, Vec<PathBuf>)> {
        let own = read_list(vfs, home, superblock.store_id)?;
        let (mut best, mut moved, mut unknown) = (own.clone(), Vec::<(usize, &Path)>::new(), Vec::new());
        for path in given {
            if is_same(vfs, path, home)
                || unknown.contains(path)
                || moved.iter().any(|(_, known)| known == path)
            {
                continue;
            }
            match look_at_given(vfs, path, superblock)? {
                Given::New => unknown.push(path.clone()),
                Given::Known(at, list) => {
                    if let Some((_, other)) = moved.iter().find(|(known, _)| *known == at) {
                        return Err(twice(path, other));
                    }
                    moved.push((at, path));
                    take_newer(&mut best, &list, own_place(home, own.as_ref(), &list));
                }
            }
        }
        let Some(mut list) = best else { return Ok((Paths::one(home), unknown)) };
        let folders = loop {
            let generation = list.generation;
            let folders = find_listed(vfs, home, superblock.store_id, &mut list, &moved)?;
            if list.generation == generation {
                break folders;
            }
        };
        // An empty folder in the place of one that is known: its disk is not mounted.
        unknown
            .retain(|path| bytes_of_text(path.as_os_str()).is_none_or(|bytes| !list.paths.contains(&bytes)));
        Ok((Paths { home: home.to_owned(), list: Some(list), folders }, unknown))
    }
}

/// The folders of the list. Where one of them has a newer list, that is taken.
fn find_listed(
    vfs: &dyn Vfs,
    home: &Path,
    store_id: [u8; STORE_ID_BYTES],
    list: &mut PathList,
    moved: &[(usize, &Path)],
) -> Result<Vec<Folder>> {
    let (mut folders, mut newer) = (Vec::new(), None);
    for (at, bytes) in list.paths.iter().enumerate() {
        let listed = text_of_bytes(bytes).map(PathBuf::from).unwrap_or_default();
        if at == list.own {
            folders.push(Folder::there(home.to_owned()));
            continue;
        }
        let now = moved.iter().find(|(known, _)| *known == at).map(|(_, path)| path.to_path_buf());
        let there = look_at_listed(vfs, &listed, store_id, at);
        let folder = match (now, there) {
            (Some(now), Ok(_)) if !is_same(vfs, &now, &listed) => return Err(twice(&now, &listed)),
            (Some(now), _) => Folder::there(now),
            (None, Ok(found)) => {
                take_newer(&mut newer, &found, list.own);
                Folder::there(listed)
            }
            (None, Err(why)) => Folder { path: listed, absent: Some(why) },
        };
        folders.push(folder);
    }
    if let Some(newer) = newer.filter(|newer| newer.generation > list.generation) {
        *list = newer;
    }
    Ok(folders)
}

/// Which folder the store was opened by. Only the first one has no list yet, where a crash kept it from being written;
/// or somebody removed it.
fn own_place(home: &Path, own: Option<&PathList>, list: &PathList) -> usize {
    let by_path = || {
        let bytes = bytes_of_text(home.as_os_str())?;
        list.paths.iter().position(|path| *path == bytes)
    };
    own.map(|own| own.own).or_else(by_path).unwrap_or(0)
}

fn take_newer(best: &mut Option<PathList>, found: &PathList, own: usize) {
    if best.as_ref().is_none_or(|best| best.generation < found.generation) && own < found.paths.len() {
        *best = Some(found.of(own));
    }
}

/// The list of the folder that is to be at this path, or why it is not there.
fn look_at_listed(
    vfs: &dyn Vfs,
    path: &Path,
    store_id: [u8; STORE_ID_BYTES],
    at: usize,
) -> std::result::Result<PathList, String> {
    let other = || "it is another folder than the one that is to be there".to_owned();
    let superblock = folder::read_superblock(vfs, path).map_err(|error| error.message().to_owned())?;
    let list = read_list(vfs, path, store_id).map_err(|error| error.message().to_owned())?;
    list.filter(|list| superblock.store_id == store_id && list.own == at).ok_or_else(other)
}

fn look_at_given(vfs: &dyn Vfs, path: &Path, superblock: &Superblock) -> Result<Given> {
    if folder::look(vfs, path)? != FolderState::Made {
        return Ok(Given::New);
    }
    let found = folder::read_superblock(vfs, path)?;
    if (found.store_id, found.incarnation) != (superblock.store_id, superblock.incarnation) {
        return Err(refused(path, "it is another store, or a copy of this one"));
    }
    match read_list(vfs, path, superblock.store_id)? {
        Some(list) => Ok(Given::Known(list.own, list)),
        // Its list comes last.
        None if holds_no_segments(vfs, path)? => Ok(Given::New),
        None => Err(refused(path, "it is a copy of this store")),
    }
}

fn holds_no_segments(vfs: &dyn Vfs, store: &Path) -> Result<bool> {
    let folder = folder::segments(store);
    match vfs.list(&folder) {
        Ok(names) => Ok(names.is_empty()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::io("listing", &folder, error)),
    }
}

/// The list in a folder; none where there is none.
fn read_list(vfs: &dyn Vfs, folder: &Path, store_id: [u8; STORE_ID_BYTES]) -> Result<Option<PathList>> {
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

fn is_same(vfs: &dyn Vfs, one: &Path, other: &Path) -> bool {
    one == other || matches!((vfs.real(one), vfs.real(other)), (Ok(one), Ok(other)) if one == other)
}

fn refused(path: &Path, why: &str) -> Error {
    let message = format!(
        "{} cannot be a folder of the store: {why}; give an empty folder, or one that is the store's already",
        path.display()
    );
    Error::new(ErrorCode::InvalidArgument, message)
}

fn twice(one: &Path, other: &Path) -> Error {
    let message = format!(
        "{} and {} are copies of one folder of the store; give one of them, and move the other away",
        one.display(),
        other.display()
    );
    Error::new(ErrorCode::InvalidArgument, message)
}
