//! Folders in and out: what comes back is what went in, what fails leaves nothing visible, and no event, however
//! it was made, leads an export outside its target.

#![cfg(unix)]
#![allow(missing_docs, reason = "a test needs no documentation but its name")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "folders/hostile.rs"]
mod hostile;
#[path = "folders/import_failures.rs"]
mod import_failures;
#[path = "folders/round_trip.rs"]
mod round_trip;

use std::collections::BTreeMap;
use std::fs::{self, FileTimes};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

use ouroborosdb::{Database, EventId, ExportOptions, ImportOptions, ImportReport, Options, Order};

fn memory() -> (Database, EventId) {
    let db = Database::open_in_memory(Options::new()).unwrap();
    let root = db.create_root("folders").unwrap();
    (db, root)
}

fn import(db: &Database, parent: EventId, path: &Path) -> ImportReport {
    db.import_path(parent, path, ImportOptions::new()).unwrap()
}

fn export(db: &Database, event: EventId, path: &Path) -> ouroborosdb::ExportReport {
    db.export_path(event, path, ExportOptions::new()).unwrap()
}

fn child_count(db: &Database, event: EventId) -> usize {
    db.children(event, Order::Commit).unwrap().count()
}

fn event_count(db: &Database) -> u64 {
    db.stats().unwrap().events
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn set_mtime(path: &Path, since: Duration) {
    let times = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + since);
    fs::File::open(path).unwrap().set_times(times).unwrap();
}

/// What a path is, without its name.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    kind: &'static str,
    mode: u32,
    mtime: (i64, i64),
    bytes: Vec<u8>,
}

/// Everything at and below a path, by the bytes of the path within it.
fn see(top: &Path) -> BTreeMap<Vec<u8>, Seen> {
    let mut seen = BTreeMap::new();
    let mut waiting = vec![top.to_path_buf()];
    while let Some(path) = waiting.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let (kind, bytes) = if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            ("directory", Vec::new())
        } else if metadata.is_symlink() {
            ("symlink", fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec())
        } else {
            ("file", fs::read(&path).unwrap())
        };
        let within = path.strip_prefix(top).unwrap().as_os_str().as_bytes().to_vec();
        let mtime = (metadata.mtime(), metadata.mtime_nsec());
        seen.insert(within, Seen { kind, mode: metadata.mode() & 0o7777, mtime, bytes });
    }
    seen
}

/// Bytes that neither repeat nor compress.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
