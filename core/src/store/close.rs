//! Closing: everything durable, the checkpoint written, the lock released.

use super::{Store, WriterState, folder};
use crate::error::{Error, Result};
use crate::index::{Index, Position, encode_checkpoint};
use crate::log::{CommitNote, Segment, Window, last_commit_before};

impl Store {
    /// Ends the store. The caller has seen to it that no call is running.
    pub(crate) fn close(&self) -> Result<()> {
        let result = if self.read_only || self.poison.is_poisoned() { Ok(()) } else { self.close_log() };
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
        if state.checkpoint_end == Some(end) {
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
        state.writer.append(&[], note)?;
        let active = state.writer.active();
        active.file().sync_data().map_err(|error| active.error("syncing", error))?;
        dart.disarm();
        Ok(())
    }

    fn write_checkpoint(&self, state: &WriterState) -> Result<()> {
        let active = state.writer.active();
        let position = position_at_end(active, self.clock.high_water())?;
        let bytes = encode_checkpoint(&position, &self.index.read(), self.superblock.store_id);
        let (folder, path) = (folder::index(&self.folder), folder::checkpoint(&self.folder));
        let new = path.with_extension("new");
        let io = |error| Error::io("writing the index", &path, error);
        // It is there already on all but the first close.
        let _ = self.vfs.create_dir(&folder);
        let _ = self.vfs.remove_file(&new);
        let file = self.vfs.create_new(&new).map_err(io)?;
        file.write_all_at(&bytes, 0).map_err(io)?;
        // Not synced: a checkpoint that a crash damaged fails its checksum and is made anew.
        self.vfs.rename(&new, &path).map_err(io)
    }

    /// Forgets the checkpoint on disk, so that the next close writes one.
    pub(super) fn forget_checkpoint(&self, state: &mut WriterState) {
        state.checkpoint_end = None;
        let _ = self.vfs.remove_file(&folder::checkpoint(&self.folder));
    }
}

fn position_at_end(active: &Segment, clock: u64) -> Result<Position> {
    let end = active.end();
    let mut window = Window::new(active.file().as_ref(), end);
    let (commit_offset, commit_check) = last_commit_before(&mut window, active.seed(), end)?;
    Ok(Position { segment: active.number(), end, commit_offset, commit_check, clock })
}
