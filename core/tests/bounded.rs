//! What is asked for little takes little memory, however large the things are that lie behind it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ouroborosdb::{Database, Durability, NewEvent, Options, Order};

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
