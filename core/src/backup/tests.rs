//! A backup is whole or goes on, whatever is lost while it is made.

use std::path::Path;
use std::sync::Arc;

use super::backup;
use crate::control::Control;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{EventFields, EventKind};
use crate::log::{Codec, Prepared, RecordKind, file_name};
use crate::options::{Durability, Options};
use crate::store::{PreparedEvent, Store, folder};
use crate::vfs::{Access, Chance, MemoryVfs, OsVfs, Simulator, Vfs};

const STORE: &str = "/store";
const COPY: &str = "/copy";

fn options() -> Options {
    let small = Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN);
    Options { tier_entries: 2, merge_beside: false, reserve_bytes: 1024, ..small }
}

fn open(vfs: &Arc<dyn Vfs>, path: &str) -> Store {
    Store::open(Arc::clone(vfs), Path::new(path), options()).unwrap()
}

fn put(store: &Store, title: &str) {
    put_as(store, title, Durability::Durable);
}

fn put_as(store: &Store, title: &str, durability: Durability) {
    let fields = EventFields { title: Some(title.to_owned()), ..EventFields::derived(EventKind::Root) };
    store.commit(Vec::new(), vec![PreparedEvent::new(fields)], durability).unwrap();
}

/// Fills a segment of the smallest size.
fn fill(store: &Store, seed: u8) {
    let chunk = |at: u8| {
        let bytes = vec![seed.wrapping_add(at); 30_000];
        Prepared::new(RecordKind::Chunks, false, [seed.wrapping_add(at); 64], bytes.len(), Codec::Raw, bytes)
    };
    store.commit(vec![chunk(0), chunk(1)], Vec::new(), Durability::Durable).unwrap();
}

fn copy(store: &Store, vfs: &Arc<dyn Vfs>) -> Result<super::BackupReport> {
    backup(store, vfs, Path::new(COPY), &mut Control::new(), &|| Ok(()))
}

/// Why a backup to this path was not made.
fn refusal(store: &Store, vfs: &Arc<dyn Vfs>, path: &str) -> ErrorCode {
    let made = backup(store, vfs, Path::new(path), &mut Control::new(), &|| Ok(()));
    made.unwrap_err().code()
}

/// The titles of a store's roots, in commit order.
fn titles(store: &Store) -> Vec<String> {
    let rows = store.query(|index| index.rows().collect::<Vec<_>>()).unwrap();
    let title = |row| store.read_event(&row).unwrap().title().unwrap_or_default().to_owned();
    rows.into_iter().map(title).collect()
}

fn read(vfs: &Arc<dyn Vfs>, path: &str) -> Vec<String> {
    titles(&Store::open_read_only(Arc::clone(vfs), Path::new(path), options()).unwrap())
}

#[test]
fn a_second_backup_copies_what_is_new() {
    let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&vfs, STORE);
    put(&store, "one");
    fill(&store, 10);
    fill(&store, 20);
    let first = copy(&store, &vfs).unwrap();
    assert_eq!((first.sequence, first.segments, first.bytes_kept, first.damaged_ranges), (1, 2, 0, 0));
    put(&store, "two");
    let second = copy(&store, &vfs).unwrap();
    assert_eq!((second.sequence, second.segments), (2, 2));
    assert_eq!(second.bytes_kept, first.bytes_copied);
    assert!((1..1000).contains(&second.bytes_copied), "{second:?}");
    assert_eq!(copy(&store, &vfs).unwrap().bytes_copied, 0);
    assert_eq!(read(&vfs, COPY), ["one", "two"]);
    // The copy speaks for itself, and of the same log.
    let copied = Store::open_read_only(Arc::clone(&vfs), Path::new(COPY), options()).unwrap();
    assert_eq!(copied.superblock().store_id, store.superblock().store_id);
    assert_ne!(copied.superblock().incarnation, store.superblock().incarnation);
}

