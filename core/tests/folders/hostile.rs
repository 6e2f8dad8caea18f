//! Events made by hand, or brought by a replica: whatever they say, an export writes below its target only, and
//! over nothing that is there.

use std::fs;
use std::os::unix::fs::symlink;

use ouroborosdb::{Database, Error, ErrorCode, EventId, ExportOptions, NewEvent};

use super::{export, memory};

fn directory(name: &[u8]) -> NewEvent {
    NewEvent::new().attribute("file.type", "directory").attribute("file.name", name)
}

fn file(name: &[u8]) -> NewEvent {
    NewEvent::new().attribute("file.type", "file").attribute("file.name", name)
}

fn link(name: &[u8], target: &str) -> NewEvent {
    let new = NewEvent::new().attribute("file.type", "symlink").attribute("file.name", name);
    new.attribute("file.target", target)
}

/// What the export of this event fails with, and the names that it left in its folder.
fn refused(db: &Database, event: EventId) -> (Error, Vec<String>) {
    let scratch = tempfile::tempdir().unwrap();
    let error =
        db.export_path(event, scratch.path().join("a/target"), ExportOptions::new()).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::PathNotFound, "the folder of the target is missing");
    fs::create_dir(scratch.path().join("a")).unwrap();
    let error = db.export_path(event, scratch.path().join("a/target"), ExportOptions::new()).unwrap_err();
    let names = |path: &str| {
        let entries = fs::read_dir(scratch.path().join(path)).into_iter().flatten();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["a"]);
    assert_eq!(names("a"), ["target"]);
    (error, names("a/target"))
}

#[test]
fn names_that_lead_elsewhere() {
    let names: [&[u8]; 9] = [b"", b".", b"..", b"/", b"a/b", b"../up", b"/etc/passwd", b"a\0b", b"a/"];
    let (db, root) = memory();
    for name in names {
        for new in [directory(name), link(name, "x"), file(name)] {
            let top = db.append(root, directory(b"top")).unwrap();
            let bad = db.put_file(top, &b"bad"[..], new).unwrap();
            let (error, left) = refused(&db, top);
            assert_eq!(error.code(), ErrorCode::UnsafeName, "{name:?}");
            assert!(error.message().contains(&bad.to_string()), "{error}");
            assert_eq!(left, Vec::<String>::new());
        }
    }
    let top = db.append(root, directory(b"top")).unwrap();
    db.append(top, NewEvent::new().attribute("file.type", "directory")).unwrap();
    assert_eq!(refused(&db, top).0.code(), ErrorCode::UnsafeName);
}

#[test]
fn the_name_of_what_is_exported_is_not_used() {
    let scratch = tempfile::tempdir().unwrap();
    let (db, root) = memory();
    let top = db.append(root, directory(b"../../up")).unwrap();
    export(&db, top, &scratch.path().join("target"));
    assert!(scratch.path().join("target").is_dir());
}

#[test]
fn attributes_that_say_nothing() {
    let (db, root) = memory();
    let typed = |word: &str| NewEvent::new().attribute("file.type", word).attribute("file.name", "x");
    let mut bad = vec![typed(""), typed("File"), typed("fifo"), typed("file"), typed("symlink")];
    for mode in ["", "8", "10000", "+7", "-1", "0o7", " 7", "777777777777777777777777"] {
        bad.push(typed("directory").attribute("file.mode", mode));
    }
    let far = "9".repeat(30);
    for mtime in ["", "-", "--1", "+5", "1e9", "1.5", " 1", far.as_str(), &"9".repeat(60)] {
        bad.push(typed("directory").attribute("file.mtime_ns", mtime));
    }
    for target in ["", "a\0b"] {
        bad.push(typed("symlink").attribute("file.target", target));
    }
    for new in bad {
        let top = db.append(root, directory(b"top")).unwrap();
        let event = db.append(top, new.clone()).unwrap();
        let (error, left) = refused(&db, top);
        assert_eq!(error.code(), ErrorCode::NotExportable, "{new:?}");
        assert!(error.message().contains(&event.to_string()), "{error}");
        assert_eq!(left, Vec::<String>::new());
        let scratch = tempfile::tempdir().unwrap();
        let error = db.export_path(event, scratch.path().join("x"), ExportOptions::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotExportable, "{new:?}");
    }
}

