//! Merging tiers beside the writer: the larger ones take seconds, and no commit waits for them.
//!
//! The thread reads two tiers, which never change, and writes a third. Then it exchanges them in the index, if they are
//! still there: whoever made the index anew meanwhile has others. The files of the two stay until a list that does not
//! name them is on the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use parking_lot::{Mutex, RwLock};

use super::process::Process;
use super::tiers::{Dropped, TierMaker};
use crate::index::Index;
use crate::logging::tell;

/// What is to be merged.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) maker: TierMaker,
    pub(super) index: Arc<RwLock<Index>>,
    /// Taken before the index is changed.
    pub(super) exchange: Arc<Mutex<()>>,
    pub(super) dropped: Dropped,
    /// Tiers that together have more entries stay as they are.
    pub(super) entries_max: u64,
    pub(super) minimum_free_bytes: u64,
}

impl Merge {
    /// Merges until nothing belongs together any more, or it is stopped, or something fails: what cannot be merged now
    /// may be later.
    pub(super) fn run(&self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let Some((old, new)) = self.index.read().next_merge() else { return };
            let bytes = old.file_bytes().saturating_add(new.file_bytes());
            if old.entries().saturating_add(new.entries()) > self.entries_max
                || !self.maker.has_room(bytes, self.minimum_free_bytes)
            {
                return;
            }
            let Ok(tier) = self.maker.of_two(&old, &new, stop) else { return };
            let (number, entries) = (tier.listed().number, tier.entries());
            let exchanged = {
                let _alone = self.exchange.lock();
                self.index.write().put_merged(&old, &new, tier)
            };
            if exchanged {
                tell!(DEBUG, store = %self.maker.store().display(), tier = number, entries, "two parts of the index became one");
                self.dropped.lock().extend([&old, &new].map(|tier| tier.listed().number));
            } else {
                self.maker.remove(number);
            }
        }
    }
}

/// The thread that merges, while there is something to merge.
#[derive(Debug, Default)]
pub(super) struct Merger {
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    thread: JoinHandle<()>,
    stop: Arc<AtomicBool>,
    /// A child that was forked has no such thread to wait for.
    process: Process,
}

impl Merger {
    /// Begins, unless it is at it. Without a thread the tiers stay as they are until the next time.
    pub(super) fn begin(&mut self, merge: Merge) {
        if self.running.as_ref().is_some_and(|running| !running.thread.is_finished()) {
            return;
        }
        self.stop();
        if merge.index.read().next_merge().is_none() {
            return;
        }
        let Ok(process) = Process::current() else { return };
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let named = std::thread::Builder::new().name("ouroborosdb-index".to_owned());
        if let Ok(thread) = named.spawn(move || merge.run(&told)) {
            self.running = Some(Running { thread, stop, process });
        }
    }

    /// Gives up what is not done, and waits until the thread is gone.
    pub(super) fn stop(&mut self) {
        let Some(Running { thread, stop, process }) = self.running.take() else { return };
        stop.store(true, Ordering::Relaxed);
        match process.check() {
            // Where it panicked, it has exchanged nothing.
            Ok(()) => drop(thread.join()),
            Err(_) => std::mem::forget(thread),
        }
    }
}

impl Drop for Merger {
    fn drop(&mut self) {
        self.stop();
    }
}
