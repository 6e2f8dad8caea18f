//! The files of the index: tiers, and the list of them.
//!
//! Order of writing, each step after the one before is on the disk: a tier; the list that names it; the removal of what
//! the list names no more. The log is made durable up to where the list stands before that is written: a list that
//! knows more than the log is not believed. All of it is derived: what fails here costs time and nothing else.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use parking_lot::{Mutex, RwLock};

use super::folder;
use super::merge::{Merge, Merger};
use crate::error::{Error, Result};
use crate::index::{Checkpoint, Index, ListedTier, Tier, TierHeader, write_merged};
use crate::log::STORE_ID_BYTES;
use crate::logging::tell;
use crate::vfs::{Access, Mapping, Vfs, VfsFile, create_durably};

/// Each is mapped, and asked in turn. Merging keeps them to some tens.
const TIERS_MAX: usize = 1000;
/// So many are made one after the other of a log that is read, before they are merged: merging them costs more than
/// making them, and is done when the index is in use.
const UNMERGED_MAX: usize = 512;

/// Makes the files of tiers.
#[derive(Clone, Debug)]
pub(super) struct TierMaker {
    vfs: Arc<dyn Vfs>,
    store: PathBuf,
    store_id: [u8; STORE_ID_BYTES],
    /// Numbers are not used again: a reader may have a list that names another tier so.
    next_number: Arc<AtomicU64>,
}

/// Makes and lists the tiers of an index.
#[derive(Debug)]
pub(crate) struct TierFolder {
    maker: TierMaker,
    /// So many events and chunks make a tier.
    entries: u64,
    /// Tiers that the list on the disk may name still, and the index has no more.
    dropped: Dropped,
    /// Whether tiers were made that no list names.
    spilled: bool,
    merger: Merger,
    /// Held by who reads the index for as long as writing a tier of it takes, and by who is about to change it beside
    /// others: somebody who waits to change it keeps all from reading it.
    exchange: Arc<Mutex<()>>,
    /// The thread that makes a tier of what an index which is not in use yet has put aside.
    scribe: Option<JoinHandle<Result<Arc<Tier>>>>,
}

/// Numbers of tiers.
pub(super) type Dropped = Arc<Mutex<Vec<u64>>>;

