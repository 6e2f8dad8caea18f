//! A disk that is full half way through a file: nothing of it can be seen, the error says how much room there is, and
//! the same call succeeds once there is more.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::{Database, NewFile, PutFilesOptions};
use crate::error::{ErrorCode, Result};
use crate::event::NewEvent;
use crate::id::EventId;
use crate::options::Options;
use crate::store::Store;
use crate::verify::VerifyOptions;
use crate::vfs::Simulator;

const STORE: &str = "/store";
const SMALL_BYTES: u64 = 12 << 20;
const LARGE_BYTES: u64 = 200 << 20;

/// Bytes that nothing shrinks.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(next).collect()
}

type Put = fn(&Database, EventId, &[Vec<u8>]) -> Result<Vec<EventId>>;

const WAYS: [(&str, Put); 4] = [
    ("put_file", |db, root, files| {
        let id = db.put_file(root, files.concat().as_slice(), NewEvent::new())?;
        Ok(vec![id])
    }),
    ("file_writer", |db, root, files| {
        let writer = db.file_writer(root, NewEvent::new())?;
        files.iter().try_for_each(|bytes| writer.write(bytes))?;
        Ok(vec![writer.finish()?])
    }),
    ("put_files", |db, root, files| {
        db.put_files(
            root,
            files.iter().map(|bytes| NewFile::from_bytes(bytes.as_slice())),
            PutFilesOptions::new(),
        )
    }),
    ("put_files of readers", |db, root, files| {
        let files = files.iter().map(|bytes| NewFile::from_reader_here(bytes.as_slice()));
        db.put_files(root, files, PutFilesOptions::new())
    }),
];

#[test]
fn a_disk_that_is_full_half_way() {
    let files: Vec<Vec<u8>> = (1..=40).map(|seed| noise(seed, 800_000)).collect();
    for (way, put) in WAYS {
        let machine = Simulator::new();
        machine.set_disk(Path::new(STORE), SMALL_BYTES);
        let store = Store::open(Arc::new(machine.clone()), Path::new(STORE), Options::new()).unwrap();
        let db = Database::new(store, None, Instant::now());
        let root = db.create_root("r").unwrap();
        for _ in 0..2 {
            let error = put(&db, root, &files).unwrap_err();
            assert_eq!(error.code(), ErrorCode::DiskFull, "{way}: {error}");
            assert!(error.message().contains("there is room for"), "{way}: {error}");
            assert_eq!(db.stats().unwrap().events, 1, "{way}");
            assert_eq!(db.child_ids(root, super::Order::Commit).unwrap().count(), 0, "{way}");
        }
        assert!(db.verify(VerifyOptions::new()).unwrap().is_clean(), "{way}");
        machine.set_disk(Path::new(STORE), LARGE_BYTES);
        let ids = put(&db, root, &files).unwrap();
        let whole: Vec<u8> = ids.iter().flat_map(|id| db.read_file(*id).unwrap()).collect();
        assert!(whole == files.concat(), "{way}");
        assert!(db.verify(VerifyOptions::new()).unwrap().is_clean(), "{way}");
        db.close().unwrap();
    }
}
