//! A disk without a free byte, by the stories of those who had one.

use std::path::Path;
use std::sync::Arc;

use super::folder::{self, FolderState};
use super::{PreparedEvent, Store};
use crate::control::Control;
use crate::error::{ErrorCode, Result};
use crate::event::{EventFields, EventKind};
use crate::id::EventId;
use crate::options::{Durability, Options};
use crate::verify::verify;
use crate::vfs::{Access, MemoryVfs, Vfs};

const STORE: &str = "/store";
const FILLER: &str = "/filler";
const DISK_BYTES: u64 = 16 * 1024 * 1024;
/// A log of 64 KiB has one of 128 KiB.
const RESERVE_BYTES: u64 = 128 * 1024;

fn options() -> Options {
    Options { reserve_from_log_bytes: 64 * 1024, reserve_file_bytes: RESERVE_BYTES, ..Options::new() }
}

fn open(vfs: &MemoryVfs) -> Store {
    Store::open(Arc::new(vfs.clone()), Path::new(STORE), options()).unwrap()
}

fn put(store: &Store, title: &str) -> Result<EventId> {
    let title = Some(title.to_owned());
    let event = PreparedEvent::new(EventFields { title, ..EventFields::derived(EventKind::Root) });
    let id = event.id;
    store.commit(Vec::new(), vec![event], Durability::Durable).map(|()| id)
}

/// A store whose log has 100 KiB, open.
fn filled(vfs: &MemoryVfs) -> (Store, EventId) {
    let store = open(vfs);
    let id = put(&store, "the first").unwrap();
    for number in 0..10 {
        put(&store, &format!("{number} {}", "x".repeat(10_000))).unwrap();
    }
    (store, id)
}

fn free(vfs: &MemoryVfs) -> u64 {
    vfs.free_bytes(Path::new("/")).unwrap()
}

/// Somebody else writes until nothing is free.
fn fill_disk(vfs: &MemoryVfs) {
    let path = Path::new(FILLER);
    let file = vfs.create_new(path).or_else(|_| vfs.open(path, Access::ReadWrite)).unwrap();
    let length = file.len().unwrap();
    file.write_all_at(&vec![1; free(vfs) as usize], length).unwrap();
    assert_eq!(free(vfs), 0);
}

fn tear(vfs: &MemoryVfs) {
    let segment = vfs.open(Path::new("/store/segments/00000001.segment"), Access::ReadWrite).unwrap();
    segment.write_all_at(b"torn", segment.len().unwrap()).unwrap();
}

/// Whether the next opening need not read the log.
fn has_index(store: &Store) -> bool {
    store.writer.lock().as_ref().unwrap().checkpoint_end.is_some()
}

#[test]
fn a_short_log_has_none_and_a_longer_one_has_one() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    let store = open(&vfs);
    put(&store, "short").unwrap();
    store.close().unwrap();
    assert_eq!(folder::reserve_bytes(&vfs, Path::new(STORE)), 0);
    let (store, _) = filled(&vfs);
    store.close().unwrap();
    assert_eq!(folder::reserve_bytes(&vfs, Path::new(STORE)), RESERVE_BYTES);
}

#[test]
fn it_grows_with_the_log_while_that_is_written() {
    let vfs = MemoryVfs::new(u64::MAX);
    let options = Options { segment_bytes: 1024 * 1024, ..options() };
    let store = Store::open(Arc::new(vfs), Path::new(STORE), options).unwrap();
    for number in 0..200 {
        put(&store, &format!("{number} {}", "x".repeat(60_000))).unwrap();
    }
    // Of twelve million bytes, the 32nd part, as a power of two.
    assert_eq!(store.reserve_bytes(), 256 * 1024);
    assert!(store.segments().len() > 1);
}

/// A crash had left a torn tail, and then somebody filled the disk.
#[test]
fn a_torn_tail_on_a_disk_without_a_free_byte_is_put_right() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    filled(&vfs).0.close().unwrap();
    let (store, id) = filled(&vfs);
    drop(store);
    tear(&vfs);
    fill_disk(&vfs);
    let store = open(&vfs);
    assert_eq!(store.segments().len(), 2, "the next segment was begun");
    assert!(verify(&store, &mut Control::new(), &|| Ok(())).unwrap().is_clean());
    assert_eq!(put(&store, "more").unwrap_err().code(), ErrorCode::DiskFull, "what users write gets none");
    store.rebuild_index(|_| Ok(())).unwrap();
    store.sync().unwrap();
    store.close().unwrap();
    let left = folder::reserve_bytes(&vfs, Path::new(STORE));
    assert!(left > 0 && left < RESERVE_BYTES, "{left} bytes of it are left");
    let store = open(&vfs);
    store.event(&id).unwrap();
    assert!(has_index(&store), "the log was read again");
    store.close().unwrap();
    // There is room again, and so there is what was given up.
    vfs.remove_file(Path::new(FILLER)).unwrap();
    let store = open(&vfs);
    put(&store, "more").unwrap();
    assert_eq!(store.reserve_bytes(), RESERVE_BYTES);
}

