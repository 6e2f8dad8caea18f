//! The change feed beside copies of a store.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use ouroborosdb::{Database, ErrorCode, NewEvent, Options};
use support::copy_store;

/// A copy of a store used to take the original's cursors after both had gone their own ways, and left out what only it
/// had.
#[test]
fn a_copy_that_went_its_own_way_refuses_a_cursor_of_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let (original, copy) = (folder.path().join("original"), folder.path().join("copy"));
    let db = Database::open(&original, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let feed = db.changes(None).unwrap();
    feed.page(10).unwrap();
    let common = feed.cursor();
    db.close().unwrap();
    copy_store(&original, &copy);

    let (db, other) = (Database::open(&original, Options::new()), Database::open(&copy, Options::new()));
    let (db, other) = (db.unwrap(), other.unwrap());
    db.append(root, NewEvent::new().metadata("only here")).unwrap();
    other.append(root, NewEvent::new().metadata("only in the copy")).unwrap();
    other.append(root, NewEvent::new().metadata("and this")).unwrap();
    assert_eq!(other.changes(Some(common)).unwrap().page(10).unwrap().len(), 2, "their common past counts");
    let feed = db.changes(Some(common)).unwrap();
    assert_eq!(feed.page(10).unwrap().len(), 1);
    let error = other.changes(Some(feed.cursor())).unwrap_err();
    assert_eq!(error.code(), ErrorCode::CursorOfAnotherStore);
    assert!(db.changes(Some(feed.cursor())).unwrap().page(10).unwrap().is_empty());
}
