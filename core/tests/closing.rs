//! Closing: from another thread, from within a callback, in any order; and many threads on one database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::cell::RefCell;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::time::{Duration, Instant};

use ouroborosdb::{
    CancelToken, Control, Database, Durability, ErrorCode, NewEvent, Options, Order, VerifyOptions,
};
use support::Random;

/// A source that never ends, and says when it was read first.
struct Endless {
    started: Option<mpsc::Sender<()>>,
    random: Random,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if let Some(started) = self.started.take() {
            started.send(()).unwrap();
        }
        for byte in buffer.iter_mut() {
            *byte = self.random.next() as u8;
        }
        Ok(buffer.len())
    }
}

fn memory() -> (Database, ouroborosdb::EventId) {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    (db, root)
}

#[test]
fn closing_ends_a_long_call_of_another_thread() {
    let (db, root) = memory();
    let (send, receive) = mpsc::channel();
    let writer = std::thread::spawn({
        let db = db.clone();
        move || db.put_file(root, Endless { started: Some(send), random: Random(1) }, NewEvent::new())
    });
    receive.recv().unwrap();
    let began = Instant::now();
    db.close().unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "closing waits for one step, not for the end");
    assert_eq!(writer.join().unwrap().unwrap_err().code(), ErrorCode::Closed);
    db.close().unwrap();
}

#[test]
fn cancelling_ends_a_long_call_and_leaves_no_event() {
    let (db, root) = memory();
    let (send, receive) = mpsc::channel();
    let token = CancelToken::new();
    let writer = std::thread::spawn({
        let (db, token) = (db.clone(), token.clone());
        move || {
            let source = Endless { started: Some(send), random: Random(2) };
            db.put_file_with(root, source, NewEvent::new(), Control::new().cancel(&token))
        }
    });
    receive.recv().unwrap();
    token.cancel();
    assert_eq!(writer.join().unwrap().unwrap_err().code(), ErrorCode::Cancelled);
    assert_eq!(db.children(root, Order::Commit).unwrap().count(), 0);
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}

#[test]
fn a_callback_may_call_back_in_and_may_close() {
    let (db, root) = memory();
    for _ in 0..3 {
        db.put_file(root, Endless { started: None, random: Random(3) }.take(3_000_000), NewEvent::new())
            .unwrap();
    }
    let called = AtomicBool::new(false);
    let progress = |_| {
        called.store(true, Ordering::Relaxed);
        db.append(root, NewEvent::new()).unwrap();
        db.sync().unwrap();
    };
    db.rebuild_index_with(Control::new().on_progress(progress)).unwrap();
    db.verify(VerifyOptions::new().control(Control::new().on_progress(progress))).unwrap();
    assert!(called.load(Ordering::Relaxed));
    let appended = db.children(root, Order::Commit).unwrap().count() - 3;
    assert!(appended > 0, "what a callback commits during a rebuild is in the new index");
    let closing = Control::new().on_progress(|_| db.close().unwrap());
    let error = db.verify(VerifyOptions::new().control(closing)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Closed);
    assert_eq!(db.event(root).unwrap_err().code(), ErrorCode::Closed);
}

#[test]
fn handles_outlive_their_database_and_say_closed() {
    let (db, root) = memory();
    let file = db.put_file(root, &[7; 100_000][..], NewEvent::new()).unwrap();
    let event = db.event(file).unwrap();
    let reader = db.open_file(file).unwrap();
    let writer = db.file_writer(root, NewEvent::new()).unwrap();
    let batch = db.batch().unwrap();
    let mut cursor = db.children(root, Order::Commit).unwrap();
    let ids = db.child_ids(root, Order::Time).unwrap();
    let titles = db.root_index().unwrap();
    let changes = db.changes(None).unwrap();
    db.close().unwrap();
    drop(db);
    let closed = ErrorCode::Closed;
    assert_eq!(event.content_length(), Some(100_000), "a snapshot needs no database");
    assert_eq!(reader.read(&mut [0; 10]).unwrap_err().code(), closed);
    assert_eq!(reader.read_at(5, &mut [0; 10]).unwrap_err().code(), closed);
    assert_eq!(writer.write(b"x").unwrap_err().code(), closed);
    assert_eq!(writer.finish().unwrap_err().code(), closed);
    assert_eq!(batch.append(root, NewEvent::new()).unwrap_err().code(), closed);
    assert_eq!(batch.commit().unwrap_err().code(), closed);
    assert_eq!(cursor.next().unwrap().unwrap_err().code(), closed);
    assert_eq!(ids.page(1).unwrap_err().code(), closed);
    assert_eq!(titles.page(1).unwrap_err().code(), closed);
    assert_eq!(changes.page(1).unwrap_err().code(), closed);
}

