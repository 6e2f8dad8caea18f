//! A disk that fails: the first failed write or sync is final for the handle, reading goes on, and opening again
//! finds out what is there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{PreparedEvent, Store};
use crate::error::ErrorCode;
use crate::event::{EventFields, EventKind};
use crate::id::EventId;
use crate::options::{Durability, Options};
use crate::vfs::{Access, Mapping, MemoryVfs, PathKind, Vfs, VfsFile};

/// Counts down to the call that fails; 0 never fails.
#[derive(Debug, Default)]
struct Fuse(AtomicU64);

impl Fuse {
    fn set(&self, calls: u64) {
        self.0.store(calls, Ordering::SeqCst);
    }

    fn burn(&self) -> io::Result<()> {
        let left =
            self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| Some(left.saturating_sub(1)));
        if left == Ok(1) { Err(io::Error::other("the disk is on fire")) } else { Ok(()) }
    }
}

#[derive(Debug, Default)]
struct Fuses {
    write: Fuse,
    sync: Fuse,
    create: Fuse,
}

#[derive(Clone, Debug)]
struct FailingVfs {
    inner: MemoryVfs,
    fuses: Arc<Fuses>,
}

#[derive(Debug)]
struct FailingFile {
    inner: Arc<dyn VfsFile>,
    fuses: Arc<Fuses>,
}

impl FailingVfs {
    fn wrap(&self, inner: Arc<dyn VfsFile>) -> Arc<dyn VfsFile> {
        Arc::new(FailingFile { inner, fuses: Arc::clone(&self.fuses) })
    }
}

impl Vfs for FailingVfs {
    fn open(&self, path: &Path, access: Access) -> io::Result<Arc<dyn VfsFile>> {
        Ok(self.wrap(self.inner.open(path, access)?))
    }
    fn create_new(&self, path: &Path) -> io::Result<Arc<dyn VfsFile>> {
        self.fuses.create.burn()?;
        Ok(self.wrap(self.inner.create_new(path)?))
    }
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.inner.create_dir(path)
    }
    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        self.inner.kind(path)
    }
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        self.inner.list(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.inner.remove_file(path)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.inner.sync_dir(path)
    }
    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        self.inner.free_bytes(path)
    }
}

impl VfsFile for FailingFile {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.inner.read_exact_at(buffer, offset)
    }
    /// A failing write leaves half of its bytes, as a disk does.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let burnt = self.fuses.write.burn();
        let kept = if burnt.is_err() { &bytes[..bytes.len() / 2] } else { bytes };
        self.inner.write_all_at(kept, offset)?;
        burnt
    }
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }
    fn sync_data(&self) -> io::Result<()> {
        self.fuses.sync.burn()?;
        self.inner.sync_data()
    }
    fn set_read_only(&self) -> io::Result<()> {
        self.inner.set_read_only()
    }
    fn is_read_only(&self) -> io::Result<bool> {
        self.inner.is_read_only()
    }
    fn map(&self) -> io::Result<Mapping> {
        self.inner.map()
    }
    fn try_lock(&self, offset: u64, length: u64) -> io::Result<bool> {
        self.inner.try_lock(offset, length)
    }
    fn unlock(&self, offset: u64, length: u64) -> io::Result<()> {
        self.inner.unlock(offset, length)
    }
}

fn disk() -> FailingVfs {
    FailingVfs { inner: MemoryVfs::new(u64::MAX), fuses: Arc::default() }
}

fn open(vfs: &FailingVfs) -> Store {
    let options = Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN);
    Store::open(Arc::new(vfs.clone()), Path::new("/store"), options).unwrap()
}

fn root(title: &str) -> PreparedEvent {
    let title = Some(title.to_owned());
    PreparedEvent::new(EventFields { title, ..EventFields::derived(EventKind::Root) })
}

fn put(store: &Store, title: &str) -> crate::error::Result<EventId> {
    let event = root(title);
    let id = event.id;
    store.commit(Vec::new(), vec![event], Durability::Durable).map(|()| id)
}

/// After the failure: reads go on, writes are refused, closing says that not all is well, and a new opening goes on.
fn check_poisoned(vfs: &FailingVfs, store: &Store, before: EventId) {
    assert_eq!(put(store, "later").unwrap_err().code(), ErrorCode::Poisoned);
    assert_eq!(store.sync().unwrap_err().code(), ErrorCode::Poisoned);
    store.event(&before).unwrap();
    assert_eq!(store.close().unwrap_err().code(), ErrorCode::Poisoned);
    let again = open(vfs);
    again.event(&before).unwrap();
    let id = put(&again, "after").unwrap();
    again.close().unwrap();
    let again = open(vfs);
    again.event(&before).unwrap();
    again.event(&id).unwrap();
    again.close().unwrap();
}

#[test]
fn a_failed_write_is_final() {
    let vfs = disk();
    let store = open(&vfs);
    let before = put(&store, "before").unwrap();
    vfs.fuses.write.set(1);
    assert_eq!(put(&store, "lost").unwrap_err().code(), ErrorCode::Io);
    assert!(store.event(&root("lost").id).is_err(), "what was not written is not visible");
    check_poisoned(&vfs, &store, before);
}

