//! Files of a store that are lost, cut, put back or somebody else's: what is there is given out, what is gone is told,
//! and nothing that may be anybody's data is removed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use ouroborosdb::{Database, ErrorCode, EventId, NewEvent, Options, Order, VerifyOptions};
use support::{Random, copy_store, figures, overwrite, segments, uncompressed};

const SMALL: u64 = 64 * 1024;

struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Scratch {
        Scratch { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A store with one root, closed.
fn one_root(store: &Path) -> EventId {
    let db = Database::open(store, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    db.close().unwrap();
    root
}

/// A store with a root and events of a kilobyte under it, in several segments. Closed.
fn many_events(store: &Path, count: usize, segment_bytes: u64) -> (EventId, Vec<EventId>) {
    let db = Database::open(store, Options::new().segment_bytes(segment_bytes)).unwrap();
    let root = db.create_root("r").unwrap();
    let put = |number: usize| db.append(root, NewEvent::new().metadata(vec![number as u8; 1000])).unwrap();
    let ids = (0..count).map(put).collect();
    db.close().unwrap();
    (root, ids)
}

/// Segments are read-only once they have a successor.
fn cut(path: &Path, length: usize) {
    let kept = std::fs::read(path).unwrap()[..length].to_vec();
    std::fs::remove_file(path).unwrap();
    std::fs::write(path, kept).unwrap();
}

fn is_clean(store: &Path) -> bool {
    let db = Database::open_read_only(store, Options::new()).unwrap();
    db.verify(VerifyOptions::new()).unwrap().is_clean()
}

/// The superblock was lost, and opening took the folder for one that was never filled and removed its segments.
#[test]
fn without_a_superblock_the_segments_are_kept() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    let root = one_root(&store);
    let superblock = std::fs::read(store.join("superblock")).unwrap();
    std::fs::remove_file(store.join("superblock")).unwrap();
    let error = Database::open(&store, Options::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Corrupt);
    assert!(error.message().contains("backup"), "{error}");
    std::fs::write(store.join("superblock"), superblock).unwrap();
    Database::open(&store, Options::new()).unwrap().event(root).unwrap();
}

/// Somebody's folder had nothing in it but a folder `segments`, and opening a store there emptied it.
#[test]
fn a_foreign_folder_is_not_emptied() {
    let scratch = Scratch::new();
    for (name, bytes) in [
        ("segments/part1.ts", &b"holiday film"[..]),
        ("segments/00000001.segment", &[7; 65]),
        ("segments/00000002.segment", b""),
        ("lock", b"a file of the name of ours, and longer"),
        ("index/words", b"of a book"),
    ] {
        let store = scratch.path(&name.replace('/', "-"));
        let file = store.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, bytes).unwrap();
        let error = Database::open(&store, Options::new()).unwrap_err();
        assert!(matches!(error.code(), ErrorCode::NotAStore | ErrorCode::Corrupt), "{name}: {error}");
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "{name}");
    }
}

/// The only segment of another store was moved behind ours by mistake, and opening removed it as one that a crash had
/// left unmade.
#[test]
fn a_segment_of_another_store_is_not_removed() {
    let scratch = Scratch::new();
    let (ours, other) = (scratch.path("ours"), scratch.path("other"));
    let root = one_root(&ours);
    one_root(&other);
    let stray = ours.join("segments/00000002.segment");
    std::fs::rename(other.join("segments/00000001.segment"), &stray).unwrap();
    let error = Database::open(&ours, Options::new()).unwrap_err();
    assert!(error.message().contains("00000002.segment"), "{error}");
    Database::open_read_only(&ours, Options::new()).unwrap().event(root).unwrap();
    assert!(stray.exists(), "a file with another store's only data was removed");
    std::fs::remove_file(stray).unwrap();
    Database::open(&ours, Options::new()).unwrap().event(root).unwrap();
}

