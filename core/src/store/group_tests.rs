//! Commits that come together are made durable together.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::commit::Work;
use super::{PreparedEvent, Store};
use crate::error::{ErrorCode, Result};
use crate::event::{EventFields, EventKind};
use crate::log::{Codec, Prepared, RecordKind};
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

fn root(title: &str) -> PreparedEvent {
    PreparedEvent::new(EventFields { title: Some(title.to_owned()), ..EventFields::derived(EventKind::Root) })
}

/// Commits one batch for each title, as if as many callers had waited, and gives what each of them is told.
fn commit_together(store: &Store, titles: &[&str]) -> Vec<Result<()>> {
    let work = |title: &&str| Work { chunks: Vec::new(), events: vec![root(title)] };
    let mut guard = store.writer.lock();
    store.commit_all(guard.as_mut().unwrap(), titles.iter().map(work).collect())
}

fn has(store: &Store, title: &str) -> bool {
    store.query(|index| index.find(&root(title).id).is_some()).unwrap()
}

/// The first of two who made the same root was refused for want of room, and the second was told that it is stored.
#[test]
fn what_was_refused_is_not_stored_for_the_next_in_the_group() {
    let store = Store::open(Arc::new(MemoryVfs::new(20_000)), Path::new("/store"), Options::new()).unwrap();
    let title = "x".repeat(4000);
    let told = commit_together(&store, &[&title, &title]);
    assert!(told.iter().all(Result::is_err), "{told:?}");
    assert!(!has(&store, &title));
}

/// The group forgot its own events when a segment ended within it, and one was written twice.
#[test]
fn a_group_over_two_segments_has_each_event_once() {
    let vfs = Arc::new(MemoryVfs::new(u64::MAX));
    let options = || Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN);
    let store = Store::open(vfs.clone(), Path::new("/store"), options()).unwrap();
    let long = "x".repeat(3000);
    for number in 0.. {
        if store.segments()[0].end() + 3400 >= Options::SEGMENT_BYTES_MIN {
            break;
        }
        store.commit(Vec::new(), vec![root(&format!("{number}{long}"))], Durability::Buffered).unwrap();
    }
    let before = store.sequence_end();
    assert!(commit_together(&store, &["a", &long, &long]).iter().all(Result::is_ok));
    assert_eq!((store.segments().len(), store.sequence_end()), (2, before + 2));
    drop(store);
    let store = Store::open(vfs, Path::new("/store"), options()).unwrap();
    assert!(store.known_damage().is_empty() && has(&store, "a") && has(&store, &long));
}

/// Each of a group was held against the same free bytes, and the one write of all of them failed: who waits together on a
/// nearly full disk was told that the database is broken, and not that the disk is full.
#[test]
fn a_group_on_a_nearly_full_disk_is_refused_before_it_is_written() {
    let vfs = Arc::new(MemoryVfs::new(120_000));
    let store = Store::open(vfs, Path::new("/store"), Options::new()).unwrap();
    let titles: Vec<String> = (0..60).map(|number| format!("{number}{}", "x".repeat(4000))).collect();
    let told = commit_together(&store, &titles.iter().map(String::as_str).collect::<Vec<_>>());
    let stored = told.iter().filter(|told| told.is_ok()).count();
    assert!(stored > 5, "{stored}");
    for (title, told) in titles.iter().zip(&told) {
        let code = told.as_ref().err().map(|error| error.code());
        assert!(code.is_none_or(|code| code == ErrorCode::DiskFull), "{code:?}");
        assert_eq!(has(&store, title), told.is_ok());
    }
    commit_together(&store, &["short"]);
    assert!(!store.poison.is_poisoned());
}

/// The same bytes from two who waited together were written twice.
#[test]
fn a_group_has_each_chunk_once() {
    let store = Store::open(Arc::new(MemoryVfs::new(u64::MAX)), Path::new("/store"), Options::new()).unwrap();
    let chunk = |temporary| {
        let bytes = vec![7; 5000];
        Prepared::new(RecordKind::Chunks, temporary, [9; 64], bytes.len(), Codec::Raw, bytes)
    };
    let grown_by = |chunks: [bool; 3]| {
        let before = store.segments()[0].end();
        let works = chunks.map(|temporary| Work { chunks: vec![chunk(temporary)], events: Vec::new() });
        let mut guard = store.writer.lock();
        let told = store.commit_all(guard.as_mut().unwrap(), works.into());
        assert!(told.iter().all(Result::is_ok));
        (store.segments()[0].end() - before) / 5000
    };
    // A permanent event must not rest on a temporary chunk, and all may rest on a permanent one.
    assert_eq!(grown_by([true, true, true]), 1);
    assert_eq!(grown_by([true, false, true]), 1);
    assert_eq!(grown_by([true, false, false]), 0);
}
