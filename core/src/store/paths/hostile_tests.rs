//! Lists that nobody of ours wrote, and folders that are given twice.

use std::path::Path;

use super::tests::{ONE, TWO, filled, machine, open_at, options, put};
use crate::error::ErrorCode;
use crate::log::{PathList, SegmentHeader, create_segment};
use crate::options::Options;
use crate::store::Store;
use std::sync::Arc;

fn with_list(list: &PathList) -> (crate::vfs::Simulator, [u8; 16]) {
    let machine = machine();
    filled(&machine);
    let store = open_at(&machine, ONE, options()).unwrap();
    let id = store.superblock().store_id;
    store.close().unwrap();
    (machine.with_damage(Path::new("/one/paths"), |bytes| *bytes = list.encode(id)), id)
}

/// Each number up to the last one that the list told of was looked at.
#[test]
fn a_list_of_segments_without_number_is_no_work() {
    let mut list = PathList::of_one(ONE.into(), 1 << 48, 9);
    list.generation = 100;
    let (machine, id) = with_list(&list);
    let alone = || Options { paths: Vec::new(), ..options() };
    let reader = Store::open_read_only(Arc::new(machine.clone()), Path::new(ONE), alone()).unwrap();
    assert!(!reader.refresh().unwrap());
    let header = SegmentHeader {
        number: 1 << 40,
        store_id: id,
        previous_end: 0,
        sequence_start: 100,
        previous_footer: false,
    };
    create_segment(&reader.files, Path::new("/one/segments"), &header).unwrap();
    let store = open_at(&machine, ONE, alone()).unwrap();
    put(&store, 100).unwrap();
    reader.refresh().unwrap();
    assert!(reader.known_damage().len() < 3000);
}

/// A list with numbers that no store comes to left a store that could not be opened any more, or not written to.
#[test]
fn no_number_of_a_list_ends_a_store() {
    for (generation, sequence) in [(u64::MAX - 1, 9), (9, u64::MAX), (9, 1 << 48)] {
        let mut list = PathList::of_one(ONE.into(), 3, sequence);
        list.generation = generation;
        let (machine, _) = with_list(&list);
        let machine = machine.without(Path::new(TWO));
        // Refused as damaged, or taken and good for a few openings more.
        let opened = |_| open_at(&machine, ONE, options()).map(drop).map_err(|error| error.code());
        let opened: Vec<_> = (0..3).map(opened).collect();
        let refused = Err(ErrorCode::Corrupt);
        assert!(opened.iter().all(|one| *one == refused) || opened.iter().all(Result::is_ok), "{opened:?}");
    }
}
