//! The durability of one call: how often the disk syncs for it, and what is there when the power fails behind it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::{Database, NewFile, PutFilesOptions};
use crate::error::{ErrorCode, Result};
use crate::event::NewEvent;
use crate::folder::ImportOptions;
use crate::id::EventId;
use crate::options::{Durability, Options};
use crate::store::Store;
use crate::verify::VerifyOptions;
use crate::vfs::{Chance, Simulator};

use Durability::{Buffered, Durable};

const STORE: &str = "/store";

/// More than a file keeps for its commit: most of its chunks are written on the way.
const LARGE_BYTES: usize = 1280 * 1024 + 17;

fn open(machine: &Simulator, durability: Durability) -> Database {
    let options =
        Options { tier_entries: u64::MAX, merge_beside: false, ..Options::new().durability(durability) };
    let store = Store::open(Arc::new(machine.clone()), Path::new(STORE), options).unwrap();
    Database::new(store, None, Instant::now())
}

/// The ways to write something whose durability the caller may say.
#[derive(Clone, Copy, Debug)]
enum Call {
    Append,
    PutFile,
    PutLargeFile,
    FileWriter,
    Batch,
    PutFiles,
    ImportPath,
}

const CALLS: [Call; 7] = [
    Call::Append,
    Call::PutFile,
    Call::PutLargeFile,
    Call::FileWriter,
    Call::Batch,
    Call::PutFiles,
    Call::ImportPath,
];

fn new_event(asked: Option<Durability>) -> NewEvent {
    match asked {
        None => NewEvent::new(),
        Some(durability) => NewEvent::new().durability(durability),
    }
}

/// Bytes of which no two chunks are alike.
fn large() -> Vec<u8> {
    let mut state = 7u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..LARGE_BYTES).map(next).collect()
}

impl Call {
    fn make(self, db: &Database, parent: EventId, asked: Option<Durability>) -> Result<EventId> {
        let new = new_event(asked);
        match self {
            Call::Append => db.append(parent, new.metadata("appended")),
            Call::PutFile => db.put_file(parent, &b"a small file"[..], new),
            Call::PutLargeFile => db.put_file(parent, &large()[..], new),
            Call::FileWriter => {
                let mut writer = db.file_writer(parent, new)?;
                writer.write_all(&large()).unwrap();
                writer.finish()
            }
            Call::Batch => {
                let batch = db.batch()?;
                let first = batch.append(parent, NewEvent::new())?;
                let second = batch.put_file(first, &large()[..], NewEvent::new())?;
                let ids = match asked {
                    None => batch.commit()?,
                    Some(durability) => batch.commit_with(durability)?,
                };
                Ok(ids[second.index()])
            }
            Call::PutFiles => {
                let mut options = PutFilesOptions::new();
                if let Some(durability) = asked {
                    options = options.durability(durability);
                }
                let files = [NewFile::from_bytes(&b"another"[..]), NewFile::from_bytes(large())];
                let ids = db.put_files(parent, files, options)?;
                assert_eq!(db.read_file(ids[0])?, b"another");
                Ok(ids[1])
            }
            Call::ImportPath => {
                let folder = tempfile::tempdir().unwrap();
                fs::write(folder.path().join("file"), large()).unwrap();
                let mut options = ImportOptions::new();
                if let Some(durability) = asked {
                    options = options.durability(durability);
                }
                Ok(db.import_path(parent, folder.path(), options)?.event)
            }
        }
    }

    /// Whether all of it is there, read from the disk.
    fn is_whole(self, db: &Database, id: EventId) -> bool {
        match (self, db.event(id)) {
            (_, Err(_)) => false,
            (Call::Append, Ok(event)) => event.metadata() == Some(&b"appended"[..]),
            (Call::PutFile, Ok(_)) => db.read_file(id).unwrap() == b"a small file",
            (Call::PutLargeFile | Call::FileWriter | Call::Batch | Call::PutFiles, Ok(_)) => {
                db.read_file(id).unwrap() == large()
            }
            (Call::ImportPath, Ok(_)) => {
                let file = db.child_ids(id, crate::database::Order::Commit).unwrap().next().unwrap().unwrap();
                db.read_file(file).unwrap() == large()
            }
        }
    }
}

/// Calls `check` with each call, in each kind of database, with each thing that a caller may ask for, and with what
/// the call is then.
fn each(check: impl Fn(&str, Call, Durability, Option<Durability>, Durability)) {
    for call in CALLS {
        for opened in [Durable, Buffered] {
            for asked in [None, Some(Durable), Some(Buffered)] {
                let when = format!("{call:?}, {asked:?}, in a database that is {opened:?}");
                check(&when, call, opened, asked, asked.unwrap_or(opened));
            }
        }
    }
}

