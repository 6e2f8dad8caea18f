//! Events that damage took: who asks for what hung on them is told so, and is not given the answer of a store in which
//! they never were.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use ouroborosdb::{Database, ErrorCode, EventId, NewEvent, Options};
use support::{overwrite, segments};

/// A root, a folder with metadata under it, an event under that, a leaf below. Closed, without an index.
fn make(store: &Path, temporary: bool) -> [EventId; 4] {
    let db = Database::open(store, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let folder = db.append(root, NewEvent::new().metadata("of the folder").temporary(temporary)).unwrap();
    let event = db.append(folder, NewEvent::new().temporary(temporary)).unwrap();
    let leaf = db.append(event, NewEvent::new().temporary(temporary)).unwrap();
    db.close().unwrap();
    std::fs::remove_dir_all(store.join("index")).unwrap();
    [root, folder, event, leaf]
}

/// Flips a bit in the record that has this id: in its header, or at the end of its body.
fn damage(store: &Path, id: EventId, in_header: bool) {
    let path = &segments(store)[0];
    let bytes = std::fs::read(path).unwrap();
    let at = bytes.windows(64).position(|window| window == id.as_bytes()).unwrap();
    let place = if in_header { at } else { at + 68 + 20 };
    overwrite(path, place as u64, &[bytes[place] ^ 1]);
}

/// The event whose metadata counted was damaged, and its children were told that there is none.
#[test]
fn what_is_lost_is_not_what_is_not_there() {
    for in_header in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("s");
        let [root, damaged, event, leaf] = make(&store, false);
        damage(&store, damaged, in_header);
        for round in ["from the log", "from the index"] {
            let db = Database::open(&store, Options::new()).unwrap();
            for id in [event, leaf] {
                let when = format!("header {in_header}, {round}, event {id}");
                assert_eq!(db.metadata(id).unwrap_err().code(), ErrorCode::Corrupt, "{when}");
                let ancestors = db.ancestors(id).and_then(Iterator::collect::<Result<Vec<_>, _>>);
                assert_eq!(ancestors.unwrap_err().code(), ErrorCode::Corrupt, "{when}");
                db.event(id).unwrap();
            }
            assert_eq!(
                db.parent(event).unwrap_err().code(),
                ErrorCode::Corrupt,
                "header {in_header}, {round}"
            );
            assert_eq!(db.metadata(root).unwrap(), None, "what stands above the damage is whole");
            let new = db.append(event, NewEvent::new().metadata("its own")).unwrap();
            assert_eq!(db.metadata(new).unwrap().as_deref(), Some(&b"its own"[..]));
            db.close().unwrap();
        }
    }
}

/// The body of a temporary event was damaged, and so it passed for a permanent one, under which anything may hang.
#[test]
fn nothing_is_hung_under_a_damaged_event() {
    for temporary in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("s");
        let [_, damaged, ..] = make(&store, temporary);
        damage(&store, damaged, false);
        for _ in 0..2 {
            let db = Database::open(&store, Options::new()).unwrap();
            assert_eq!(db.event(damaged).unwrap_err().code(), ErrorCode::Corrupt);
            assert_eq!(db.metadata(damaged).unwrap_err().code(), ErrorCode::Corrupt);
            for new in [NewEvent::new(), NewEvent::new().temporary(true)] {
                assert_eq!(db.append(damaged, new).unwrap_err().code(), ErrorCode::Corrupt);
            }
            db.close().unwrap();
        }
    }
}
