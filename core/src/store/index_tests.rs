//! What a review of the tiers found: damage that comes out late, readers beside it, and lists that name what is gone.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::tiers::listed;
use super::{PreparedEvent, Store, folder};
use crate::event::{EventFields, EventKind};
use crate::id::EventId;
use crate::index::{Checkpoint, Parent, Place};
use crate::log::{Codec, Prepared, RecordKind};
use crate::options::{Durability, Options};
use crate::vfs::{Access, Chance, MemoryVfs, OsVfs, Simulator, Vfs};

const STORE: &str = "/store";

fn options(tier_entries: u64) -> Options {
    Options { tier_entries, ..Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN) }
}

fn open(vfs: &MemoryVfs, tier_entries: u64) -> Store {
    Store::open(Arc::new(vfs.clone()), Path::new(STORE), options(tier_entries)).unwrap()
}

fn reader(vfs: &MemoryVfs, tier_entries: u64) -> Store {
    Store::open_read_only(Arc::new(vfs.clone()), Path::new(STORE), options(tier_entries)).unwrap()
}

/// A root, or an event under a parent.
fn event(parent: Option<EventId>, number: u64) -> PreparedEvent {
    let kind = if parent.is_some() { EventKind::Plain } else { EventKind::Root };
    let title = parent.is_none().then(|| "r".to_owned());
    let metadata = Some(number.to_le_bytes().to_vec());
    PreparedEvent::new(EventFields { parent, title, metadata, ..EventFields::derived(kind) })
}

fn put(store: &Store, event: PreparedEvent) -> EventId {
    let id = event.id;
    store.commit(Vec::new(), vec![event], Durability::Durable).unwrap();
    id
}

fn tiers(vfs: &MemoryVfs) -> Vec<PathBuf> {
    let index = folder::index(Path::new(STORE));
    let names = vfs.list(&index).unwrap();
    names.iter().filter(|name| folder::tier_number(name).is_some()).map(|name| index.join(name)).collect()
}

fn descendants(store: &Store) -> u64 {
    let walk = |index: &crate::index::Index| {
        let (mut at, mut count) = (1, 0);
        loop {
            at = index.next_in_tree(1, at, u64::MAX);
            match at {
                0 => return count,
                _ => count += 1,
            }
        }
    };
    store.query(walk).unwrap()
}

/// A parent was looked for in a damaged block, was not found, and its child written down as lost; the damage was known
/// in memory only, so the next opening believed it.
#[test]
fn what_was_entered_beside_damage_is_not_written_down() {
    const EVENTS: u64 = 12_000;
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs, EVENTS);
    let root = event(None, 0);
    let parent = root.id;
    let mut events = vec![root];
    events.extend((1..EVENTS).map(|number| event(Some(parent), number)));
    let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
    store.commit(Vec::new(), events, Durability::Durable).unwrap();
    for child in &ids {
        put(&store, event(Some(*child), EVENTS));
        if store.sequence_end() > EVENTS + 20 {
            break;
        }
    }
    // Not closed: as a process that was killed leaves it.
    drop(store);
    let [tier] = tiers(&vfs).try_into().unwrap();
    // Every block of the ids, which no row is in.
    let (rows, file) = (EVENTS * 128, vfs.open(&tier, Access::ReadWrite).unwrap());
    for at in (4096 + rows + 65_536..4096 + rows + EVENTS * 12).step_by(8000) {
        file.write_all_at(&[0xaa; 12], at).unwrap();
    }
    let store = open(&vfs, EVENTS);
    let expected = store.sequence_end() - 2;
    store.close().unwrap();
    assert_eq!(descendants(&reader(&vfs, EVENTS)), expected);
}

/// A sync that failed in a reader set its durable number back to 0, and its own cursors were refused.
#[test]
fn what_is_durable_stays_so() {
    let machine = Simulator::new();
    let vfs = || Arc::new(machine.clone());
    let writer = Store::open(vfs(), Path::new(STORE), options(1000)).unwrap();
    for number in 0..5 {
        put(&writer, event(None, number));
    }
    let reader = Store::open_read_only(vfs(), Path::new(STORE), options(1000)).unwrap();
    let before = reader.durable_sequence_end();
    assert_eq!(before, 6);
    writer.commit(Vec::new(), vec![event(None, 9)], Durability::Buffered).unwrap();
    machine.fail_sync_at(machine.syncs() + 1);
    assert!(reader.refresh().unwrap());
    assert_eq!(reader.durable_sequence_end(), before);
    drop(machine.power_loss(Chance::none()));
}

/// A reader that was far behind took everything into memory, though the writer had made tiers of it.
#[test]
fn a_reader_far_behind_takes_tiers() {
    let vfs = MemoryVfs::new(u64::MAX);
    let writer = open(&vfs, 4);
    let reader = reader(&vfs, 4);
    for number in 0..600 {
        put(&writer, event(None, number));
    }
    assert!(reader.refresh().unwrap());
    let entries = reader.index.read().memory_entries();
    assert!(entries < 8, "{entries}");
}

