//! Many files in one call: in the order given, all or nothing, whatever they come from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::cell::Cell;
use std::fs;
use std::io::{self, Read};
use std::thread;

use ouroborosdb::{
    CancelToken, Control, Database, Durability, ErrorCode, EventId, NewEvent, NewFile, Options, Order,
    PutFilesOptions, VerifyOptions,
};
use support::Random;

fn memory() -> (Database, EventId) {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    (db, root)
}

/// Nothing of a failed call can be seen, and what is stored is whole.
fn nothing_new(db: &Database, root: EventId) {
    assert_eq!(db.children(root, Order::Commit).unwrap().count(), 0);
    assert_eq!(db.stats().unwrap().events, 1);
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}

#[test]
fn sources_of_every_kind_in_the_order_given() {
    let (db, root) = memory();
    let folder = db.append(root, NewEvent::new()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut random = Random(3);
    let lengths = [0, 1, 168, 169, 5000, 65_536, 65_537, 300_000, 3_000_000, 5_000_001];
    let contents: Vec<Vec<u8>> = (0..80).map(|at| random.bytes(lengths[at % lengths.len()])).collect();
    let mut files = Vec::new();
    for (at, bytes) in contents.iter().enumerate() {
        let file = match (at / lengths.len()) % 4 {
            0 => NewFile::from_bytes(bytes.as_slice()),
            1 => {
                let path = scratch.path().join(at.to_string());
                fs::write(&path, bytes).unwrap();
                NewFile::from_path(path)
            }
            2 => NewFile::from_reader(bytes.as_slice()),
            _ => NewFile::from_reader_here(bytes.as_slice()),
        };
        let file = file.event(NewEvent::new().attribute("at", at.to_string()).metadata("m"));
        files.push(if at % 3 == 0 { file.under(folder) } else { file });
    }
    let ids = db.put_files(root, files, PutFilesOptions::new()).unwrap();
    assert_eq!(ids.len(), contents.len());
    for (at, (id, bytes)) in ids.iter().zip(&contents).enumerate() {
        assert!(db.read_file(*id).unwrap() == *bytes, "file {at}");
        let event = db.event(*id).unwrap();
        assert_eq!(event.attribute("at"), Some(at.to_string().as_bytes()));
        assert_eq!(event.parent(), Some(if at % 3 == 0 { folder } else { root }));
    }
    // In the order of the files, too, is what they were committed in.
    let sequences: Vec<u64> = ids.iter().map(|id| db.event(*id).unwrap().sequence()).collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0] + 1));
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
    // The same bytes are stored once, however they come.
    let stored = db.stats().unwrap().chunk_bytes;
    let again = contents.iter().map(|bytes| NewFile::from_reader(bytes.as_slice()));
    db.put_files(root, again, PutFilesOptions::new()).unwrap();
    assert_eq!(db.stats().unwrap().chunk_bytes, stored);
}

#[test]
fn one_none_and_many() {
    let (db, root) = memory();
    assert_eq!(db.put_files(root, [], PutFilesOptions::new()).unwrap(), []);
    nothing_new(&db, root);
    let one = db.put_files(root, [NewFile::from_bytes(vec![7])], PutFilesOptions::new()).unwrap();
    assert_eq!(db.read_file(one[0]).unwrap(), [7]);
    let many = (0..20_000u32).map(|number| NewFile::from_bytes(number.to_le_bytes().repeat(100)));
    let ids = db.put_files(root, many, PutFilesOptions::new()).unwrap();
    for number in [0, 1, 63, 64, 9_999, 19_999u32] {
        assert_eq!(db.read_file(ids[number as usize]).unwrap(), number.to_le_bytes().repeat(100));
    }
    assert_eq!(db.stats().unwrap().events, 20_002);
}

