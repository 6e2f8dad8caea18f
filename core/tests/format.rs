//! The format does not change: a committed store opens, and a reader written from the page alone agrees.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use ouroborosdb::{Database, Options, VerifyOptions};
use support::{copy_store, make_store};

const HELLO: &str = "bbc5258cef29147bf4d9deaf172a03226d1022713fc9bbf4310298ed6671c4e3\
                     37a4c309be5336ff8ede89d8c13d73cd66fa77571399c0c550861a1059dc4314";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn independent(store: &Path, ids: &Path) -> (bool, String) {
    let script = repository().join("conformance/independent_ids.py");
    let out = Command::new("python3").arg(script).arg(store).arg("--ids").arg(ids).output().unwrap();
    (out.status.success(), String::from_utf8_lossy(&out.stdout).into_owned())
}

#[test]
fn the_golden_store_opens_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("hello");
    copy_store(&repository().join("conformance/golden/store/hello"), &store);
    for read_only in [true, false, true] {
        let open = if read_only { Database::open_read_only } else { Database::open };
        let db = open(&store, Options::new()).unwrap();
        assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
        assert_eq!(db.ensure_root("hello").unwrap().to_hex(), HELLO);
        let root = db.roots().unwrap().next().unwrap().unwrap();
        assert_eq!((root.title(), root.sequence(), root.time_ms()), (Some("hello"), 1, 0));
        db.close().unwrap();
    }
}

/// A store of each kind of record that this version writes, in three segments: events with the numbers of their parents,
/// chunks as they are and compressed, a list, temporary events, a batch, clean closes.
#[test]
fn the_golden_tree_opens_for_ever() {
    let golden = repository().join("conformance/golden/store");
    let (said_ok, said) = independent(&golden.join("tree"), &golden.join("tree.ids"));
    assert!(said_ok, "{said}");
    let listed = std::fs::read_to_string(golden.join("tree.ids")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("tree");
    copy_store(&golden.join("tree"), &store);
    for read_only in [true, false, true] {
        let open = if read_only { Database::open_read_only } else { Database::open };
        let db = open(&store, Options::new()).unwrap();
        assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
        let ids: Vec<String> = db.changes(None).unwrap().map(|event| event.unwrap().id().to_hex()).collect();
        assert_eq!(ids, listed.lines().collect::<Vec<_>>());
        assert_eq!(db.stats().unwrap().segments, 3);
        db.close().unwrap();
    }
}

/// A store of the same kinds of records, with a footer behind each segment that has a successor. Without them
/// verify tells so, and every answer is the same.
#[test]
fn the_golden_footers_are_read_for_ever() {
    const FOOTER_BYTES: u64 = 112;
    let golden = repository().join("conformance/golden/store");
    let (said_ok, said) = independent(&golden.join("footers"), &golden.join("footers.ids"));
    assert!(said_ok && said.contains("2 footers"), "{said}");
    let listed = std::fs::read_to_string(golden.join("footers.ids")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for lost in [false, true] {
        let store = folder.path().join(format!("lost {lost}"));
        copy_store(&golden.join("footers"), &store);
        for segment in ["00000001.segment", "00000002.segment"] {
            let path = store.join("segments").join(segment);
            let bytes = std::fs::read(&path).unwrap();
            let end = bytes.len() - FOOTER_BYTES as usize;
            assert_eq!(&bytes[end..end + 8], b"OuroEnd\x1a");
            if lost {
                std::fs::remove_file(&path).unwrap();
                std::fs::write(&path, &bytes[..end]).unwrap();
            }
        }
        for read_only in [true, false, true] {
            let open = if read_only { Database::open_read_only } else { Database::open };
            let db = open(&store, Options::new()).unwrap();
            let told = db.verify(VerifyOptions::new()).unwrap();
            assert_eq!(told.problems_total, if lost { 2 } else { 0 }, "{:?}", told.problems);
            assert!(told.problems.iter().all(|problem| problem.message.contains("footer")));
            let ids: Vec<String> =
                db.changes(None).unwrap().map(|event| event.unwrap().id().to_hex()).collect();
            assert_eq!(ids, listed.lines().collect::<Vec<_>>());
            assert_eq!(db.stats().unwrap().segments, 3);
            db.close().unwrap();
        }
    }
}

/// A store whose chunks are in frames: some files share one, one file has several, and what does not shrink is stored as
/// it is. Read from any place, and in any order, they are what they were.
#[test]
fn the_golden_frames_are_read_for_ever() {
    let golden = repository().join("conformance/golden/store");
    let (said_ok, said) = independent(&golden.join("frames"), &golden.join("frames.ids"));
    assert!(said_ok && said.contains("19 files, 29 chunks (28 compressed"), "{said}");
    let listed = std::fs::read_to_string(golden.join("frames.ids")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("frames");
    copy_store(&golden.join("frames"), &store);
    for read_only in [true, false, true] {
        let open = if read_only { Database::open_read_only } else { Database::open };
        let db = open(&store, Options::new()).unwrap();
        assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
        let events: Vec<_> = db.changes(None).unwrap().map(Result::unwrap).collect();
        let ids: Vec<String> = events.iter().map(|event| event.id().to_hex()).collect();
        assert_eq!(ids, listed.lines().collect::<Vec<_>>());
        let lines: String =
            (0..6000u32).map(|i| format!("{} bottles, {} of them empty\n", i * i, i ^ 3)).collect();
        let long = events.iter().find(|event| event.attribute("file.name") == Some(b"long")).unwrap();
        assert!(db.read_file(long).unwrap() == lines.as_bytes());
        let reader = db.open_file(long).unwrap();
        for at in (0..lines.len()).rev().step_by(4099) {
            let mut piece = [0; 5000];
            let read = reader.read_at(at as u64, &mut piece).unwrap();
            assert_eq!(&piece[..read], &lines.as_bytes()[at..][..read], "{at}");
            assert_eq!(read, 5000.min(lines.len() - at));
        }
        db.close().unwrap();
    }
}

#[test]
fn a_reader_written_from_the_page_alone_computes_the_same_ids() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    make_store(&store);
    let db = Database::open_read_only(&store, Options::new()).unwrap();
    let ids: Vec<String> = db.changes(None).unwrap().map(|event| event.unwrap().id().to_hex()).collect();
    let listed = folder.path().join("ids");
    std::fs::write(&listed, ids.join("\n")).unwrap();
    let (ok, said) = independent(&store, &listed);
    assert!(ok, "{said}");
    assert!(said.contains(&format!("{} events", ids.len())), "{said}");
    std::fs::write(&listed, ids[1..].join("\n")).unwrap();
    assert!(!independent(&store, &listed).0, "it sees when an id is missing");
}