/// The tiers that a reader had found damaged were taken again by the next refresh, and the log was read from the
/// beginning each time.
#[test]
fn a_reader_does_not_take_damaged_tiers_again() {
    let vfs = MemoryVfs::new(u64::MAX);
    let writer = open(&vfs, 4);
    for number in 0..64 {
        put(&writer, event(None, number));
    }
    for tier in tiers(&vfs) {
        vfs.open(&tier, Access::ReadWrite).unwrap().write_all_at(&[0xff], 5000).unwrap();
    }
    let reader = reader(&vfs, 4);
    assert_eq!(reader.query(|index| index.rows().count()).unwrap(), 64);
    // Until there is as much once more, by when the writer may have made others.
    for number in 64..67 {
        put(&writer, event(None, number));
        assert!(reader.refresh().unwrap());
        assert_eq!(reader.query(|index| index.tiers().len()).unwrap(), 0);
    }
}

/// Recovery merged tiers and removed those that it had merged, while the list on the disk still named them.
#[test]
fn what_is_listed_is_there() {
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs, 4);
    (0..4).map(|number| put(&store, event(None, number))).for_each(|_| ());
    store.close().unwrap();
    let store = open(&vfs, 1000);
    (4..12).map(|number| put(&store, event(None, number))).for_each(|_| ());
    drop(store);
    // Merging beside would go on while the test looks.
    let quiet = Options { merge_beside: false, ..options(4) };
    let store = Store::open(Arc::new(vfs.clone()), Path::new(STORE), quiet).unwrap();
    let list = vfs.open(&folder::checkpoint(Path::new(STORE)), Access::Read).unwrap();
    let mut bytes = vec![0; list.len().unwrap() as usize];
    list.read_exact_at(&mut bytes, 0).unwrap();
    let list = Checkpoint::decode(&bytes, store.superblock().store_id).unwrap();
    assert_eq!(list.tiers, listed(&store.index.read()));
    let mut named: Vec<PathBuf> =
        list.tiers.iter().map(|tier| folder::tier(Path::new(STORE), tier.number)).collect();
    named.sort();
    let mut there = tiers(&vfs);
    there.sort();
    assert_eq!(there, named);
}

/// A segment was lost. Whoever stored the same file again, to mend it, was told that it was there.
#[test]
fn a_chunk_of_a_lost_segment_is_stored_again() {
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs, 1000);
    let chunk = |byte: u8| {
        let bytes = vec![byte; 60_000];
        let id = crate::hash::chunk_id(&bytes);
        (id, Prepared::new(RecordKind::Chunks, false, *id.as_bytes(), bytes.len(), Codec::Raw, bytes))
    };
    let (id, first) = chunk(1);
    store.commit(vec![first.clone()], vec![event(None, 1)], Durability::Durable).unwrap();
    store.commit(vec![chunk(2).1], vec![event(None, 2)], Durability::Durable).unwrap();
    store.close().unwrap();
    vfs.remove_file(&folder::segments(Path::new(STORE)).join("00000001.segment")).unwrap();
    let store = open(&vfs, 1000);
    assert!(!store.has_chunk(&id, false).unwrap());
    store.commit(vec![first], vec![event(None, 3)], Durability::Durable).unwrap();
    let mut read = vec![0; 60_000];
    store.read_chunk(&id, &mut read).unwrap();
    assert_eq!(read, [1; 60_000]);
}

/// Merging waits for nobody and nobody for it: while it goes on, events come, the index is made anew, the store closes.
#[test]
fn merging_beside_changes_no_answer() {
    let vfs = MemoryVfs::new(u64::MAX);
    let mut number = 0;
    for round in 0..12 {
        let store = open(&vfs, 20);
        for _ in 0..300 {
            number += 1;
            put(&store, event(None, number));
        }
        match round % 3 {
            0 => store.rebuild_index(|_| Ok(())).unwrap(),
            1 => {
                let start = std::time::Instant::now();
                while store.index.read().next_merge().is_some() {
                    assert!(start.elapsed().as_secs() < 600, "it does not come to an end");
                    put(&store, event(None, 1_000_000 + number));
                    number += 1;
                }
            }
            _ => {}
        }
        let events = store.sequence_end() - 1;
        assert_eq!(store.query(|index| index.rows().count() as u64).unwrap(), events);
        store.close().unwrap();
    }
    // Nothing is merged any more while the files are looked at.
    let quiet = Options { merge_beside: false, ..options(20) };
    let store = Store::open(Arc::new(vfs.clone()), Path::new(STORE), quiet).unwrap();
    let events = store.sequence_end() - 1;
    assert_eq!(store.query(|index| index.rows().count() as u64).unwrap(), events);
    let mut named: Vec<PathBuf> =
        listed(&store.index.read()).iter().map(|tier| folder::tier(Path::new(STORE), tier.number)).collect();
    named.sort();
    let mut there = tiers(&vfs);
    there.sort();
    assert_eq!(there, named);
    let verified = crate::verify::verify(&store, &mut crate::control::Control::new(), &|| Ok(())).unwrap();
    assert!(verified.is_clean(), "{:?}", verified.problems.first());
}

