//! Closing: everything durable, the checkpoint written, the lock released.

use super::{Store, WriterState, folder};
use crate::error::{Error, Result};
use std::sync::Arc;

use crate::index::{CoveredSegment, Index, Position, encode_checkpoint};
use crate::log::{CommitNote, Segment, Window, last_commit_before};

impl Store {
    /// Ends the store. The caller has seen to it that no call is running. It is closed whatever the answer:
    /// `poisoned` where an earlier write failed, so that nobody takes what he wrote since for stored.
    pub(crate) fn close(&self) -> Result<()> {
        // Before any lock: in a forked child nobody may ever give it back.
        self.process.check_thoroughly()?;
        let result = match self.poison.check() {
            Ok(()) if self.read_only => Ok(()),
            Ok(()) => self.close_log(),
            poisoned => poisoned,
        };
        *self.writer.lock() = None;
        *self.index.write() = Index::default();
        self.segments.write().clear();
        *self.lock.lock() = None;
        result
    }

    fn close_log(&self) -> Result<()> {
        self.sync()?;
        let mut guard = self.writer.lock();
        let state = guard.as_mut().ok_or_else(Error::closed)?;
        let end = (state.writer.active().number(), state.writer.active().end());
        // Where the next segment could not be begun, nothing was written.
        if state.checkpoint_end == Some(end) || state.must_roll.is_some() {
            return Ok(());
        }
        self.write_closing_commit(state)?;
        // Derived: where it cannot be written, the next opening walks through the segments.
        let _ = self.write_checkpoint(state);
        Ok(())
    }

    /// An empty batch that says that everything before it is durable: damage to the last real batch is then
    /// told from a write that a crash cut short.
    fn write_closing_commit(&self, state: &mut WriterState) -> Result<()> {
        let sequence_end = self.index.read().sequence_end();
        let note = CommitNote {
            sequence_start: sequence_end,
            sequence_end,
            clock: self.clock.high_water(),
            synced_to: state.writer.active().end(),
        };
        let dart = self.poison.arm();
        state.writer.append(&[], note)?.publish();
        state.writer.active().sync()?;
        dart.disarm();
        Ok(())
    }

    fn write_checkpoint(&self, state: &mut WriterState) -> Result<()> {
        let position = self.position_at_end(state.writer.active())?;
        let bytes = encode_checkpoint(&position, &self.index.read(), self.superblock.store_id);
        let (folder, path) = (folder::index(&self.folder), folder::checkpoint(&self.folder));
        let new = path.with_extension("new");
        let io = |error| Error::io("writing the index", &path, error);
        // It is there already on all but the first close.
        let _ = self.vfs.create_dir(&folder);
        let _ = self.vfs.remove_file(&new);
        state.space.take(self.vfs.as_ref(), &self.folder, bytes.len() as u64)?;
        // Not synced: a checkpoint that a crash damaged fails its checksum and is made anew.
        let write = || self.vfs.create_new(&new)?.write_all_at(&bytes, 0);
        write().and_then(|()| self.vfs.rename(&new, &path)).map_err(|error| {
            // What is half of one takes room and is of no use.
            let _ = self.vfs.remove_file(&new);
            io(error)
        })
    }

    /// Forgets the checkpoint on disk, so that the next close writes one.
    pub(super) fn forget_checkpoint(&self, state: &mut WriterState) {
        state.checkpoint_end = None;
        let _ = self.vfs.remove_file(&folder::checkpoint(&self.folder));
    }

    fn position_at_end(&self, active: &Segment) -> Result<Position> {
        let (end, file) = (active.end(), active.file()?);
        let mut window = Window::new(file.as_ref(), end);
        let (commit_offset, commit_check) = last_commit_before(&mut window, active.seed(), end)?;
        let covered = |segment: &Arc<Segment>| -> Result<CoveredSegment> {
            let (number, end) = (segment.number(), segment.end());
            Ok(CoveredSegment { number, end, file_bytes: segment.file_bytes()? })
        };
        // A segment that went missing while the store was open is not covered: once it is back, it is read.
        let segments = self.segments().iter().filter_map(|segment| covered(segment).ok()).collect();
        let clock = self.clock.high_water();
        Ok(Position { segment: active.number(), end, commit_offset, commit_check, clock, segments })
    }
}