/// A reader of the backup had the shorter file of its last segment open, and never saw what came with the longer one.
#[test]
fn a_reader_of_a_backup_sees_the_next_one() {
    let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&vfs, STORE);
    put(&store, "one");
    copy(&store, &vfs).unwrap();
    let reader = Store::open_read_only(Arc::clone(&vfs), Path::new(COPY), options()).unwrap();
    assert_eq!(titles(&reader), ["one"]);
    put(&store, "two");
    copy(&store, &vfs).unwrap();
    assert!(reader.refresh().unwrap());
    assert_eq!(titles(&reader), ["one", "two"]);
    // And where the segment has a successor by then.
    put(&store, "three");
    fill(&store, 10);
    fill(&store, 20);
    put(&store, "four");
    assert!(store.segments().len() > 1);
    copy(&store, &vfs).unwrap();
    assert!(reader.refresh().unwrap());
    assert_eq!(titles(&reader), ["one", "two", "three", "four"]);
    assert!(reader.known_damage().is_empty());
}

/// Where the index could not be written, the log was copied without having been synced: the copy had what the store lost
/// with the power, and was its backup no more.
#[test]
fn a_backup_has_nothing_that_the_store_may_lose() {
    let machine = Simulator::new();
    let vfs: Arc<dyn Vfs> = Arc::new(machine.clone());
    let store = open(&vfs, STORE);
    put(&store, "one");
    put(&store, "two");
    put_as(&store, "three", Durability::Buffered);
    let elsewhere: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    // The tier cannot be made.
    machine.fail_at(2);
    assert_eq!(copy(&store, &elsewhere).unwrap().sequence, 3);
    let after: Arc<dyn Vfs> = Arc::new(machine.power_loss(Chance::none()));
    let store = open(&after, STORE);
    assert_eq!(titles(&store), ["one", "two", "three"]);
    copy(&store, &elsewhere).unwrap();
}

/// What stands at the target and is no backup of this store is left as it is.
#[test]
fn what_is_no_backup_is_left_alone() {
    let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&vfs, STORE);
    put(&store, "one");
    let code = |path: &str| refusal(&store, &vfs, path);
    let other = open(&vfs, "/other");
    put(&other, "other");
    vfs.create_dir(Path::new("/files")).unwrap();
    vfs.create_new(Path::new("/files/letter")).unwrap();
    vfs.create_new(Path::new("/file")).unwrap();
    assert_eq!(code("/other"), ErrorCode::NotABackup);
    assert_eq!(code(STORE), ErrorCode::NotABackup);
    assert_eq!(code("/files"), ErrorCode::NotABackup);
    assert_eq!(code("/file"), ErrorCode::NotABackup);
    assert_eq!(code("/no/folder"), ErrorCode::PathNotFound);
    assert_eq!(vfs.list(Path::new("/files")).unwrap().len(), 1);
    copy(&store, &vfs).unwrap();
    let written = open(&vfs, COPY);
    assert_eq!(code(COPY), ErrorCode::Locked);
    put(&written, "its own way");
    drop(written);
    assert_eq!(code(COPY), ErrorCode::NotABackup);
    assert_eq!(read(&vfs, COPY), ["one", "its own way"]);
}

/// Names that a backup has too, with something else in them.
#[test]
fn names_like_ours_are_not_ours() {
    let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&vfs, STORE);
    put(&store, "one");
    let code = |path: &str| refusal(&store, &vfs, path);
    for (number, name) in ["backup", "superblock"].into_iter().enumerate() {
        let (file, folder) = (format!("/file{number}"), format!("/folder{number}"));
        for made in [&file, &folder] {
            vfs.create_dir(Path::new(made)).unwrap();
        }
        let letter = vfs.create_new(&Path::new(&file).join(name)).unwrap();
        letter.write_all_at(&[b'x'; 9000], 0).unwrap();
        vfs.create_dir(&Path::new(&folder).join(name)).unwrap();
        for path in [&file, &folder] {
            assert_eq!(code(path), ErrorCode::NotABackup, "{path} {name}");
            assert_eq!(vfs.list(Path::new(path)).unwrap().len(), 1, "{path} {name}");
        }
    }
    copy(&store, &vfs).unwrap();
    // One that says that it is a backup, with a file in the place of the folder.
    vfs.create_dir(Path::new("/half")).unwrap();
    let superblock = vfs.open(&Path::new(COPY).join("superblock"), crate::vfs::Access::Read).unwrap();
    let mut bytes = vec![0; superblock.len().unwrap() as usize];
    superblock.read_exact_at(&mut bytes, 0).unwrap();
    vfs.create_new(Path::new("/half/superblock")).unwrap().write_all_at(&bytes, 0).unwrap();
    vfs.create_new(Path::new("/half/segments")).unwrap();
    assert_eq!(code("/half"), ErrorCode::NotABackup);
}