#[test]
fn a_durable_call_syncs_once_and_a_buffered_one_never() {
    each(|when, call, opened, asked, is| {
        let machine = Simulator::new();
        let db = open(&machine, opened);
        let root = db.create_root("r").unwrap();
        let before = machine.syncs();
        call.make(&db, root, asked).unwrap();
        assert_eq!(machine.syncs() - before, u64::from(is == Durable), "{when}");
    });
}

#[test]
fn what_a_durable_call_acknowledges_survives_with_all_before_it() {
    each(|when, call, opened, asked, is| {
        let machine = Simulator::new();
        let db = open(&machine, opened);
        let root = db.create_root("r").unwrap();
        db.sync().unwrap();
        let before: Vec<(Call, EventId)> =
            CALLS.into_iter().map(|call| (call, call.make(&db, root, Some(Buffered)).unwrap())).collect();
        let lost = open(&machine.power_loss(Chance::none()), opened);
        let survived = before.iter().filter(|(_, id)| lost.event(*id).is_ok()).count();
        assert_eq!(survived, 0, "{when}: what was buffered needs no luck");

        let id = call.make(&db, root, asked).unwrap();
        let after = open(&machine.power_loss(Chance::none()), opened);
        assert_eq!(call.is_whole(&after, id), is == Durable, "{when}");
        for (earlier, id) in &before {
            assert_eq!(earlier.is_whole(&after, *id), is == Durable, "{when}: {earlier:?} before it");
        }
        assert!(after.verify(VerifyOptions::new()).unwrap().is_clean(), "{when}");
    });
}

/// Whatever the power leaves of what was not synced yet, it is the beginning of what was committed, and as far as the
/// last durable call at least.
#[test]
fn mixed_calls_survive_as_a_prefix() {
    for opened in [Durable, Buffered] {
        for seed in 0..40u64 {
            let machine = Simulator::new();
            let db = open(&machine, opened);
            let root = db.create_root("r").unwrap();
            let (mut ids, mut durable) = (Vec::new(), 0);
            for number in 0..12u64 {
                let asked = match (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (2 * number)) % 3 {
                    0 => None,
                    1 => Some(Durable),
                    _ => Some(Buffered),
                };
                ids.push(db.append(root, new_event(asked).metadata(vec![number as u8; 700])).unwrap());
                if asked.unwrap_or(opened) == Durable {
                    durable = ids.len();
                }
            }
            let after = open(&machine.power_loss(Chance::of(seed)), opened);
            let there: Vec<bool> = ids.iter().map(|id| after.event(*id).is_ok()).collect();
            let prefix = there.iter().take_while(|is_there| **is_there).count();
            assert!(prefix >= durable, "{opened:?}, seed {seed}: {there:?}, {durable} were durable");
            assert!(
                there.iter().skip(prefix).all(|is_there| !is_there),
                "{opened:?}, seed {seed}: {there:?}"
            );
        }
    }
}

/// While the disk is at it for somebody else, too.
#[test]
fn a_buffered_call_waits_for_no_sync() {
    let machine = Simulator::new();
    let db = open(&machine, Durable);
    let root = db.create_root("r").unwrap();
    machine.stall_next_sync();
    std::thread::scope(|scope| {
        let durable = scope.spawn(|| db.append(root, NewEvent::new()));
        machine.wait_for_stall();
        let buffered = db.append(root, NewEvent::new().durability(Buffered)).unwrap();
        let batch = db.batch().unwrap();
        batch.append(buffered, NewEvent::new()).unwrap();
        batch.commit_with(Buffered).unwrap();
        assert!(!durable.is_finished());
        machine.release();
        assert_eq!(durable.join().unwrap().unwrap_err().code(), ErrorCode::Io);
    });
}

#[test]
fn members_of_a_batch_have_no_durability_of_their_own() {
    let db = open(&Simulator::new(), Buffered);
    let batch = db.batch().unwrap();
    let root = batch.create_root("r").unwrap();
    for durability in [Durable, Buffered] {
        let new = NewEvent::new().durability(durability);
        for refused in [batch.append(root, new.clone()), batch.put_file(root, &b"file"[..], new)] {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidArgument);
            assert!(error.message().contains("when the batch is committed"), "{error}");
        }
    }
    assert_eq!((batch.len(), batch.commit_with(Durable).unwrap().len()), (1, 1));
    assert_eq!(batch.commit_with(Durable).unwrap_err().code(), ErrorCode::Finished);
}