/// On the disk of another machine a mapped page that cannot be read kills the process: all is read instead.
#[test]
fn where_nothing_can_be_mapped_everything_is_read() {
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs, 100);
    let root = put(&store, event(None, 0));
    let ids: Vec<EventId> = (0..500).map(|number| put(&store, event(Some(root), number))).collect();
    store.close().unwrap();
    vfs.refuse_mapping();
    for store in [reader(&vfs, 100), open(&vfs, 100)] {
        assert!(store.segments().len() > 2 && !store.index.read().tiers().is_empty());
        for id in &ids {
            assert_eq!(store.event(id).unwrap().parent(), Some(root));
        }
        assert_eq!(descendants(&store), 500);
    }
    let store = open(&vfs, 100);
    for number in 500..900 {
        put(&store, event(Some(root), number));
    }
    store.close().unwrap();
    assert_eq!(descendants(&reader(&vfs, 100)), 900);
}

/// A record that tells the number of another event than its parent was believed, and its event hung under that.
#[test]
fn a_parents_number_counts_only_where_its_id_stands() {
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs, u64::MAX);
    let parent = put(&store, event(None, 0));
    put(&store, event(None, 1));
    let misled = put(&store, event(Some(parent), 2).under(2));
    drop(store);
    let store = open(&vfs, u64::MAX);
    let row = store.query(|index| index.find(&misled)).unwrap().unwrap();
    assert_eq!(row.parent, Parent::Known(1));
}

/// The tiers tell beside an id where a record is. Another id may begin alike, and a tier may be made to deceive.
#[test]
fn what_stands_at_a_place_that_is_told_counts_only_where_it_is_the_event() {
    let vfs = MemoryVfs::new(u64::MAX);
    let store = open(&vfs, 20);
    let root = put(&store, event(None, 0));
    let ids: Vec<EventId> = (0..100).map(|number| put(&store, event(Some(root), number))).collect();
    store.close().unwrap();
    let store = reader(&vfs, 20);
    for (id, other) in ids.iter().zip(ids.iter().rev()) {
        let place = |id: &EventId| store.query(|index| index.likely_place(id)).unwrap();
        let here = place(id).flatten().unwrap();
        assert_eq!(here, store.query(|index| index.find(id)).unwrap().unwrap().place);
        let event = store.event_at(id, &here).unwrap();
        assert_eq!((event.id(), event.parent()), (*id, Some(root)));
        assert_eq!(Some(event.sequence()), store.query(|index| index.sequence_of(id)).unwrap());
        let there = place(other).flatten().unwrap();
        let lies = [
            there,
            Place { segment: 1000, ..here },
            Place { offset: here.offset + 8, ..here },
            Place { offset: 1 << 32, ..here },
            Place { record_bytes: here.record_bytes - 8, ..here },
            Place { record_bytes: 0, ..here },
        ];
        assert!(lies.iter().all(|lie| store.event_at(id, lie).is_none()), "{lies:?}");
    }
    let unknown = EventId::new([9; 64]);
    assert_eq!(store.query(|index| index.likely_place(&unknown)).unwrap(), None);
    assert_eq!(store.event(&unknown).unwrap_err().code(), crate::ErrorCode::EventNotFound);
}

/// As it is outside of tests, with tiers of few events.
fn many_tiers() -> Options {
    Options { tier_entries: 64, ..Options::new() }
}

/// Puts what takes many of those, and closes the store.
fn fill(store: &Store) {
    for number in 0..2000 {
        store.commit(Vec::new(), vec![event(None, number)], Durability::Buffered).unwrap();
    }
    store.close().unwrap();
}

/// Opening removed what earlier processes had left while its own thread merged already: the tier that was being made was in
/// no list yet. The next list named it, and each opening from then on made the index anew.
#[test]
fn opening_removes_nothing_that_is_being_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let open = || Store::open(Arc::new(OsVfs), &path, many_tiers()).unwrap();
    fill(&open());
    for round in 0..30 {
        std::fs::remove_dir_all(folder::index(&path)).unwrap();
        // What an earlier process left takes a moment to remove.
        std::fs::create_dir(folder::index(&path)).unwrap();
        for number in 5000..5100 {
            std::fs::write(folder::tier(&path, number), [0]).unwrap();
        }
        open().close().unwrap();
        let reader = Store::open_read_only(Arc::new(OsVfs), &path, many_tiers()).unwrap();
        assert!(!reader.index.read().tiers().is_empty(), "round {round}");
    }
}

/// What a session had not merged when it closed was never merged: each later one only read, or was too short.
#[test]
fn short_sessions_merge_what_a_rebuild_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let open = || Store::open(Arc::new(OsVfs), &path, many_tiers()).unwrap();
    fill(&open());
    std::fs::remove_dir_all(folder::index(&path)).unwrap();
    for _ in 0..20 {
        let store = open();
        let tiers = store.index.read().tiers().len();
        if tiers < 10 {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
        store.close().unwrap();
    }
    panic!("{} tiers after twenty sessions", open().index.read().tiers().len());
}
