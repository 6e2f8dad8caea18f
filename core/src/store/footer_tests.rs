//! Footers: nothing rests on them. Whatever is done to one, every answer stays, and verify tells of it.

use std::path::Path;
use std::sync::Arc;

use super::{PreparedEvent, Store, folder};
use crate::control::Control;
use crate::event::{EventFields, EventKind};
use crate::index::EventRow;
use crate::log::{FOOTER_BYTES, Footer, Tally, file_name};
use crate::options::{Durability, Options};
use crate::verify::{VerifyReport, verify};
use crate::vfs::{Access, MemoryVfs, Vfs};

const STORE: &str = "/store";

fn options() -> Options {
    Options {
        tier_entries: 4,
        merge_beside: false,
        ..Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN)
    }
}

fn open(vfs: &MemoryVfs) -> Store {
    Store::open(Arc::new(vfs.clone()), Path::new(STORE), options()).unwrap()
}

fn put(store: &Store, number: usize) {
    let title = Some(number.to_string());
    let metadata = Some(vec![7; 9000]);
    let event = PreparedEvent::new(EventFields { title, metadata, ..EventFields::derived(EventKind::Root) });
    store.commit(Vec::new(), vec![event], Durability::Durable).unwrap();
}

/// A store of three segments, closed in the midst of the first one and at the end.
fn store() -> MemoryVfs {
    let vfs = MemoryVfs::new(u64::MAX);
    for numbers in [0..3, 3..18] {
        let store = open(&vfs);
        numbers.for_each(|number| put(&store, number));
        store.close().unwrap();
    }
    vfs
}

fn rows(store: &Store) -> Vec<EventRow> {
    store.query(|index| index.rows().collect()).unwrap()
}

fn check(store: &Store) -> VerifyReport {
    verify(store, &mut Control::new(), &|| Ok(())).unwrap()
}

fn forget_index(vfs: &MemoryVfs) {
    let index = folder::index(Path::new(STORE));
    for name in vfs.list(&index).unwrap() {
        vfs.remove_file(&index.join(name)).unwrap();
    }
}

/// The footer of the first segment, and where it stands.
fn footer(store: &Store) -> (Footer, u64) {
    let first = store.segments().remove(0);
    let found = Footer::at(first.file().unwrap().as_ref(), first.seed(), first.end()).unwrap();
    (found.unwrap(), first.end())
}

/// The files of a store, once more.
fn copy(vfs: &MemoryVfs, change: impl Fn(&mut Vec<u8>)) -> MemoryVfs {
    let new = MemoryVfs::new(u64::MAX);
    let store = Path::new(STORE);
    new.create_dir(store).unwrap();
    for folder in [folder::segments(store), folder::index(store)] {
        new.create_dir(&folder).unwrap();
    }
    let first = folder::segments(store).join(file_name(1));
    for folder in [store.to_owned(), folder::segments(store), folder::index(store)] {
        for path in vfs.list(&folder).unwrap().iter().map(|name| folder.join(name)) {
            let Ok(file) = vfs.open(&path, Access::Read) else { continue };
            let mut bytes = vec![0; file.len().unwrap() as usize];
            file.read_exact_at(&mut bytes, 0).unwrap();
            if path == first {
                change(&mut bytes);
            }
            let copy = new.create_new(&path).unwrap();
            copy.write_all_at(&bytes, 0).unwrap();
            if file.is_read_only().unwrap() {
                copy.set_read_only().unwrap();
            }
        }
    }
    new
}

#[test]
fn a_segment_says_what_it_holds() {
    let vfs = store();
    let store = open(&vfs);
    assert_eq!(store.segments().len(), 3);
    let (footer, end) = footer(&store);
    assert_eq!(
        (footer.offset, footer.sequence_start, footer.sequence_end),
        (end, 1, footer.tally.events + 1)
    );
    assert!(footer.tally.events > 3 && footer.tally.commits == footer.tally.events + 1, "{footer:?}");
    assert_eq!(footer.tally.records, footer.tally.events + footer.tally.commits);
    assert!(check(&store).is_clean());
    store.rebuild_index(|_| Ok(())).unwrap();
    assert!(check(&store).is_clean());
}

