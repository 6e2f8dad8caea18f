//! A permanent file never rests on what goes with the temporary events, though the same bytes are stored once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use ouroborosdb::{Database, EventId, NewEvent, Options, VerifyOptions};
use support::{Random, segments, uncompressed};

/// The records of chunks and lists in the log, temporary and permanent ones, counted by `docs/FORMAT.md`.
fn records(store: &Path) -> (usize, usize) {
    let (mut temporary, mut permanent) = (0, 0);
    for path in segments(store) {
        let bytes = std::fs::read(path).unwrap();
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let mut at = 64;
        while at + 40 <= bytes.len() && bytes[at..at + 4] == *b"orec" {
            let entries = usize::from(u16::from_le_bytes([bytes[at + 10], bytes[at + 11]]));
            if matches!(bytes[at + 8], 2 | 3) {
                *if number(at + 12) == 1 { &mut temporary } else { &mut permanent } += 1;
            }
            let parent = if number(at + 12) & 2 == 0 { 0 } else { 8 };
            at += (40 + 68 * entries + parent + number(at + 16) as usize).next_multiple_of(8);
        }
    }
    (temporary, permanent)
}

fn temporary() -> NewEvent {
    NewEvent::new().temporary(true)
}

fn check(store: &Path, file: EventId, bytes: &[u8]) {
    for _ in 0..2 {
        let db = Database::open(store, Options::new()).unwrap();
        assert_eq!(db.read_file(file).unwrap(), bytes);
        assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
        let stats = db.stats().unwrap();
        assert_eq!(stats.chunk_bytes, bytes.len() as u64, "the same bytes count once");
        db.close().unwrap();
        std::fs::remove_dir_all(store.join("index")).unwrap();
    }
}

/// A file was stored for a temporary event and then for a permanent one, and its chunks were found there already: the
/// permanent file rested on records that go with the temporary event.
#[test]
fn a_permanent_file_has_permanent_records() {
    let bytes = Random(5).bytes(100_000);
    let folder = tempfile::tempdir().unwrap();
    for (how, first) in [("one by one", true), ("after opening again", false)] {
        let store = folder.path().join(how);
        let mut db = Database::open(&store, uncompressed()).unwrap();
        let root = db.create_root("r").unwrap();
        db.put_file(root, &bytes[..], temporary()).unwrap();
        if !first {
            db.close().unwrap();
            db = Database::open(&store, uncompressed()).unwrap();
        }
        let file = db.put_file(root, &bytes[..], NewEvent::new()).unwrap();
        // Neither kind is stored once more.
        db.put_file(root, &bytes[..], NewEvent::new()).unwrap();
        db.put_file(root, &bytes[..], temporary()).unwrap();
        db.close().unwrap();
        let (temporary, permanent) = records(&store);
        assert!(
            permanent > 3 && temporary == permanent,
            "{how}: {temporary} temporary, {permanent} permanent"
        );
        check(&store, file, &bytes);
    }
}

/// In one batch the chunks of both wait together, and one permanent record serves both.
#[test]
fn in_a_batch_what_waits_becomes_permanent() {
    let bytes = Random(6).bytes(100_000);
    let folder = tempfile::tempdir().unwrap();
    for temporary_first in [true, false] {
        let store = folder.path().join(format!("{temporary_first}"));
        let db = Database::open(&store, uncompressed()).unwrap();
        let root = db.create_root("r").unwrap();
        let batch = db.batch().unwrap();
        for is_temporary in [temporary_first, !temporary_first] {
            batch.put_file(root, &bytes[..], NewEvent::new().temporary(is_temporary)).unwrap();
        }
        let file = batch.commit().unwrap()[usize::from(temporary_first)];
        db.close().unwrap();
        let (temporary, permanent) = records(&store);
        assert!(permanent > 3 && temporary == 0, "{temporary} temporary, {permanent} permanent");
        check(&store, file, &bytes);
    }
}
