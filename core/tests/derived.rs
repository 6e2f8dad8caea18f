//! The truth is the log: whatever else is in the folder may go, and every answer stays.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use ouroborosdb::{Database, EventId, Options, VerifyOptions};
use support::{all_answers, copy_store, figures, make_store, overwrite};

fn answers(store: &Path, ids: &[EventId]) -> Vec<String> {
    let db = Database::open(store, Options::new()).unwrap();
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
    let answers = all_answers(&db, ids);
    db.close().unwrap();
    answers
}

#[test]
fn without_derived_files_every_answer_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let ids = make_store(&store);
    let before = answers(&store, &ids);
    std::fs::remove_dir_all(store.join("index")).unwrap();
    assert_eq!(answers(&store, &ids), before);
    assert!(store.join("index/checkpoint").exists(), "closing writes it again");
    assert_eq!(answers(&store, &ids), before);
}

#[test]
fn a_damaged_or_foreign_index_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = (folder.path().join("store"), folder.path().join("other"));
    let ids = make_store(&store);
    make_store(&other);
    let before = answers(&store, &ids);
    let checkpoint = store.join("index/checkpoint");
    let bytes = std::fs::read(&checkpoint).unwrap();
    for at in [0, 8, 30, bytes.len() / 2, bytes.len() - 1] {
        overwrite(&checkpoint, at as u64, &[bytes[at] ^ 1]);
        assert_eq!(answers(&store, &ids), before, "byte {at} flipped");
    }
    for cut in [0, 7, 100, bytes.len() - 1] {
        std::fs::write(&checkpoint, &bytes[..cut]).unwrap();
        assert_eq!(answers(&store, &ids), before, "cut to {cut} bytes");
    }
    std::fs::copy(other.join("index/checkpoint"), &checkpoint).unwrap();
    assert_eq!(answers(&store, &ids), before, "the index of another store");
}

/// A part of the index is looked at only where it is asked, so its damage comes out in the middle of an answer.
#[test]
fn a_damaged_part_of_the_index_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
    let ids = make_store(&store);
    let before = answers(&store, &ids);
    let tiers = || std::fs::read_dir(store.join("index")).unwrap().map(|entry| entry.unwrap().file_name());
    let name = tiers().find(|name| name.to_string_lossy().ends_with(".tier")).unwrap();
    let bytes = std::fs::read(store.join("index").join(&name)).unwrap();
    let damaged = |what: &str, damage: &dyn Fn(&Path)| {
        copy_store(&store, &copy);
        damage(&copy.join("index").join(&name));
        let reader = Database::open_read_only(&copy, Options::new()).unwrap();
        let answered = all_answers(&reader, &ids);
        reader.close().unwrap();
        assert_eq!(answers(&copy, &ids), before, "{what}");
        assert_eq!(answered, before, "{what}, read-only");
        assert_eq!(answers(&copy, &ids), before, "{what}, once more");
        std::fs::remove_dir_all(&copy).unwrap();
    };
    let (last, step) = (bytes.len() - 1, bytes.len() / 40);
    for at in (0..bytes.len()).step_by(step).chain([4095, 4096, last]) {
        let flip = |tier: &Path| overwrite(tier, at as u64, &[bytes[at] ^ 1]);
        damaged(&format!("byte {at} flipped"), &flip);
    }
    for cut in [0, 100, 4096, last] {
        damaged(&format!("cut to {cut} bytes"), &|tier| std::fs::write(tier, &bytes[..cut]).unwrap());
    }
    damaged("removed", &|tier| std::fs::remove_file(tier).unwrap());
}

#[test]
fn an_index_from_the_past_is_carried_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let mut ids = make_store(&store);
    let old = std::fs::read(store.join("index/checkpoint")).unwrap();
    let db = Database::open(&store, Options::new()).unwrap();
    ids.push(db.create_root("later").unwrap());
    let before = all_answers(&db, &ids);
    db.close().unwrap();
    std::fs::write(store.join("index/checkpoint"), old).unwrap();
    assert_eq!(answers(&store, &ids), before);
}

#[test]
fn an_index_from_the_future_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
    let ids = make_store(&store);
    copy_store(&store, &copy);
    let before = answers(&copy, &ids);
    let db = Database::open(&store, Options::new()).unwrap();
    db.create_root("only in the first").unwrap();
    db.close().unwrap();
    std::fs::copy(store.join("index/checkpoint"), copy.join("index/checkpoint")).unwrap();
    assert_eq!(answers(&copy, &ids), before);
}

#[test]
fn opening_read_only_without_an_index_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let ids = make_store(&store);
    std::fs::remove_dir_all(store.join("index")).unwrap();
    let list = || {
        let mut names = Vec::new();
        for folder in [store.clone(), store.join("segments")] {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let found = entry.metadata().unwrap();
                names.push((entry.path(), found.len(), found.modified().unwrap()));
            }
        }
        names.sort();
        names
    };
    let before = list();
    let db = Database::open_read_only(&store, Options::new()).unwrap();
    all_answers(&db, &ids);
    db.close().unwrap();
    assert_eq!(list(), before);
}

#[test]
fn rebuilding_changes_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let ids = make_store(&store);
    let db = Database::open(&store, Options::new()).unwrap();
    let (before, stats) = (all_answers(&db, &ids), figures(&db));
    db.rebuild_index().unwrap();
    assert_eq!(all_answers(&db, &ids), before);
    assert_eq!(figures(&db), stats);
}

/// Two copies of a store went separate ways, to logs that ended at the same place with the same last commit record, and
/// the index of the one was believed beside the log of the other.
#[test]
fn the_index_of_a_copy_that_went_another_way_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    Database::open(&one, Options::new()).unwrap().close().unwrap();
    copy_store(&one, &other);
    let mut ids = Vec::new();
    for (store, title) in [(&one, "aaaa"), (&other, "bbbb")] {
        let db = Database::open(store, Options::new()).unwrap();
        ids.push(db.ensure_root(title).unwrap());
        db.close().unwrap();
    }
    let length = |store: &Path| std::fs::metadata(&support::segments(store)[0]).unwrap().len();
    assert_eq!(length(&one), length(&other));
    std::fs::copy(one.join("index/checkpoint"), other.join("index/checkpoint")).unwrap();
    let db = Database::open(&other, Options::new()).unwrap();
    db.event(ids[1]).unwrap();
    db.event(ids[0]).unwrap_err();
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}
