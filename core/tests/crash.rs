//! What a crash leaves: acknowledged things are there, unfinished ones are not, and writing goes on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use ouroborosdb::{Database, EventId, NewEvent, Options, Order, VerifyOptions};
use support::{copy_store, segments, uncompressed};

/// A crash may leave any part of what was written since the last sync. Cut at every length, the store holds a
/// prefix of what was committed, and takes new events.
#[test]
fn cut_anywhere_after_the_last_sync_a_prefix_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let db = Database::open(&store, uncompressed()).unwrap();
    let root = db.create_root("prefix").unwrap();
    let path = segments(&store)[0].clone();
    let mut ends = vec![std::fs::metadata(&path).unwrap().len()];
    let mut ids = Vec::new();
    for at in 0..4u8 {
        let batch = db.batch().unwrap();
        batch.append(root, NewEvent::new().attribute("at", vec![at; 40])).unwrap();
        batch.put_file(root, &vec![at; 300][..], NewEvent::new()).unwrap();
        ids.push(batch.commit().unwrap());
        ends.push(std::fs::metadata(&path).unwrap().len());
    }
    let whole = std::fs::read(&path).unwrap();
    for cut in (ends[0]..=ends[4]).step_by(3) {
        let copy = folder.path().join("copy");
        copy_store(&store, &copy);
        std::fs::write(&segments(&copy)[0], &whole[..cut as usize]).unwrap();
        let there = ends.iter().filter(|end| **end <= cut).count() - 1;
        check_prefix(&copy, root, &ids[..there], cut);
        std::fs::remove_dir_all(&copy).unwrap();
        // The same cut with the file's length kept: what was lost reads as zeros.
        copy_store(&store, &copy);
        let mut zeroed = whole.clone();
        zeroed[cut as usize..].fill(0);
        std::fs::write(&segments(&copy)[0], &zeroed).unwrap();
        // Some of the lost bytes were zeros anyway.
        let kept = |end: &&u64| zeroed[..**end as usize] == whole[..**end as usize];
        check_prefix(&copy, root, &ids[..ends.iter().filter(kept).count() - 1], cut);
        std::fs::remove_dir_all(&copy).unwrap();
    }
    db.close().unwrap();
}

fn check_prefix(store: &Path, root: EventId, ids: &[Vec<EventId>], cut: u64) {
    let db = Database::open(store, Options::new()).unwrap();
    assert_eq!(db.children(root, Order::Commit).unwrap().count(), 2 * ids.len(), "cut at {cut}");
    for id in ids.iter().flatten() {
        db.event(id).unwrap();
    }
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean(), "cut at {cut}");
    let new = db.append(root, NewEvent::new().metadata("after the crash")).unwrap();
    db.close().unwrap();
    let db = Database::open(store, Options::new()).unwrap();
    db.event(new).unwrap();
    assert_eq!(db.children(root, Order::Commit).unwrap().count(), 2 * ids.len() + 1);
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean(), "cut at {cut}, after going on");
}

/// A crash between making the next segment's file and writing its header leaves an empty file behind.
#[test]
fn a_segment_that_was_never_made_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let db = Database::open(&store, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    db.close().unwrap();
    for leftover in [&b""[..], &[0; 64], &[0; 10_000]] {
        std::fs::write(store.join("segments/00000002.segment"), leftover).unwrap();
        let reader = Database::open_read_only(&store, Options::new()).unwrap();
        reader.event(root).unwrap();
        let db = Database::open(&store, Options::new()).unwrap();
        db.append(root, NewEvent::new()).unwrap();
        db.close().unwrap();
        assert!(!store.join("segments/00000002.segment").exists());
    }
}

/// A crash while the store was being made leaves a folder without a superblock, which is made anew.
#[test]
fn a_store_that_was_never_made_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    std::fs::create_dir_all(store.join("segments")).unwrap();
    std::fs::write(store.join("segments/00000001.segment"), b"half a header").unwrap();
    std::fs::write(store.join("superblock.new"), b"half").unwrap();
    std::fs::write(store.join("lock"), b"").unwrap();
    let db = Database::open(&store, Options::new()).unwrap();
    db.create_root("r").unwrap();
    db.close().unwrap();
    assert_eq!(Database::open(&store, Options::new()).unwrap().roots().unwrap().count(), 1);
}