/// When tiers are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Merging {
    /// At once.
    AtOnce,
    /// On a thread of its own.
    Beside,
    /// At once where that is quickly done; the others when the store is open again.
    Small,
    /// By whoever asks for it next.
    Later,
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
        TierFolder::of(TierMaker { vfs, store: store.to_owned(), store_id, next_number }, entries)
    }

    fn of(maker: TierMaker, entries: u64) -> TierFolder {
        let (dropped, merger) = (Dropped::default(), Merger::default());
        TierFolder { maker, entries, dropped, spilled: false, merger, exchange: Arc::default(), scribe: None }
    }

    /// Makes tiers for an index that is not in use yet.
    pub(super) fn another(&self) -> TierFolder {
        TierFolder::of(self.maker.clone(), self.entries)
    }

    /// Whether the index has enough in memory for a tier.
    pub(super) fn is_full(&self, index: &Index) -> bool {
        index.is_full(self.entries)
    }

    /// Makes a tier of what an index that is not in use yet has in memory, once that is enough. Where it is done `beside`,
    /// on a thread of its own, [`TierFolder::settle`] waits for it.
    pub(super) fn spill_if_full(&mut self, index: &mut Index, beside: bool) {
        // What is put aside is in memory too.
        let entries = if beside { (self.entries / 4 * 3).max(1) } else { self.entries };
        if !index.is_full(entries) {
            return;
        }
        self.settle(index);
        let (maker, part) = (self.maker.clone(), index.freeze());
        let make = move || maker.make(|file, number| part.write_tier(file, maker.store_id, number));
        let named = std::thread::Builder::new().name("ouroborosdb-index".to_owned());
        self.spilled = true;
        if beside {
            match named.spawn(make) {
                Ok(scribe) => self.scribe = Some(scribe),
                // What it was to do it takes with it.
                Err(_) => self.put(index, None),
            }
        } else {
            let made = make().ok();
            self.put(index, made);
        }
    }

    /// Whether a tier is there that [`TierFolder::settle`] would put into the index without waiting.
    pub(super) fn has_made(&self) -> bool {
        self.scribe.as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// Waits for the tier that is being made.
    pub(super) fn settle(&mut self, index: &mut Index) {
        if let Some(scribe) = self.scribe.take() {
            let made = scribe.join().ok().and_then(Result::ok);
            self.put(index, made);
        }
    }

    /// Puts a tier in the place of what was put aside, or that back into memory.
    fn put(&mut self, index: &mut Index, tier: Option<Arc<Tier>>) {
        let failed = tier.is_none();
        index.thaw(tier);
        if failed {
            index.allow_more();
        }
        // They are merged beside whoever uses the index then. Merged as they come, each entry would be written as often
        // as there are levels.
        if index.tiers().len() < UNMERGED_MAX {
            return;
        }
        while let Some((old, new)) = index.next_merge() {
            let Ok(tier) = self.maker.of_two(&old, &new, &AtomicBool::new(false)) else { break };
            index.put_merged(&old, &new, tier);
            self.drop_later(&old, &new);
        }
    }

    /// Makes a tier of what the index in use has in memory, and merges tiers where there is room. Nobody else enters
    /// anything into the index meanwhile; readers wait for no more than the exchange.
    pub(super) fn spill(
        &mut self,
        index: &Arc<RwLock<Index>>,
        merging: Merging,
        minimum_free_bytes: u64,
    ) -> Result<()> {
        let made = {
            let _alone = self.exchange.lock();
            self.maker.of_memory(&index.read())?
        };
        if let Some(tier) = made {
            let memory = index.write().put_tier(tier);
            drop(memory);
        }
        let entries_max = if merging == Merging::Small { self.entries } else { u64::MAX };
        let merge = self.merge(index, entries_max, minimum_free_bytes);
        match merging {
            Merging::Beside => self.merger.begin(merge),
            Merging::AtOnce | Merging::Small => merge.run(&AtomicBool::new(false)),
            Merging::Later => {}
        }
        Ok(())
    }

    /// Merges what an earlier process left to merge, where it is done beside the writer.
    pub(super) fn go_on_merging(
        &mut self,
        index: &Arc<RwLock<Index>>,
        merging: Merging,
        minimum_free_bytes: u64,
    ) {
        if merging == Merging::Beside {
            let merge = self.merge(index, u64::MAX, minimum_free_bytes);
            self.merger.begin(merge);
        }
    }

    fn merge(&self, index: &Arc<RwLock<Index>>, entries_max: u64, minimum_free_bytes: u64) -> Merge {
        let (maker, index, dropped) = (self.maker.clone(), Arc::clone(index), Arc::clone(&self.dropped));
        let exchange = Arc::clone(&self.exchange);
        Merge { maker, index, exchange, dropped, entries_max, minimum_free_bytes }
    }

    /// Whether tiers were merged that the list on the disk has still.
    pub(super) fn has_merged(&self) -> bool {
        !self.dropped.lock().is_empty()
    }

    /// Ends merging: nobody else changes the index from now on.
    pub(super) fn stop_merging(&mut self) {
        self.merger.stop();
    }

    /// Whether tiers were made that no list names.
    pub(super) fn has_spilled(&self) -> bool {
        self.spilled
    }

    /// Goes on with the tiers of another folder, whose index is in use from now on.
    pub(super) fn take_over(&mut self, other: &TierFolder) {
        self.dropped.lock().append(&mut other.dropped.lock());
    }

    fn drop_later(&self, old: &Tier, new: &Tier) {
        self.dropped.lock().extend([old, new].map(|tier| tier.listed().number));
    }

    /// The tiers that a list made from now on does not name.
    pub(super) fn take_dropped(&self) -> Vec<u64> {
        std::mem::take(&mut *self.dropped.lock())
    }

    /// No list was made: they may be named still.
    pub(super) fn keep_dropped(&self, dropped: Vec<u64>) {
        self.dropped.lock().extend(dropped);
    }

    /// Writes the list, and removes those that were dropped before it was made.
    pub(super) fn write_list(&mut self, checkpoint: &Checkpoint, dropped: Vec<u64>) -> Result<()> {
        if let Err(error) = self.maker.write_list(checkpoint) {
            self.keep_dropped(dropped);
            let path = folder::checkpoint(&self.maker.store);
            return Err(Error::io("writing the index", &path, error));
        }
        self.spilled = false;
        dropped.iter().for_each(|number| self.maker.remove(*number));
        Ok(())
    }

    /// Forgets the list, and the tiers that the index does not have any more.
    pub(super) fn forget_list(&mut self, old: &[ListedTier]) {
        let _ = self.maker.vfs.remove_file(&folder::checkpoint(&self.maker.store));
        let dropped = self.take_dropped();
        dropped
            .into_iter()
            .chain(old.iter().map(|tier| tier.number))
            .for_each(|number| self.maker.remove(number));
    }

    /// Removes the tiers of an index that is never used.
    pub(super) fn remove_all(&self, index: &Index) {
        listed(index).iter().for_each(|tier| self.maker.remove(tier.number));
    }

    /// Removes what an earlier process left: tiers that its list does not name.
    pub(super) fn remove_leftovers(&self, index: &Index) {
        let kept = listed(index);
        for number in numbers(self.maker.vfs.as_ref(), &self.maker.store) {
            if kept.iter().all(|tier| tier.number != number) {
                self.maker.remove(number);
            }
        }
    }
}

