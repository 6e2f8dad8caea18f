//! What the engine tells of itself, through a sink. It is of the whole process, so the tests take turns.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use std::time::Duration;

use ouroborosdb::{
    Database, ErrorCode, LogLevel, LogRecord, LogValue, NewEvent, Options, clear_log_sink, set_log_sink,
};

static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What is told while `work` runs.
fn told(level: LogLevel, work: impl FnOnce()) -> Vec<LogRecord> {
    let records = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&records);
    set_log_sink(level, move |record| keep.lock().unwrap().push(record.clone())).unwrap();
    work();
    clear_log_sink();
    std::mem::take(&mut *records.lock().unwrap())
}

fn messages(records: &[LogRecord]) -> Vec<&str> {
    records.iter().map(|record| record.message.as_str()).collect()
}

fn find<'a>(records: &'a [LogRecord], message: &str) -> &'a LogRecord {
    let found = records.iter().find(|record| record.message == message);
    found.unwrap_or_else(|| panic!("{message} was not told, but {records:#?}"))
}

fn last_segment(store: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(store.join("segments")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.pop().unwrap()
}

#[test]
fn a_store_tells_its_life_and_nothing_of_what_is_in_it() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let import = folder.path().join("import-secret");
    std::fs::create_dir(&import).unwrap();
    std::fs::write(import.join("name-secret"), "content-secret").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(import.join("socket-secret")).unwrap();
    let records = told(LogLevel::Debug, || {
        let db = Database::open(&path, Options::new().segment_bytes(64 * 1024)).unwrap();
        let root = db.create_root("title-secret").unwrap();
        let new = NewEvent::new().metadata("metadata-secret").attribute("name-secret", "value-secret");
        let event = db.append(root, new).unwrap();
        db.put_file(event, &vec![b's'; 200_000][..], NewEvent::new()).unwrap();
        let folder = db.import_path(event, &import, Default::default()).unwrap().event;
        db.append(folder, NewEvent::new()).unwrap();
        db.export_path(folder, path.with_extension("out"), Default::default()).unwrap();
        db.rebuild_index().unwrap();
        Database::open(&path, Options::new()).unwrap_err();
        for at in 0..20u32 {
            db.put_file(event, &at.to_le_bytes().repeat(5000)[..], NewEvent::new()).unwrap();
        }
        db.close().unwrap();
    });
    assert_eq!(find(&records, "opened").level, LogLevel::Info);
    assert_eq!(find(&records, "opened").field("store"), Some(&LogValue::Text(path.display().to_string())));
    assert_eq!(find(&records, "another process has the store open").level, LogLevel::Warn);
    let skipped = find(&records, "an import left something out: devices, sockets, pipes, the store");
    assert_eq!(skipped.field("skipped"), Some(&LogValue::Number(1)));
    find(&records, "an export left events out that are no folder entries");
    find(&records, "the index is made anew from the segments, as somebody asked");
    find(&records, "a part of the index was made");
    assert_eq!(records.last().unwrap().message, "closed");
    assert!(records.iter().all(|record| record.time_ms > 1_700_000_000_000));
    for record in &records {
        assert!(!record.to_string().contains("secret"), "{record}");
    }
}

#[test]
fn segments_that_are_begun_are_told() {
    let _turn = turn();
    let records = told(LogLevel::Debug, || {
        let db = Database::open_in_memory(Options::new().segment_bytes(64 * 1024)).unwrap();
        let root = db.create_root("r").unwrap();
        for at in 0..200u32 {
            db.append(root, NewEvent::new().metadata(vec![at as u8; 1000])).unwrap();
        }
    });
    assert_eq!(find(&records, "a segment was begun").field("segment"), Some(&LogValue::Number(2)));
}

