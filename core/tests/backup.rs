//! A backup is a prefix of what was committed, while writers go on, and opens as quickly as the store.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::os::unix::fs::{FileExt as _, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use ouroborosdb::{
    CancelToken, Control, Database, Durability, ErrorCode, EventId, NewEvent, Options, VerifyOptions,
};

fn small_segments() -> Options {
    Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN).durability(Durability::Buffered)
}

fn read_only(path: &Path) -> Database {
    Database::open_read_only(path, Options::new()).unwrap()
}

/// Bytes that do not compress.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let step = |_| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x as u8
    };
    (0..length).map(step).collect()
}

/// All ids in the order of their commits.
fn order(db: &Database) -> Vec<EventId> {
    let changes = db.changes(None).unwrap();
    let mut ids = Vec::new();
    loop {
        let page = changes.page(1000).unwrap();
        if page.is_empty() {
            return ids;
        }
        ids.extend(page.iter().map(|event| event.id()));
    }
}

fn assert_clean(db: &Database) {
    let report = db.verify(VerifyOptions::new()).unwrap();
    assert!(report.is_clean(), "{:?}", report.problems);
}

#[test]
fn a_backup_while_two_writers_go_on_is_a_prefix() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path().join("store"), small_segments()).unwrap();
    let root = db.create_root("busy").unwrap();
    let ended = AtomicBool::new(false);
    let copy = folder.path().join("copy");
    let sequences = std::thread::scope(|scope| {
        for writer in 0..2_u64 {
            let (db, ended) = (&db, &ended);
            scope.spawn(move || {
                let mut number = 0;
                while !ended.load(Ordering::SeqCst) {
                    number += 1;
                    db.append(root, NewEvent::new().metadata(number.to_string())).unwrap();
                    db.put_file(root, &noise(writer << 32 | number, 5000)[..], NewEvent::new()).unwrap();
                }
            });
        }
        let mut sequences = Vec::new();
        for _ in 0..6 {
            let report = db.backup_to(&copy).unwrap();
            let copied = read_only(&copy);
            assert_eq!(order(&copied).len() as u64, report.sequence);
            assert_clean(&copied);
            sequences.push(report.sequence);
        }
        ended.store(true, Ordering::SeqCst);
        sequences
    });
    assert!(sequences.is_sorted() && sequences[0] < sequences[5], "{sequences:?}");
    db.sync().unwrap();
    let (all, copied) = (order(&db), order(&read_only(&copy)));
    assert!(all.starts_with(&copied) && copied.len() as u64 == sequences[5]);
}

#[test]
fn a_cancelled_backup_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
    let db = Database::open(&store, small_segments()).unwrap();
    let root = db.create_root("r").unwrap();
    for number in 0..20 {
        db.put_file(root, &noise(number, 40_000)[..], NewEvent::new()).unwrap();
    }
    let token = CancelToken::new();
    let control = Control::new().cancel(&token).on_progress(|_| token.cancel());
    assert_eq!(db.backup_to_with(&copy, control).unwrap_err().code(), ErrorCode::Cancelled);
    let error = Database::open(&copy, Options::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotAStore);
    assert!(error.message().contains("not finished"), "{error}");
    let mut told = (0, 0);
    let control = Control::new().on_progress(|progress| told = (progress.bytes, progress.items));
    let report = db.backup_to_with(&copy, control).unwrap();
    assert_eq!(told, (report.bytes_copied + report.bytes_kept, report.segments));
    assert_clean(&read_only(&copy));
    assert_eq!(order(&read_only(&copy)), order(&db));
}

#[test]
fn a_database_in_memory_and_a_reader_are_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Database::open_in_memory(Options::new()).unwrap();
    let root = memory.create_root("in memory").unwrap();
    let file = memory.put_file(root, &noise(3, 100_000)[..], NewEvent::new()).unwrap();
    let copy = folder.path().join("copy");
    assert_eq!(memory.backup_to(&copy).unwrap().sequence, 2);
    let first = read_only(&copy);
    assert_eq!(first.read_file(file).unwrap(), noise(3, 100_000));
    // The copy of a copy, by who only reads.
    let second = folder.path().join("second");
    assert_eq!(first.backup_to(&second).unwrap().sequence, 2);
    assert_clean(&read_only(&second));
    assert_eq!(order(&read_only(&second)), order(&memory));
}

