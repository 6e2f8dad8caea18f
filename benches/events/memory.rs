//! The most anonymous memory that this process had, sampled: the kernel keeps no high-water mark of it alone.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::Result;
use crate::store::{Durability, EventStore, figure_name};
use crate::tree::{self, IdsFile};

const GETS: usize = 100_000;
const SAMPLE_EVERY: Duration = Duration::from_millis(5);

/// Builds a store, opens it, reads events of it, and prints what memory all of that took.
pub(crate) fn build<S: EventStore>(folder: &Path, events: u64, row: &str) -> Result<()> {
    let watch = Watch::start();
    tree::build::<S>(folder, events)?;
    let store = tree::open::<S>(folder, Durability::Buffered)?;
    let mut ids = IdsFile::open(folder)?;
    for _ in 0..GETS {
        store.get(&ids.any()?)?.ok_or("an event is gone")?;
    }
    store.close()?;
    println!("{} {}", figure_name::<S>(row), watch.stop()?);
    Ok(())
}

struct Watch {
    ended: Arc<AtomicBool>,
    thread: JoinHandle<Result<()>>,
    most: Arc<AtomicU64>,
}

impl Watch {
    fn start() -> Watch {
        let (ended, most) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (until, into) = (Arc::clone(&ended), Arc::clone(&most));
        let thread = std::thread::spawn(move || {
            while !until.load(Ordering::Relaxed) {
                into.fetch_max(anonymous_bytes()?, Ordering::Relaxed);
                std::thread::sleep(SAMPLE_EVERY);
            }
            Ok(())
        });
        Watch { ended, thread, most }
    }

    fn stop(self) -> Result<u64> {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| "the thread that watches the memory panicked")??;
        Ok(self.most.load(Ordering::Relaxed))
    }
}

/// `RssAnon` of proc(5).
fn anonymous_bytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let line = line.ok_or("the system does not say how much anonymous memory a process has")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{SAMPLE_EVERY, Watch};

    #[test]
    fn memory_that_was_used_for_a_while_is_seen() {
        let watch = Watch::start();
        let bytes = std::hint::black_box(vec![1u8; 32 << 20]);
        std::thread::sleep(SAMPLE_EVERY * 20);
        drop(bytes);
        assert!(watch.stop().unwrap() >= 32 << 20);
    }
}
