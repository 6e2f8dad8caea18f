//! The folders that a store is in: its own, and those on other disks that it was given.
//!
//! All of them are alike: each has the superblock, a lock, segments, and the list of all folders. Whichever the store is
//! opened by has the index. A folder that is not there takes its segments with it and nothing else: they are told as
//! damage, their chunks are stored anew where they are needed, and no number of theirs is given to another segment.

mod add;
mod given;
#[cfg(test)]
mod hostile_tests;
mod level;
mod look;
mod read;
#[cfg(test)]
mod return_tests;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorCode, Result};
use crate::log::{PATH_LIST_NAME, PathList, SEQUENCE_MAX, STORE_ID_BYTES};
use crate::vfs::{Vfs, create_durably};

/// So many numbers are left out for the events that a segment may have, of which nothing is known: more than fit.
const SEQUENCES_OF_A_SEGMENT: u64 = 1 << 32;

/// The folders of a store, as they were found.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    /// Where the store was opened.
    home: PathBuf,
    /// None for a store in one folder.
    list: Option<PathList>,
    /// In the order of the list.
    folders: Vec<Folder>,
}

#[derive(Clone, Debug)]
struct Folder {
    path: PathBuf,
    /// Why it is not there; none where it is.
    absent: Option<String>,
}

impl Folder {
    fn there(path: PathBuf) -> Folder {
        Folder { path, absent: None }
    }
}

/// What of the log is in folders that are not there, behind all that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Behind {
    /// The last segment of them.
    pub(crate) last: u64,
    /// A sequence number that none of their events has, and none before it is free.
    pub(crate) sequence_end: u64,
}

impl Paths {
    /// Those of a store in one folder.
    pub(crate) fn one(home: &Path) -> Paths {
        Paths { home: home.to_owned(), list: None, folders: vec![Folder::there(home.to_owned())] }
    }

    /// Where the store was opened: the place of the index.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The folders that are there, in the order in which they are filled.
    pub(crate) fn there(&self) -> impl Iterator<Item = &Path> {
        self.folders.iter().filter(|folder| folder.absent.is_none()).map(|folder| folder.path.as_path())
    }

    /// Those that are not, and why.
    pub(crate) fn absent(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.folders.iter().filter_map(|folder| Some((folder.path.as_path(), folder.absent.as_deref()?)))
    }

    /// The folder of a segment, where that is not there.
    pub(crate) fn absent_folder_of(&self, segment: u64) -> Option<&Path> {
        let folder = self.folders.get(self.list.as_ref()?.path_of(segment)?)?;
        folder.absent.as_ref().map(|_| folder.path.as_path())
    }

    /// The numbers of the segments that may have been begun behind this one, whether they are there or not.
    pub(crate) fn begun_behind(&self, segment: u64) -> std::ops::RangeInclusive<u64> {
        segment.saturating_add(1)..=self.list.as_ref().map_or(0, |list| list.last)
    }

    /// What is behind the last segment that is there, in folders that are not.
    pub(crate) fn behind(&self, last: u64) -> Option<Behind> {
        let list = self.list.as_ref()?;
        let is_absent = |at: usize| self.folders.get(at).is_some_and(|folder| folder.absent.is_some());
        let lost = list.last_in(last, is_absent)?;
        let sequence_end = list.last_sequence.saturating_add(SEQUENCES_OF_A_SEGMENT).min(SEQUENCE_MAX);
        Some(Behind { last: lost, sequence_end })
    }

    /// Whether a segment was announced and never begun, though later ones were.
    pub(crate) fn is_nobodys(&self, segment: u64) -> bool {
        self.list.as_ref().is_some_and(|list| list.is_nobodys(segment))
    }

    /// Says in every folder that is there that a segment is begun in one of them, before it is.
    pub(crate) fn begin(
        &mut self,
        vfs: &dyn Vfs,
        store_id: [u8; STORE_ID_BYTES],
        segment: u64,
        sequence: u64,
        folder: &Path,
    ) -> Result<()> {
        let Some(mut list) = self.list.clone() else { return Ok(()) };
        let Some(at) = self.folders.iter().position(|known| known.path == folder) else { return Ok(()) };
        if !list.begin(segment, sequence, at) {
            return Err(full());
        }
        if cfg!(ouroboros_seeded_bug = "segment_unannounced") {
            return Ok(());
        }
        self.write(vfs, store_id, list, at)
    }

    /// Puts a list into every folder that is there, the one at `last` after the others: where that has it, all have.
    /// Where it fails, the one before counts, or this one: they differ in what is to be begun.
    fn write(
        &mut self,
        vfs: &dyn Vfs,
        store_id: [u8; STORE_ID_BYTES],
        list: PathList,
        last: usize,
    ) -> Result<()> {
        let order = (0..self.folders.len()).filter(|at| *at != last).chain([last]);
        for (at, folder) in order.filter_map(|at| Some((at, self.folders.get(at)?))) {
            if folder.absent.is_none() {
                write_list(vfs, store_id, &list, at, &folder.path)?;
            }
        }
        self.list = Some(list);
        Ok(())
    }
}

fn full() -> Error {
    let message = "the list of the segments in each folder is full; begin larger segments";
    Error::new(ErrorCode::InvalidArgument, message)
}

fn write_list(
    vfs: &dyn Vfs,
    store_id: [u8; STORE_ID_BYTES],
    list: &PathList,
    own: usize,
    folder: &Path,
) -> Result<()> {
    let path = folder.join(PATH_LIST_NAME);
    let bytes = list.of(own).encode(store_id);
    create_durably(vfs, &path, &bytes).map_err(|error| Error::io("writing the list of folders", &path, error))
}