#[test]
fn each_byte_of_a_footer_is_flipped_and_each_cut() {
    let whole = store();
    let end = footer(&open(&whole)).1 as usize;
    let expected = rows(&open(&copy(&whole, |_| {})));
    let damaged = |what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let vfs = copy(&whole, change);
        for bare in [false, true] {
            if bare {
                forget_index(&vfs);
            }
            let reader = Store::open_read_only(Arc::new(vfs.clone()), Path::new(STORE), options()).unwrap();
            assert_eq!(rows(&reader), expected, "{what}, read-only");
            let store = open(&vfs);
            assert_eq!(rows(&store), expected, "{what}");
            assert!(store.known_damage().is_empty(), "{what}");
            let report = check(&store);
            let [problem] = report.problems.as_slice() else { panic!("{what}: {:?}", report.problems) };
            assert_eq!((problem.segment, problem.offset), (Some(1), Some(end as u64)), "{what}");
            store.close().unwrap();
        }
    };
    for at in 0..FOOTER_BYTES {
        damaged(&format!("byte {at} flipped"), &|bytes| bytes[end + at] ^= 1 << (at % 8));
        damaged(&format!("cut to {at} bytes"), &|bytes| bytes.truncate(end + at));
    }
}

/// A footer with the right checksum that says something else.
#[test]
fn a_footer_that_lies_is_found_out() {
    let whole = store();
    let (told, end) = footer(&open(&whole));
    let first = open(&whole).segments().remove(0);
    let expected = rows(&open(&copy(&whole, |_| {})));
    let mut lies = vec![
        Footer { sequence_start: told.sequence_start + 1, ..told },
        Footer { sequence_end: told.sequence_end - 1, ..told },
        Footer { clock: told.clock.wrapping_sub(1), ..told },
        Footer { commit_offset: told.commit_offset - 8, ..told },
        Footer { commit_offset: u64::MAX, ..told },
        Footer { commit_check: told.commit_check ^ 1, ..told },
    ];
    for at in 0..told.tally.numbers().len() {
        for value in [0, 1 << 40, u64::MAX] {
            let mut numbers = told.tally.numbers();
            numbers[at] = numbers[at].wrapping_add(1).max(1).wrapping_add(value);
            lies.push(Footer { tally: Tally::of(numbers), ..told });
        }
    }
    for lie in lies.into_iter().filter(|lie| *lie != told) {
        let bytes = lie.encode(first.seed());
        let vfs = copy(&whole, |file| file[end as usize..].copy_from_slice(&bytes));
        forget_index(&vfs);
        let store = open(&vfs);
        assert_eq!(rows(&store), expected, "{lie:?}");
        store.rebuild_index(|_| Ok(())).unwrap();
        assert_eq!(rows(&store), expected, "{lie:?}");
        // A clock of 0, as of derived events only, has no earlier one.
        let same_clock = Footer { clock: told.clock, ..lie } == told && lie.clock > told.clock;
        assert_eq!(check(&store).problems_total, u64::from(!same_clock), "{lie:?}");
    }
}

/// The power failed between the footer and the next segment, or in the midst of the footer.
#[test]
fn a_footer_without_a_successor_ends_its_segment() {
    let whole = store();
    let all = rows(&open(&copy(&whole, |_| {})));
    let (told, end) = footer(&open(&whole));
    for cut in [0, 1, 8, 60, FOOTER_BYTES - 1, FOOTER_BYTES] {
        let vfs = copy(&whole, |bytes| bytes.truncate(end as usize + cut));
        forget_index(&vfs);
        let segments = folder::segments(Path::new(STORE));
        for number in [2, 3] {
            vfs.remove_file(&segments.join(file_name(number))).unwrap();
        }
        let expected = &all[..told.tally.events as usize];
        for round in 0..2 {
            let reader = Store::open_read_only(Arc::new(vfs.clone()), Path::new(STORE), options()).unwrap();
            assert_eq!(&rows(&reader)[..expected.len()], expected, "{cut} bytes");
            let store = open(&vfs);
            assert_eq!(rows(&store).len(), expected.len() + round, "{cut} bytes");
            put(&store, 100 + round);
            assert!(store.segments().len() > 1 && check(&store).is_clean(), "{cut} bytes");
            store.close().unwrap();
        }
    }
}
