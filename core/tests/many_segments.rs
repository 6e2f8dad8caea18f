//! What a store with many segments asks of the system: few open files, and no right to write to what is sealed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use ouroborosdb::{Database, Durability, NewEvent, Options, Order, VerifyOptions};
use support::segments;

const CHILD_STORE: &str = "OUROBOROSDB_TEST_FEW_FILES";

fn make(store: &std::path::Path, events: u8) {
    let options = Options::new().segment_bytes(64 * 1024).durability(Durability::Buffered);
    let db = Database::open(store, options).unwrap();
    let root = db.create_root("r").unwrap();
    for number in 0..events {
        db.append(root, NewEvent::new().metadata(vec![number; 60_000])).unwrap();
    }
    db.close().unwrap();
}

/// Not a test of its own: the process that may open few files.
#[test]
fn child_with_few_files() {
    let Some(store) = std::env::var_os(CHILD_STORE) else { return };
    let db = Database::open(store, Options::new()).unwrap();
    let root = db.roots().unwrap().next().unwrap().unwrap();
    for _ in 0..2 {
        let read = db
            .children(&root, Order::Commit)
            .unwrap()
            .filter(|event| event.as_ref().unwrap().metadata().is_some());
        assert_eq!(read.count(), 100);
    }
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
    db.rebuild_index().unwrap();
    db.close().unwrap();
}

/// Every segment had an open file, so that a store of a thousand segments could not be opened.
#[test]
fn a_store_of_many_segments_needs_few_open_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    make(&store, 100);
    assert!(segments(&store).len() >= 100);
    for with_index in [true, false] {
        if !with_index {
            std::fs::remove_dir_all(store.join("index")).unwrap();
        }
        let limited = format!(
            "ulimit -n 50; exec '{}' child_with_few_files --exact",
            std::env::current_exe().unwrap().display()
        );
        let out = Command::new("sh").arg("-c").arg(limited).env(CHILD_STORE, &store).output().unwrap();
        assert!(
            out.status.success(),
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    }
}

/// The last segment was lost, and so a sealed one was the last: it was written to again where the caller may write to
/// everything, and the store could not be opened where he may not.
#[test]
fn a_sealed_segment_is_never_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    make(&store, 5);
    let all = segments(&store);
    std::fs::remove_file(all.last().unwrap()).unwrap();
    std::fs::remove_dir_all(store.join("index")).unwrap();
    let sealed = &all[all.len() - 2];
    assert_eq!(std::fs::metadata(sealed).unwrap().permissions().mode() & 0o222, 0);
    let before = std::fs::read(sealed).unwrap();
    let db = Database::open(&store, Options::new()).unwrap();
    let new = db.create_root("new").unwrap();
    db.close().unwrap();
    assert_eq!(std::fs::read(sealed).unwrap(), before);
    let db = Database::open(&store, Options::new()).unwrap();
    db.event(new).unwrap();
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}
