//! One contract, asked of every file system that the engine runs on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Barrier};
use std::thread;

use super::{Access, MemoryVfs, OsVfs, PathKind, Vfs, VfsFile, create_durably};

/// Enough for every test here but those that fill it.
const CAPACITY_BYTES: u64 = 1 << 20;

/// Runs a test in an empty folder of each implementation.
fn on_each(test: impl Fn(&dyn Vfs, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    test(&OsVfs, folder.path());
    let memory = MemoryVfs::new(CAPACITY_BYTES);
    memory.create_dir(Path::new("/store")).unwrap();
    test(&memory, Path::new("/store"));
}

fn make(vfs: &dyn Vfs, path: &Path, bytes: &[u8]) -> Arc<dyn VfsFile> {
    let file = vfs.create_new(path).unwrap();
    file.write_all_at(bytes, 0).unwrap();
    file
}

fn content(file: &dyn VfsFile) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(file.len().unwrap()).unwrap()];
    file.read_exact_at(&mut bytes, 0).unwrap();
    bytes
}

fn content_at(vfs: &dyn Vfs, path: &Path) -> Vec<u8> {
    content(vfs.open(path, Access::Read).unwrap().as_ref())
}

fn names(vfs: &dyn Vfs, folder: &Path) -> Vec<PathBuf> {
    let mut names = vfs.list(folder).unwrap();
    names.sort();
    names
}

/// The kind of error, where success would be a failure of the test.
fn refusal<T>(result: std::io::Result<T>) -> ErrorKind {
    match result {
        Ok(_) => panic!("this should have been refused"),
        Err(error) => error.kind(),
    }
}

#[test]
fn what_is_written_is_read_through_every_opening() {
    on_each(|vfs, folder| {
        let path = folder.join("file");
        let file = make(vfs, &path, b"hello world");
        let other = vfs.open(&path, Access::Read).unwrap();
        file.write_all_at(b"W", 6).unwrap();
        assert_eq!(content(other.as_ref()), b"hello World");
        let mut middle = [0; 5];
        other.read_exact_at(&mut middle, 6).unwrap();
        assert_eq!(&middle, b"World");
        file.sync_data().unwrap();
        vfs.sync_dir(folder).unwrap();
    });
}

#[test]
fn a_file_grows_by_zeros() {
    on_each(|vfs, folder| {
        let file = make(vfs, &folder.join("file"), b"ab");
        file.write_all_at(b"z", 4).unwrap();
        assert_eq!(content(file.as_ref()), b"ab\0\0z");
    });
}

#[test]
fn reading_over_the_end_is_an_error_and_nothing_is_nowhere() {
    on_each(|vfs, folder| {
        let file = make(vfs, &folder.join("file"), b"abc");
        assert_eq!(refusal(file.read_exact_at(&mut [0; 2], 2)), ErrorKind::UnexpectedEof);
        assert_eq!(refusal(file.read_exact_at(&mut [0; 1], 1000)), ErrorKind::UnexpectedEof);
        file.read_exact_at(&mut [], 3).unwrap();
        file.read_exact_at(&mut [], 1000).unwrap();
        file.write_all_at(&[], 1000).unwrap();
        assert_eq!(file.len().unwrap(), 3, "writing no bytes must not grow the file");
    });
}

#[test]
fn an_opening_for_reading_changes_nothing() {
    on_each(|vfs, folder| {
        let path = folder.join("file");
        make(vfs, &path, b"abc");
        let file = vfs.open(&path, Access::Read).unwrap();
        file.write_all_at(b"x", 0).unwrap_err();
        assert_eq!(content_at(vfs, &path), b"abc");
    });
}

#[test]
fn folders_list_what_is_in_them_and_nothing_deeper() {
    on_each(|vfs, folder| {
        vfs.create_dir(&folder.join("inner")).unwrap();
        make(vfs, &folder.join("file"), b"");
        make(vfs, &folder.join("inner").join("deep"), b"");
        assert_eq!(names(vfs, folder), [PathBuf::from("file"), PathBuf::from("inner")]);
        assert_eq!(names(vfs, &folder.join("inner")), [PathBuf::from("deep")]);
        assert_eq!(vfs.kind(folder).unwrap(), PathKind::Directory);
        assert_eq!(vfs.kind(&folder.join("file")).unwrap(), PathKind::File);
        assert_eq!(refusal(vfs.list(&folder.join("file"))), ErrorKind::NotADirectory);
    });
}

