//! The files of the index: tiers, and the list of them.
//!
//! Order of writing, each step after the one before is on the disk: a tier; the list that names it; the removal of what
//! the list names no more. The log is made durable up to where the list stands before that is written: a list that
//! knows more than the log is not believed. All of it is derived: what fails here costs time and nothing else.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::RwLock;

use super::folder;
use crate::error::{Error, Result};
use crate::index::{Checkpoint, Index, ListedTier, Tier, TierHeader, write_merged};
use crate::log::STORE_ID_BYTES;
use crate::vfs::{Access, Vfs, VfsFile, create_durably};

/// A tier is merged with the one before it while that has not so many times its entries: so the tiers are few, and
/// each entry is written few times.
const MERGE_RATIO: u64 = 2;

/// Each is mapped, and asked in turn. Merging keeps them to some tens.
const TIERS_MAX: usize = 1000;

/// Makes tiers.
#[derive(Debug)]
pub(crate) struct TierFolder {
    vfs: Arc<dyn Vfs>,
    store: PathBuf,
    store_id: [u8; STORE_ID_BYTES],
    /// Numbers are not used again: a reader may have a list that names another tier so.
    next_number: Arc<AtomicU64>,
    /// So many events and chunks make a tier.
    entries: u64,
    /// Tiers that the list on the disk may name still, and the index has no more.
    dropped: Vec<u64>,
    spilled: bool,
}

impl TierFolder {
    pub(super) fn new(
        vfs: Arc<dyn Vfs>,
        store: &Path,
        store_id: [u8; STORE_ID_BYTES],
        entries: u64,
    ) -> TierFolder {
        let numbers = numbers(vfs.as_ref(), store);
        let next_number = numbers.into_iter().max().map_or(1, |last| last.saturating_add(1));
        let next_number = Arc::new(AtomicU64::new(next_number));
        TierFolder {
            vfs,
            store: store.to_owned(),
            store_id,
            next_number,
            entries,
            dropped: Vec::new(),
            spilled: false,
        }
    }

    /// Makes tiers for an index that is not in use yet.
    pub(super) fn another(&self) -> TierFolder {
        TierFolder {
            vfs: Arc::clone(&self.vfs),
            store: self.store.clone(),
            store_id: self.store_id,
            next_number: Arc::clone(&self.next_number),
            entries: self.entries,
            dropped: Vec::new(),
            spilled: false,
        }
    }

    /// Whether the index has enough in memory for a tier.
    pub(super) fn is_full(&self, index: &Index) -> bool {
        index.is_full(self.entries)
    }

    /// Makes a tier of what an index that is not in use yet has in memory, once that is enough.
    pub(super) fn spill_if_full(&mut self, index: &mut Index) {
        if !self.is_full(index) {
            return;
        }
        match self.of_memory(index) {
            Ok(Some(tier)) => drop(index.put_tier(tier)),
            Ok(None) => {}
            Err(_) => index.allow_more(),
        }
        self.spilled = true;
        while let Some(tier) = self.of_last_two(index, &mut |_| Ok(())) {
            self.drop_later(&index.put_merged(tier));
        }
    }

