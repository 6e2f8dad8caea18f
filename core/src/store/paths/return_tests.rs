//! What comes back: disks that were away, and what the others did meanwhile.

use std::path::Path;
use std::sync::Arc;

use super::tests::{
    ONE, TWO, assert_clean, check_all, checked, filled, folders, machine, open, open_at, options, put,
};
use crate::error::{ErrorCode, Result};
use crate::event::{EventFields, EventKind};
use crate::options::{Durability, Options};
use crate::store::{PreparedEvent, Store};
use crate::vfs::{Chance, Vfs};

fn alone() -> Options {
    Options { paths: Vec::new(), ..options() }
}

/// A disk was away when a segment was begun. Back again it was not told, and without the other one it gave the number to
/// another segment.
#[test]
fn a_disk_that_is_back_is_told_what_was_begun_without_it() {
    let machine = machine();
    let mut ids = filled(&machine);
    let without = machine.without(Path::new(TWO));
    let store = open(&without);
    ids.push(put(&store, 10).unwrap());
    assert_eq!(store.segments().last().unwrap().number(), 4);
    store.close().unwrap();

    let back = without.with(Path::new(TWO), &machine);
    let store = open(&back);
    ids.push(put(&store, 11).unwrap());
    store.close().unwrap();

    let other = back.without(Path::new(ONE));
    let store = open_at(&other, TWO, alone()).unwrap();
    ids.push(put(&store, 12).unwrap());
    assert_eq!(store.segments().last().unwrap().number(), 5);
    store.close().unwrap();

    let store = open(&other.with(Path::new(ONE), &back));
    let mut sequences: Vec<u64> = ids.iter().map(|id| store.event(id).unwrap().sequence()).collect();
    assert!(sequences.is_sorted(), "{sequences:?}");
    sequences.dedup();
    assert_eq!(sequences.len(), ids.len());
    assert_clean(&store);
    store.close().unwrap();
}

/// Nobody made durable what a killed process had left in the page cache of a disk that was away at the next opening, and
/// what was acknowledged later rested on it.
#[test]
fn the_end_of_a_segment_that_is_back_is_made_durable() {
    let machine = machine();
    filled(&machine);
    let store = open(&machine);
    assert_eq!(folders(&store).last().unwrap(), TWO);
    let title = Some("buffered".to_owned());
    let event = PreparedEvent::new(EventFields { title, ..EventFields::derived(EventKind::Root) });
    let buffered = event.id;
    store.commit(Vec::new(), vec![event], Durability::Buffered).unwrap();
    let killed = machine.same_boot();

    let without = killed.without(Path::new(TWO));
    let store = open(&without);
    put(&store, 10).unwrap();
    store.close().unwrap();

    let back = without.with(Path::new(TWO), &killed);
    let store = open(&back);
    let there = store.event(&buffered).is_ok();
    let after = put(&store, 11).unwrap();
    let lost = back.power_loss(Chance::none());
    let store = open(&lost);
    store.event(&after).unwrap();
    assert_eq!(store.event(&buffered).is_ok(), there);
    assert!(there);
}

/// A disk failed where the first segment on it was announced. The number, which no segment has, was missed for ever.
#[test]
fn a_segment_that_was_never_begun_is_not_missed() {
    let machine = machine();
    let mut ids = filled(&machine);
    // The first disk knows of a segment on the second one, which never heard of it.
    let store = open(&machine);
    let mut paths = store.paths.read().clone();
    let id = store.superblock().store_id;
    drop(store);
    let half = machine.same_boot();
    paths.begin(&half, id, 4, 9, Path::new(TWO)).unwrap();
    let half = half.with(Path::new(TWO), &machine);

    let without = half.without(Path::new(TWO));
    let store = open(&without);
    ids.push(put(&store, 10).unwrap());
    store.close().unwrap();
    let store = open(&without.with(Path::new(TWO), &half));
    ids.iter().for_each(|id| drop(store.event(id).unwrap()));
    assert_clean(&store);
    store.close().unwrap();
}