#[test]
fn what_exists_is_not_made_again() {
    on_each(|vfs, folder| {
        let (file, inner) = (folder.join("file"), folder.join("inner"));
        make(vfs, &file, b"kept");
        vfs.create_dir(&inner).unwrap();
        assert_eq!(refusal(vfs.create_new(&file)), ErrorKind::AlreadyExists);
        assert_eq!(refusal(vfs.create_new(&inner)), ErrorKind::AlreadyExists);
        assert_eq!(refusal(vfs.create_dir(&file)), ErrorKind::AlreadyExists);
        assert_eq!(refusal(vfs.create_dir(&inner)), ErrorKind::AlreadyExists);
        assert_eq!(content_at(vfs, &file), b"kept");
    });
}

#[test]
fn what_is_missing_is_not_found() {
    on_each(|vfs, folder| {
        let missing = folder.join("missing");
        assert_eq!(refusal(vfs.open(&missing, Access::Read)), ErrorKind::NotFound);
        assert_eq!(refusal(vfs.open(&missing, Access::ReadWrite)), ErrorKind::NotFound);
        assert_eq!(refusal(vfs.kind(&missing)), ErrorKind::NotFound);
        assert_eq!(refusal(vfs.list(&missing)), ErrorKind::NotFound);
        assert_eq!(refusal(vfs.remove_file(&missing)), ErrorKind::NotFound);
        assert_eq!(refusal(vfs.rename(&missing, &folder.join("to"))), ErrorKind::NotFound);
        assert_eq!(refusal(vfs.create_new(&missing.join("file"))), ErrorKind::NotFound);
        assert_eq!(refusal(vfs.create_dir(&missing.join("folder"))), ErrorKind::NotFound);
        assert_eq!(names(vfs, folder), [] as [PathBuf; 0]);
    });
}

#[test]
fn renaming_replaces_a_file_whose_readers_keep_theirs() {
    on_each(|vfs, folder| {
        let (from, to) = (folder.join("from"), folder.join("to"));
        make(vfs, &from, b"new");
        let old = make(vfs, &to, b"older");
        vfs.rename(&from, &to).unwrap();
        assert_eq!(names(vfs, folder), [PathBuf::from("to")]);
        assert_eq!(content_at(vfs, &to), b"new");
        assert_eq!(content(old.as_ref()), b"older");
    });
}

#[test]
fn renaming_loses_neither_file_nor_folder_where_it_is_refused() {
    on_each(|vfs, folder| {
        let (file, inner) = (folder.join("file"), folder.join("inner"));
        make(vfs, &file, b"kept");
        vfs.create_dir(&inner).unwrap();
        make(vfs, &inner.join("deep"), b"deep");
        assert_eq!(refusal(vfs.rename(&file, &inner)), ErrorKind::IsADirectory);
        assert_eq!(refusal(vfs.rename(&file, &folder.join("missing").join("file"))), ErrorKind::NotFound);
        assert_eq!(content_at(vfs, &file), b"kept");
        assert_eq!(content_at(vfs, &inner.join("deep")), b"deep");
    });
}

#[test]
fn a_removed_file_stays_readable_where_it_is_open() {
    on_each(|vfs, folder| {
        let path = folder.join("file");
        let file = make(vfs, &path, b"still here");
        vfs.remove_file(&path).unwrap();
        assert_eq!(refusal(vfs.kind(&path)), ErrorKind::NotFound);
        assert_eq!(content(file.as_ref()), b"still here");
        make(vfs, &path, b"another");
        assert_eq!(content(file.as_ref()), b"still here");
    });
}

#[test]
fn a_mapping_is_the_files_bytes_and_outlives_its_name() {
    on_each(|vfs, folder| {
        let path = folder.join("file");
        let bytes: Vec<u8> = (0..100_000u32).map(|number| (number % 251) as u8).collect();
        let file = make(vfs, &path, &bytes);
        file.set_read_only().unwrap();
        let mapping = file.map().unwrap();
        vfs.remove_file(&path).unwrap();
        drop(file);
        let clone = mapping.clone();
        drop(mapping);
        assert_eq!(&clone[..], &bytes[..]);
    });
}

#[test]
fn an_empty_file_maps_to_nothing() {
    on_each(|vfs, folder| {
        let file = make(vfs, &folder.join("file"), b"");
        assert_eq!(&file.map().unwrap()[..], b"");
    });
}

#[test]
fn a_lock_excludes_other_openings_until_the_last_handle_drops() {
    on_each(|vfs, folder| {
        let path = folder.join("lock");
        let first = make(vfs, &path, b"");
        let second = vfs.open(&path, Access::ReadWrite).unwrap();
        assert!(first.try_lock(7, 1).unwrap());
        assert!(first.try_lock(7, 1).unwrap(), "the holder may ask again");
        assert!(!second.try_lock(7, 1).unwrap());
        let clone = Arc::clone(&first);
        drop(first);
        assert!(!second.try_lock(7, 1).unwrap(), "a handle of the first opening is alive");
        drop(clone);
        assert!(second.try_lock(7, 1).unwrap());
    });
}