impl TierMaker {
    pub(super) fn store(&self) -> &Path {
        &self.store
    }

    fn of_memory(&self, index: &Index) -> Result<Option<Arc<Tier>>> {
        if index.memory_entries() == 0 {
            return Ok(None);
        }
        let store_id = self.store_id;
        self.make(|file, number| index.write_tier(file, store_id, number)).map(Some)
    }

    /// One tier of two; `stop` gives it up.
    pub(super) fn of_two(&self, old: &Tier, new: &Tier, stop: &AtomicBool) -> Result<Arc<Tier>> {
        self.make(|file, number| write_merged(file, number, old, new, stop))
    }

    /// Whether so many bytes leave as many free as are to stay so.
    pub(super) fn has_room(&self, bytes: u64, minimum_free_bytes: u64) -> bool {
        let free = self.vfs.free_bytes(&self.store);
        free.is_ok_and(|free| free.saturating_sub(minimum_free_bytes) > bytes)
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
        if made.is_ok() {
            tell!(DEBUG, store = %self.store.display(), tier = number, "a part of the index was made");
        }
        made.map_err(|failed| {
            // What is half of one takes room and is of no use.
            self.remove(number);
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

    fn write_list(&self, checkpoint: &Checkpoint) -> std::io::Result<()> {
        self.make_folder();
        // The names of the tiers come before a list that has them.
        self.vfs.sync_dir(&folder::index(&self.store))?;
        let path = folder::checkpoint(&self.store);
        create_durably(self.vfs.as_ref(), &path, &checkpoint.encode(self.store_id))
    }

    /// What cannot be removed now is removed by the next opening.
    pub(super) fn remove(&self, number: u64) {
        let _ = self.vfs.remove_file(&folder::tier(&self.store, number));
    }
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

pub(super) fn open_tier(
    vfs: &dyn Vfs,
    store: &Path,
    store_id: [u8; STORE_ID_BYTES],
    listed: &ListedTier,
) -> std::io::Result<Arc<Tier>> {
    let file = vfs.open(&folder::tier(store, listed.number), Access::Read)?;
    let bytes = match file.map() {
        Err(error) if error.kind() == ErrorKind::Unsupported => read_whole(file.as_ref())?,
        mapped => mapped?,
    };
    let tier = Tier::open(bytes).filter(|tier| tier.is(store_id, listed));
    tier.map(Arc::new).ok_or_else(|| ErrorKind::InvalidData.into())
}

/// The bytes of a file that cannot be mapped, in memory.
fn read_whole(file: &dyn VfsFile) -> std::io::Result<Mapping> {
    let length = usize::try_from(file.len()?).map_err(|_| ErrorKind::OutOfMemory)?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| ErrorKind::OutOfMemory)?;
    bytes.resize(length, 0);
    file.read_exact_at(&mut bytes, 0)?;
    Ok(Mapping::new(bytes))
}

/// The numbers of the tiers that are there.
fn numbers(vfs: &dyn Vfs, store: &Path) -> Vec<u64> {
    let names = vfs.list(&folder::index(store)).unwrap_or_default();
    names.iter().filter_map(|name| folder::tier_number(name)).collect()
}