#[test]
fn one_that_fails_leaves_nothing_and_is_named() {
    struct Fails(usize);
    impl Read for Fails {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.min(buffer.len());
            self.0 -= count;
            if count == 0 { Err(io::Error::other("the tape is torn")) } else { Ok(count) }
        }
    }
    let scratch = tempfile::tempdir().unwrap();
    let (db, root) = memory();
    let mut random = Random(4);
    let good: Vec<Vec<u8>> = (0..40).map(|_| random.bytes(30_000)).collect();
    type Make = fn(&std::path::Path) -> NewFile<'static>;
    let failures: [(Make, ErrorCode, &str); 8] = [
        (|_| NewFile::from_reader(Fails(0)), ErrorCode::SourceFailed, "the tape is torn"),
        (|_| NewFile::from_reader(Fails(5_000_000)), ErrorCode::SourceFailed, "the tape is torn"),
        (|_| NewFile::from_reader_here(Fails(1000)), ErrorCode::SourceFailed, "the tape is torn"),
        (|_| NewFile::from_reader_here(Fails(5_000_000)), ErrorCode::SourceFailed, "the tape is torn"),
        (|folder| NewFile::from_path(folder.join("nowhere")), ErrorCode::PathNotFound, "nowhere"),
        (|folder| NewFile::from_path(folder), ErrorCode::InvalidArgument, "is no file"),
        (
            |_| NewFile::from_bytes(vec![]).under(EventId::from_bytes(&[9; 64]).unwrap()),
            ErrorCode::ParentNotFound,
            "0909",
        ),
        (
            |_| NewFile::from_bytes(vec![]).event(NewEvent::new().durability(Durability::Buffered)),
            ErrorCode::InvalidArgument,
            "give it to the call",
        ),
    ];
    for (make, code, message) in failures {
        for at in [0, 7, 40] {
            let mut files: Vec<_> = good.iter().map(|bytes| NewFile::from_bytes(bytes.as_slice())).collect();
            files.insert(at, make(scratch.path()));
            let error = db.put_files(root, files, PutFilesOptions::new()).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert!(error.message().starts_with(&format!("files[{at}]: ")), "{error}");
            assert!(error.message().contains(message), "{error}");
            nothing_new(&db, root);
        }
    }
    // Making a file may fail, too: that error is the answer, as it is.
    let files = good.iter().enumerate().map(|(at, bytes)| match at {
        20 => Err(ouroborosdb::Error::new(ErrorCode::WrongType, "no file, but a fish")),
        _ => Ok(NewFile::from_bytes(bytes.as_slice())),
    });
    let error = db.put_files_from(root, files, PutFilesOptions::new()).unwrap_err();
    assert_eq!((error.code(), error.message()), (ErrorCode::WrongType, "no file, but a fish"));
    nothing_new(&db, root);
    let files = good.iter().map(|bytes| NewFile::from_bytes(bytes.as_slice()));
    assert_eq!(db.put_files(root, files, PutFilesOptions::new()).unwrap().len(), good.len());
}

/// What failed on another thread was named once more, by the file that was being read here meanwhile.
#[test]
fn the_file_that_failed_is_the_one_that_is_named() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk of number three"))
        }
    }
    let (db, root) = memory();
    let files = (0..40).map(|at| match at {
        3 => NewFile::from_reader(Fails),
        39 => NewFile::from_reader_here(io::repeat(7)),
        _ => NewFile::from_bytes([1; 10]),
    });
    let error = db.put_files(root, files, PutFilesOptions::new()).unwrap_err();
    assert!(error.message().starts_with("files[3]"), "{error}");
    assert_eq!(error.message().matches("files[").count(), 1, "{error}");
    nothing_new(&db, root);
}

#[test]
fn more_than_a_batch_takes_is_refused() {
    let (db, root) = memory();
    let large = || NewFile::from_bytes(vec![]).event(NewEvent::new().metadata(vec![1; 16 << 20]));
    let error = db.put_files(root, (0..5).map(|_| large()), PutFilesOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::BatchTooLarge);
    assert!(error.message().starts_with("files[3] is one too many: one call takes 1048576 files"), "{error}");
    // An iterator without an end meets the same limit, and memory does not grow beyond it.
    let endless = std::iter::repeat_with(|| NewFile::from_bytes(vec![1; 100]));
    let error = db.put_files(root, endless, PutFilesOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::BatchTooLarge);
    nothing_new(&db, root);
}

