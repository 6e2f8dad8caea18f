//! Readers, and verify, beside a writer that is at work: they see a state that was, and nothing that is wrong.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ouroborosdb::{Database, Durability, NewEvent, Options, Order, VerifyOptions};
use support::Random;

/// How long each test lets the writer write.
const TIME: Duration = Duration::from_secs(1);

/// The end of the log was published before its last batch was in the index, and verify, coming between, reported that
/// the index did not know the events.
#[test]
fn verify_finds_nothing_wrong_beside_writers() {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let stop = AtomicBool::new(false);
    let problem = std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    db.append(root, NewEvent::new()).unwrap();
                }
            });
        }
        let began = Instant::now();
        let mut problem = None;
        while began.elapsed() < TIME && problem.is_none() {
            problem = db.verify(VerifyOptions::new()).unwrap().problems.into_iter().next();
        }
        stop.store(true, Ordering::Relaxed);
        problem
    });
    assert_eq!(problem, None);
}

/// A reader listed the segments, and by the time that it opened them the writer had begun and sealed others: it failed
/// to open, or called what it had not listed lost.
#[test]
fn a_reader_opens_while_segments_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    let options = || Options::new().segment_bytes(64 * 1024).durability(Durability::Buffered);
    let db = Database::open(&store, options()).unwrap();
    let root = db.create_root("r").unwrap();
    db.close().unwrap();
    let (stop, committed) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut random = Random(11);
            while !stop.load(Ordering::SeqCst) {
                let db = Database::open(&store, options()).unwrap();
                for _ in 0..random.below(60) {
                    let length = random.below(60_000) as usize;
                    db.append(root, NewEvent::new().metadata(vec![1; length])).unwrap();
                    committed.fetch_add(1, Ordering::SeqCst);
                }
                if random.below(2) == 0 {
                    db.close().unwrap();
                }
            }
        });
        let began = Instant::now();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            while began.elapsed() < TIME {
                let at_least = committed.load(Ordering::SeqCst);
                let reader = Database::open_read_only(&store, Options::new()).unwrap();
                let found = reader.child_ids(root, Order::Commit).unwrap().count() as u64;
                assert!(found >= at_least, "{found} of {at_least}");
                assert_eq!(reader.stats().unwrap().damaged_ranges, 0);
            }
        }));
        stop.store(true, Ordering::SeqCst);
        result.unwrap();
    });
}

/// The counts and the last number were taken one after the other, and what came between made them disagree.
#[test]
fn figures_are_of_one_moment() {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                db.append(root, NewEvent::new()).unwrap();
            }
        });
        let began = Instant::now();
        let mut differing = None;
        while began.elapsed() < TIME && differing.is_none() {
            let stats = db.stats().unwrap();
            differing = (stats.events != stats.sequence).then_some((stats.events, stats.sequence));
        }
        stop.store(true, Ordering::Relaxed);
        assert_eq!(differing, None);
    });
}
