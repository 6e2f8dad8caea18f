//! Stores in several folders: where segments go, what the loss of a disk takes, and what comes back with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::content::{ChunkSink, ContentWriter};
use crate::control::Control;
use crate::error::{ErrorCode, Result};
use crate::event::{EventFields, EventKind};
use crate::id::EventId;
use crate::options::{Durability, Options};
use crate::store::{PreparedEvent, Store};
use crate::verify::{VerifyReport, verify};
use crate::vfs::{Chance, Simulator, Vfs};

pub(super) const ONE: &str = "/one";
pub(super) const TWO: &str = "/two";
/// Two segments and something.
const DISK_BYTES: u64 = 170_000;

pub(super) fn options() -> Options {
    Options {
        reserve_bytes: 1024,
        merge_beside: false,
        ..Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN).paths([TWO])
    }
}

/// A machine with two small disks.
pub(super) fn machine() -> Simulator {
    let machine = Simulator::new();
    small_disks(&machine);
    machine
}

fn small_disks(machine: &Simulator) {
    machine.set_disk(Path::new(ONE), DISK_BYTES);
    machine.set_disk(Path::new(TWO), DISK_BYTES);
}

pub(super) fn open_at(machine: &Simulator, path: &str, options: Options) -> Result<Store> {
    Store::open(Arc::new(machine.clone()), Path::new(path), options)
}

pub(super) fn open(machine: &Simulator) -> Store {
    open_at(machine, ONE, options()).unwrap()
}

pub(super) fn put(store: &Store, number: usize) -> Result<EventId> {
    let (title, metadata) = (Some(number.to_string()), Some(vec![b'x'; 20_000]));
    let event = PreparedEvent::new(EventFields { title, metadata, ..EventFields::derived(EventKind::Root) });
    let id = event.id;
    store.commit(Vec::new(), vec![event], Durability::Durable).map(|()| id)
}

/// The folder of each segment, in order.
pub(super) fn folders(store: &Store) -> Vec<String> {
    let segments = store.segments();
    let folder = |segment: &Arc<_>| crate::store::folder::of_segment(segment).display().to_string();
    segments.iter().map(folder).collect()
}

pub(super) fn check_all(store: &Store, ids: &[EventId]) {
    for (at, id) in ids.iter().enumerate() {
        let event = store.event(id).unwrap_or_else(|error| panic!("event {at}: {error}"));
        assert_eq!(event.sequence(), at as u64 + 1);
    }
    assert_clean(store);
}

pub(super) fn checked(store: &Store) -> VerifyReport {
    verify(store, &mut Control::new(), &|| Ok(())).unwrap()
}

pub(super) fn assert_clean(store: &Store) {
    let report = checked(store);
    assert!(report.is_clean(), "{:#?}", report.problems);
}

/// A store of eight events of 20,000 bytes, closed: three to a segment, the first segment on the first disk, and the
/// third on the second.
pub(super) fn filled(machine: &Simulator) -> Vec<EventId> {
    let store = open(machine);
    let ids = (0..8).map(|number| put(&store, number).unwrap()).collect();
    assert_eq!(folders(&store), [ONE, ONE, TWO]);
    store.close().unwrap();
    ids
}

#[test]
fn a_segment_goes_where_there_is_room() {
    let machine = machine();
    let ids = filled(&machine);
    let store = open(&machine);
    check_all(&store, &ids);
    let full = (8..).find_map(|number| put(&store, number).err()).unwrap();
    assert_eq!(full.code(), ErrorCode::DiskFull);
    assert!(folders(&store).ends_with(&[TWO.to_owned()]), "{:?}", folders(&store));
    assert_clean(&store);
    store.close().unwrap();
}

/// The store remembers its folders, and each of them leads to it.
#[test]
fn it_opens_by_any_of_its_folders() {
    let machine = machine();
    let ids = filled(&machine);
    let alone = Options { paths: Vec::new(), ..options() };
    for path in [ONE, TWO, ONE] {
        let store = open_at(&machine, path, alone.clone()).unwrap();
        check_all(&store, &ids);
        store.close().unwrap();
    }
    let reader = Store::open_read_only(Arc::new(machine), Path::new(TWO), alone).unwrap();
    check_all(&reader, &ids);
}

/// Whoever lacks the disk with all of the segments was told to take them from a backup.
#[test]
fn the_missing_folder_is_named_where_nothing_else_is_there() {
    let machine = machine();
    let store = open(&machine);
    put(&store, 0).unwrap();
    store.close().unwrap();
    let without = machine.without(Path::new(ONE));
    let error = open_at(&without, TWO, Options { paths: Vec::new(), ..options() }).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Corrupt);
    assert!(error.message().contains("in /one, which is not there"), "{error}");
}

