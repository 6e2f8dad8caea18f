//! What comes back is what went in.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::stat::{Mode, UtimensatFlags, utimensat};
use nix::sys::time::TimeSpec;
use nix::unistd::mkfifo;
use ouroborosdb::{Control, ErrorCode, ExportOptions, ImportOptions, Order};

use super::{export, import, memory, noise, see, set_mode, set_mtime};

fn set_link_mtime(path: &Path, seconds: i64, nanoseconds: i64) {
    let time = TimeSpec::new(seconds, nanoseconds);
    utimensat(nix::fcntl::AT_FDCWD, path, &time, &time, UtimensatFlags::NoFollowSymlink).unwrap();
}

/// A folder of everything that an import keeps.
fn variety(top: &Path) {
    fs::create_dir(top).unwrap();
    fs::write(top.join("plain.txt"), "plain").unwrap();
    fs::write(top.join("empty"), "").unwrap();
    fs::write(top.join("large"), noise(1, 3 * 1024 * 1024)).unwrap();
    fs::write(top.join(OsStr::from_bytes(b"\xff\xfe not text \x01")), "raw").unwrap();
    fs::create_dir(top.join("empty folder")).unwrap();
    fs::create_dir_all(top.join("a/b/c")).unwrap();
    fs::write(top.join("a/b/c/deep"), noise(2, 5000)).unwrap();
    symlink("nowhere/at/all", top.join("dangling")).unwrap();
    symlink("a/b", top.join("to a folder")).unwrap();
    symlink(OsStr::from_bytes(b"\xfe raw"), top.join("raw target")).unwrap();
    for number in 0..300u32 {
        fs::write(top.join("a").join(format!("{number:03}")), number.to_le_bytes()).unwrap();
    }
    set_mode(&top.join("plain.txt"), 0o640);
    set_mode(&top.join("empty"), 0o400);
    set_mode(&top.join("large"), 0o755);
    set_mode(&top.join("a/b"), 0o1777);
    set_mode(&top.join("empty folder"), 0o500);
    set_mtime(&top.join("plain.txt"), Duration::new(1_234_567_890, 123_456_789));
    set_mtime(&top.join("large"), Duration::new(0, 1));
    set_link_mtime(&top.join("empty"), -5, 999_999_999);
    set_link_mtime(&top.join("dangling"), 1_000_000_000, 7);
    set_mtime(&top.join("a/b/c"), Duration::new(42, 42));
    set_mtime(&top.join("a/b"), Duration::new(43, 43));
    set_mtime(&top.join("a"), Duration::new(44, 44));
    set_mtime(top, Duration::new(45, 45));
}

#[test]
fn everything_comes_back() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    variety(&source);
    let (db, root) = memory();
    let before = see(&source);
    let imported = import(&db, root, &source);
    let exported = export(&db, imported.event, &target);
    assert_eq!(see(&target), before);
    assert_eq!((imported.files, imported.directories, imported.symlinks), (305, 5, 3));
    assert_eq!((exported.files, exported.directories, exported.symlinks), (305, 5, 3));
    let bytes: u64 =
        before.values().filter(|seen| seen.kind == "file").map(|seen| seen.bytes.len() as u64).sum();
    assert_eq!((imported.bytes, exported.bytes), (bytes, bytes));
    assert_eq!(imported.skipped, Vec::<PathBuf>::new());
    assert!(db.verify(Default::default()).unwrap().is_clean());
}

#[test]
fn an_entry_is_said_by_its_attributes() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    variety(&source);
    let (db, root) = memory();
    let top = db.event(import(&db, root, &source).event).unwrap();
    assert_eq!(top.parent(), Some(root));
    assert_eq!(top.attribute("file.name"), Some(&b"source"[..]));
    assert_eq!(top.attribute("file.type"), Some(&b"directory"[..]));
    assert_eq!(top.attribute("file.mtime_ns"), Some(&b"45000000045"[..]));
    assert_eq!(top.content_length(), None);
    let children: Vec<_> = db.children(&top, Order::Commit).unwrap().map(Result::unwrap).collect();
    let names: Vec<&[u8]> = children.iter().map(|child| child.attribute("file.name").unwrap()).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(names.contains(&&b"\xff\xfe not text \x01"[..]));
    let named = |name: &[u8]| {
        children.iter().find(|child| child.attribute("file.name") == Some(name)).unwrap().clone()
    };
    let plain = named(b"plain.txt");
    assert_eq!(plain.attribute("file.type"), Some(&b"file"[..]));
    assert_eq!(plain.attribute("file.mode"), Some(&b"640"[..]));
    assert_eq!(plain.attribute("file.mtime_ns"), Some(&b"1234567890123456789"[..]));
    assert_eq!(plain.attribute("file.target"), None);
    assert_eq!(db.read_file(&plain).unwrap(), b"plain");
    assert_eq!(named(b"empty").attribute("file.mtime_ns"), Some(&b"-4000000001"[..]));
    assert_eq!(named(b"empty").content_length(), Some(0));
    assert_eq!(named(b"a").attribute("file.mtime_ns"), Some(&b"44000000044"[..]));
    let link = named(b"raw target");
    assert_eq!(link.attribute("file.type"), Some(&b"symlink"[..]));
    assert_eq!(link.attribute("file.target"), Some(&b"\xfe raw"[..]));
    assert_eq!(link.content_length(), None);
}