/// Two lists of one generation, of which the one that is taken says of a segment that it is elsewhere.
#[test]
fn a_list_says_what_is() {
    let machine = machine();
    let mut ids = filled(&machine);
    let store = open(&machine);
    let (one, id) = (store.paths.read().clone(), store.superblock().store_id);
    drop(store);
    let half = machine.same_boot();
    one.clone().begin(&half, id, 4, 9, Path::new(ONE)).unwrap();
    // The first disk was lost after that, and the second one went on.
    let without = machine.without(Path::new(ONE));
    let store = open_at(&without, TWO, alone()).unwrap();
    while store.segments().last().unwrap().number() == 3 {
        ids.push(put(&store, ids.len() + 100).unwrap());
    }
    store.close().unwrap();
    let back = without.with(Path::new(ONE), &half);
    open(&back).close().unwrap();

    let again = back.without(Path::new(TWO));
    let store = open(&again);
    assert!(store.known_damage().iter().any(|damage| damage.segment == 4), "{:?}", store.known_damage());
    ids.push(put(&store, 999).unwrap());
    assert_eq!(store.segments().last().unwrap().number(), 5);
    store.close().unwrap();
    let store = open(&again.with(Path::new(TWO), &back));
    ids.iter().for_each(|id| drop(store.event(id).unwrap()));
    assert_clean(&store);
}

/// The folder in which a disk is mounted is the same by another spelling, and where the disk was moved to.
#[test]
fn a_disk_that_is_not_mounted_is_known_by_any_spelling() {
    let machine = machine();
    let ids = filled(&machine);
    let without = machine.without(Path::new(TWO));
    without.create_dir(Path::new(TWO)).unwrap();
    let given = |path: &str| Options { paths: vec![path.into()], ..options() };
    let store = open_at(&without, ONE, given("/two/")).unwrap();
    assert_eq!(without.list(Path::new(TWO)).unwrap(), Vec::<std::path::PathBuf>::new());
    assert_eq!(store.folders().1.len(), 1);
    store.close().unwrap();

    let moved = machine.without(Path::new(TWO)).moved(&machine, Path::new(TWO), Path::new("/three"));
    open_at(&moved, ONE, given("/three")).unwrap().close().unwrap();
    // It is remembered.
    let store = open_at(&moved, ONE, alone()).unwrap();
    check_all(&store, &ids);
    store.close().unwrap();
    let without = moved.without(Path::new("/three"));
    without.create_dir(Path::new("/three")).unwrap();
    let store = open_at(&without, ONE, given("/three")).unwrap();
    assert_eq!(without.list(Path::new("/three")).unwrap(), Vec::<std::path::PathBuf>::new());
    store.close().unwrap();
}

/// A folder that went while the store was open kept verify from telling anything.
#[test]
fn a_folder_that_went_is_told() {
    let machine = machine();
    filled(&machine);
    let store = open(&machine);
    machine.remove_file(Path::new("/two/superblock")).unwrap();
    let problems = checked(&store).problems;
    assert!(matches!(&problems[..], [one] if one.message.contains(TWO)), "{problems:#?}");
}

/// What stands in the place of a disk that is not mounted kept the store from being opened, where it was given.
#[test]
fn what_is_in_the_place_of_a_disk_is_left_alone() {
    let machine = machine();
    filled(&machine);
    let without = machine.without(Path::new(TWO));
    without.create_dir(Path::new(TWO)).unwrap();
    without.create_new(Path::new("/two/mounted here")).unwrap();
    let store = open(&without);
    assert_eq!(store.folders().1.len(), 1);
    assert_eq!(without.list(Path::new(TWO)).unwrap().len(), 1);
}

