//! A reader that stays open sees what a writer commits, in order, and nothing that is not there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ouroborosdb::{
    CancelToken, Control, Database, Durability, ErrorCode, EventId, NewEvent, Options, VerifyOptions,
};
use support::{Random, all_answers};

const SECOND: Duration = Duration::from_secs(1);

fn small_segments() -> Options {
    Options::new().segment_bytes(64 * 1024).durability(Durability::Buffered)
}

#[test]
fn a_reader_follows_a_writer_over_segments_and_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    let db = Database::open(&store, small_segments()).unwrap();
    let root = db.create_root("r").unwrap();
    db.close().unwrap();
    let reader = Database::open_read_only(&store, Options::new()).unwrap();
    let written = AtomicBool::new(false);
    let write = || {
        let mut random = Random(5);
        let mut ids = vec![root];
        for session in 0..6 {
            let db = Database::open(&store, small_segments()).unwrap();
            for number in 0..40 {
                let parent = ids[random.below(ids.len() as u64) as usize];
                match number % 3 {
                    0 => {
                        let batch = db.batch().unwrap();
                        let first = batch.append(parent, NewEvent::new()).unwrap();
                        batch
                            .put_file(first, &vec![session; random.below(9000) as usize][..], NewEvent::new())
                            .unwrap();
                        ids.extend(batch.commit().unwrap());
                    }
                    1 => ids.push(db.append(parent, NewEvent::new().metadata("m")).unwrap()),
                    _ => {
                        let bytes: Vec<u8> = (0..20_000).map(|_| random.below(256) as u8).collect();
                        ids.push(db.put_file(parent, &bytes[..], NewEvent::new()).unwrap());
                    }
                }
            }
            db.close().unwrap();
        }
        written.store(true, Ordering::SeqCst);
        ids
    };
    let ids = std::thread::scope(|scope| {
        let writer = scope.spawn(write);
        let (changes, mut seen) = (reader.changes(None).unwrap(), Vec::new());
        loop {
            let last = written.load(Ordering::SeqCst);
            reader.refresh().unwrap();
            for event in changes.page(usize::MAX).unwrap() {
                assert_eq!(event.sequence(), seen.len() as u64 + 1);
                if event.content_length().is_some() {
                    assert_eq!(
                        reader.read_file(&event).unwrap().len() as u64,
                        event.content_length().unwrap()
                    );
                }
                seen.push(event.id());
            }
            if last {
                break;
            }
        }
        let mut ids = writer.join().unwrap();
        assert_eq!(seen.len(), ids.len());
        seen.sort();
        ids.sort();
        assert_eq!(seen, ids);
        ids
    });
    let fresh = Database::open_read_only(&store, Options::new()).unwrap();
    assert_eq!(all_answers(&reader, &ids), all_answers(&fresh, &ids));
    assert!(reader.verify(VerifyOptions::new()).unwrap().is_clean());
    assert!(!reader.refresh().unwrap(), "nothing is new");
}

#[test]
fn cursors_go_on_seeing_what_they_saw() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    let writer = Database::open(&store, Options::new()).unwrap();
    let root = writer.create_root("r").unwrap();
    writer.append(root, NewEvent::new()).unwrap();
    assert!(!writer.refresh().unwrap(), "a writer sees everything as it comes");
    let reader = Database::open_read_only(&store, Options::new()).unwrap();
    let children = || reader.child_ids(root, ouroborosdb::Order::Commit).unwrap();
    let open = children();
    writer.append(root, NewEvent::new()).unwrap();
    assert_eq!(children().count(), 1);
    assert!(reader.refresh().unwrap());
    assert_eq!((open.count(), children().count()), (1, 2));
}

fn watched(db: &Database, at_most: Duration) -> (ouroborosdb::Result<Vec<EventId>>, Duration) {
    let (changes, start) = (db.changes(None).unwrap(), Instant::now());
    let events = changes.watch(10, at_most, Control::new());
    (events.map(|events| events.iter().map(ouroborosdb::Event::id).collect()), start.elapsed())
}

#[test]
fn a_watcher_hears_of_an_event_in_its_own_and_in_another_opening() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    let writer = Database::open(&store, Options::new()).unwrap();
    let reader = Database::open_read_only(&store, Options::new()).unwrap();
    for db in [&writer, &reader] {
        assert_eq!(watched(db, Duration::from_millis(30)).0.unwrap(), []);
    }
    std::thread::scope(|scope| {
        let watchers = [&writer, &reader].map(|db| scope.spawn(|| watched(db, 20 * SECOND)));
        std::thread::sleep(SECOND / 10);
        let id = writer.create_root("heard").unwrap();
        for watcher in watchers {
            let (events, took) = watcher.join().unwrap();
            assert_eq!(events.unwrap(), [id]);
            assert!(took < 5 * SECOND, "{took:?}");
        }
    });
}

#[test]
fn a_watcher_is_cancelled_and_closed() {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let token = CancelToken::new();
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            db.changes(None).unwrap().watch(1, 60 * SECOND, Control::new().cancel(&token)).unwrap_err()
        });
        std::thread::sleep(SECOND / 20);
        token.cancel();
        assert_eq!(watcher.join().unwrap().code(), ErrorCode::Cancelled);
        let watcher = scope.spawn(|| watched(&db, 60 * SECOND).0.unwrap_err());
        std::thread::sleep(SECOND / 20);
        let start = Instant::now();
        db.close().unwrap();
        assert_eq!(watcher.join().unwrap().code(), ErrorCode::Closed);
        assert!(start.elapsed() < 5 * SECOND);
    });
}