#[test]
fn a_torn_tail_is_a_warning_and_damage_is_an_error() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let db = Database::open(&path, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let event = db.append(root, NewEvent::new().metadata("found again")).unwrap();
    db.close().unwrap();
    let segment = last_segment(&path);
    let end = std::fs::metadata(&segment).unwrap().len();
    std::fs::OpenOptions::new().append(true).open(&segment).unwrap().write_all(&[0xa5; 100]).unwrap();
    let records = told(LogLevel::Warn, || drop(Database::open(&path, Options::new()).unwrap()));
    assert_eq!(messages(&records), ["a write that a crash cut short is left out"]);
    assert_eq!(records[0].field("offset"), Some(&LogValue::Number(end)));
    assert_eq!(records[0].field("bytes"), Some(&LogValue::Number(100)));
    // In the middle, where it was committed.
    let bytes = std::fs::read(&segment).unwrap();
    let at = bytes.windows(11).position(|here| here == b"found again").unwrap() as u64;
    let mut file = std::fs::OpenOptions::new().write(true).open(&segment).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(b"lost").unwrap();
    std::fs::remove_dir_all(path.join("index")).unwrap();
    let records = told(LogLevel::Error, || {
        let db = Database::open(&path, Options::new()).unwrap();
        db.event(event).unwrap_err();
    });
    let damage = find(&records, "a stretch of a segment is damaged");
    assert_eq!(damage.level, LogLevel::Error);
    assert_eq!(damage.field("segment"), Some(&LogValue::Number(1)));
    assert!(matches!(damage.field("offset"), Some(LogValue::Number(offset)) if *offset < at));
    assert_eq!(find(&records, "damage was read").level, LogLevel::Error);
}

#[test]
fn a_write_for_which_there_is_no_room_is_a_warning() {
    let _turn = turn();
    let records = told(LogLevel::Warn, || {
        let db = Database::open_in_memory(Options::new().memory_capacity_bytes(100_000)).unwrap();
        let root = db.create_root("r").unwrap();
        let full = db.append(root, NewEvent::new().metadata(vec![1; 1_000_000])).unwrap_err();
        assert_eq!(full.code(), ErrorCode::DiskFull);
    });
    assert_eq!(messages(&records), ["a write was refused for want of room"]);
}

/// A sink runs under no lock: it may use the database that told, close it, and set and clear sinks.
#[test]
fn a_sink_may_call_back_in_and_panic() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let db = Database::open(&path, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let (sender, done) = mpsc::channel();
    let inner = db.clone();
    set_log_sink(LogLevel::Warn, move |record| {
        inner.append(root, NewEvent::new()).unwrap();
        inner.rebuild_index().unwrap();
        sender.send(record.message.clone()).unwrap();
        let sender = sender.clone();
        set_log_sink(LogLevel::Debug, move |record| {
            sender.send(record.message.clone()).unwrap();
            clear_log_sink();
        })
        .unwrap();
        inner.close().unwrap();
        panic!("in a sink");
    })
    .unwrap();
    db.rebuild_index().unwrap();
    let wait = Duration::from_secs(20);
    assert!(done.recv_timeout(wait).unwrap().contains("made anew"));
    done.recv_timeout(wait).unwrap();
    clear_log_sink();
    assert!(db.is_closed());
}

/// Whoever writes does not wait for a sink that does not answer.
#[test]
fn a_sink_that_is_stuck_stops_nobody() {
    let _turn = turn();
    let (go, wait) = mpsc::channel::<()>();
    let lost = Arc::new(Mutex::new(0));
    let count = Arc::clone(&lost);
    set_log_sink(LogLevel::Debug, move |record| {
        let _ = wait.recv();
        if let Some(LogValue::Number(records)) = record.field("records") {
            *count.lock().unwrap() += records;
        }
    })
    .unwrap();
    for _ in 0..1200 {
        Database::open_in_memory(Options::new()).unwrap().close().unwrap();
    }
    drop(go);
    clear_log_sink();
    // 2,400 were told; the sink holds a queue of them, and another one waits.
    assert!(*lost.lock().unwrap() >= 300, "{lost:?}");
}
