//! Closing: everything durable, the checkpoint written, the lock released.

use super::durable::{DurablePoint, LogEnd};
use super::tiers::{Merging, listed};
use super::{Store, WriterState, folder};
use crate::error::{Error, ErrorCode, Result};
use std::sync::Arc;

use crate::index::{Checkpoint, CoveredSegment, Index, ListedTier, Position, Tier};
use crate::log::{CommitNote, Segment, Window, Writer, last_commit_before};

/// So much free is enough for the closing commit: a block, and one for the file system itself.
const END_BYTES: u64 = 8 * 1024;
/// About what the list of tiers takes.
const LIST_BYTES: u64 = 16 * 1024;

impl Store {
    /// Ends the store. The caller has seen to it that no call is running. It is closed whatever the answer:
    /// `poisoned` where an earlier write failed, so that nobody takes what he wrote since for stored.
    pub(crate) fn close(&self) -> Result<()> {
        // Before any lock: in a forked child nobody may ever give it back.
        self.process.check_thoroughly()?;
        if let Some(state) = self.writer.lock().as_mut() {
            state.tiers.stop_merging();
        }
        let result = match self.poison.check() {
            Ok(()) if self.read_only => Ok(()),
            Ok(()) => self.close_log(),
            poisoned => poisoned,
        };
        *self.writer.lock() = None;
        *self.index.write() = Index::default();
        self.segments.write().clear();
        self.locks.lock().clear();
        self.tell_closed(&result);
        result
    }

    fn close_log(&self) -> Result<()> {
        self.sync()?;
        let mut guard = self.writer.lock();
        let state = guard.as_mut().ok_or_else(Error::closed)?;
        let end = (state.writer.active().number(), state.writer.active().end());
        // Where the next segment could not be begun, nothing was written.
        if state.must_roll.is_some() {
            return Ok(());
        }
        if state.checkpoint_end == Some(end) {
            state.writer.give_back();
            if state.tiers.has_merged() {
                let _ = self.write_checkpoint(state, Merging::Small);
            }
            return Ok(());
        }
        if self.has_room_for_the_end(state) {
            self.write_closing_commit(state)?;
        } else {
            // As after a crash: all is durable, and the next opening judges the last batch by itself.
            state.writer.give_back();
        }
        // Derived: where it cannot be written, the next opening walks through the segments.
        let _ = self.write_checkpoint(state, Merging::Small);
        self.keep_reserve(state);
        Ok(())
    }

    /// Whether the closing commit can be written. A write that fails would leave half of it behind, and `close` would
    /// answer that something is lost. The floor under the free space does not count: it leaves that much.
    fn has_room_for_the_end(&self, state: &mut WriterState) -> bool {
        let bytes = Writer::batch_bytes(&[]);
        let active = Arc::clone(state.writer.active());
        let folder = folder::of_segment(&active);
        let free = || self.vfs.free_bytes(folder).unwrap_or(u64::MAX);
        if state.writer.lacks(bytes) == 0 || free() >= END_BYTES {
            return true;
        }
        if folder == self.folder {
            self.give_up_reserve(state, bytes, 0);
        }
        // Where the file system can say that the room is the file's, it says what is true.
        state.writer.reserve(bytes, 0);
        state.writer.lacks(bytes) == 0 || free() >= bytes
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
        let written = state.writer.stage(&[], note);
        state.writer.write()?;
        written.publish();
        state.writer.give_back();
        state.writer.active().sync()?;
        dart.disarm();
        Ok(())
    }

    /// Makes a tier of what the index has in memory, once that is enough, and lists it. Derived: where it cannot be
    /// done, it stays in memory. The caller holds the writer's lock.
    pub(super) fn spill_if_full(&self, state: &mut WriterState) {
        if state.tiers.is_full(&self.index.read()) && self.write_checkpoint(state, self.merging()).is_err() {
            // Tried again when there is as much once more.
            self.index.write().allow_more();
        }
    }

    /// When tiers are merged while the store is in use.
    pub(super) fn merging(&self) -> Merging {
        if self.options.merge_beside { Merging::Beside } else { Merging::AtOnce }
    }

    /// Writes the index to the disk: a tier of what is in memory, and the list of all. The log is durable up to there
    /// before the list says so.
    pub(super) fn write_checkpoint(&self, state: &mut WriterState, merging: Merging) -> Result<()> {
        // What was entered beside damage may be wrong.
        self.mend_index(Some(state))?;
        self.take_room_for_the_index(state, merging)?;
        state.tiers.spill(&self.index, merging, self.options.minimum_free_bytes)?;
        if !cfg!(ouroboros_seeded_bug = "list_ahead_of_log") {
            self.sync_log(state)?;
        }
        // Taken before the list is made: what is dropped since may be on it.
        let dropped = state.tiers.take_dropped();
        match self.list_of_tiers(state) {
            Ok((checkpoint, _)) => state.tiers.write_list(&checkpoint, dropped),
            Err(error) => {
                state.tiers.keep_dropped(dropped);
                Err(error)
            }
        }
    }

    /// Makes all that was written durable, where it is not.
    pub(super) fn sync_log(&self, state: &mut WriterState) -> Result<()> {
        let end = LogEnd::of(state.writer.active());
        if self.durable.log_end() < end {
            let dart = self.poison.arm();
            state.writer.active().sync()?;
            dart.disarm();
            let sequence_end = self.index.read().sequence_end();
            self.advance_durable(DurablePoint { log_end: end, sequence_end });
        }
        Ok(())
    }

    fn take_room_for_the_index(&self, state: &mut WriterState, merging: Merging) -> Result<()> {
        let bytes = self.index.read().memory_tier_bytes();
        if merging != Merging::Small {
            // While the store is in use, memory does as well.
            return state.space.take(self.vfs.as_ref(), &self.folder, bytes);
        }
        let (bytes, kept) = (bytes + LIST_BYTES, state.reserve.half());
        state.space.forget();
        let taken = state.space.take(self.vfs.as_ref(), &self.folder, bytes);
        taken.or_else(|full| self.give_up_reserve(state, bytes, kept).then_some(()).ok_or(full))
    }

    /// The list of the tiers as they are now, which together with nothing in memory are the index, and the tiers.
    pub(super) fn list_of_tiers(&self, state: &WriterState) -> Result<(Checkpoint, Vec<Arc<Tier>>)> {
        let position = self.position_at_end(&state.writer)?;
        let index = self.index.read();
        if index.is_damaged() {
            let message = "the index is damaged; it is made anew when it is asked";
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
        let checkpoint = Checkpoint {
            position,
            sequence_end: index.sequence_end(),
            counts: index.counts(),
            tiers: listed(&index),
            damage: index.damage().clone(),
        };
        Ok((checkpoint, index.tiers().to_vec()))
    }

    /// Forgets the checkpoint on disk, and the tiers of an index that is not in use any more. The next close writes
    /// one.
    pub(super) fn forget_checkpoint(&self, state: &mut WriterState, old: &[ListedTier]) {
        state.checkpoint_end = None;
        state.tiers.forget_list(old);
    }

    fn position_at_end(&self, writer: &Writer) -> Result<Position> {
        let (active, tally) = (writer.active(), writer.tally());
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
        Ok(Position { segment: active.number(), end, commit_offset, commit_check, clock, tally, segments })
    }
}
