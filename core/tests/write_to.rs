//! Stored files out to writers and paths: from the position on, whole or with an error, and never half under a name.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::cell::Cell;
use std::fs;
use std::io::{self, SeekFrom, Write};
use std::path::Path;

use ouroborosdb::{
    CancelToken, Control, Database, ErrorCode, EventId, FileReader, NewEvent, Options, VerifyOptions,
};
use support::Random;

const LENGTHS: [usize; 8] = [0, 1, 168, 169, 70_000, 1 << 20, (1 << 20) + 1, 5_000_001];

fn stored(length: usize) -> (Database, EventId, Vec<u8>) {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let bytes = Random(length as u64 + 1).bytes(length);
    let file = db.put_file(root, bytes.as_slice(), NewEvent::new()).unwrap();
    (db, file, bytes)
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn from_any_position_to_writers_and_paths() {
    let scratch = tempfile::tempdir().unwrap();
    for length in LENGTHS {
        let (db, file, bytes) = stored(length);
        for (turn, start) in [0, 1, length / 2, length, length + 10].into_iter().enumerate() {
            let rest = bytes.get(start..).unwrap_or_default();
            let reader = db.open_file(file).unwrap();
            FileReader::seek(&reader, SeekFrom::Start(start as u64)).unwrap();
            let mut out = Vec::new();
            assert_eq!(reader.write_to(&mut out).unwrap(), rest.len() as u64);
            assert!(out == rest, "{length} bytes from {start}");
            assert_eq!(reader.position(), length.max(start) as u64);
            assert_eq!(reader.write_to(&mut out).unwrap(), 0, "nothing is left");

            FileReader::seek(&reader, SeekFrom::Start(start as u64)).unwrap();
            let path = scratch.path().join(format!("{length}-{turn}"));
            assert_eq!(reader.write_to_path(&path).unwrap(), rest.len() as u64);
            assert!(fs::read(&path).unwrap() == rest);
            assert_eq!(reader.position(), length.max(start) as u64);
        }
    }
}

#[test]
fn what_is_there_already_stays() {
    let scratch = tempfile::tempdir().unwrap();
    let (db, file, _) = stored(1000);
    let reader = db.open_file(file).unwrap();
    let there = scratch.path().join("there");
    fs::write(&there, "mine").unwrap();
    let error = reader.write_to_path(&there).unwrap_err();
    assert_eq!(error.code(), ErrorCode::AlreadyExists, "{error}");
    assert_eq!(fs::read(&there).unwrap(), b"mine");
    assert_eq!(reader.write_to_path(scratch.path()).unwrap_err().code(), ErrorCode::AlreadyExists);
    let nowhere = scratch.path().join("no/where");
    assert_eq!(reader.write_to_path(nowhere).unwrap_err().code(), ErrorCode::PathNotFound);
    assert_eq!(reader.write_to_path("nul\0nul").unwrap_err().code(), ErrorCode::InvalidArgument);
    assert_eq!(reader.write_to_path("").unwrap_err().code(), ErrorCode::PathNotFound);
    #[cfg(unix)]
    {
        // Not even through a link that leads nowhere.
        let (link, behind) = (scratch.path().join("link"), scratch.path().join("behind"));
        std::os::unix::fs::symlink(&behind, &link).unwrap();
        assert_eq!(reader.write_to_path(&link).unwrap_err().code(), ErrorCode::AlreadyExists);
        assert!(!behind.exists());
    }
    assert_eq!(reader.position(), 0);
}

#[test]
fn not_into_the_store_itself() {
    let scratch = tempfile::tempdir().unwrap();
    let store = scratch.path().join("store");
    let db = Database::open(&store, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let file = db.put_file(root, &b"x"[..], NewEvent::new()).unwrap();
    let error = db.open_file(file).unwrap().write_to_path(store.join("x")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidArgument, "{error}");
    assert!(!store.join("x").exists());
}

/// Takes so many bytes, a few at a time, and is interrupted in between; then it fails as it was told.
struct Narrow {
    room: usize,
    taken: Vec<u8>,
    interrupted: bool,
    fails: fn() -> io::Result<usize>,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = bytes.len().min(1000).min(self.room - self.taken.len());
        if count == 0 {
            return (self.fails)();
        }
        self.taken.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_fails_ends_it_and_the_position_says_where() {
    let (db, file, bytes) = stored(3_000_000);
    let full: fn() -> io::Result<usize> = || Err(io::ErrorKind::StorageFull.into());
    let broken: fn() -> io::Result<usize> = || Err(io::Error::other("the pipe is broken"));
    let nothing: fn() -> io::Result<usize> = || Ok(0);
    for (fails, code) in [(full, ErrorCode::DiskFull), (broken, ErrorCode::Io), (nothing, ErrorCode::Io)] {
        for room in [0, 1, 1_500_500] {
            let reader = db.open_file(file).unwrap();
            let mut narrow = Narrow { room, taken: Vec::new(), interrupted: false, fails };
            let error = reader.write_to(&mut narrow).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert_eq!(reader.position(), room as u64);
            assert!(narrow.taken == bytes[..room]);
            // It goes on from there.
            let mut rest = Vec::new();
            reader.write_to(&mut rest).unwrap();
            assert!(rest == bytes[room..]);
        }
    }
    // An engine's error inside is passed on as it is.
    struct Another;
    impl Write for Another {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(ouroborosdb::Error::new(ErrorCode::Finished, "of another database").into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = db.open_file(file).unwrap().write_to(Another).unwrap_err();
    assert_eq!((error.code(), error.message()), (ErrorCode::Finished, "of another database"));
}

#[test]
fn watched_cancelled_and_closed() {
    let scratch = tempfile::tempdir().unwrap();
    let (db, file, bytes) = stored(5_000_001);
    let seen = Cell::new(0);
    let control = Control::new().on_progress(|progress| seen.set(progress.bytes));
    let reader = db.open_file(file).unwrap();
    reader.write_to_with(io::sink(), control).unwrap();
    assert_eq!(seen.get(), bytes.len() as u64);

    let path = scratch.path().join("out");
    for enough in [0, 1, 5_000_001] {
        let token = CancelToken::new();
        let control = Control::new().cancel(&token).on_progress(|progress| {
            if progress.bytes >= enough {
                token.cancel();
            }
        });
        let reader = db.open_file(file).unwrap();
        let error = reader.write_to_path_with(&path, control).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Cancelled);
        assert!(is_empty(scratch.path()), "half a file is no file");
    }
    let control = Control::new().on_progress(|_| db.close().unwrap());
    let error = db.open_file(file).unwrap().write_to_path_with(&path, control).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Closed);
    assert!(is_empty(scratch.path()));
    assert_eq!(reader.write_to_path(&path).unwrap_err().code(), ErrorCode::Closed);
    assert!(is_empty(scratch.path()));
}

#[test]
fn a_damaged_file_leaves_none() {
    let scratch = tempfile::tempdir().unwrap();
    let store = scratch.path().join("store");
    let bytes = Random(9).bytes(3_000_000);
    let db = Database::open(&store, support::uncompressed()).unwrap();
    let root = db.create_root("r").unwrap();
    let file = db.put_file(root, bytes.as_slice(), NewEvent::new()).unwrap();
    db.close().unwrap();
    let segment = support::segments(&store).pop().unwrap();
    let length = fs::metadata(&segment).unwrap().len();
    support::overwrite(&segment, length / 2, b"damage");
    let db = Database::open_read_only(&store, Options::new()).unwrap();
    let path = scratch.path().join("out");
    let error = db.open_file(file).unwrap().write_to_path(&path).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Corrupt, "{error}");
    assert!(!path.exists());
    let mut out = Vec::new();
    let error = db.open_file(file).unwrap().write_to(&mut out).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Corrupt);
    assert!(out.len() < bytes.len() && out == bytes[..out.len()], "nothing wrong is given out");
    assert!(!db.verify(VerifyOptions::new()).unwrap().is_clean());
}

/// A panic in the progress function left half a file under its name.
#[test]
fn a_panic_of_the_caller_leaves_nothing_at_the_path() {
    let scratch = tempfile::tempdir().unwrap();
    let (db, file, _) = stored(5_000_001);
    let reader = db.open_file(file).unwrap();
    let control = Control::new().on_progress(|_| std::panic::panic_any("as is meant"));
    let path = scratch.path().join("half");
    let write = std::panic::AssertUnwindSafe(|| reader.write_to_path_with(&path, control));
    assert!(std::panic::catch_unwind(write).is_err());
    assert!(is_empty(scratch.path()));
}