#[test]
fn many_threads_write_and_read_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let db = Database::open(&store, Options::new().segment_bytes(256 * 1024)).unwrap();
    let root = db.create_root("threads").unwrap();
    let done = AtomicBool::new(false);
    let shared: Vec<u8> = Random(5).bytes(50_000);
    let made: Vec<_> = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Acquire) {
                let children = db.children(root, Order::Commit).unwrap();
                let count = children.inspect(|event| assert!(event.is_ok())).count();
                assert!(count >= seen, "nothing disappears");
                seen = count;
            }
        });
        let (db, shared) = (&db, &shared);
        let writers: Vec<_> = (0..6u64)
            .map(|number| {
                scope.spawn(move || {
                    let mut random = Random(number + 100);
                    let mut ids = Vec::new();
                    for at in 0..40 {
                        let own = random.bytes(2000 + at * 10);
                        ids.push((db.put_file(root, &own[..], NewEvent::new()).unwrap(), own));
                        ids.push((db.put_file(root, &shared[..], NewEvent::new()).unwrap(), shared.clone()));
                    }
                    ids
                })
            })
            .collect();
        let made = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        done.store(true, Ordering::Release);
        reader.join().unwrap();
        made
    });
    let stats = db.stats().unwrap();
    let own: u64 = 6 * (0..40).map(|at| 2000 + at * 10).sum::<u64>();
    assert_eq!(stats.chunk_bytes, own + 50_000, "the shared bytes are stored once, whoever raced");
    assert!(stats.segments > 1);
    db.close().unwrap();
    let db = Database::open(&store, Options::new()).unwrap();
    for (id, bytes) in made {
        assert!(db.read_file(id).unwrap() == bytes);
    }
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}

/// Only one may write; the error says who. Closing gives the lock back at once.
#[test]
fn a_second_writer_is_refused_and_told_by_whom() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path(), Options::new()).unwrap();
    let error = Database::open(folder.path(), Options::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Locked);
    assert!(error.message().contains(&std::process::id().to_string()), "{error}");
    Database::open_read_only(folder.path(), Options::new()).unwrap();
    db.close().unwrap();
    Database::open(folder.path(), Options::new()).unwrap();
}

/// A call that came too late used to be counted out without looking whether it was the last one; the store stayed
/// locked although `close` had been called and every call had ended.
#[test]
fn a_close_from_a_callback_gives_the_lock_back_whoever_leaves_last() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..200 {
        let options = Options::new().durability(Durability::Buffered);
        let db = Database::open(folder.path().join("store"), options).unwrap();
        let root = db.ensure_root("r").unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let _ = db.stats();
                    }
                });
            }
            let control = Control::new().on_progress(|_| db.close().unwrap());
            let _ = db.put_file_with(root, &b"x"[..], NewEvent::new(), control);
            stop.store(true, Ordering::Relaxed);
        });
        let again = Database::open(folder.path().join("store"), Options::new());
        assert!(again.is_ok(), "round {round}: {:?}", again.err());
    }
}

/// Two databases that were closed from each other's callbacks used to wait for each other for ever.
#[test]
fn two_databases_may_be_closed_from_each_others_callbacks() {
    let (first, second) = (memory(), memory());
    let barrier = Arc::new(Barrier::new(2));
    let (send, receive) = mpsc::channel();
    let pairs = [(first.clone(), second.0.clone()), (second, first.0)];
    for ((db, root), other) in pairs {
        let (barrier, send) = (Arc::clone(&barrier), send.clone());
        std::thread::spawn(move || {
            let control = Control::new().on_progress(|_| {
                barrier.wait();
                other.close().unwrap();
            });
            let _ = db.put_file_with(root, &b"x"[..], NewEvent::new(), control);
            send.send(()).unwrap();
        });
    }
    for _ in 0..2 {
        receive.recv_timeout(Duration::from_secs(20)).expect("neither waits for the other");
    }
}

/// A call from the destructor of a thread's own value used to panic behind the count of running calls, and `close`
/// then waited for a call that was gone.
#[test]
fn a_call_from_a_thread_that_ends_does_not_keep_close_waiting() {
    struct Last(RefCell<Option<Database>>);
    impl Drop for Last {
        fn drop(&mut self) {
            if let Some(db) = self.0.borrow_mut().take() {
                db.stats().unwrap();
            }
        }
    }
    thread_local!(static LAST: Last = const { Last(RefCell::new(None)) });
    let (db, _) = memory();
    let other = db.clone();
    std::thread::spawn(move || {
        // Used first, so dropped last.
        LAST.with(|last| *last.0.borrow_mut() = Some(other.clone()));
        other.stats().unwrap();
    })
    .join()
    .unwrap();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        db.close().unwrap();
        send.send(()).unwrap();
    });
    receive.recv_timeout(Duration::from_secs(20)).expect("close does not wait");
}

/// An iterator used to say `closed` without end, so that whoever passed over errors never came to one.
#[test]
fn an_iterator_says_closed_once() {
    let (db, root) = memory();
    db.append(root, NewEvent::new()).unwrap();
    let events = db.children(root, Order::Commit).unwrap();
    let ids = db.child_ids(root, Order::Commit).unwrap();
    let (titles, changes) = (db.root_index().unwrap(), db.changes(None).unwrap());
    db.close().unwrap();
    assert_eq!(events.take(100).count(), 1);
    assert_eq!(ids.take(100).count(), 1);
    assert_eq!(titles.take(100).count(), 1);
    assert_eq!(changes.take(100).count(), 1);
}
