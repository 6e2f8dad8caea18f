//! Batches shared by threads, and batches on a disk that fills up: whoever is committed has its whole file.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::sync::Barrier;

use ouroborosdb::{Database, ErrorCode, NewEvent, Options, VerifyOptions};
use support::Random;

/// A member used to enter the batch before the chunks of its file did, so that a commit in between made an event
/// whose file was nowhere.
#[test]
fn a_member_that_another_thread_commits_has_its_file() {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let mut random = Random(7);
    for round in 0..300 {
        let file = random.bytes(20_000 + round);
        let batch = db.batch().unwrap();
        let start = Barrier::new(2);
        let (put, ids) = std::thread::scope(|scope| {
            let putting = scope.spawn(|| {
                start.wait();
                batch.put_file(root, &file[..], NewEvent::new())
            });
            start.wait();
            while batch.is_empty() && !putting.is_finished() {
                std::hint::spin_loop();
            }
            let ids = batch.commit().unwrap();
            (putting.join().unwrap(), ids)
        });
        if put.is_ok() {
            assert_eq!(ids.len(), 1);
            assert!(db.read_file(ids[0]).unwrap() == file, "round {round}");
        }
    }
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}

/// When a batch kept more than it liked, it wrote the chunks of all its members; on a full disk they were lost, and
/// the events were committed without them.
#[test]
fn a_file_that_does_not_fit_leaves_the_batch_as_it_was() {
    let db = Database::open_in_memory(Options::new().memory_capacity_bytes(4 << 20)).unwrap();
    let root = db.create_root("r").unwrap();
    let mut random = Random(8);
    let batch = db.batch().unwrap();
    batch.put_file(root, &random.bytes(900_000)[..], NewEvent::new()).unwrap();
    db.put_file(root, &random.bytes(4_000_000)[..], NewEvent::new()).unwrap();
    let events = db.stats().unwrap().events;
    for _ in 0..2 {
        let error = batch.put_file(root, &random.bytes(300_000)[..], NewEvent::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::DiskFull);
        assert_eq!(batch.len(), 1);
    }
    assert_eq!(batch.commit().unwrap_err().code(), ErrorCode::DiskFull);
    assert_eq!(db.stats().unwrap().events, events);
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}