#[test]
fn a_reader_of_the_caller_is_read_where_he_is() {
    struct Mine(thread::ThreadId, u64);
    impl Read for Mine {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert_eq!(thread::current().id(), self.0);
            let count = self.1.min(buffer.len() as u64);
            self.1 -= count;
            buffer[..count as usize].fill(1);
            Ok(count as usize)
        }
    }
    let (db, root) = memory();
    let here = thread::current().id();
    let lengths = [0, 1, 262_143, 262_144, 262_145, 3_000_000, 10];
    let files = lengths.iter().map(|length| NewFile::from_reader_here(Mine(here, *length)));
    let seen = Cell::new((0, 0));
    let control = Control::new().on_progress(|progress| {
        assert_eq!(thread::current().id(), here);
        seen.set((progress.bytes, progress.items));
    });
    let ids = db.put_files(root, files, PutFilesOptions::new().control(control)).unwrap();
    for (id, length) in ids.iter().zip(lengths) {
        assert_eq!(db.event(*id).unwrap().content_length(), Some(length));
    }
    assert_eq!(seen.get(), (lengths.iter().sum(), lengths.len() as u64), "each byte is counted once");
}

#[test]
fn cancelled_before_and_on_the_way() {
    let (db, root) = memory();
    let token = CancelToken::new();
    token.cancel();
    let options = || PutFilesOptions::new().control(Control::new().cancel(&token));
    let error = db.put_files(root, [NewFile::from_bytes(vec![1])], options()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    for enough in [0, 1, 1_000_000, 20_000_000] {
        let token = CancelToken::new();
        let control = Control::new().cancel(&token).on_progress(|progress| {
            if progress.bytes >= enough {
                token.cancel();
            }
        });
        let files = (0..1000u32).map(|number| NewFile::from_bytes(number.to_le_bytes().repeat(5000)));
        let error = db.put_files(root, files, PutFilesOptions::new().control(control)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Cancelled);
        nothing_new(&db, root);
    }
}

/// The progress function may do anything, closing included; the call ends then.
#[test]
fn closed_from_within() {
    let (db, root) = memory();
    let control = Control::new().on_progress(|_| db.close().unwrap());
    let files = (0..100).map(|number| NewFile::from_bytes(vec![number; 50_000]));
    let error = db.put_files(root, files, PutFilesOptions::new().control(control)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Closed);
}

/// A reader closed the database on a thread of the crew, which waited for the call to end, which waited for the thread.
#[test]
fn closed_from_within_a_reader() {
    struct Closes<'a>(&'a Database);
    impl Read for Closes<'_> {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            self.0.close()?;
            Ok(0)
        }
    }
    for readers in [1, 40] {
        let (db, root) = memory();
        let files = (0..readers).map(|_| NewFile::from_reader(Closes(&db)));
        let error = db.put_files(root, files, PutFilesOptions::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Closed);
        assert_eq!(db.roots().map(|_| ()).unwrap_err().code(), ErrorCode::Closed);
    }
}

#[test]
fn temporary_files_among_others() {
    let (db, root) = memory();
    let temporary = |under: EventId| {
        NewFile::from_bytes(vec![5; 70_000]).event(NewEvent::new().temporary(true)).under(under)
    };
    let files = [temporary(root), NewFile::from_bytes(vec![5; 70_000])];
    let ids = db.put_files(root, files, PutFilesOptions::new().durability(Durability::Buffered)).unwrap();
    let kinds: Vec<bool> = ids.iter().map(|id| db.event(*id).unwrap().temporary()).collect();
    assert_eq!(kinds, [true, false]);
    assert_eq!(db.put_files(ids[0], [temporary(ids[0])], PutFilesOptions::new()).unwrap().len(), 1);
    let error = db.put_files(ids[0], [NewFile::from_bytes(vec![])], PutFilesOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidParent);
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}
