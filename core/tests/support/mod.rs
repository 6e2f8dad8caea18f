//! What the tests of whole stores share: bytes to store, a store to look at, and all that a reader can see.
#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and no test uses all of this"
)]

use std::path::{Path, PathBuf};

use ouroborosdb::{Compression, Database, EventId, NewEvent, Options, Order};

/// Random numbers that are the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// Bytes that compress, as text does.
    pub fn words(&mut self, length: usize) -> Vec<u8> {
        let words = ["event ", "tree ", "chunk ", "segment ", "the ", "of ", "under ", "\n"];
        let mut text = Vec::new();
        while text.len() < length {
            text.extend_from_slice(words[self.below(words.len() as u64) as usize].as_bytes());
        }
        text.truncate(length);
        text
    }
}

/// A store with something of everything, in several segments. Closed again.
pub fn make_store(path: &Path) -> Vec<EventId> {
    let db = Database::open(path, Options::new().segment_bytes(64 * 1024)).unwrap();
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut ids = Vec::new();
    for title in ["one", "two", "zwei ö"] {
        let root = db.create_root(title).unwrap();
        ids.push(root);
        let folder = db.append(root, NewEvent::new().metadata(title).attribute("a", "1")).unwrap();
        ids.push(folder);
        for size in [0, 1, 100, 168, 169, 3000, 20_000, 70_000] {
            let name = format!("{size}.bin");
            let bytes = if size % 2 == 0 { random.words(size) } else { random.bytes(size) };
            let new = NewEvent::new().attribute("file.name", name).attribute("size", size.to_string());
            ids.push(db.put_file(folder, &bytes[..], new).unwrap());
        }
        let temporary = NewEvent::new().temporary(true).expires_ms(77).follows([folder, root]);
        ids.push(db.append(folder, temporary).unwrap());
    }
    let batch = db.batch().unwrap();
    let top = batch.append(ids[0], NewEvent::new().metadata(random.bytes(5000))).unwrap();
    for at in 0..5u8 {
        batch.append(top, NewEvent::new().attribute("at", vec![at])).unwrap();
    }
    ids.extend(batch.commit().unwrap());
    let big = random.words(900_000);
    ids.push(db.put_file(ids[1], &big[..], NewEvent::new().attribute("file.name", "big")).unwrap());
    db.close().unwrap();
    ids
}

/// The figures that are of the store, and not of who asks or of how the index lies.
pub fn figures(db: &Database) -> [u64; 10] {
    let stats = db.stats().unwrap();
    let bytes = [stats.content_bytes, stats.chunk_bytes, stats.stored_bytes];
    let numbers = [stats.sequence, stats.durable_sequence];
    [
        stats.events,
        stats.roots,
        stats.chunks,
        bytes[0],
        bytes[1],
        bytes[2],
        stats.segments,
        numbers[0],
        numbers[1],
        stats.damaged_ranges,
    ]
}

/// What tells bytes from others, in few words.
fn digest(bytes: &[u8]) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{} bytes, {:016x}", bytes.len(), hasher.finish())
}

/// Everything that a reader can see of a store, as text. An error is seen too.
pub fn all_answers(db: &Database, ids: &[EventId]) -> Vec<String> {
    let mut seen = Vec::new();
    let collect = |cursor: ouroborosdb::EventCursor| {
        cursor.map(|event| event.map(|event| event.id().to_hex())).collect::<Vec<_>>()
    };
    seen.push(format!("roots {:?}", collect(db.roots().unwrap())));
    seen.push(format!("titled {:?}", collect(db.roots_titled("two").unwrap())));
    seen.push(format!("index {:?}", db.root_index().unwrap().collect::<Vec<_>>()));
    let changes = db.changes(None).unwrap();
    seen.push(format!(
        "changes {:?}",
        changes.map(|event| event.map(|event| event.id())).collect::<Vec<_>>()
    ));
    for id in ids {
        let short = &id.to_hex()[..8];
        seen.push(format!("{short} event {:?}", db.event(id)));
        seen.push(format!(
            "{short} metadata {:?}",
            db.metadata(id).map(|bytes| bytes.map(|bytes| digest(&bytes)))
        ));
        seen.push(format!("{short} parent {:?}", db.parent(id).map(|event| event.map(|event| event.id()))));
        for order in [Order::Commit, Order::Time] {
            seen.push(format!("{short} {order:?} {:?}", db.children(id, order).map(collect)));
            let children = db.child_ids(id, order).map(Iterator::collect::<Vec<_>>);
            seen.push(format!("{short} ids {order:?} {children:?}"));
        }
        seen.push(format!("{short} up {:?}", db.ancestors(id).map(collect)));
        seen.push(format!("{short} down {:?}", db.descendants(id).map(collect)));
        seen.push(format!("{short} file {:?}", db.read_file(id).map(|bytes| digest(&bytes))));
    }
    seen
}

/// The segment files of a store, in order.
pub fn segments(store: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(store.join("segments")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Copies a store's folder.
pub fn copy_store(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_store(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Writes bytes into a file in place, whatever its mode.
pub fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    use std::os::unix::fs::{FileExt, PermissionsExt};
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(bytes, offset).unwrap();
}

pub fn uncompressed() -> Options {
    Options::new().compression(Compression::None)
}