/// The first segment was cut to nothing, and the writer went on at its offset 0, where no reader looks.
#[test]
fn after_a_first_segment_without_a_header_writing_goes_on_in_the_next() {
    let scratch = Scratch::new();
    for (name, left) in [("nothing", 0), ("half", 30), ("header", 64)] {
        let (store, copy) = (scratch.path(name), scratch.path(&format!("{name} copied")));
        one_root(&store);
        cut(&segments(&store)[0], left);
        let db = Database::open(&store, Options::new()).unwrap();
        let id = db.create_root("acknowledged").unwrap();
        // As a process leaves it that is killed now.
        copy_store(&store, &copy);
        let again = Database::open(&copy, Options::new()).unwrap();
        again.event(id).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// A small segment was lost, and the intact one before it, whose end only it had vouched for, was read up to the end
/// that the next one gave for the lost one.
#[test]
fn a_lost_segment_takes_nothing_else_with_it() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    let (_, ids) = many_events(&store, 100, 1 << 20);
    // Two torn tails, each followed by a new segment: the second segment is tiny.
    for title in ["1", "2"] {
        let last = segments(&store).last().unwrap().clone();
        overwrite(&last, std::fs::metadata(&last).unwrap().len(), b"torn");
        let db = Database::open(&store, Options::new()).unwrap();
        db.create_root(title).unwrap();
        db.close().unwrap();
    }
    std::fs::remove_file(store.join("segments/00000002.segment")).unwrap();
    std::fs::remove_dir_all(store.join("index")).unwrap();
    let db = Database::open_read_only(&store, Options::new()).unwrap();
    assert_eq!(ids.iter().filter(|id| db.event(*id).is_ok()).count(), 100);
}

/// Files could not be read any more, for a segment with their chunks was lost or cut, and verify called the store
/// clean: the index still had them.
#[test]
fn verify_sees_that_the_segment_of_a_chunk_is_gone() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    let db = Database::open(&store, uncompressed().segment_bytes(SMALL)).unwrap();
    let root = db.create_root("r").unwrap();
    let mut random = Random(3);
    let batch = db.batch().unwrap();
    for _ in 0..60 {
        batch.put_file(root, &random.bytes(10_000)[..], NewEvent::new()).unwrap();
    }
    let ids = batch.commit().unwrap();
    db.close().unwrap();
    for what in ["lost", "cut"] {
        for gone in 0..segments(&store).len() {
            let copy = scratch.path(&format!("{what} {gone}"));
            copy_store(&store, &copy);
            let path = segments(&copy)[gone].clone();
            if what == "lost" {
                std::fs::remove_file(path).unwrap();
            } else {
                cut(&path, 64);
            }
            let Ok(db) = Database::open_read_only(&copy, Options::new()) else { continue };
            let unreadable = ids.iter().filter(|id| db.read_file(*id).is_err()).count();
            let clean = db.verify(VerifyOptions::new()).unwrap().is_clean();
            assert!(unreadable == 0 || !clean, "segment {} {what}: {unreadable} files", gone + 1);
        }
    }
}

/// A segment was lost, the store was closed without it, and then the segment was put back, as the message had said: the
/// index knew nothing of it, and so nobody did.
#[test]
fn a_segment_that_was_put_back_is_seen_again() {
    let scratch = Scratch::new();
    for what in ["lost", "cut"] {
        let store = scratch.path(what);
        let (root, ids) = many_events(&store, 300, SMALL);
        let (path, kept) = (segments(&store)[2].clone(), scratch.path(&format!("{what} kept")));
        std::fs::copy(&path, &kept).unwrap();
        if what == "lost" {
            std::fs::remove_file(&path).unwrap();
        } else {
            cut(&path, 5000);
        }
        std::fs::remove_dir_all(store.join("index")).unwrap();
        let db = Database::open(&store, Options::new()).unwrap();
        db.create_root("meanwhile").unwrap();
        db.close().unwrap();
        assert!(!is_clean(&store));
        std::fs::rename(&kept, &path).unwrap();
        let db = Database::open(&store, Options::new()).unwrap();
        assert_eq!(ids.iter().filter(|id| db.event(*id).is_ok()).count(), ids.len(), "{what}");
        assert_eq!(db.children(root, Order::Commit).unwrap().count(), ids.len(), "{what}");
        db.close().unwrap();
        assert!(is_clean(&store), "{what}");
    }
}

/// Half of a store that had been closed cleanly was cut off. Its index knew of it, was thrown away because it did, and
/// all was called well.
#[test]
fn the_lost_tail_of_a_closed_store_is_told() {
    let scratch = Scratch::new();
    let (store, kept) = (scratch.path("s"), scratch.path("kept"));
    let (_, ids) = many_events(&store, 20, 1 << 20);
    std::fs::copy(&segments(&store)[0], &kept).unwrap();
    let half = std::fs::metadata(&kept).unwrap().len() / 2;
    cut(&segments(&store)[0], half as usize);
    for read_only in [true, false, false] {
        let open = if read_only { Database::open_read_only } else { Database::open };
        let db = open(&store, Options::new()).unwrap();
        let report = db.verify(VerifyOptions::new()).unwrap();
        assert!(!report.is_clean(), "half of a cleanly closed store is gone, silently");
        assert!(db.event(ids[2]).is_ok() && db.event(ids[18]).is_err());
        if !read_only {
            let new = db.create_root("new").unwrap();
            let sequence = db.event(new).unwrap().sequence();
            assert!(sequence > 21, "the number {sequence} was given out before");
        }
        db.close().unwrap();
    }
    // The log tells it too, and what is put back is seen.
    std::fs::remove_dir_all(store.join("index")).unwrap();
    assert!(!is_clean(&store));
    cut(&segments(&store)[0], 0);
    std::fs::copy(&kept, &segments(&store)[0]).unwrap();
    let db = Database::open(&store, Options::new()).unwrap();
    assert!(ids.iter().all(|id| db.event(id).is_ok()));
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}