#[test]
fn a_single_file_and_a_single_link() {
    let scratch = tempfile::tempdir().unwrap();
    let (file, link) = (scratch.path().join("file"), scratch.path().join("link"));
    fs::write(&file, "content").unwrap();
    symlink(&file, &link).unwrap();
    set_mode(&file, 0o604);
    set_mtime(&file, Duration::new(9, 9));
    let (db, root) = memory();
    for (path, copy) in [(&file, "file copy"), (&link, "link copy")] {
        let report = import(&db, root, path);
        let name = path.file_name().unwrap().as_bytes();
        assert_eq!(db.event(report.event).unwrap().attribute("file.name"), Some(name));
        let copy = scratch.path().join(copy);
        export(&db, report.event, &copy);
        assert_eq!(see(&copy), see(path));
    }
}

#[test]
fn dots_at_the_end_still_have_a_name() {
    let scratch = tempfile::tempdir().unwrap();
    let inner = scratch.path().join("outer/inner");
    fs::create_dir_all(&inner).unwrap();
    let (db, root) = memory();
    for (path, name) in [("outer/.", "outer"), ("outer/inner/..", "outer"), ("outer/inner/", "inner")] {
        let report = import(&db, root, &scratch.path().join(path));
        assert_eq!(db.event(report.event).unwrap().attribute("file.name"), Some(name.as_bytes()), "{path}");
    }
}

#[test]
fn two_hundred_levels() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    let mut deepest = source.clone();
    for level in 0..200 {
        deepest.push(format!("{level}"));
    }
    fs::create_dir_all(&deepest).unwrap();
    fs::write(deepest.join("bottom"), "here").unwrap();
    set_mtime(&deepest, Duration::new(1, 1));
    let (db, root) = memory();
    let report = import(&db, root, &source);
    assert_eq!((report.directories, report.files), (201, 1));
    export(&db, report.event, &target);
    assert_eq!(see(&target), see(&source));
}

#[test]
fn folders_that_nobody_may_write_come_back() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    fs::create_dir_all(source.join("inner")).unwrap();
    fs::write(source.join("inner/file"), "kept").unwrap();
    set_mode(&source.join("inner"), 0o555);
    set_mode(&source, 0o555);
    let (db, root) = memory();
    export(&db, import(&db, root, &source).event, &target);
    assert_eq!(see(&target), see(&source));
    for path in [&source, &source.join("inner"), &target, &target.join("inner")] {
        set_mode(path, 0o755);
    }
}

#[test]
fn hard_links_become_equal_files() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    fs::create_dir(&source).unwrap();
    fs::write(source.join("one"), noise(3, 100_000)).unwrap();
    fs::hard_link(source.join("one"), source.join("two")).unwrap();
    let (db, root) = memory();
    let report = import(&db, root, &source);
    assert_eq!((report.files, report.bytes), (2, 200_000));
    assert!(db.stats().unwrap().stored_bytes < 150_000);
    export(&db, report.event, &target);
    assert_eq!(see(&target), see(&source));
    assert_eq!(fs::metadata(target.join("one")).unwrap().nlink(), 1);
}

#[test]
fn a_second_import_stores_no_new_chunks() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    variety(&source);
    let (db, root) = memory();
    import(&db, root, &source);
    let first = db.stats().unwrap();
    import(&db, root, &source);
    let second = db.stats().unwrap();
    assert!(first.chunks > 0);
    assert_eq!(second.chunks, first.chunks);
    assert_eq!(second.events, first.events + 313);
}

#[test]
fn pipes_and_sockets_are_skipped_and_reported() {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    fs::create_dir_all(source.join("inner")).unwrap();
    fs::write(source.join("file"), "x").unwrap();
    mkfifo(&source.join("inner/pipe"), Mode::S_IRWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(source.join("socket")).unwrap();
    let (db, root) = memory();
    let report = import(&db, root, &source);
    assert_eq!(report.skipped, [source.join("inner/pipe"), source.join("socket")]);
    assert_eq!((report.files, report.directories), (1, 2));
    let error = db.import_path(root, source.join("socket"), ImportOptions::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidArgument);
}

#[test]
fn modes_that_give_rights_away_are_not_restored() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    fs::write(&source, "#!/bin/sh\n").unwrap();
    set_mode(&source, 0o6755);
    let (db, root) = memory();
    let report = import(&db, root, &source);
    assert_eq!(db.event(report.event).unwrap().attribute("file.mode"), Some(&b"6755"[..]));
    export(&db, report.event, &target);
    assert_eq!(see(&target)[&b""[..]].mode, 0o755);
}

#[test]
fn progress_counts_to_the_end_and_may_call_back() {
    let scratch = tempfile::tempdir().unwrap();
    let (source, target) = (scratch.path().join("source"), scratch.path().join("target"));
    variety(&source);
    let (db, root) = memory();
    let mut last = Default::default();
    let control = Control::new().on_progress(|progress| {
        last = progress;
        db.append(root, Default::default()).unwrap();
        assert!(db.event(root).is_ok());
    });
    let report = db.import_path(root, &source, ImportOptions::new().control(control)).unwrap();
    assert_eq!((last.bytes, last.items), (report.bytes, 313));
    let control = Control::new().on_progress(|progress| {
        last = progress;
        db.append(root, Default::default()).unwrap();
    });
    let report = db.export_path(report.event, &target, ExportOptions::new().control(control)).unwrap();
    assert_eq!((last.bytes, last.items), (report.bytes, 313));
}