#[test]
fn one_writer_holds_all_folders() {
    let machine = crate::vfs::MemoryVfs::new(u64::MAX);
    let open = |path: &str, other: &str| {
        Store::open(Arc::new(machine.clone()), Path::new(path), Options::new().paths([other]))
    };
    let store = open(ONE, TWO).unwrap();
    assert_eq!(open(TWO, ONE).unwrap_err().code(), ErrorCode::Locked);
    store.close().unwrap();
    open(TWO, ONE).unwrap().close().unwrap();
}

/// What is on the missing disk is told, everything else goes on, and nothing is left of that when the disk is back.
#[test]
fn a_missing_disk_takes_its_segments_with_it() {
    let machine = machine();
    let store = open(&machine);
    let file = vec![7; 5000];
    let with_file = |store: &Store| {
        let mut writer = ContentWriter::new(ChunkSink::default(), false);
        writer.write(store, &file).unwrap();
        let (content, mut sink) = writer.finish(store).unwrap();
        let title = Some("file".to_owned());
        let fields = EventFields { title, content: Some(content), ..EventFields::derived(EventKind::Root) };
        let chunks = sink.take(store).unwrap();
        let stored = chunks.len();
        store.commit(chunks, vec![PreparedEvent::new(fields)], Durability::Durable).unwrap();
        stored
    };
    let mut ids: Vec<EventId> = (0..7).map(|number| put(&store, number).unwrap()).collect();
    assert_eq!((with_file(&store), with_file(&store)), (1, 0));
    assert_eq!(folders(&store), [ONE, ONE, TWO]);
    store.close().unwrap();

    let without = machine.without(Path::new(TWO));
    let store = open(&without);
    assert_eq!(store.folders().1.len(), 1);
    ids[..6].iter().for_each(|id| drop(store.event(id).unwrap()));
    let gone = store.event(&ids[6]).unwrap_err();
    assert_eq!(gone.code(), ErrorCode::Corrupt);
    assert!(gone.message().contains("/two"), "{gone}");
    let problems = checked(&store).problems;
    let said = |what: &str| problems.iter().filter(|problem| problem.message.contains(what)).count();
    assert_eq!((said("/two, a folder of the store"), said("segment 3 is in /two")), (1, 3), "{problems:#?}");
    // Its chunk counts as absent.
    assert_eq!(with_file(&store), 1);
    ids.push(put(&store, 100).unwrap());
    store.close().unwrap();

    let back = without.with(Path::new(TWO), &machine);
    let store = open(&back);
    assert_eq!(store.folders().1.len(), 0);
    ids.iter().for_each(|id| drop(store.event(id).unwrap()));
    assert_clean(&store);
    store.close().unwrap();
}

/// The number of a segment on a missing disk was given to another one, and the two could never be one store again.
#[test]
fn no_number_of_a_missing_segment_is_given_again() {
    for checkpoint in [true, false] {
        let machine = machine();
        let mut ids = filled(&machine);
        if !checkpoint {
            let index = Path::new("/one/index/checkpoint");
            machine.remove_file(index).unwrap();
        }
        let without = machine.without(Path::new(TWO));
        for number in 10..14 {
            // Without closing, and each time once more.
            let store = open(&without);
            ids.push(put(&store, number).unwrap());
            assert!(store.segments().last().unwrap().number() > 3);
        }
        let back = without.with(Path::new(TWO), &machine);
        let store = open(&back);
        let mut sequences: Vec<u64> = ids.iter().map(|id| store.event(id).unwrap().sequence()).collect();
        assert!(sequences.is_sorted());
        sequences.dedup();
        assert_eq!(sequences.len(), ids.len());
        assert_clean(&store);
        store.close().unwrap();
    }
}

/// The folder in which a disk is mounted is there without the disk, and empty.
#[test]
fn a_disk_that_is_not_mounted_is_not_made_anew() {
    let machine = machine();
    let ids = filled(&machine);
    let without = machine.without(Path::new(TWO));
    without.create_dir(Path::new(TWO)).unwrap();
    let store = open(&without);
    assert_eq!(store.folders().1.len(), 1);
    assert_eq!(without.list(Path::new(TWO)).unwrap(), Vec::<PathBuf>::new());
    store.close().unwrap();
    check_all(&open(&without.with(Path::new(TWO), &machine)), &ids);
}

#[test]
fn a_disk_may_be_moved() {
    let machine = machine();
    let ids = filled(&machine);
    let moved =
        Simulator::new().with(Path::new(ONE), &machine).moved(&machine, Path::new(TWO), Path::new("/three"));
    let given = Options { paths: vec!["/three".into()], ..options() };
    let store = open_at(&moved, ONE, given).unwrap();
    check_all(&store, &ids);
    store.close().unwrap();
}

