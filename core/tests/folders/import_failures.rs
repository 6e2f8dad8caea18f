//! What fails leaves nothing visible, and the database as usable as before.

use std::fs;
use std::os::unix::fs::symlink;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use ouroborosdb::{
    CancelToken, Control, Database, ErrorCode, EventId, ExportOptions, ImportOptions, NewEvent, Options,
    Order,
};

use super::{child_count, event_count, export, import, memory, noise, see};

fn fill(top: &Path) {
    for folder in ["a", "b", "c"] {
        fs::create_dir_all(top.join(folder)).unwrap();
        for number in 0..100u64 {
            fs::write(top.join(folder).join(format!("{number}")), noise(number, 20_000)).unwrap();
        }
    }
}

/// Nothing of a failed import is visible, and the same import succeeds afterwards.
fn still_fine(db: &Database, root: EventId, events: u64, source: &Path) {
    assert_eq!(event_count(db), events);
    assert_eq!(child_count(db, root), 0);
    assert!(db.verify(Default::default()).unwrap().is_clean());
    let again = import(db, root, source);
    let copy = tempfile::tempdir().unwrap();
    export(db, again.event, &copy.path().join("copy"));
    assert_eq!(see(&copy.path().join("copy")), see(source));
}

#[test]
fn cancelled_on_the_way_or_at_the_end() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    fill(&source);
    for enough in [0, 1, 1_000_000, 6_000_000] {
        let (db, root) = memory();
        let events = event_count(&db);
        let token = CancelToken::new();
        let control = Control::new().cancel(&token).on_progress(|progress| {
            if progress.bytes >= enough {
                token.cancel();
            }
        });
        let error = db.import_path(root, &source, ImportOptions::new().control(control)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Cancelled);
        still_fine(&db, root, events, &source);
    }
}

#[test]
fn a_cancelled_export_stops() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    fill(&source);
    let (db, root) = memory();
    let report = import(&db, root, &source);
    let token = CancelToken::new();
    let control = Control::new().cancel(&token).on_progress(|_| token.cancel());
    let error = db.export_path(report.event, &target, ExportOptions::new().control(control)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    assert!(see(&target).len() < see(&source).len());
    let control = Control::new().cancel(&token);
    let nowhere = scratch.path().join("nowhere");
    let error = db.export_path(report.event, &nowhere, ExportOptions::new().control(control)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    assert!(!nowhere.exists());
}

#[test]
fn a_vanished_file_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    fill(&source);
    let victim = source.join("c");
    let (db, root) = memory();
    let events = event_count(&db);
    // The first report comes when the names in the top folder have been read, and nothing below it.
    let control = Control::new().on_progress(|_| {
        let _ = fs::remove_dir_all(&victim);
    });
    let error = db.import_path(root, &source, ImportOptions::new().control(control)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::PathNotFound);
    assert!(error.message().contains(victim.to_str().unwrap()), "{error}");
    still_fine(&db, root, events, &source);
}

/// Root may read what has no mode; the memory of a process, whose first page is never there, not even root.
#[cfg(target_os = "linux")]
#[test]
fn an_unreadable_file_is_named() {
    let (db, root) = memory();
    let events = event_count(&db);
    let error = db.import_path(root, "/proc/self/mem", ImportOptions::new()).unwrap_err();
    assert!(matches!(error.code(), ErrorCode::Io | ErrorCode::PermissionDenied), "{error:?}");
    assert!(error.message().contains("/proc/self/mem"), "{error}");
    assert_eq!(event_count(&db), events);
}

#[test]
fn the_arguments_are_checked_first() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("file");
    fs::write(&file, "x").unwrap();
    let (db, root) = memory();
    let code =
        |parent: EventId, path: &Path| db.import_path(parent, path, ImportOptions::new()).unwrap_err().code();
    assert_eq!(code(root, &scratch.path().join("missing")), ErrorCode::PathNotFound);
    assert_eq!(code(root, Path::new("")), ErrorCode::PathNotFound);
    let (_other, stranger) = memory();
    assert_eq!(code(stranger, &file), ErrorCode::ParentNotFound);
    let temporary = db.append(root, NewEvent::new().temporary(true)).unwrap();
    assert_eq!(code(temporary, &file), ErrorCode::InvalidParent);
    assert_eq!(child_count(&db, root), 1);
    db.close().unwrap();
    assert_eq!(code(root, &file), ErrorCode::Closed);
}

#[test]
fn a_progress_function_may_panic_or_close() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    fill(&source);
    let (db, root) = memory();
    let events = event_count(&db);
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let control = Control::new().on_progress(|_| panic!("the caller's own"));
        db.import_path(root, &source, ImportOptions::new().control(control))
    }));
    assert!(caught.is_err());
    still_fine(&db, root, events, &source);
    let control = Control::new().on_progress(|_| db.close().unwrap());
    let error = db.import_path(root, &source, ImportOptions::new().control(control)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Closed);
}

#[test]
fn the_store_within_the_folder_is_left_out() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("file"), "x").unwrap();
    let store = source.join("store");
    let db = Database::open(&store, Options::new()).unwrap();
    let root = db.create_root("folders").unwrap();
    let report = import(&db, root, &source);
    assert_eq!(report.skipped.as_slice(), std::slice::from_ref(&store));
    assert_eq!((report.files, report.directories), (1, 1));
    let inside = fs::read_dir(&store).unwrap().next().unwrap().unwrap().path();
    for path in [&store, &inside, &store.join(".")] {
        let error = db.import_path(root, path, ImportOptions::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{path:?}");
    }
    let link = source.join("link to the store");
    symlink(&store, &link).unwrap();
    assert_eq!(import(&db, root, &link).symlinks, 1);
    db.close().unwrap();
    let db = Database::open(&store, Options::new()).unwrap();
    assert_eq!(child_count(&db, report.event), 1);
}

/// Long targets fill the memory of a batch with few entries.
#[test]
fn a_large_import_takes_several_commits() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    fs::create_dir_all(source.join("links")).unwrap();
    fs::create_dir_all(source.join("then")).unwrap();
    let long = "x/".repeat(2_000);
    for number in 0..17_000 {
        symlink(format!("{long}{number}"), source.join("links").join(format!("{number}"))).unwrap();
    }
    fs::write(source.join("then/file"), "last").unwrap();
    let (db, root) = memory();
    let token = CancelToken::new();
    let control = Control::new().cancel(&token).on_progress(|progress| {
        if progress.items == 17_004 {
            token.cancel();
        }
    });
    let error = db.import_path(root, &source, ImportOptions::new().control(control)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    let part = db.children(root, Order::Commit).unwrap().next().unwrap().unwrap();
    let links = db.children(&part, Order::Commit).unwrap().next().unwrap().unwrap();
    let visible = child_count(&db, links.id());
    assert!((1..17_000).contains(&visible), "{visible}");
    let report = import(&db, root, &source);
    assert_eq!((report.files, report.directories, report.symlinks), (1, 3, 17_000));
    assert_eq!(child_count(&db, report.event), 2);
    export(&db, report.event, &target);
    assert!(see(&target) == see(&source));
}