#[test]
fn damage_is_reported_and_the_rest_is_readable() {
    let folder = tempfile::tempdir().unwrap();
    let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
    let db = Database::open(&store, small_segments()).unwrap();
    let root = db.create_root("r").unwrap();
    let files: Vec<EventId> = (0..12)
        .map(|number| db.put_file(root, &noise(number, 30_000)[..], NewEvent::new()).unwrap())
        .collect();
    db.close().unwrap();
    let path = store.join("segments/00000002.segment");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    #[allow(clippy::permissions_set_readonly_false, reason = "a test's own file")]
    permissions.set_readonly(false);
    std::fs::set_permissions(&path, permissions).unwrap();
    let segment = std::fs::File::options().read(true).write(true).open(&path).unwrap();
    let mut byte = [0];
    segment.read_exact_at(&mut byte, 20_000).unwrap();
    segment.write_all_at(&[!byte[0]], 20_000).unwrap();
    let db = Database::open(&store, small_segments()).unwrap();
    let report = db.backup_to(&copy).unwrap();
    assert_eq!(report.damaged_ranges, 1, "{report:?}");
    let copied = read_only(&copy);
    let unreadable = files.iter().filter(|file| copied.read_file(**file).is_err()).count();
    assert_eq!(unreadable, 1);
    assert!(!copied.verify(VerifyOptions::new()).unwrap().is_clean());
    assert_eq!(db.backup_to(&copy).unwrap().damaged_ranges, 0, "it was not copied again");
}

#[test]
fn a_backup_has_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
    let db = Database::open(&store, small_segments()).unwrap();
    let root = db.create_root("r").unwrap();
    for number in 0..3000_u64 {
        db.append(root, NewEvent::new().metadata(noise(number, 100))).unwrap();
    }
    let report = db.backup_to(&copy).unwrap();
    assert!(report.segments > 3, "{report:?}");
    assert!(copy.join("index/checkpoint").is_file());
    // Without the segments before the last there is nothing to read but the index: whoever opened by reading the log
    // would find no event of theirs.
    let aside = folder.path().join("aside");
    std::fs::rename(copy.join("segments/00000001.segment"), &aside).unwrap();
    let copied = read_only(&copy);
    assert_eq!(copied.stats().unwrap().events, 3001);
    drop(copied);
    std::fs::rename(&aside, copy.join("segments/00000001.segment")).unwrap();
    assert_clean(&read_only(&copy));
}

#[test]
fn links_and_the_stores_own_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (store, real) = (folder.path().join("store"), folder.path().join("real"));
    let db = Database::open(&store, Options::new()).unwrap();
    db.create_root("r").unwrap();
    let code = |path: &Path| db.backup_to(path).unwrap_err().code();
    // A link to a folder is as good as the folder; one to nothing is not filled.
    std::fs::create_dir(&real).unwrap();
    symlink(&real, folder.path().join("link")).unwrap();
    assert_eq!(db.backup_to(folder.path().join("link")).unwrap().sequence, 1);
    assert!(real.join("superblock").is_file());
    symlink(folder.path().join("nowhere"), folder.path().join("dangling")).unwrap();
    assert_eq!(code(&folder.path().join("dangling")), ErrorCode::PathNotFound);
    assert!(!folder.path().join("nowhere").exists());
    // By links into the store, and through `..`.
    symlink(store.join("segments"), folder.path().join("inside")).unwrap();
    assert_eq!(code(&folder.path().join("inside/copy")), ErrorCode::InvalidArgument);
    assert_eq!(code(&folder.path().join("real/../store/copy")), ErrorCode::InvalidArgument);
    assert_eq!(code(&folder.path().join("inside")), ErrorCode::InvalidArgument);
    symlink(&store, folder.path().join("itself")).unwrap();
    assert_eq!(code(&folder.path().join("itself")), ErrorCode::NotABackup);
    assert_eq!(code(Path::new("")), ErrorCode::PathNotFound);
    assert_eq!(code(Path::new("nul\0")), ErrorCode::InvalidArgument);
    assert_eq!(code(Path::new("/")), ErrorCode::NotABackup);
}

/// Nobody writes to a copy, so that it needs no room for a full disk; and what is left of one is nobody's data.
#[test]
fn a_copy_has_no_reserve() {
    let folder = tempfile::tempdir().unwrap();
    let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
    let db = Database::open(&store, small_segments()).unwrap();
    let root = db.create_root("large").unwrap();
    db.put_file(root, noise(1, 8_000_000).as_slice(), NewEvent::new()).unwrap();
    assert_eq!(db.stats().unwrap().reserve_bytes, std::fs::metadata(store.join("reserve")).unwrap().len());
    assert!(db.stats().unwrap().reserve_bytes > 0);
    db.backup_to(&copy).unwrap();
    assert_eq!(read_only(&copy).stats().unwrap().reserve_bytes, 0);
    let begun = folder.path().join("begun");
    std::fs::create_dir(&begun).unwrap();
    std::fs::copy(store.join("reserve"), begun.join("reserve")).unwrap();
    db.backup_to(&begun).unwrap();
    assert_clean(&read_only(&begun));
}
