//! Sources of files that misbehave: that change while they are read, fail, give little, never end, or have odd names.
//! What is stored is what was read, or nothing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![cfg(unix)]

mod support;

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ouroborosdb::{
    CancelToken, Control, Database, Error, ErrorCode, EventId, ImportOptions, NewEvent, NewFile, Options,
    Order, PutFilesOptions, VerifyOptions,
};
use support::Random;

fn memory() -> (Database, EventId) {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    (db, root)
}

/// Stores one reader in each way that there is, and gives what the event then carries.
fn in_each_way<R: Read + Send>(make: impl Fn() -> R) -> Vec<Result<Vec<u8>, Error>> {
    let (db, root) = memory();
    let ways: [Result<EventId, Error>; 4] = [
        db.put_file(root, make(), NewEvent::new()),
        db.put_files(root, [NewFile::from_reader(make())], PutFilesOptions::new()).map(|ids| ids[0]),
        db.put_files(root, [NewFile::from_reader_here(make())], PutFilesOptions::new()).map(|ids| ids[0]),
        db.batch().and_then(|batch| {
            batch.put_file(root, make(), NewEvent::new())?;
            batch.commit().map(|ids| ids[0])
        }),
    ];
    let failed = ways.iter().filter(|way| way.is_err()).count();
    assert_eq!(db.children(root, Order::Commit).unwrap().count(), ways.len() - failed);
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
    ways.into_iter().map(|way| db.read_file(way?)).collect()
}

/// A file that does something to itself behind each piece that is read.
struct Changing<F: FnMut(u64)> {
    file: File,
    read: u64,
    change: F,
}

impl<F: FnMut(u64)> Read for Changing<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len().min(50_000);
        let read = self.file.read(&mut buffer[..room])?;
        self.read += read as u64;
        (self.change)(self.read);
        Ok(read)
    }
}

#[test]
fn a_file_that_shrinks_is_stored_as_far_as_it_was_read() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("file");
    let bytes = Random(1).bytes(3_000_000);
    let answers = in_each_way(|| {
        fs::write(&path, &bytes).unwrap();
        let file = File::open(&path).unwrap();
        let other = OpenOptions::new().write(true).open(&path).unwrap();
        let change = move |read| {
            if read >= 1_000_000 {
                other.set_len(1_000_000).unwrap();
            }
        };
        Changing { file, read: 0, change }
    });
    for answer in answers {
        // What was read before it shrank, and not a byte beyond.
        let answer = answer.unwrap();
        assert!((1_000_000..1_050_000).contains(&answer.len()), "{} bytes", answer.len());
        assert!(answer == bytes[..answer.len()]);
    }
}

#[test]
fn a_file_that_is_overwritten_is_stored_as_it_was_read() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("file");
    let bytes = Random(2).bytes(3_000_000);
    let answers = in_each_way(|| {
        fs::write(&path, &bytes).unwrap();
        let file = File::open(&path).unwrap();
        let mut other = OpenOptions::new().write(true).open(&path).unwrap();
        let mut changed = false;
        let change = move |_| {
            if !std::mem::replace(&mut changed, true) {
                other.write_all(&[7; 3_000_000]).unwrap();
            }
        };
        Changing { file, read: 0, change }
    });
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.len(), bytes.len());
        let same = answer.iter().zip(&bytes).take_while(|(new, old)| new == old).count();
        assert!((1..=50_000).contains(&same), "the first piece is the old one: {same}");
        assert!(answer[same..].iter().all(|byte| *byte == 7));
    }
}

/// A log that is written faster than it is read would be read for ever: whoever stores such files sets a limit, which
/// is a progress function that cancels.
#[test]
fn a_file_that_grows_without_end_is_stopped_by_a_limit() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("log");
    let (db, root) = memory();
    let limit = 10_000_000;
    fs::write(&path, [1; 100_000]).unwrap();
    let mut end = OpenOptions::new().append(true).open(&path).unwrap();
    let change = move |_| end.write_all(&[2; 60_000]).unwrap();
    let growing = Changing { file: File::open(&path).unwrap(), read: 0, change };
    let token = CancelToken::new();
    let control = Control::new().cancel(&token).on_progress(|progress| {
        if progress.bytes > limit {
            token.cancel();
        }
    });
    let error = db.put_file_with(root, growing, NewEvent::new(), control).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    assert_eq!(db.stats().unwrap().events, 1);
}