/// Below a store's folder everything is taken for a part of the store.
#[test]
fn nothing_is_written_into_a_store() {
    let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&vfs, STORE);
    put(&store, "one");
    drop(open(&vfs, "/other"));
    for path in ["/store/copy", "/store/index", "/store/segments/copy", "/other/copy"] {
        assert_eq!(refusal(&store, &vfs, path), ErrorCode::InvalidArgument, "{path}");
    }
    assert_eq!(copy(&store, &vfs).unwrap().sequence, 1);
}

/// A segment that was lost at the target, and what a copy that was cut short left.
#[test]
fn a_segment_that_is_missing_is_copied_again() {
    let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&vfs, STORE);
    put(&store, "one");
    for seed in [10, 20, 30, 40] {
        fill(&store, seed);
    }
    put(&store, "two");
    let first = copy(&store, &vfs).unwrap();
    assert!(first.segments >= 4, "{first:?}");
    let segments = Path::new(COPY).join("segments");
    vfs.remove_file(&segments.join("00000002.segment")).unwrap();
    let left = vfs.create_new(&segments.join("00000002.segment.new")).unwrap();
    left.write_all_at(b"half", 0).unwrap();
    vfs.create_new(&segments.join("letter")).unwrap();
    let again = copy(&store, &vfs).unwrap();
    assert!(again.bytes_copied > 60_000 && again.bytes_kept > 60_000, "{again:?}");
    assert_eq!(again.bytes_copied + again.bytes_kept, first.bytes_copied);
    assert!(vfs.kind(&segments.join("00000002.segment.new")).is_err());
    assert!(vfs.kind(&segments.join("letter")).is_ok());
    assert_eq!(read(&vfs, COPY), ["one", "two"]);
}

/// On a full disk nothing half is left in the way of others, and the next call goes on.
#[test]
fn a_full_disk_keeps_no_half_segment() {
    let ours: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&ours, STORE);
    put(&store, "one");
    fill(&store, 10);
    fill(&store, 20);
    let full: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(80_000));
    let error = copy(&store, &full).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DiskFull);
    let segments = full.list(&Path::new(COPY).join("segments")).unwrap();
    assert!(segments.iter().all(|name| !name.to_string_lossy().ends_with(".new")), "{segments:?}");
    let opened = Store::open_read_only(Arc::clone(&full), Path::new(COPY), options());
    assert_eq!(opened.unwrap_err().code(), ErrorCode::NotAStore);
}

