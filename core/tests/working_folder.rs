//! A store that was opened by a relative path stays where it is when the process goes elsewhere.
//!
//! It used to be looked for again at each new segment: in the worst case the engine went on in another store of the
//! same name. A test binary of its own, for the working folder is one for all threads.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use ouroborosdb::{Database, ErrorCode, ExportOptions, ImportOptions, NewEvent, Options, VerifyOptions};
use support::Random;

#[test]
fn a_store_stays_where_it_was_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    std::fs::create_dir_all(&here).unwrap();
    std::fs::create_dir_all(&there).unwrap();
    Database::open(there.join("store"), Options::new()).unwrap().close().unwrap();
    let other = std::fs::read_dir(there.join("store/segments")).unwrap().count();

    std::env::set_current_dir(&here).unwrap();
    let db = Database::open("store", Options::new().segment_bytes(64 * 1024)).unwrap();
    assert_eq!(db.path(), Some(Path::new("store")), "as it was given");
    let root = db.create_root("r").unwrap();
    std::env::set_current_dir(&there).unwrap();
    let mut random = Random(3);
    let ids: Vec<_> =
        (0..20).map(|_| db.put_file(root, &random.bytes(30_000)[..], NewEvent::new()).unwrap()).collect();
    assert!(db.stats().unwrap().segments > 3);
    let report = db.import_path(root, &here, ImportOptions::new()).unwrap();
    assert_eq!(report.skipped, [here.join("store")], "the store does not read itself");
    let inside = here.join("store/segments/copy");
    let error = db.export_path(report.event, &inside, ExportOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidArgument, "the store is not written into: {error}");
    assert!(!inside.exists());
    db.close().unwrap();

    assert_eq!(std::fs::read_dir(there.join("store/segments")).unwrap().count(), other);
    let db = Database::open(here.join("store"), Options::new()).unwrap();
    for id in ids {
        db.event(id).unwrap();
    }
    assert!(db.verify(VerifyOptions::new()).unwrap().is_clean());
}
