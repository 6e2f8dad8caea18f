//! Asking the index, and making it anew.
//!
//! A tier tells of damage only when the damaged block is touched, and its answer is worth nothing then. So whoever asks
//! asks through [`Store::query`]: an answer from which damage comes out is thrown away, the index is made anew from the
//! log, and the question is asked again.

use std::collections::BTreeSet;

use super::filling::Filling;
use super::recover::{Covered, index_segments, keep_losses};
use super::tiers::{TierFolder, listed};
use super::{Store, WriterState};
use crate::error::{Error, ErrorCode, Result};
use crate::index::Index;
use crate::log::Damage;
use crate::logging::tell;

/// An index that is damaged as often as this, each time after it was made anew, is on a disk that fails.
const ATTEMPTS: usize = 3;

impl Store {
    /// The number after the last event.
    pub(crate) fn sequence_end(&self) -> u64 {
        self.index.read().sequence_end()
    }

    /// What recovery could not read.
    pub(crate) fn known_damage(&self) -> BTreeSet<Damage> {
        self.index.read().damage().clone()
    }

    /// Asks the index. The lock is held for the length of the question, never over a read of the log. The question is
    /// asked again where the index turns out to be damaged, so it must leave no traces.
    pub(crate) fn query<T>(&self, ask: impl Fn(&Index) -> T) -> Result<T> {
        for _ in 0..ATTEMPTS {
            if let Some(answer) = self.ask_once(&ask) {
                return Ok(answer);
            }
            self.mend_index(self.writer.lock().as_mut())?;
        }
        Err(keeps_breaking())
    }

    /// As [`Store::query`], for whoever holds the writer's lock.
    pub(super) fn query_as_writer<T>(&self, state: &mut WriterState, ask: impl Fn(&Index) -> T) -> Result<T> {
        for _ in 0..ATTEMPTS {
            if let Some(answer) = self.ask_once(&ask) {
                return Ok(answer);
            }
            self.mend_index(Some(state))?;
        }
        Err(keeps_breaking())
    }

    /// The answer, unless damage came out with it.
    fn ask_once<T>(&self, ask: impl Fn(&Index) -> T) -> Option<T> {
        let index = self.index.read();
        let answer = ask(&index);
        (!index.is_damaged()).then_some(answer)
    }

    /// Makes the index anew from the segments, and forgets the one on disk. `advance` is told the bytes of each
    /// record, under no lock; where it fails, the index stays as it was.
    pub(crate) fn rebuild_index(&self, mut advance: impl FnMut(u64) -> Result<()>) -> Result<()> {
        tell!(WARN, store = %self.folder.display(), "the index is made anew from the segments, as somebody asked");
        let mut new = {
            let mut writer = self.writer.lock();
            // What is to be thrown away is not merged before.
            if let Some(state) = writer.as_mut() {
                state.tiers.stop_merging();
            }
            NewIndex::new(writer.as_ref())
        };
        if let Err(error) = new.read_on(self, &mut advance) {
            if let Some(state) = self.writer.lock().as_mut() {
                let minimum_free_bytes = self.options.minimum_free_bytes;
                state.tiers.go_on_merging(&self.index, self.merging(), minimum_free_bytes);
            }
            return Err(error);
        }
        // What was committed meanwhile is added while nobody commits.
        let mut writer = self.writer.lock();
        new.read_on(self, &mut |_| Ok(()))?;
        self.exchange(new, writer.as_mut());
        Ok(())
    }

    /// Makes the index anew where it is damaged. The caller holds the writer's lock.
    pub(super) fn mend_index(&self, state: Option<&mut WriterState>) -> Result<()> {
        if self.index.read().is_damaged() {
            tell!(WARN, store = %self.folder.display(), "the index is damaged, and is made anew from the segments");
            let mut new = NewIndex::new(state.as_deref());
            new.read_on(self, &mut |_| Ok(()))?;
            self.exchange(new, state);
        }
        Ok(())
    }

    /// Puts a new index in the place of the old one. The caller holds the writer's lock.
    fn exchange(&self, mut new: NewIndex, state: Option<&mut WriterState>) {
        keep_losses(&self.segments(), &self.index.read(), &mut new.index);
        if state.is_none() {
            // What a reader has made anew in memory it keeps, rather than take the damaged tiers again.
            new.index.allow_more();
        }
        let old = std::mem::replace(&mut *self.index.write(), new.index);
        if let Some(state) = state {
            self.forget_checkpoint(state, &listed(&old));
            if let Some(tiers) = new.tiers {
                state.tiers.take_over(&tiers);
            }
            if state.must_roll.is_none() {
                // Where it fails, the next opening reads the segments once more.
                let _ = self.write_checkpoint(state, self.merging());
            }
        }
    }
}

/// An index that is being made from the segments.
struct NewIndex {
    index: Index,
    covered: Covered,
    /// None for a reader, who writes nothing and keeps all in memory.
    tiers: Option<TierFolder>,
}

impl NewIndex {
    fn new(state: Option<&WriterState>) -> NewIndex {
        let tiers = state.map(|state| state.tiers.another());
        NewIndex { index: Index::default(), covered: Covered::new(), tiers }
    }

    /// Reads what the segments have by now.
    fn read_on(&mut self, store: &Store, advance: &mut dyn FnMut(u64) -> Result<()>) -> Result<()> {
        let NewIndex { index, covered, tiers } = self;
        let id = store.superblock.store_id;
        let paths = store.paths.read().clone();
        let mut filling = Filling::new(index, tiers.as_mut(), store.options.merge_beside, advance);
        let read = index_segments(&store.segments(), &paths, id, covered, &mut filling);
        drop(filling);
        if let (Err(_), Some(tiers)) = (&read, tiers) {
            // Nobody needs the tiers that it had come to.
            tiers.remove_all(index);
        }
        read
    }
}

fn keeps_breaking() -> Error {
    let message =
        "the index on the disk is damaged again and again; check the disk, and what it says in verify";
    Error::new(ErrorCode::Corrupt, message)
}
