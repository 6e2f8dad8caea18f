//! Bringing the lists of all folders to one state.
//!
//! A disk that was away knows nothing of what was begun without it, and a crash leaves lists that differ. So before anything
//! is written, every folder is told what the newest list says, and what is in truth there.

use std::path::Path;

use super::add::bytes_of;
use super::look::listed;
use super::read::{is_same, read_list};
use super::{Paths, full};
use crate::error::Result;
use crate::log::STORE_ID_BYTES;
use crate::vfs::Vfs;

impl Paths {
    /// Writes the list anew where a folder has another one, or where it is not true. Takes the segments that are there,
    /// ascending, and the number after the last event. The caller holds the locks.
    pub(crate) fn level<'a>(
        &mut self,
        vfs: &dyn Vfs,
        store_id: [u8; STORE_ID_BYTES],
        segments: impl Iterator<Item = (u64, &'a Path)>,
        sequence_end: u64,
    ) -> Result<()> {
        let Some(mut list) = self.list.clone() else { return Ok(()) };
        let place = |folder: &Path| self.folders.iter().position(|known| known.path == folder);
        let found: Vec<(u64, usize)> =
            segments.filter_map(|(segment, folder)| Some((segment, place(folder)?))).collect();
        list.correct(&found, sequence_end);
        let there = || self.folders.iter().enumerate().filter(|(_, folder)| folder.absent.is_none());
        for (at, folder) in there() {
            let is_listed = is_same(vfs, &folder.path, &listed(&list, at));
            if let (false, Ok(now), Some(path)) = (is_listed, bytes_of(&folder.path), list.paths.get_mut(at))
            {
                *path = now;
            }
        }
        let has_it = |(at, path): (usize, &Path)| {
            read_list(vfs, path, store_id).is_ok_and(|own| own.is_some_and(|own| own == list.of(at)))
        };
        if there().all(|(at, folder)| has_it((at, &folder.path))) {
            return Ok(());
        }
        if !list.advance() {
            return Err(full());
        }
        self.write(vfs, store_id, list, 0)
    }
}