/// At each moment of a first and of a second backup, after each loss: what is there opens and is a prefix, or says that
/// it is not finished; and the next backup finishes it.
#[test]
fn whatever_is_lost_the_next_backup_goes_on() {
    let machine = Simulator::new();
    let vfs: Arc<dyn Vfs> = Arc::new(machine.clone());
    let store = open(&vfs, STORE);
    put(&store, "one");
    fill(&store, 10);
    machine.record();
    copy(&store, &vfs).unwrap();
    let first = machine.take_moments();
    put(&store, "two");
    fill(&store, 20);
    put(&store, "three");
    drop(store);
    machine.take_moments();
    let store = open(&vfs, STORE);
    machine.take_moments();
    copy(&store, &vfs).unwrap();
    let second = machine.take_moments();
    let (mut unfinished, mut older, mut whole) = (0, 0, 0);
    for (moments, wanted, least) in [(&first, 1, 0), (&second, 3, 1)] {
        for moment in moments {
            moment.losses(&mut |name, machine: Simulator| {
                let what = || format!("{}, {}", moment.what(), name());
                let vfs: Arc<dyn Vfs> = Arc::new(machine);
                match Store::open_read_only(Arc::clone(&vfs), Path::new(COPY), options()) {
                    Ok(copied) => {
                        let there = titles(&copied);
                        let all = ["one", "two", "three"];
                        assert!(
                            there.len() >= least
                                && all.starts_with(&there.iter().map(String::as_str).collect::<Vec<_>>()),
                            "{}: {there:?}",
                            what()
                        );
                        if there.len() == wanted { whole += 1 } else { older += 1 }
                    }
                    Err(error) => {
                        let expected = [ErrorCode::NotAStore, ErrorCode::PathNotFound];
                        assert!(least == 0 && expected.contains(&error.code()), "{}: {error}", what());
                        unfinished += 1;
                    }
                }
                let store = open(&vfs, STORE);
                copy(&store, &vfs).unwrap_or_else(|error| panic!("{}: {error}", what()));
                assert_eq!(read(&vfs, COPY).len(), wanted, "{}", what());
            });
        }
    }
    assert!(unfinished > 50 && older > 50 && whole > 50, "{unfinished} {older} {whole}");
}

/// A segment of the store, changed behind its back.
fn damage(vfs: &Arc<dyn Vfs>, number: u64, bytes: &[u8], offset: u64) {
    let path = folder::segments(Path::new(STORE)).join(file_name(number));
    vfs.open(&path, Access::ReadWrite).unwrap().write_all_at(bytes, offset).unwrap();
}

/// The copy of a store whose last batch cannot be read was opened for writing, began a segment of its own behind that, and
/// was no backup any more.
#[test]
fn a_copy_of_a_rotten_end_stays_a_backup() {
    let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(u64::MAX));
    let store = open(&vfs, STORE);
    put(&store, "one");
    put(&store, "two");
    damage(&vfs, 1, &[0xff], store.segments()[0].end() - 100);
    let first = copy(&store, &vfs).unwrap();
    assert_eq!((first.damaged_ranges, first.segments), (1, 1));
    // Nor does one that finds nothing new.
    let second = copy(&store, &vfs).unwrap();
    assert_eq!((second.damaged_ranges, second.bytes_copied), (1, 0));
    put(&store, "three");
    assert_eq!(copy(&store, &vfs).unwrap().sequence, 3);
}

/// What a crash tore off behind the end of a segment was copied with it, and the next backup found bytes there that were
/// not the store's.
#[test]
fn what_was_torn_off_is_not_copied() {
    let folder = tempfile::tempdir().unwrap();
    let (at, to) = (folder.path().join("store"), folder.path().join("copy"));
    let vfs: Arc<dyn Vfs> = Arc::new(OsVfs);
    let open = || Store::open(Arc::clone(&vfs), &at, options()).unwrap();
    let store = open();
    put(&store, "one");
    drop(store);
    let first = folder::segments(&at).join(file_name(1));
    let file = vfs.open(&first, Access::ReadWrite).unwrap();
    file.write_all_at(&[7; 500], file.len().unwrap()).unwrap();
    let store = open();
    put(&store, "two");
    assert_eq!(store.segments().len(), 2);
    let copied = folder::segments(&to).join(file_name(1));
    // Ended once the first segment is there.
    let ended = backup(&store, &vfs, &to, &mut Control::new(), &|| {
        if vfs.kind(&copied).is_ok() { Err(Error::cancelled()) } else { Ok(()) }
    });
    assert_eq!(ended.unwrap_err().code(), ErrorCode::Cancelled);
    let again = backup(&store, &vfs, &to, &mut Control::new(), &|| Ok(())).unwrap();
    assert_eq!((again.sequence, again.damaged_ranges), (2, 0));
}
