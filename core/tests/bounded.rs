//! What is asked for little takes little memory, however large the things are that lie behind it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ouroborosdb::{Database, Durability, NewEvent, NewFile, Options, Order, PutFilesOptions};

/// Resident memory of this process that is not mapped from files, in KiB.
fn anonymous_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A cursor used to read 128 events ahead, whatever their size: 2 GiB for one event with the largest metadata. And
/// the title index gave a copy of its title to each root of a title at once.
#[test]
fn one_item_of_a_cursor_does_not_fetch_everything_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path(), Options::new().durability(Durability::Buffered)).unwrap();
    let title = "t".repeat(60_000);
    let root = db.create_root(&title).unwrap();
    for _ in 0..20 {
        db.append(root, NewEvent::new().metadata(vec![1; 8 << 20])).unwrap();
    }
    for _ in 0..1000 {
        db.create_root(&title).unwrap();
    }
    let before = anonymous_kib();
    let mut cursor = db.children(root, Order::Commit).unwrap();
    let first = cursor.next().unwrap().unwrap();
    let mut titles = db.root_index().unwrap();
    let row = titles.next().unwrap().unwrap();
    let more = anonymous_kib().saturating_sub(before);
    assert!(more < 40 << 10, "{more} KiB for an event of 8 MiB and a title");
    assert_eq!((first.metadata().map(<[u8]>::len), row.0.len()), (Some(8 << 20), 60_000));
    assert_eq!(cursor.count(), 19, "all come nevertheless");
    assert_eq!(titles.count(), 1000);
}

/// Files that are made as they are asked for are not made far ahead, and none is kept once it is stored.
#[test]
fn many_files_at_once_take_the_memory_of_a_few() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path(), Options::new().durability(Durability::Buffered)).unwrap();
    let root = db.create_root("r").unwrap();
    let few = |count: usize| (0..count).map(|_| NewFile::from_bytes(vec![7u8; 1 << 20]));
    db.put_files(root, few(64), PutFilesOptions::new()).unwrap();
    let before = anonymous_kib();
    let mut most = 0;
    let files = few(2000).inspect(|_| most = most.max(anonymous_kib()));
    let ids = db.put_files(root, files, PutFilesOptions::new()).unwrap();
    let more = most.saturating_sub(before);
    assert!(more < 64 << 10, "{more} KiB for 2,000 files of 1 MiB");
    assert_eq!(ids.len(), 2000);

    // And out again, a file of 256 MiB.
    let zeros = std::io::Read::take(std::io::repeat(0), 256 << 20);
    let large = db.put_file(root, zeros, NewEvent::new()).unwrap();
    let before = anonymous_kib();
    let written = db.open_file(large).unwrap().write_to_path(folder.path().with_extension("out")).unwrap();
    let more = anonymous_kib().saturating_sub(before);
    std::fs::remove_file(folder.path().with_extension("out")).unwrap();
    assert_eq!(written, 256 << 20);
    assert!(more < 64 << 10, "{more} KiB for a file out");
}