#[test]
fn a_lock_survives_the_closing_of_another_opening() {
    // What the older kind of POSIX lock gets wrong: closing any descriptor of the file releases it.
    on_each(|vfs, folder| {
        let path = folder.join("lock");
        let holder = make(vfs, &path, b"");
        assert!(holder.try_lock(0, 1).unwrap());
        drop(vfs.open(&path, Access::Read).unwrap());
        let other = vfs.open(&path, Access::ReadWrite).unwrap();
        assert!(!other.try_lock(0, 1).unwrap());
        drop(other);
        let other = vfs.open(&path, Access::ReadWrite).unwrap();
        assert!(!other.try_lock(0, 1).unwrap(), "one that lost must not release the holder's lock");
    });
}

#[test]
fn only_the_holder_gives_a_lock_back() {
    on_each(|vfs, folder| {
        let path = folder.join("lock");
        let holder = make(vfs, &path, b"");
        let other = vfs.open(&path, Access::ReadWrite).unwrap();
        assert!(holder.try_lock(3, 1).unwrap());
        other.unlock(3, 1).unwrap();
        assert!(!other.try_lock(3, 1).unwrap());
        holder.unlock(3, 1).unwrap();
        assert!(other.try_lock(3, 1).unwrap());
        assert!(!holder.try_lock(3, 1).unwrap());
    });
}

#[test]
fn one_opening_that_locks_from_many_threads_holds_one_lock_and_gives_it_back() {
    on_each(|vfs, folder| {
        let path = folder.join("lock");
        drop(make(vfs, &path, b""));
        for _ in 0..200 {
            let file = vfs.open(&path, Access::ReadWrite).unwrap();
            let start = Barrier::new(4);
            let lock = || {
                start.wait();
                file.try_lock(0, 1).unwrap()
            };
            thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(lock)).collect();
                for thread in threads {
                    assert!(thread.join().unwrap(), "the lock is this opening's own");
                }
            });
            drop(file);
            let next = vfs.open(&path, Access::ReadWrite).unwrap();
            assert!(next.try_lock(0, 1).unwrap(), "the lock was left behind");
        }
    });
}

#[test]
fn free_bytes_are_told() {
    on_each(|vfs, folder| assert!(vfs.free_bytes(folder).unwrap() > 0));
}

#[test]
fn a_durable_file_is_whole_and_leaves_no_other_name() {
    on_each(|vfs, folder| {
        let path = folder.join("superblock");
        make(vfs, &folder.join("superblock.new"), b"longer bytes that a crash left behind");
        create_durably(vfs, &path, b"whole").unwrap();
        assert_eq!(content_at(vfs, &path), b"whole");
        assert_eq!(names(vfs, folder), [PathBuf::from("superblock")]);
    });
}

#[test]
fn memory_that_is_full_refuses_before_it_writes() {
    let vfs = MemoryVfs::new(10);
    let root = Path::new("/");
    let file = make(&vfs, Path::new("/file"), b"12345678");
    assert_eq!(vfs.free_bytes(root).unwrap(), 2);
    assert_eq!(refusal(file.write_all_at(b"abcde", 6)), ErrorKind::StorageFull);
    assert_eq!(content(file.as_ref()), b"12345678");
    file.write_all_at(b"abcd", 6).unwrap();
    assert_eq!(content(file.as_ref()), b"123456abcd");
    assert_eq!(vfs.free_bytes(root).unwrap(), 0);
    file.write_all_at(b"again", 0).unwrap();
    assert_eq!(vfs.free_bytes(root).unwrap(), 0);
}

#[test]
fn memory_is_given_back_when_a_removed_file_is_closed() {
    let vfs = MemoryVfs::new(10);
    let (root, path, other) = (Path::new("/"), Path::new("/file"), Path::new("/other"));
    let file = make(&vfs, path, b"12345678");
    vfs.remove_file(path).unwrap();
    assert_eq!(vfs.free_bytes(root).unwrap(), 2, "its bytes can still be read");
    drop(file);
    assert_eq!(vfs.free_bytes(root).unwrap(), 10);
    drop(make(&vfs, path, b"1234"));
    drop(make(&vfs, other, b"123"));
    vfs.rename(path, other).unwrap();
    assert_eq!(vfs.free_bytes(root).unwrap(), 6);
}