#[test]
fn what_is_no_folder_of_the_store_is_refused() {
    let machine = machine();
    filled(&machine);
    let refused = |machine: &Simulator, path: &str| {
        let paths = vec![path.into()];
        let error = open_at(machine, ONE, Options { paths, ..options() }).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{error}");
        assert!(error.message().contains(path), "{error}");
    };
    let other = Options { paths: Vec::new(), ..options() };
    open_at(&machine, "/other", other).unwrap().close().unwrap();
    refused(&machine, "/other");
    let twice = machine.moved(&machine, Path::new(TWO), Path::new("/again"));
    refused(&twice, "/again");
}

/// Each disk went on alone, and both began a segment of the same number.
#[test]
fn disks_that_were_written_apart_are_not_mixed() {
    let machine = machine();
    filled(&machine);
    let mut apart = [(ONE, TWO), (TWO, ONE)].map(|(there, missing)| {
        let half = machine.without(Path::new(missing));
        let store = open_at(&half, there, Options { paths: Vec::new(), ..options() }).unwrap();
        for number in 20..24 {
            put(&store, number).unwrap();
        }
        store.close().unwrap();
        half
    });
    let joined = apart[0].with(Path::new(TWO), &apart[1]);
    let error = open_at(&joined, ONE, options()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Corrupt);
    assert!(error.message().contains("/one/segments/00000004.segment"), "{error}");
    apart.reverse();
}

/// A reader follows its writer into a folder that was added, and over segments that are not there.
#[test]
fn a_reader_follows_its_writer() {
    let machine = machine();
    let alone = || Options { paths: Vec::new(), ..options() };
    let store = open_at(&machine, ONE, alone()).unwrap();
    let mut ids = vec![put(&store, 0).unwrap()];
    drop(store);
    let read = |machine: &Simulator| {
        Store::open_read_only(Arc::new(machine.clone()), Path::new(ONE), alone()).unwrap()
    };
    let reader = read(&machine);
    let store = open(&machine);
    (1..9).for_each(|number| ids.push(put(&store, number).unwrap()));
    assert!(folders(&store).contains(&TWO.to_owned()));
    assert!(reader.refresh().unwrap());
    check_all(&reader, &ids);
    drop(store);

    let without = machine.without(Path::new(TWO));
    let reader = read(&without);
    let store = open(&without);
    let after = put(&store, 100).unwrap();
    assert!(reader.refresh().unwrap());
    assert_eq!(reader.event(&after).unwrap().sequence(), store.event(&after).unwrap().sequence());
}

/// A folder of the store whose list is damaged, or gone, opens with what the others say.
#[test]
fn a_damaged_list_is_told() {
    let machine = machine();
    let ids = filled(&machine);
    let damaged = machine.with_damage(Path::new("/one/paths"), |bytes| bytes[20] ^= 1);
    let error = open_at(&damaged, ONE, options()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Corrupt);
    assert!(error.message().contains("/one/paths"), "{error}");
    damaged.remove_file(Path::new("/one/paths")).unwrap();
    let store = open(&damaged);
    check_all(&store, &ids);
    store.close().unwrap();
}

/// Making a store in two folders, adding a folder, and going on in another one: every loss at every moment.
#[test]
fn every_loss_at_every_moment() {
    let machine = machine();
    machine.record();
    let mut ids = Vec::new();
    let mut states = 0;
    let mut look = |ids: &[EventId], machine: &Simulator| {
        for moment in machine.take_moments() {
            let mut look_at = |loss: &dyn Fn() -> String, machine: Simulator| {
                states += 1;
                let look = || -> Result<()> {
                    let store = open_at(&machine, ONE, options())?;
                    for id in ids {
                        store.event(id)?;
                    }
                    assert!(store.known_damage().is_empty(), "{} {}", moment.what(), loss());
                    let next = put(&store, 1000)?;
                    drop(store);
                    let machine = machine.power_loss(Chance::none());
                    let store = open_at(&machine, ONE, Options { paths: Vec::new(), ..options() })?;
                    store.event(&next).map(drop)
                };
                look().unwrap_or_else(|error| panic!("{}, {}: {error}", moment.what(), loss()));
            };
            moment.losses(&mut look_at);
            look_at(&|| "the process was killed".to_owned(), moment.killed());
        }
    };
    let store = open_at(&machine, ONE, Options { paths: Vec::new(), ..options() }).unwrap();
    look(&ids, &machine);
    ids.push(put(&store, 0).unwrap());
    store.close().unwrap();
    machine.take_moments();
    let store = open(&machine);
    look(&ids, &machine);
    for number in 1..9 {
        let id = put(&store, number).unwrap();
        look(&ids, &machine);
        ids.push(id);
    }
    assert!(folders(&store).contains(&TWO.to_owned()));
    store.close().unwrap();
    look(&ids, &machine);
    assert!(states > 1000, "{states}");
}