    /// Makes a tier of what the index in use has in memory, and merges it with those before it that are not much
    /// larger, where there is room. Nobody else changes the index meanwhile; readers wait for no more than the
    /// exchange.
    pub(super) fn spill(
        &mut self,
        index: &RwLock<Index>,
        room: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<()> {
        let made = self.of_memory(&index.read())?;
        if let Some(tier) = made {
            let memory = index.write().put_tier(tier);
            drop(memory);
        }
        loop {
            let Some(tier) = self.of_last_two(&index.read(), room) else { return Ok(()) };
            let merged = index.write().put_merged(tier);
            self.drop_later(&merged);
        }
    }

    /// Whether tiers were made that no list names.
    pub(super) fn has_spilled(&self) -> bool {
        self.spilled
    }

    /// Goes on with the tiers of another folder, whose index is in use from now on.
    pub(super) fn take_over(&mut self, other: TierFolder) {
        self.dropped.extend(other.dropped);
    }

    fn drop_later(&mut self, merged: &[Arc<Tier>]) {
        self.dropped.extend(merged.iter().map(|tier| tier.listed().number));
    }

    fn of_memory(&self, index: &Index) -> Result<Option<Arc<Tier>>> {
        if index.memory_entries() == 0 {
            return Ok(None);
        }
        let store_id = self.store_id;
        self.make(|file, number| index.write_tier(file, store_id, number)).map(Some)
    }

    /// The last two tiers in one, where they belong together and there is room for it. What cannot be merged now may be
    /// the next time.
    fn of_last_two(&self, index: &Index, room: &mut dyn FnMut(u64) -> Result<()>) -> Option<Arc<Tier>> {
        let [.., old, new] = index.tiers() else { return None };
        if !belong_together(old, new, new.entries()) || room(old.file_bytes() + new.file_bytes()).is_err() {
            return None;
        }
        self.make(|file, number| write_merged(file, number, old, new)).ok()
    }

    fn make(
        &self,
        write: impl FnOnce(&dyn VfsFile, u64) -> std::io::Result<TierHeader>,
    ) -> Result<Arc<Tier>> {
        self.make_folder();
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let path = folder::tier(&self.store, number);
        let error = |error| Error::io("writing the index", &path, error);
        let file = self.vfs.create_new(&path).map_err(error)?;
        let made = write(file.as_ref(), number).and_then(|header| {
            if !cfg!(ouroboros_seeded_bug = "tier_unsynced") {
                file.sync_data()?;
            }
            let listed = ListedTier { number, check: header.check() };
            open_tier(self.vfs.as_ref(), &self.store, self.store_id, &listed)
        });
        made.map_err(|failed| {
            // What is half of one takes room and is of no use.
            let _ = self.vfs.remove_file(&path);
            error(failed)
        })
    }

    /// Makes the folder of the index, which is there already but for the first time.
    fn make_folder(&self) {
        if self.vfs.create_dir(&folder::index(&self.store)).is_ok() {
            // Without its name, the next opening after a loss of power would read the whole log.
            let _ = self.vfs.sync_dir(&self.store);
        }
    }

    /// Writes the list, and removes what it does not name any more.
    pub(super) fn write_list(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        let path = folder::checkpoint(&self.store);
        self.make_folder();
        // The names of the tiers come before a list that has them.
        self.vfs
            .sync_dir(&folder::index(&self.store))
            .and_then(|()| create_durably(self.vfs.as_ref(), &path, &checkpoint.encode(self.store_id)))
            .map_err(|error| Error::io("writing the index", &path, error))?;
        self.spilled = false;
        let dropped = std::mem::take(&mut self.dropped);
        dropped.iter().for_each(|number| self.remove(*number));
        Ok(())
    }

    /// Forgets the list, and the tiers that the index does not have any more.
    pub(super) fn forget_list(&mut self, old: &[ListedTier]) {
        let _ = self.vfs.remove_file(&folder::checkpoint(&self.store));
        let dropped = std::mem::take(&mut self.dropped);
        dropped.into_iter().chain(old.iter().map(|tier| tier.number)).for_each(|number| self.remove(number));
    }

    /// Removes the tiers of an index that is never used.
    pub(super) fn remove_all(&self, index: &Index) {
        listed(index).iter().for_each(|tier| self.remove(tier.number));
    }

    /// Removes what an earlier process left: tiers that its list does not name.
    pub(super) fn remove_leftovers(&self, index: &Index) {
        let kept = listed(index);
        for number in numbers(self.vfs.as_ref(), &self.store) {
            if kept.iter().all(|tier| tier.number != number) {
                self.remove(number);
            }
        }
    }

    /// What cannot be removed now is removed by the next opening.
    fn remove(&self, number: u64) {
        let _ = self.vfs.remove_file(&folder::tier(&self.store, number));
    }
}

/// Whether a tier is to be merged with what follows it.
fn belong_together(old: &Tier, new: &Tier, new_entries: u64) -> bool {
    old.entries() < new_entries.saturating_mul(MERGE_RATIO) && old.can_take(new)
}

/// The tiers of an index, as the list has them.
pub(super) fn listed(index: &Index) -> Vec<ListedTier> {
    index.tiers().iter().map(|tier| tier.listed()).collect()
}

/// The index that a list speaks of. None where a tier is not there, or another one.
pub(super) fn open_listed(
    vfs: &dyn Vfs,
    store: &Path,
    store_id: [u8; STORE_ID_BYTES],
    checkpoint: &Checkpoint,
) -> Option<Index> {
    if checkpoint.tiers.len() > TIERS_MAX {
        return None;
    }
    let mut tiers = Vec::<Arc<Tier>>::new();
    for listed in &checkpoint.tiers {
        let tier = open_tier(vfs, store, store_id, listed).ok()?;
        if tiers.last().is_some_and(|last| !last.precedes(&tier)) {
            return None;
        }
        tiers.push(tier);
    }
    Index::of_checkpoint(tiers, checkpoint)
}

fn open_tier(
    vfs: &dyn Vfs,
    store: &Path,
    store_id: [u8; STORE_ID_BYTES],
    listed: &ListedTier,
) -> std::io::Result<Arc<Tier>> {
    let bytes = vfs.open(&folder::tier(store, listed.number), Access::Read)?.map()?;
    let tier = Tier::open(bytes).filter(|tier| tier.is(store_id, listed));
    tier.map(Arc::new).ok_or_else(|| ErrorKind::InvalidData.into())
}

/// The numbers of the tiers that are there.
fn numbers(vfs: &dyn Vfs, store: &Path) -> Vec<u64> {
    let names = vfs.list(&folder::index(store)).unwrap_or_default();
    names.iter().filter_map(|name| folder::tier_number(name)).collect()
}
