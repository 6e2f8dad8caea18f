//! Beginning the next segment: when, and in which folder.
//!
//! Order: the lists of folders say where it is to be; then the writer does what [`crate::log`] says. A crash between leaves
//! lists that tell of a segment that was never begun, and it is begun then.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::durable::{DurablePoint, LogEnd};
use super::{MustRoll, Store, WriterState, folder};
use crate::error::{ErrorCode, Result};
use crate::log::{SEGMENT_HEADER_BYTES, SegmentHeader};
use crate::logging::tell;

impl Store {
    /// Rolls, with the room of the reserve where the disks are full; without that nothing has changed.
    pub(super) fn roll_where_there_is_room(&self, state: &mut WriterState) -> Result<()> {
        let bytes = SEGMENT_HEADER_BYTES as u64;
        let folder = match self.take_folder(state, bytes) {
            Err(full) if full.code() == ErrorCode::DiskFull => {
                let given = self.give_up_reserve(state, bytes, 0);
                given.then(|| self.folder.clone()).ok_or(full)?
            }
            other => other?,
        };
        let header = self.announce(state, self.index.read().sequence_end(), &folder)?;
        self.roll(state, &header, &folder)
    }

    /// Takes room for so many bytes behind the last segment. Where there is none and the store is in several folders, it
    /// is taken in another one, which has to take `anew`, and that is given.
    pub(super) fn take_room(
        &self,
        state: &mut WriterState,
        bytes: u64,
        anew: u64,
    ) -> Result<Option<PathBuf>> {
        let active = Arc::clone(state.writer.active());
        match state.space.take(self.vfs.as_ref(), folder::of_segment(&active), bytes) {
            Err(full) if full.code() == ErrorCode::DiskFull && self.paths.read().there().nth(1).is_some() => {
                self.take_folder(state, anew).map(Some).map_err(|_| full)
            }
            other => other.map(|()| None),
        }
    }

    /// Takes room for so many bytes of a new segment, and gives the folder: the first one that has room for a whole
    /// segment, else the one that has the most.
    pub(super) fn take_folder(&self, state: &mut WriterState, bytes: u64) -> Result<PathBuf> {
        let folders: Vec<PathBuf> = self.paths.read().there().map(PathBuf::from).collect();
        let mut best: Option<(u64, &PathBuf)> = None;
        for folder in folders.iter().filter(|_| folders.len() > 1) {
            // A disk that does not answer has no room.
            let Ok(room) = state.space.usable(self.vfs.as_ref(), folder) else { continue };
            if best.is_none_or(|(most, _)| most < room) {
                best = Some((room, folder));
            }
            if room >= self.options.segment_bytes.max(bytes) {
                break;
            }
        }
        let folder = best.map_or(&self.folder, |(_, folder)| folder);
        state.space.take(self.vfs.as_ref(), folder, bytes)?;
        Ok(folder.clone())
    }

    /// Says in the lists of folders that the next segment is begun in this one. Where that fails, nothing is begun, and it
    /// can be tried again.
    pub(super) fn announce(
        &self,
        state: &WriterState,
        sequence_start: u64,
        folder: &Path,
    ) -> Result<SegmentHeader> {
        let old = LogEnd::of(state.writer.active());
        let MustRoll { after, previous_end } =
            state.must_roll.unwrap_or(MustRoll { after: old.segment, previous_end: old.end });
        let store_id = self.superblock.store_id;
        let number = after.saturating_add(1);
        let mut paths = self.paths.read().clone();
        paths.begin(self.vfs.as_ref(), store_id, number, sequence_start, folder)?;
        *self.paths.write() = paths;
        let previous_footer = false;
        Ok(SegmentHeader { number, store_id, previous_end, sequence_start, previous_footer })
    }

    /// Begins the segment that was announced.
    pub(super) fn roll(&self, state: &mut WriterState, header: &SegmentHeader, folder: &Path) -> Result<()> {
        let old = LogEnd::of(state.writer.active());
        state.writer.roll(header, &folder::segments(folder), self.clock.high_water())?;
        state.must_roll = None;
        let active = Arc::clone(state.writer.active());
        tell!(DEBUG, store = %self.folder.display(), segment = active.number(), "a segment was begun");
        self.advance_durable(DurablePoint { log_end: old, sequence_end: header.sequence_start });
        self.segments.write().insert(active.number(), active);
        Ok(())
    }
}