#[test]
fn a_device_without_an_end_is_stopped_by_a_limit_or_a_token() {
    let (db, root) = memory();
    let zeros = || File::open("/dev/zero").unwrap();
    type Store<'a> = &'a dyn Fn(Control<'_>) -> Result<(), Error>;
    let one: Store = &|control| db.put_file_with(root, zeros(), NewEvent::new(), control).map(|_| ());
    let many: Store = &|control| {
        let files = [NewFile::from_bytes(vec![1]), NewFile::from_reader(zeros())];
        db.put_files(root, files, PutFilesOptions::new().control(control)).map(|_| ())
    };
    let here: Store = &|control| {
        let files = [NewFile::from_bytes(vec![1]), NewFile::from_reader_here(zeros())];
        db.put_files(root, files, PutFilesOptions::new().control(control)).map(|_| ())
    };
    for store in [one, many, here] {
        let token = CancelToken::new();
        let control = Control::new().cancel(&token).on_progress(|progress| {
            if progress.bytes > 20_000_000 {
                token.cancel();
            }
        });
        assert_eq!(store(control).unwrap_err().code(), ErrorCode::Cancelled);
        let token = CancelToken::new();
        let error = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(100));
                token.cancel();
            });
            store(Control::new().cancel(&token)).unwrap_err()
        });
        assert_eq!(error.code(), ErrorCode::Cancelled);
        assert_eq!(db.stats().unwrap().events, 1);
        // A limit of the caller's own is simpler still: what is behind it is not asked for.
    }
    let capped = db.put_file(root, zeros().take(5_000_000), NewEvent::new()).unwrap();
    assert_eq!(db.event(capped).unwrap().content_length(), Some(5_000_000));
}

/// A path is asked what it is before it is opened, so that nobody waits for a pipe or reads a device for ever.
#[test]
fn a_path_that_is_no_file_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let fifo = scratch.path().join("fifo");
    nix_mkfifo(&fifo);
    let link = scratch.path().join("link");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    let (db, root) = memory();
    for path in [Path::new("/dev/zero"), &fifo, &link, scratch.path()] {
        let error = db.put_files(root, [NewFile::from_path(path)], PutFilesOptions::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{error}");
        assert!(error.message().contains(&path.display().to_string()), "{error}");
    }
    let report = db.import_path(root, scratch.path(), ImportOptions::new()).unwrap();
    assert_eq!((report.files, report.symlinks, report.skipped), (0, 1, vec![fifo]));
}

fn nix_mkfifo(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn readers_that_give_little_claim_much_or_are_interrupted() {
    struct Odd<'a> {
        bytes: &'a [u8],
        turn: usize,
    }
    impl Read for Odd<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.turn += 1;
            if self.turn.is_multiple_of(3) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            self.bytes.read(&mut buffer[..1])
        }
    }
    let bytes = Random(5).bytes(400_000);
    for answer in in_each_way(|| Odd { bytes: &bytes, turn: 0 }) {
        assert!(answer.unwrap() == bytes);
    }
    struct Boasting(u32);
    impl Read for Boasting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            buffer.fill(3);
            Ok(if self.0 <= 10 { usize::MAX } else { 0 })
        }
    }
    for answer in in_each_way(|| Boasting(0)) {
        // No more than there was room for.
        let bytes = answer.unwrap();
        assert!(!bytes.is_empty() && bytes.len() <= 10 * 300_000 && bytes.iter().all(|byte| *byte == 3));
    }
}

#[test]
fn readers_that_fail_store_nothing_and_keep_their_reason() {
    struct Fails(u64);
    impl Read for Fails {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.min(buffer.len() as u64);
            self.0 -= count;
            if count == 0 { Err(io::Error::from_raw_os_error(5)) } else { Ok(count as usize) }
        }
    }
    for length in [0, 1, 300_000, 6_000_000] {
        for answer in in_each_way(|| Fails(length)) {
            let error = answer.unwrap_err();
            assert_eq!((error.code(), error.os_code()), (ErrorCode::SourceFailed, Some(5)), "{error}");
        }
    }
}

#[test]
fn a_sparse_file_takes_no_room() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("sparse");
    let file = File::create(&path).unwrap();
    file.set_len(64 << 20).unwrap();
    let (db, root) = memory();
    let ids = db.put_files(root, [NewFile::from_path(&path)], PutFilesOptions::new()).unwrap();
    assert_eq!(db.event(ids[0]).unwrap().content_length(), Some(64 << 20));
    assert!(db.stats().unwrap().chunk_bytes <= 128 << 10, "its zeros are stored once");
    let out = scratch.path().join("out");
    assert_eq!(db.open_file(ids[0]).unwrap().write_to_path(&out).unwrap(), 64 << 20);
    let mut piece = vec![1; 1 << 20];
    let mut reader = File::open(&out).unwrap();
    for _ in 0..64 {
        reader.read_exact(&mut piece).unwrap();
        assert!(piece.iter().all(|byte| *byte == 0));
    }
}

#[test]
fn names_that_are_not_utf_8() {
    let scratch = tempfile::tempdir().unwrap();
    let name = OsStr::from_bytes(b"a\xff\xfe b");
    let path = scratch.path().join(name);
    fs::write(&path, "odd").unwrap();
    let (db, root) = memory();
    let ids = db.put_files(root, [NewFile::from_path(&path)], PutFilesOptions::new()).unwrap();
    assert_eq!(db.read_file(ids[0]).unwrap(), b"odd");
    let out = scratch.path().join(OsStr::from_bytes(b"out\xff"));
    assert_eq!(db.open_file(ids[0]).unwrap().write_to_path(&out).unwrap(), 3);
    assert_eq!(fs::read(&out).unwrap(), b"odd");
    fs::remove_file(&path).unwrap();
    let error = db.put_files(root, [NewFile::from_path(&path)], PutFilesOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::PathNotFound, "{error}");
}