/// The last segments of a store were lost, which nothing but the index knows.
#[test]
fn lost_last_segments_are_told() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    many_events(&store, 200, SMALL);
    let all = segments(&store);
    assert!(all.len() > 3);
    std::fs::remove_file(&all[all.len() - 1]).unwrap();
    std::fs::remove_file(&all[all.len() - 2]).unwrap();
    let db = Database::open_read_only(&store, Options::new()).unwrap();
    let report = db.verify(VerifyOptions::new()).unwrap();
    let told = |number: usize| report.problems.iter().any(|problem| problem.segment == Some(number as u64));
    assert!(told(all.len()) && told(all.len() - 1), "{:?}", report.problems);
}

/// Rebuilding the index forgot which segments were missing, and with them which sequence numbers were taken.
#[test]
fn rebuilding_the_index_forgets_no_damage_and_no_number() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    many_events(&store, 200, SMALL);
    std::fs::remove_dir_all(store.join("index")).unwrap();
    std::fs::remove_file(&segments(&store)[1]).unwrap();
    cut(&segments(&store)[0], 5000);
    let db = Database::open(&store, Options::new()).unwrap();
    let before = (figures(&db), db.verify(VerifyOptions::new()).unwrap());
    db.rebuild_index().unwrap();
    assert_eq!(figures(&db), before.0);
    assert_eq!(db.verify(VerifyOptions::new()).unwrap().problems, before.1.problems);
}

/// Each opening listed the same stretch once more.
#[test]
fn damage_is_listed_once() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    many_events(&store, 200, SMALL);
    cut(&segments(&store)[1], 5000);
    let mut seen = Vec::new();
    for round in 0..4 {
        let db = Database::open(&store, Options::new()).unwrap();
        seen.push(db.stats().unwrap().damaged_ranges);
        db.create_root(&round.to_string()).unwrap();
        db.close().unwrap();
    }
    assert_eq!(seen, [seen[0]; 4]);
    std::fs::remove_dir_all(store.join("index")).unwrap();
    let db = Database::open(&store, Options::new()).unwrap();
    assert_eq!(db.stats().unwrap().damaged_ranges, seen[0], "without the index");
}

/// A checkpoint said to be 15 terabytes long, and opening asked for the memory.
#[test]
fn the_length_of_a_checkpoint_is_not_believed() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    let root = one_root(&store);
    let file = std::fs::OpenOptions::new().write(true).open(store.join("index/checkpoint")).unwrap();
    file.set_len(15 << 40).unwrap();
    Database::open(&store, Options::new()).unwrap().event(root).unwrap();
}

/// A torn tail lay behind a segment, the header behind it that said so was damaged, and verify, which had the index,
/// called the torn bytes damage.
#[test]
fn a_torn_tail_is_no_damage_though_its_successor_is_hurt() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    one_root(&store);
    let first = segments(&store)[0].clone();
    overwrite(&first, std::fs::metadata(&first).unwrap().len(), &[b'x'; 1000]);
    let db = Database::open(&store, Options::new()).unwrap();
    db.create_root("behind").unwrap();
    db.close().unwrap();
    overwrite(&segments(&store)[1], 30, b"x");
    for with_index in [true, false] {
        if !with_index {
            std::fs::remove_dir_all(store.join("index")).unwrap();
        }
        let db = Database::open_read_only(&store, Options::new()).unwrap();
        assert_eq!(db.roots().unwrap().filter(Result::is_ok).count(), 2);
        let problems = db.verify(VerifyOptions::new()).unwrap().problems;
        let places: Vec<_> = problems.iter().map(|problem| (problem.segment, problem.offset)).collect();
        assert_eq!(places, [(Some(2), Some(0))], "with the index: {with_index}");
    }
}

/// A segment with hundreds of events was lost, and the feed gave an error for each; with a number that someone made to
/// deceive, it would have gone on for years.
#[test]
fn the_feed_tells_of_a_gap_once() {
    let scratch = Scratch::new();
    let store = scratch.path("s");
    many_events(&store, 200, SMALL);
    std::fs::remove_file(&segments(&store)[1]).unwrap();
    std::fs::remove_dir_all(store.join("index")).unwrap();
    let db = Database::open_read_only(&store, Options::new()).unwrap();
    let (found, lost): (Vec<_>, Vec<_>) = db.changes(None).unwrap().partition(Result::is_ok);
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].as_ref().unwrap_err().code(), ErrorCode::Corrupt);
    let sequences: Vec<u64> = found.into_iter().map(|event| event.unwrap().sequence()).collect();
    assert!(sequences.len() > 100 && *sequences.last().unwrap() == 201, "{sequences:?}");
    let gaps: Vec<_> = sequences.windows(2).filter(|pair| pair[1] != pair[0] + 1).collect();
    assert_eq!(gaps.len(), 1);
    let message = lost[0].as_ref().unwrap_err().message();
    let named = [gaps[0][0] + 1, gaps[0][1] - 1].iter().all(|number| message.contains(&number.to_string()));
    assert!(named, "{message}: {gaps:?}");
}
