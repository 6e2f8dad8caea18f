//! Finding the folders of a store: where its list says, or where the caller says that they are now.

use std::path::{Path, PathBuf};

use super::super::folder;
use super::given::{Given, look_at_given, refused};
use super::read::{holds_no_segments, is_same, look_at_listed, read_list};
use super::{Folder, Paths};
use crate::error::{Error, ErrorCode, Result};
use crate::log::{PathList, Superblock};
use crate::vfs::{Vfs, text_of_bytes};

/// A store whose folders are looked for.
struct Looking<'a> {
    vfs: &'a dyn Vfs,
    home: &'a Path,
    superblock: &'a Superblock,
    /// The list of the folder by which it is opened.
    own: Option<PathList>,
    /// Folders that were given and have a list.
    moved: Vec<(&'a Path, PathList)>,
}

/// The folders of a list, and what each of those that are there was told last.
struct Found {
    folders: Vec<Folder>,
    told: Vec<Option<u64>>,
    /// The list of one of them, where that is newer.
    newer: Option<PathList>,
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
        let mut looking = Looking { vfs, home, superblock, own, moved: Vec::new() };
        // What is to be added, and what is no folder of ours unless a list names it.
        let (mut new, mut odd) = (Vec::<&Path>::new(), Vec::<(&Path, Error)>::new());
        for (at, path) in given.iter().enumerate() {
            let before = given.iter().take(at).map(PathBuf::as_path).chain([home]);
            if before.into_iter().any(|known| is_same(vfs, path, known)) {
                continue;
            }
            match look_at_given(vfs, path, superblock) {
                Ok(Given::New) => new.push(path),
                Ok(Given::Known(list)) => looking.moved.push((path, list)),
                Ok(Given::Unlisted(error)) => odd.push((path, error)),
                Err(error) if error.code() == ErrorCode::InvalidArgument => return Err(error),
                Err(error) => odd.push((path, error)),
            }
        }
        let Some((list, folders)) = looking.find()? else {
            if let Some((_, error)) = odd.into_iter().next() {
                return Err(error);
            }
            return Ok((Paths::one(home), checked_new(vfs, new)?));
        };
        for (path, unknown) in looking.moved.iter().filter(|(_, moved)| moved.own >= list.paths.len()) {
            // Adding it ended before the others were told.
            if unknown.last > list.last || !holds_no_segments(vfs, path)? {
                return Err(refused(path, "the others do not know it"));
            }
            new.push(path);
        }
        // What stands in the place of a folder that is known is looked at as that: its disk may not be mounted.
        let is_listed = |path: &Path| (0..list.paths.len()).any(|at| is_same(vfs, path, &listed(&list, at)));
        if let Some((_, error)) = odd.into_iter().find(|(path, _)| !is_listed(path)) {
            return Err(error);
        }
        new.retain(|path| !is_listed(path));
        let new = checked_new(vfs, new)?;
        Ok((Paths { home: home.to_owned(), list: Some(list), folders }, new))
    }
}

impl Looking<'_> {
    /// The newest list, and its folders; none for a store in one folder.
    fn find(&self) -> Result<Option<(PathList, Vec<Folder>)>> {
        let mut newest = self.own.as_ref();
        for (_, list) in &self.moved {
            if newest.is_none_or(|newest| newest.generation < list.generation) {
                newest = Some(list);
            }
        }
        let Some(mut list) = newest.cloned() else { return Ok(None) };
        loop {
            list.own = self.own_place(&list)?;
            let found = self.find_listed(&list)?;
            if let Some(newer) = found.newer {
                list = newer;
                continue;
            }
            for (at, told) in found.told.iter().enumerate() {
                if let Some(told) = told {
                    list.leave_out(at, *told);
                }
            }
            return Ok(Some((list, found.folders)));
        }
    }

    /// Which folder the store was opened by. It has no list where a crash kept that from being written, or where somebody
    /// removed it: then it is the one that is to be there, or the only one that is nowhere else.
    fn own_place(&self, list: &PathList) -> Result<usize> {
        let (vfs, all) = (self.vfs, 0..list.paths.len());
        let by_path = || all.clone().find(|at| is_same(vfs, self.home, &listed(list, *at)));
        let by_rest = || {
            let is_there = |at: usize| look_at_listed(vfs, &listed(list, at), self.superblock, at).is_ok();
            let is_given = |at: usize| self.moved.iter().any(|(_, moved)| moved.own == at);
            let mut rest = all.clone().filter(|at| !is_given(*at) && !is_there(*at));
            rest.next().filter(|_| rest.next().is_none())
        };
        let own = self.own.as_ref().map(|own| own.own).or_else(by_path).or_else(by_rest);
        own.filter(|own| *own < list.paths.len()).ok_or_else(|| {
            let message = format!(
                "the other folders of the store do not know {}; open it by one of them, and give the others as paths",
                self.home.display()
            );
            Error::new(ErrorCode::InvalidArgument, message)
        })
    }

    /// The folders of the list.
    fn find_listed(&self, list: &PathList) -> Result<Found> {
        let mut found = Found { folders: Vec::new(), told: Vec::new(), newer: None };
        for at in 0..list.paths.len() {
            let listed = listed(list, at);
            let mut now = self.moved.iter().filter(|(_, moved)| moved.own == at && at != list.own);
            let (now, other) = match at == list.own {
                true => (Some((self.home, self.own.clone())), None),
                false => (now.next().map(|(path, list)| (*path, Some(list.clone()))), now.next()),
            };
            let there = look_at_listed(self.vfs, &listed, self.superblock, at);
            let (folder, own) = match (now, there) {
                (Some((now, _)), _) if other.is_some() => {
                    return Err(twice(now, other.map_or(&listed, |(other, _)| other)));
                }
                (Some((now, _)), Ok(_)) if !is_same(self.vfs, now, &listed) => {
                    return Err(twice(now, &listed));
                }
                (Some((now, own)), _) => (Folder::there(now.to_owned()), own),
                (None, Ok(own)) => (Folder::there(listed), own),
                (None, Err(why)) => (Folder { path: listed, absent: Some(why) }, None),
            };
            let newest = found.newer.as_ref().map_or(list.generation, |newer| newer.generation);
            found.told.push(own.as_ref().map(|own| own.last));
            found.newer = own.filter(|own| own.generation > newest).or(found.newer);
            found.folders.push(folder);
        }
        Ok(found)
    }
}

/// Where a folder was when the list was written.
pub(super) fn listed(list: &PathList, at: usize) -> PathBuf {
    list.paths.get(at).and_then(|bytes| text_of_bytes(bytes)).map(PathBuf::from).unwrap_or_default()
}

/// Folders that are to be added. In the folder of a store one would be deleted with it, or with its index.
fn checked_new(vfs: &dyn Vfs, new: Vec<&Path>) -> Result<Vec<PathBuf>> {
    for path in &new {
        if let Some(above) = folder::store_above(vfs, path) {
            return Err(refused(path, &format!("it is in the folder of a store, {}", above.display())));
        }
    }
    Ok(new.into_iter().map(Path::to_owned).collect())
}

fn twice(one: &Path, other: &Path) -> Error {
    let message = format!(
        "{} and {} are copies of one folder of the store; give one of them, and move the other away",
        one.display(),
        other.display()
    );
    Error::new(ErrorCode::InvalidArgument, message)
}