/// A folder that was given by two names was added, and then the store had it open itself.
#[cfg(unix)]
#[test]
fn a_folder_has_many_names() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::os::unix::fs::symlink(folder.path(), at("link")).unwrap();
    std::os::unix::fs::symlink(at("two"), at("other")).unwrap();
    for _ in 0..2 {
        let names = ["two", "link/two", "link/two/.", "link/one", "other"].map(at);
        let names = &names[..if at("two").exists() { 5 } else { 2 }];
        let options = Options::new().paths(names);
        let store = Store::open(Arc::new(crate::vfs::OsVfs), &at("one"), options).unwrap();
        assert_eq!(store.folders(), (vec![at("one"), at("two")], Vec::new()));
        store.close().unwrap();
    }
}

/// A folder whose list is damaged, and one whose list was removed because of that, comes back.
#[test]
fn a_folder_whose_list_is_damaged_is_not_lost() {
    let machine = machine();
    let ids = filled(&machine);
    let list = Path::new("/two/paths");
    for removed in [false, true] {
        let damaged = machine.with_damage(list, |bytes| bytes[20] ^= 1);
        if removed {
            damaged.remove_file(list).unwrap();
        }
        for options in [options(), alone()] {
            let store = open_at(&damaged, ONE, options).unwrap();
            check_all(&store, &ids);
            store.close().unwrap();
        }
        open_at(&damaged, TWO, alone()).unwrap().close().unwrap();
    }
}

/// Opened by a folder that was moved and has lost its list, the store took it for its first one.
#[test]
fn a_folder_is_not_taken_for_another_one() {
    let machine = machine();
    let ids = filled(&machine);
    let moved = machine.without(Path::new(TWO)).moved(&machine, Path::new(TWO), Path::new("/three"));
    moved.remove_file(Path::new("/three/paths")).unwrap();
    let given = Options { paths: vec![ONE.into()], ..options() };
    match open_at(&moved, "/three", given) {
        Ok(store) => check_all(&store, &ids),
        Err(error) => assert_eq!(error.code(), ErrorCode::InvalidArgument, "{error}"),
    }
    check_first_place(&moved);
}

fn check_first_place(machine: &crate::vfs::Simulator) {
    let given = Options { paths: vec!["/three".into()], ..options() };
    let error = open_at(machine, ONE, given).map(|store| store.folders()).map_err(|error| error.code());
    assert!(
        matches!(error, Err(ErrorCode::InvalidArgument)) || error.is_ok_and(|(there, _)| there.len() == 2)
    );
}

/// What a backup became has the store's id, and was taken for the folder that it was put in the place of.
#[test]
fn a_folder_of_a_backup_is_no_folder_of_the_store() {
    let machine = machine();
    filled(&machine);
    let vfs: Arc<dyn Vfs> = Arc::new(machine.clone());
    let store = open(&machine);
    let mut control = crate::control::Control::new();
    crate::backup::backup(&store, &vfs, Path::new("/copy"), &mut control, &|| Ok(())).unwrap();
    store.close().unwrap();
    let given = Options { paths: vec!["/second".into()], ..options() };
    open_at(&machine, "/copy", given).unwrap().close().unwrap();
    let replaced = machine.moved(&machine, Path::new("/second"), Path::new(TWO));
    let store = open_at(&replaced, ONE, alone()).unwrap();
    assert_eq!(store.folders().1.len(), 1);
}

/// `index` may be deleted at any time.
#[test]
fn no_folder_is_in_another_one() {
    let machine = machine();
    let refused = |machine: &crate::vfs::Simulator, path: &str| {
        let given = Options { paths: vec![path.into()], ..options() };
        open_at(machine, ONE, given).map(drop).unwrap_err()
    };
    open_at(&machine, ONE, alone()).unwrap().close().unwrap();
    machine.remove_file(Path::new("/one/index/checkpoint")).unwrap();
    for (path, _) in machine.files() {
        if path.starts_with("/one/index") {
            machine.remove_file(&path).unwrap();
        }
    }
    assert_eq!(refused(&machine, "/one/index").code(), ErrorCode::InvalidArgument);
    assert_eq!(refused(&machine, "/one/new").code(), ErrorCode::InvalidArgument);
}

