//! The store as of one sequence number, for whoever copies it while writers go on.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::tiers::{Merging, open_tier};
use super::{Store, WriterState, folder};
use crate::error::{Error, Result};
use crate::index::{Checkpoint, Tier};
use crate::log::{STORE_ID_BYTES, Segment};
use crate::vfs::{Vfs, create_dir_unless_there, create_durably};

/// What a store holds at one moment. Nothing of it changes any more.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// The segments, and up to where each counts.
    pub(crate) segments: Vec<(Arc<Segment>, u64)>,
    /// How many segments are not there.
    pub(crate) missing: u64,
    /// The number after the last event.
    pub(crate) sequence_end: u64,
    /// The index, where all of it is in tiers.
    pub(crate) index: Option<SnapshotIndex>,
}

/// An index in files.
#[derive(Debug)]
pub(crate) struct SnapshotIndex {
    checkpoint: Checkpoint,
    tiers: Vec<Arc<Tier>>,
    store_id: [u8; STORE_ID_BYTES],
}

impl Store {
    /// The store as of now. What a writer has committed is made durable first, where he can still write.
    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        let mut guard = self.writer.lock();
        let index = match guard.as_mut().filter(|_| !self.poison.is_poisoned()) {
            Some(state) => self.snapshot_index(state)?,
            None => None,
        };
        // Under the writer's lock, so that they belong together.
        let segments = self.segments().into_iter().map(|segment| {
            let end = segment.end();
            (segment, end)
        });
        let segments: Vec<_> = segments.collect();
        let is_there =
            |number: u64| segments.binary_search_by_key(&number, |(there, _)| there.number()).is_ok();
        let damaged: BTreeSet<u64> = self.known_damage().iter().map(|damage| damage.segment).collect();
        let missing = damaged.into_iter().filter(|number| !is_there(*number)).count() as u64;
        Ok(Snapshot { segments, missing, sequence_end: self.sequence_end(), index })
    }

    fn snapshot_index(&self, state: &mut WriterState) -> Result<Option<SnapshotIndex>> {
        if state.must_roll.is_some() || self.index.read().sequence_end() <= 1 {
            return Ok(None);
        }
        if self.write_checkpoint(state, Merging::Beside).is_err() {
            // There is no room for it, and the copy is made without.
            self.poison.check()?;
            self.sync_log(state)?;
            return Ok(None);
        }
        let (checkpoint, tiers) = self.list_of_tiers(state)?;
        let store_id = self.superblock.store_id;
        Ok(Some(SnapshotIndex { checkpoint, tiers, store_id }))
    }

    /// Ends a store in which nothing was committed, with its index on the disk and its log as it was found.
    pub(crate) fn end_with_index(self) {
        if let Some(state) = self.writer.lock().as_mut() {
            // Derived: where it cannot be written, the next opening reads the log.
            let _ = self.write_checkpoint(state, Merging::Small);
        }
    }
}

impl SnapshotIndex {
    /// Writes the index into the folder of a copy, in the place of the one that is there. The log of the copy is durable
    /// up to where the index stands.
    pub(crate) fn write(&self, vfs: &dyn Vfs, store: &Path) -> Result<()> {
        let index = folder::index(store);
        create_dir_unless_there(vfs, &index)
            .map_err(|error| Error::io("making the folder", &index, error))?;
        // What it lists may have other tiers under the same numbers.
        let _ = vfs.remove_file(&folder::checkpoint(store));
        let there = |tier: &Tier| open_tier(vfs, store, self.store_id, &tier.listed()).is_ok();
        let kept: Vec<u64> =
            self.tiers.iter().filter(|tier| there(tier)).map(|tier| tier.listed().number).collect();
        for name in vfs.list(&index).map_err(|error| Error::io("listing", &index, error))? {
            if let Some(number) = folder::tier_number(&name).filter(|number| !kept.contains(number)) {
                let path = folder::tier(store, number);
                vfs.remove_file(&path).map_err(|error| Error::io("removing", &path, error))?;
            }
        }
        for tier in self.tiers.iter().filter(|tier| !kept.contains(&tier.listed().number)) {
            let path = folder::tier(store, tier.listed().number);
            write_whole(vfs, &path, tier.bytes())
                .map_err(|error| Error::io("writing the index", &path, error))?;
        }
        vfs.sync_dir(&index).map_err(|error| Error::io("syncing the folder", &index, error))?;
        let path = folder::checkpoint(store);
        create_durably(vfs, &path, &self.checkpoint.encode(self.store_id))
            .map_err(|error| Error::io("writing the index", &path, error))
    }
}

fn write_whole(vfs: &dyn Vfs, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    const STEP_BYTES: usize = 1024 * 1024;
    let file = vfs.create_new(path)?;
    let mut at = 0;
    for step in bytes.chunks(STEP_BYTES) {
        file.write_all_at(step, at)?;
        at += step.len() as u64;
    }
    file.sync_data()
}
