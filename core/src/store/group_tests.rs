//! Commits that come together are made durable together.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{PreparedEvent, Store};
use crate::event::{EventFields, EventKind};
use crate::options::{Durability, Options};
use crate::vfs::{Access, Mapping, MemoryVfs, PathKind, Vfs, VfsFile};

/// A disk that takes its time to sync, and counts.
#[derive(Clone, Debug)]
struct SlowDisk {
    memory: MemoryVfs,
    syncs: Arc<AtomicU64>,
}

#[derive(Debug)]
struct SlowFile {
    file: Arc<dyn VfsFile>,
    syncs: Arc<AtomicU64>,
}

const SYNC_TAKES: Duration = Duration::from_millis(5);

impl SlowDisk {
    fn slow(&self, file: Arc<dyn VfsFile>) -> Arc<dyn VfsFile> {
        Arc::new(SlowFile { file, syncs: Arc::clone(&self.syncs) })
    }
}

impl Vfs for SlowDisk {
    fn open(&self, path: &Path, access: Access) -> io::Result<Arc<dyn VfsFile>> {
        self.memory.open(path, access).map(|file| self.slow(file))
    }

    fn create_new(&self, path: &Path) -> io::Result<Arc<dyn VfsFile>> {
        self.memory.create_new(path).map(|file| self.slow(file))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.memory.create_dir(path)
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        self.memory.kind(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        self.memory.list(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.memory.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.memory.remove_file(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.memory.sync_dir(path)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        self.memory.free_bytes(path)
    }
}

impl VfsFile for SlowFile {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(buffer, offset)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn sync_data(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(SYNC_TAKES);
        self.file.sync_data()
    }

    fn set_read_only(&self) -> io::Result<()> {
        self.file.set_read_only()
    }

    fn is_read_only(&self) -> io::Result<bool> {
        self.file.is_read_only()
    }

    fn map(&self) -> io::Result<Mapping> {
        self.file.map()
    }

    fn try_lock(&self, offset: u64, length: u64) -> io::Result<bool> {
        self.file.try_lock(offset, length)
    }

    fn unlock(&self, offset: u64, length: u64) -> io::Result<()> {
        self.file.unlock(offset, length)
    }
}

/// Waiting callers queued for a lock, and whoever had synced was the next to take it: 64 threads had no more events a
/// second than one.
#[test]
fn commits_of_many_threads_share_a_sync() {
    const THREADS: u64 = 16;
    const EACH: u64 = 10;
    let disk = SlowDisk { memory: MemoryVfs::new(u64::MAX), syncs: Arc::default() };
    let store = Store::open(Arc::new(disk.clone()), Path::new("/store"), Options::new()).unwrap();
    let put = |title: String| {
        let fields = EventFields { title: Some(title), ..EventFields::derived(EventKind::Root) };
        store.commit(Vec::new(), vec![PreparedEvent::new(fields)], Durability::Durable).unwrap();
    };
    let before = disk.syncs.load(Ordering::SeqCst);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let put = &put;
            scope.spawn(move || (0..EACH).for_each(|number| put(format!("{thread} {number}"))));
        }
    });
    let syncs = disk.syncs.load(Ordering::SeqCst) - before;
    assert_eq!(store.durable_sequence_end(), THREADS * EACH + 1);
    // One for each round would be the least.
    assert!((EACH..THREADS * EACH / 4).contains(&syncs), "{syncs} syncs for {} commits", THREADS * EACH);
    put("alone".to_owned());
    assert_eq!(disk.syncs.load(Ordering::SeqCst) - before, syncs + 1);
}