/// A reader that came to a segment without records waited there for ever, where the log went on in another one.
#[test]
fn a_reader_goes_on_behind_a_segment_without_records() -> Result<()> {
    let machine = machine();
    filled(&machine);
    let read = |machine: &crate::vfs::Simulator| {
        Store::open_read_only(Arc::new(machine.clone()), Path::new(ONE), options())
    };
    // Segment 4 is on the second disk, and has nothing behind its header.
    let store = open(&machine);
    let reader = read(&machine)?;
    {
        let mut guard = store.writer.lock();
        let state = guard.as_mut().unwrap();
        let header = store.announce(state, 9, Path::new(TWO))?;
        store.roll(state, &header, Path::new(TWO))?;
    }
    // Another process went on without the second disk; its folder is back.
    drop(store);
    let begin = |number| {
        let header = crate::log::SegmentHeader {
            number,
            store_id: reader.superblock().store_id,
            previous_end: 0,
            sequence_start: 1 << 33,
            previous_footer: false,
        };
        (header, Path::new("/one/segments"))
    };
    let mut paths = reader.paths.read().clone();
    paths.begin(&machine, reader.superblock().store_id, 5, 1 << 33, Path::new(ONE))?;
    let (header, folder) = begin(5);
    crate::log::create_segment(&reader.files, folder, &header)?;
    let store = open(&machine);
    let id = put(&store, 10)?;
    reader.refresh()?;
    assert_eq!(reader.event(&id)?.sequence(), store.event(&id)?.sequence());
    Ok(())
}

/// A copy that lacks what is on a missing disk said that it was whole.
#[test]
fn a_backup_without_a_disk_says_so() {
    let machine = machine();
    filled(&machine);
    let without = machine.without(Path::new(TWO));
    let vfs: Arc<dyn Vfs> = Arc::new(without.clone());
    let store = open(&without);
    put(&store, 10).unwrap();
    let mut control = crate::control::Control::new();
    let mut copy = |store: &Store| {
        crate::backup::backup(store, &vfs, Path::new("/copy"), &mut control, &|| Ok(())).unwrap()
    };
    assert_eq!(copy(&store).damaged_ranges, 1);
    assert_eq!(copy(&store).damaged_ranges, 1);
    store.close().unwrap();
}

/// A derived event that is on a missing disk is made once more; both are one.
#[test]
fn a_derived_event_may_be_made_without_its_disk() {
    let machine = machine();
    let ids = filled(&machine);
    let without = machine.without(Path::new(TWO));
    without.remove_file(Path::new("/one/index/checkpoint")).unwrap();
    let store = open(&without);
    let again = put(&store, 6).unwrap();
    assert_eq!(again, ids[6]);
    let child =
        PreparedEvent::new(EventFields { parent: Some(again), ..EventFields::derived(EventKind::Plain) });
    let child_id = child.id;
    store.commit(Vec::new(), vec![child], Durability::Durable).unwrap();
    store.close().unwrap();
    let back = without.with(Path::new(TWO), &machine);
    for tier_entries in [1 << 20, 2] {
        let _ = back.remove_file(Path::new("/one/index/checkpoint"));
        let store = open_at(&back, ONE, Options { tier_entries, ..options() }).unwrap();
        assert_eq!(store.event(&again).unwrap().sequence(), 7);
        assert_eq!(store.event(&child_id).unwrap().parent(), Some(again));
        ids.iter().for_each(|id| drop(store.event(id).unwrap()));
        assert_eq!(store.query(|index| index.rows().count()).unwrap(), 9);
        assert!(store.known_damage().is_empty());
        assert_clean(&store);
        store.close().unwrap();
    }
}