#[test]
fn a_failed_sync_is_final() {
    let vfs = disk();
    let store = open(&vfs);
    let before = put(&store, "before").unwrap();
    vfs.fuses.sync.set(1);
    assert_eq!(put(&store, "unsure").unwrap_err().code(), ErrorCode::Io);
    check_poisoned(&vfs, &store, before);
}

#[test]
fn a_failed_roll_is_final_at_each_of_its_steps() {
    for step in ["sync of the old segment", "making", "header", "sync of the new segment"] {
        let vfs = disk();
        let store = open(&vfs);
        let mut before = put(&store, "0").unwrap();
        let mut number = 0;
        // The next commit that does not fit begins a new segment.
        while store.segments().first().unwrap().end() + 400 < Options::SEGMENT_BYTES_MIN {
            number += 1;
            before = put(&store, &number.to_string()).unwrap();
        }
        match step {
            "making" => vfs.fuses.create.set(1),
            "header" => vfs.fuses.write.set(1),
            "sync of the new segment" => vfs.fuses.sync.set(2),
            _ => vfs.fuses.sync.set(1),
        }
        let long = "x".repeat(1000);
        assert_eq!(put(&store, &long).unwrap_err().code(), ErrorCode::Io, "{step}");
        check_poisoned(&vfs, &store, before);
    }
}

#[test]
fn a_full_disk_refuses_before_it_writes() {
    let vfs = MemoryVfs::new(200_000);
    let store = Store::open(Arc::new(vfs), Path::new("/store"), Options::new()).unwrap();
    let before = put(&store, "before").unwrap();
    let mut number = 0;
    let error = loop {
        match put(&store, &format!("{number} {}", "x".repeat(2000))) {
            Ok(_) => number += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), ErrorCode::DiskFull);
    assert!(number > 10);
    store.event(&before).unwrap();
    put(&store, "small things may still fit")
        .map(|_| ())
        .or_else(|error| if error.code() == ErrorCode::DiskFull { Ok(()) } else { Err(error) })
        .unwrap();
    store.close().unwrap();
}

/// The store's clean end is written even where nothing else fits any more.
#[test]
fn the_free_space_floor_is_kept() {
    let vfs = MemoryVfs::new(1_000_000);
    let free = |vfs: &MemoryVfs| vfs.free_bytes(Path::new("/")).unwrap();
    let options = Options::new().minimum_free_bytes(500_000);
    let store = Store::open(Arc::new(vfs.clone()), Path::new("/store"), options).unwrap();
    for number in 0.. {
        if put(&store, &format!("{number} {}", "x".repeat(20_000))).is_err() {
            break;
        }
        assert!(free(&vfs) >= 500_000, "{} left", free(&vfs));
    }
    assert!(free(&vfs) < 600_000, "and what is above it may be used");
}

/// The index that closing writes used the room that was to stay free.
#[test]
fn closing_keeps_the_free_space_floor_too() {
    let vfs = MemoryVfs::new(4_000_000);
    let free = |vfs: &MemoryVfs| vfs.free_bytes(Path::new("/")).unwrap();
    let options = Options::new().minimum_free_bytes(2_000_000);
    let store = Store::open(Arc::new(vfs.clone()), Path::new("/store"), options).unwrap();
    for number in 0.. {
        let events = (0..50).map(|at| root(&format!("{number} {at}"))).collect();
        if store.commit(Vec::new(), events, Durability::Buffered).is_err() {
            break;
        }
    }
    store.close().unwrap();
    assert!(free(&vfs) >= 2_000_000 - 16 * 1024, "{} left", free(&vfs));
}

/// An index that could not be written whole was left behind half-written, and took the room of a full disk.
#[test]
fn half_an_index_is_not_left_behind() {
    let vfs = disk();
    let store = open(&vfs);
    let before = put(&store, "before").unwrap();
    // The first write is the commit record of the close.
    vfs.fuses.write.set(2);
    store.close().unwrap();
    assert_eq!(vfs.list(Path::new("/store/index")).unwrap(), Vec::<PathBuf>::new());
    open(&vfs).event(&before).unwrap();
}

/// A crash had left a torn tail and the disk was full: the next segment could not be begun, and so the store could not
/// be opened for writing at all, not even to be told that the disk is full.
#[test]
fn a_torn_tail_on_a_full_disk_can_be_opened() {
    let vfs = disk();
    let before = put(&open(&vfs), "before").unwrap();
    let path = Path::new("/store/segments/00000001.segment");
    let segment = vfs.open(path, Access::ReadWrite).unwrap();
    segment.write_all_at(b"torn", segment.len().unwrap()).unwrap();
    let length = segment.len().unwrap();
    let full = || Options::new().minimum_free_bytes(u64::MAX);
    let store = Store::open(Arc::new(vfs.clone()), Path::new("/store"), full()).unwrap();
    store.event(&before).unwrap();
    assert_eq!(put(&store, "refused").unwrap_err().code(), ErrorCode::DiskFull);
    store.sync().unwrap();
    store.close().unwrap();
    assert_eq!(segment.len().unwrap(), length, "nothing is written behind a torn tail");
    let store = open(&vfs);
    let after = put(&store, "after").unwrap();
    assert_eq!(store.segments().len(), 2);
    store.close().unwrap();
    let store = open(&vfs);
    store.event(&before).unwrap();
    store.event(&after).unwrap();
}