#[test]
fn what_is_no_folder_entry() {
    let scratch = tempfile::tempdir().unwrap();
    let target = scratch.path().join("target");
    let (db, root) = memory();
    let error = db.export_path(root, &target, ExportOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotExportable);
    let (_other, stranger) = memory();
    let error = db.export_path(stranger, &target, ExportOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::EventNotFound);
    assert!(!target.exists());
    // A note on a folder is left out, and so is what hangs under a file.
    let top = db.append(root, directory(b"top")).unwrap();
    db.append(top, NewEvent::new().metadata("a note")).unwrap();
    let kept = db.put_file(top, &b"kept"[..], file(b"kept")).unwrap();
    db.put_file(kept, &b"below"[..], file(b"below")).unwrap();
    let report = export(&db, top, &target);
    assert_eq!((report.files, report.directories), (1, 1));
    assert_eq!(fs::read(target.join("kept")).unwrap(), b"kept");
}

#[test]
fn two_entries_of_one_name() {
    let scratch = tempfile::tempdir().unwrap();
    let outside = scratch.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "untouched").unwrap();
    let (db, root) = memory();
    let to_folder = || link(b"twin", outside.to_str().unwrap());
    let to_file = || link(b"twin", outside.join("file").to_str().unwrap());
    let to_nothing = || link(b"twin", outside.join("new").to_str().unwrap());
    let pairs = [
        (to_folder(), directory(b"twin")),
        (to_file(), file(b"twin")),
        (to_nothing(), file(b"twin")),
        (to_nothing(), to_file()),
        (file(b"twin"), file(b"twin")),
        (file(b"twin"), directory(b"twin")),
        (directory(b"twin"), directory(b"twin")),
    ];
    for (first, second) in pairs {
        let top = db.append(root, directory(b"top")).unwrap();
        for new in [first.clone(), second.clone()] {
            let twin = db.put_file(top, &b"overwritten"[..], new).unwrap();
            db.put_file(twin, &b"overwritten"[..], file(b"file")).unwrap();
        }
        let (error, left) = refused(&db, top);
        assert_eq!(error.code(), ErrorCode::AlreadyExists, "{first:?} {second:?}");
        assert_eq!(left, ["twin"]);
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
        assert_eq!(fs::read(outside.join("file")).unwrap(), b"untouched");
    }
}

#[test]
fn targets_that_exist() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    for folder in ["empty", "full", "linked"] {
        fs::create_dir(at(folder)).unwrap();
    }
    fs::write(at("full/file"), "untouched").unwrap();
    fs::write(at("file"), "untouched").unwrap();
    symlink(at("linked"), at("link")).unwrap();
    symlink(at("nothing"), at("dangling")).unwrap();
    let (db, root) = memory();
    let folder = db.append(root, directory(b"top")).unwrap();
    let inner = db.put_file(folder, &b"new"[..], file(b"file")).unwrap();
    let symbolic = db.append(root, link(b"link", "x")).unwrap();
    for event in [folder, inner, symbolic] {
        for name in ["full", "file", "link", "dangling"] {
            let error = db.export_path(event, at(name), ExportOptions::new()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::AlreadyExists, "{name}");
            assert!(error.message().contains(at(name).to_str().unwrap()), "{error}");
        }
    }
    for event in [inner, symbolic] {
        let error = db.export_path(event, at("empty"), ExportOptions::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::AlreadyExists);
    }
    assert_eq!(fs::read(at("file")).unwrap(), b"untouched");
    assert_eq!(fs::read_dir(at("linked")).unwrap().count(), 0);
    assert!(!at("nothing").exists());
    export(&db, folder, &at("empty"));
    assert_eq!(fs::read(at("empty/file")).unwrap(), b"new");
}
