//! Stores that someone made to deceive: opening them costs what they are long, and nothing false is believed that the
//! log could have refuted.

use std::path::Path;
use std::sync::Arc;

use super::tiers::open_listed;
use super::{PreparedEvent, Store, folder};
use crate::control::Control;
use crate::error::ErrorCode;
use crate::event::{EventFields, EventKind};
use crate::id::EventId;
use crate::index::{Checkpoint, EventRow, Index, ListedTier, Parent};
use crate::log::{
    Codec, CommitNote, OpenFiles, Prepared, RecordKind, SEGMENT_HEADER_BYTES, SEQUENCE_MAX, Scan,
    SegmentHeader, Window, create_segment, scan_segment,
};
use crate::options::{Durability, Options};
use crate::verify::{VerifyReport, verify};
use crate::vfs::{Access, MemoryVfs, Vfs};

const STORE: &str = "/store";

fn open(vfs: &MemoryVfs) -> Store {
    Store::open(Arc::new(vfs.clone()), Path::new(STORE), Options::new()).unwrap()
}

fn root(title: &str) -> PreparedEvent {
    let title = Some(title.to_owned());
    PreparedEvent::new(EventFields { title, ..EventFields::derived(EventKind::Root) })
}

fn put(store: &Store, title: &str) -> crate::error::Result<EventId> {
    let event = root(title);
    let id = event.id;
    store.commit(Vec::new(), vec![event], Durability::Durable).map(|()| id)
}

fn check(store: &Store) -> VerifyReport {
    verify(store, &mut Control::new(), &|| Ok(())).unwrap()
}

/// The header of a segment said that 2^24 events came before it, and opening allocated gigabytes for them.
#[test]
fn a_sequence_number_makes_nobody_allocate_or_count() {
    for start in [1 << 24, 1 << 47, SEQUENCE_MAX, SEQUENCE_MAX + 1, u64::MAX] {
        let vfs = MemoryVfs::new(u64::MAX);
        let store = open(&vfs);
        put(&store, "first").unwrap();
        let header = SegmentHeader {
            number: 2,
            store_id: store.superblock().store_id,
            previous_end: store.segments()[0].end(),
            sequence_start: start,
            previous_footer: false,
        };
        drop(store);
        let files = Arc::new(OpenFiles::new(Arc::new(vfs.clone())));
        create_segment(&files, &folder::segments(Path::new(STORE)), &header).unwrap();
        let store = open(&vfs);
        let next = store.sequence_end();
        assert_eq!(next, if start <= SEQUENCE_MAX { start } else { 2 });
        match put(&store, "second") {
            Ok(id) => assert_eq!(store.event(&id).unwrap().sequence(), next),
            Err(error) => {
                assert!(next == SEQUENCE_MAX && error.code() == ErrorCode::Corrupt, "{start}: {error}")
            }
        }
        let lost = check(&store).problems.iter().any(|problem| problem.message.contains("are lost"));
        assert_eq!(lost, next > 2, "one problem names the whole gap");
        store.close().unwrap();
    }
}

/// Chunks behind the durable end were unpacked to see whether they are whole, and all kept until a commit record came.
#[test]
fn what_waits_for_its_commit_record_is_not_unpacked() {
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs);
    let raw = vec![0u8; 65_536];
    let packed = zstd::bulk::compress(&raw, 3).unwrap();
    let record =
        |id| Prepared::new(RecordKind::Chunks, false, [id; 64], raw.len(), Codec::Zstd, packed.clone());
    let records: Vec<_> = (0..100).map(record).collect();
    let note = CommitNote { sequence_start: 1, sequence_end: 1, clock: 0, synced_to: 0 };
    let mut guard = store.writer.lock();
    let writer = &mut guard.as_mut().unwrap().writer;
    let written = writer.stage(&records, note);
    writer.write().unwrap();
    let segment = &written.segment;
    let file = segment.file().unwrap();
    let mut window = Window::new(file.as_ref(), written.end);
    let (mut visited, from) = (0, SEGMENT_HEADER_BYTES as u64);
    let mut visit = |scanned: crate::log::Scanned<'_>| {
        assert!(scanned.body.is_none());
        visited += 1;
        Ok(())
    };
    scan_segment(&mut window, segment.seed(), 1, from, from, Scan::Needed, &mut visit).unwrap();
    assert_eq!(visited, 100);
}

fn checkpoint(vfs: &MemoryVfs) -> Vec<u8> {
    let file = vfs.open(&folder::checkpoint(Path::new(STORE)), Access::Read).unwrap();
    let mut bytes = vec![0; file.len().unwrap() as usize];
    file.read_exact_at(&mut bytes, 0).unwrap();
    bytes
}

/// Verify held only ids and places of the index against the log, so that an index could say anything else.
#[test]
fn verify_sees_an_index_that_says_something_else() {
    type Lie = fn(&mut EventRow);
    let lies: [(&str, Lie); 6] = [
        ("nothing", |_| {}),
        ("time", |row| row.time.0 += 1),
        ("content", |row| row.content_bytes += 1),
        ("temporary", |row| row.temporary = true),
        ("metadata", |row| row.has_metadata = true),
        ("parent", |row| row.parent = Parent::Lost),
    ];
    for (what, lie) in lies {
        for title in ["r", "another"] {
            let vfs = MemoryVfs::new(u64::MAX);
            let store = open(&vfs);
            put(&store, "r").unwrap();
            let id = store.superblock().store_id;
            store.close().unwrap();
            let mut list = Checkpoint::decode(&checkpoint(&vfs), id).unwrap();
            let index = open_listed(&vfs, Path::new(STORE), id, &list).unwrap();
            let mut told = index.row(1).unwrap();
            lie(&mut told);
            let mut lying = Index::default();
            assert!(lying.insert_row(&told, Some(title)));
            let tier = vfs.create_new(&folder::tier(Path::new(STORE), 9)).unwrap();
            let header = lying.write_tier(tier.as_ref(), id, 9).unwrap();
            list.tiers = vec![ListedTier { number: 9, check: header.check() }];
            let path = folder::checkpoint(Path::new(STORE));
            vfs.remove_file(&path).unwrap();
            vfs.create_new(&path).unwrap().write_all_at(&list.encode(id), 0).unwrap();
            let clean = check(&open(&vfs)).is_clean();
            assert_eq!(clean, what == "nothing" && title == "r", "{what}, titled {title}");
        }
    }
}

/// Each damaged stretch was looked for in the whole index, so that verify took hours where much was damaged.
#[test]
fn all_damage_is_named_in_one_walk() {
    const CHUNKS: u32 = 2000;
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs);
    let record = |number: u32| {
        let mut id = [7; 64];
        id[..4].copy_from_slice(&number.to_le_bytes());
        Prepared::new(RecordKind::Chunks, false, id, 16, Codec::Raw, vec![1; 16])
    };
    store.commit((0..CHUNKS).map(record).collect(), Vec::new(), Durability::Buffered).unwrap();
    let places: Vec<u64> =
        store.query(|index| index.chunks().map(|chunk| chunk.place.offset).collect()).unwrap();
    let segment = store.segments().remove(0);
    for offset in places.iter().filter(|offset| *offset % 3 == 0) {
        segment.file().unwrap().write_all_at(&[0xff], offset + 41).unwrap();
    }
    let report = check(&store);
    assert!(report.problems_total > u64::from(CHUNKS) / 8, "{}", report.problems_total);
    let named = |message: &str| message.contains("damaged: contents of files");
    assert!(report.problems.iter().all(|problem| named(&problem.message)), "{:?}", report.problems.first());
}