/// Everything was durable, and closing answered that the disk was full, and left half a record behind.
#[test]
fn a_store_is_closed_cleanly_on_a_disk_without_a_free_byte() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    filled(&vfs).0.close().unwrap();
    let (store, id) = filled(&vfs);
    put(&store, "not in the index").unwrap();
    fill_disk(&vfs);
    store.close().unwrap();
    let store = open(&vfs);
    assert!(has_index(&store) && store.segments().len() == 1);
    store.event(&id).unwrap();
    store.close().unwrap();
}

/// As above, of a store that is too small for a reserve.
#[test]
fn without_a_reserve_nothing_is_written_behind_the_log() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    let store = open(&vfs);
    let id = put(&store, "small").unwrap();
    let length = store.segments()[0].file_bytes().unwrap();
    fill_disk(&vfs);
    store.close().unwrap();
    let store = open(&vfs);
    assert_eq!(store.segments()[0].file_bytes().unwrap(), length);
    store.event(&id).unwrap();
    assert!(verify(&store, &mut Control::new(), &|| Ok(())).unwrap().is_clean());
    store.close().unwrap();
}

/// Removed by hand, as lock files are; then not even the number of the process found room.
#[test]
fn a_lock_file_without_room_for_a_number_locks() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    filled(&vfs).0.close().unwrap();
    vfs.remove_file(Path::new("/store/lock")).unwrap();
    fill_disk(&vfs);
    let store = open(&vfs);
    let again = Store::open(Arc::new(vfs.clone()), Path::new(STORE), options());
    assert_eq!(again.unwrap_err().code(), ErrorCode::Locked);
    store.close().unwrap();
}

#[test]
fn the_floor_is_kept_while_it_is_made_and_not_in_the_way_when_it_is_given_up() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    let floor = |bytes| options().minimum_free_bytes(bytes);
    let open = |options| Store::open(Arc::new(vfs.clone()), Path::new(STORE), options).unwrap();
    filled(&vfs).0.close().unwrap();
    vfs.remove_file(&folder::reserve(Path::new(STORE))).unwrap();
    // There would be room for it, and not for plenty.
    open(floor(free(&vfs) - 2 * RESERVE_BYTES)).close().unwrap();
    assert_eq!(folder::reserve_bytes(&vfs, Path::new(STORE)), 0);
    drop(open(floor(free(&vfs) / 2)));
    assert_eq!(folder::reserve_bytes(&vfs, Path::new(STORE)), RESERVE_BYTES);
    tear(&vfs);
    let before = free(&vfs);
    let store = open(floor(u64::MAX));
    assert_eq!(store.segments().len(), 2);
    assert_eq!(put(&store, "more").unwrap_err().code(), ErrorCode::DiskFull);
    store.close().unwrap();
    assert!(free(&vfs) >= before, "others lost {} bytes", before - free(&vfs));
}

#[test]
fn a_reader_leaves_it_alone_and_nobody_misses_it() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    let (store, id) = filled(&vfs);
    store.close().unwrap();
    fill_disk(&vfs);
    let reader = || Store::open_read_only(Arc::new(vfs.clone()), Path::new(STORE), options()).unwrap();
    reader().event(&id).unwrap();
    assert_eq!(reader().reserve_bytes(), RESERVE_BYTES);
    vfs.remove_file(&folder::reserve(Path::new(STORE))).unwrap();
    reader().event(&id).unwrap();
    assert!(verify(&reader(), &mut Control::new(), &|| Ok(())).unwrap().is_clean());
    let store = open(&vfs);
    assert_eq!(store.reserve_bytes(), 0, "there is as much room, and not plenty");
    store.close().unwrap();
}

/// It was given up by hand, and others took the room.
#[test]
fn one_that_was_deleted_meanwhile_is_no_room() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    filled(&vfs).0.close().unwrap();
    drop(filled(&vfs));
    tear(&vfs);
    let path = folder::reserve(Path::new(STORE));
    vfs.remove_file(&path).unwrap();
    fill_disk(&vfs);
    let store = open(&vfs);
    assert_eq!(store.segments().len(), 1);
    assert_eq!(put(&store, "more").unwrap_err().code(), ErrorCode::DiskFull);
    store.close().unwrap();
}

/// Somebody deleted all but the reserve, to begin anew.
#[test]
fn a_folder_that_has_nothing_else_becomes_a_store() {
    let vfs = MemoryVfs::new(DISK_BYTES);
    vfs.create_dir(Path::new(STORE)).unwrap();
    let path = folder::reserve(Path::new(STORE));
    vfs.create_new(&path).unwrap().write_all_at(&vec![1; 1000], 0).unwrap();
    assert_eq!(folder::look(&vfs, Path::new(STORE)).unwrap(), FolderState::Unmade);
    open(&vfs).close().unwrap();
    let other = Path::new("/other");
    vfs.create_dir(other).unwrap();
    let file = vfs.create_new(&folder::reserve(other)).unwrap();
    file.write_all_at(&vec![1; 9 * 1024 * 1024], 0).unwrap();
    let error = folder::look(&vfs, other).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotAStore, "so long a file is somebody's: {error}");
}
