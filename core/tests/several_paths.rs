//! A store in two folders of the real file system, as on two disks: one is taken away, moved, and given again.
//!
//! Both are on one disk here, and the first folder of a store that has room takes its segments. So the second one gets
//! one of its own while the first one is away: the store is opened by the second, and goes on there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use ouroborosdb::limits::PATHS_MAX;
use ouroborosdb::{Database, ErrorCode, EventId, NewEvent, Options, VerifyOptions};
use support::Random;

struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Scratch {
        Scratch { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.path(from), self.path(to)).unwrap();
    }

    fn open(&self, name: &str, options: Options) -> Database {
        Database::open(self.path(name), options.create(false)).unwrap()
    }

    fn refused(&self, name: &str, options: Options) -> ouroborosdb::Error {
        Database::open(self.path(name), options).unwrap_err()
    }
}

/// How many folders the store is in, and how many of them are not there.
fn folders(db: &Database) -> (u64, u64) {
    let stats = db.stats().unwrap();
    (stats.paths, stats.missing_paths)
}

fn segments(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("segments")).unwrap().count()
}

fn problems(db: &Database) -> Vec<String> {
    let report = db.verify(VerifyOptions::new()).unwrap();
    report.problems.into_iter().map(|problem| problem.message).collect()
}

fn large() -> Vec<u8> {
    Random(1).bytes(70_000)
}

fn small() -> Options {
    Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN)
}

/// A store in `one` and `two`, with a segment in each and an event in each of these. Closed.
fn two_folders(scratch: &Scratch) -> (EventId, EventId) {
    let db = Database::open(scratch.path("one"), small().paths([scratch.path("two")])).unwrap();
    assert_eq!(folders(&db), (2, 0));
    let first = db.create_root("first").unwrap();
    db.close().unwrap();
    assert_eq!((segments(&scratch.path("one")), segments(&scratch.path("two"))), (1, 0));
    // A store without a segment does not open, so the first one is lent for a moment.
    let segment = "segments/00000001.segment";
    scratch.rename(&format!("one/{segment}"), &format!("two/{segment}"));
    scratch.rename("one", "away");
    let db = scratch.open("two", small());
    assert_eq!(folders(&db), (2, 1));
    // More than the first segment has room for.
    let second = db.append(first, NewEvent::new().metadata(large())).unwrap();
    db.close().unwrap();
    scratch.rename(&format!("two/{segment}"), &format!("away/{segment}"));
    scratch.rename("away", "one");
    assert_eq!((segments(&scratch.path("one")), segments(&scratch.path("two"))), (1, 1));
    (first, second)
}

#[test]
fn a_disk_goes_moves_and_comes_back() {
    let scratch = Scratch::new();
    let (first, second) = two_folders(&scratch);

    // Not given again: the store knows.
    let db = scratch.open("one", small());
    assert_eq!(folders(&db), (2, 0));
    // The first folder takes the next segment again.
    let third = db.append(first, NewEvent::new().metadata(large())).unwrap();
    assert_eq!((segments(&scratch.path("one")), segments(&scratch.path("two"))), (2, 1));
    assert_eq!(db.metadata(second).unwrap(), Some(large()));
    assert_eq!(problems(&db), Vec::<String>::new());
    db.close().unwrap();

    scratch.rename("two", "moved");
    let db = scratch.open("one", Options::new());
    assert_eq!(folders(&db), (2, 1));
    assert_eq!(db.event(first).unwrap().title(), Some("first"));
    let two = scratch.path("two").display().to_string();
    let gone = db.metadata(second).unwrap_err();
    assert_eq!(gone.code(), ErrorCode::Corrupt);
    assert!(gone.message().contains(&two), "{gone}");
    let told = problems(&db);
    assert!(told.iter().any(|problem| problem.contains(&two)), "{told:#?}");
    // Everything else goes on.
    assert_eq!(db.metadata(third).unwrap(), Some(large()));
    let meanwhile = db.append(first, NewEvent::new().metadata("meanwhile")).unwrap();
    let text = db.prometheus().unwrap();
    let gauge = format!("ouroborosdb_missing_paths{{store=\"{}\"}} 1\n", scratch.path("one").display());
    assert!(text.contains(&gauge), "{text}");
    db.close().unwrap();

    // A reader is told where it is, and remembers nothing.
    let moved = || Options::new().paths([scratch.path("moved")]);
    let reader = Database::open_read_only(scratch.path("one"), moved()).unwrap();
    assert_eq!(folders(&reader), (2, 0));
    assert_eq!(reader.metadata(second).unwrap(), Some(large()));
    reader.close().unwrap();

    let db = scratch.open("one", moved());
    assert_eq!(folders(&db), (2, 0));
    for id in [first, second, third, meanwhile] {
        assert_eq!(db.event(id).unwrap().id(), id);
    }
    assert_eq!(problems(&db), Vec::<String>::new());
    db.close().unwrap();
    // From now on the store knows.
    assert_eq!(folders(&scratch.open("one", Options::new())), (2, 0));
}

#[test]
fn what_is_no_folder_of_the_store_is_refused() {
    let scratch = Scratch::new();
    two_folders(&scratch);
    Database::open(scratch.path("other"), Options::new()).unwrap().close().unwrap();
    let refused = |paths: Vec<PathBuf>, code: ErrorCode, says: &str| {
        let error = scratch.refused("one", Options::new().paths(paths));
        assert_eq!(error.code(), code, "{error}");
        assert!(error.message().contains(says), "{error}");
    };
    refused(vec![scratch.path("other")], ErrorCode::InvalidArgument, "another store");
    refused(vec![scratch.path("none/below")], ErrorCode::PathNotFound, "none");
    std::fs::write(scratch.path("file"), "a file").unwrap();
    refused(vec![scratch.path("file")], ErrorCode::NotAStore, "file");
    std::fs::create_dir(scratch.path("strange")).unwrap();
    std::fs::write(scratch.path("strange/letter"), "a letter").unwrap();
    refused(vec![scratch.path("strange")], ErrorCode::NotAStore, "strange");
    let many = (0..=PATHS_MAX).map(|at| scratch.path(&format!("new {at}"))).collect();
    refused(many, ErrorCode::InvalidArgument, "64");
    assert!(!scratch.path("new 0").exists());
    // Nothing of that changed anything.
    let db = scratch.open("one", Options::new());
    assert_eq!((folders(&db), problems(&db)), ((2, 0), Vec::new()));
}

/// Each of them is locked, whichever the store is opened by.
#[test]
fn one_process_has_all_folders() {
    let scratch = Scratch::new();
    two_folders(&scratch);
    let db = scratch.open("two", Options::new());
    assert_eq!(scratch.refused("one", Options::new()).code(), ErrorCode::Locked);
    let reader = Database::open_read_only(scratch.path("one"), Options::new()).unwrap();
    assert_eq!(folders(&reader), (2, 0));
    db.close().unwrap();
    scratch.open("one", Options::new()).close().unwrap();
}

#[test]
fn a_database_in_memory_is_in_no_folder() {
    let scratch = Scratch::new();
    let db = Database::open_in_memory(Options::new().paths([scratch.path("two")])).unwrap();
    assert_eq!(folders(&db), (1, 0));
    assert!(!scratch.path("two").exists());
}
