//! A store of 64 KiB of which each byte is flipped, and each file is cut at each byte: what is given out is right or an
//! error, what is lost is told, and the derived files are not missed.
//!
//! The short form takes one byte of 16.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

use super::super::{Store, folder};
use super::check::{Outcome, read_file};
use super::is_long;
use super::model::Model;
use super::session::{Operation, STORE, Session, Tiers, open};
use crate::control::Control;
use crate::error::{Error, ErrorCode};
use crate::log::SUPERBLOCK_NAME;
use crate::options::Durability::{Buffered, Durable};
use crate::options::Options;
use crate::verify::verify;
use crate::vfs::Simulator;

const STORE_BYTES: usize = 64 * 1024;
/// The short form takes one byte of so many, another one in each row.
const SHORT_STEP: usize = 16;
/// More are not looked for.
const FAILURES_MAX: usize = 10;

#[derive(Clone, Copy, Debug)]
enum Change {
    Flip,
    Cut,
}

/// A store with several segments and several parts of the index, closed.
fn whole() -> (Simulator, Model) {
    let machine = Simulator::new();
    let mut session = Session::new(machine.clone(), Tiers::Small, Model::default());
    let steps = [Operation::Batch(Buffered), Operation::PutFile(Durable), Operation::Append(Buffered)];
    for number in 0.. {
        session.run(steps[number % steps.len()]).unwrap();
        let stored: usize = machine.files().iter().map(|(_, length)| length).sum();
        if number % 8 == 7 {
            session.run(Operation::Roll).unwrap();
        }
        if stored >= STORE_BYTES {
            break;
        }
    }
    session.run(Operation::Close).unwrap();
    (machine.same_boot(), session.end())
}

/// Which events a reader lacks of the damaged store, or their files.
fn look(store: &Store, model: &Model) -> Outcome<Vec<bool>> {
    let missing = |error: &Error| match error.code() {
        ErrorCode::Corrupt | ErrorCode::EventNotFound => Ok(true),
        _ => Err(format!("a reader hears {error:?}")),
    };
    let mut lacking = Vec::new();
    for (sequence, committed) in (1..).zip(&model.events) {
        lacking.push(match store.event(&committed.id) {
            Ok(event) if event != committed.event(sequence) => {
                return Err(format!("event {sequence} is given out as {event:?}"));
            }
            Ok(event) => match read_file(store, &event) {
                Ok(file) if file == committed.file => false,
                Ok(_) => return Err(format!("the file of event {sequence} is given out with other bytes")),
                Err(error) => missing(&error)?,
            },
            Err(error) => missing(&error)?,
        });
    }
    let rows = store.query(|index| index.rows().collect::<Vec<_>>()).map_err(|error| format!("{error:?}"))?;
    for row in rows {
        if model.events.get(row.sequence as usize - 1).map(|committed| committed.id) != Some(row.id) {
            return Err(format!("event {} was never committed", row.sequence));
        }
    }
    if !lacking.contains(&true) && store.sequence_end() != model.events.len() as u64 + 1 {
        return Err(format!("nothing is missing, and the next number is {}", store.sequence_end()));
    }
    Ok(lacking)
}

/// One damaged place, and how the store is opened that has it.
#[derive(Clone, Copy, Debug)]
struct Case<'a> {
    path: &'a Path,
    at: usize,
    change: Change,
    /// Without what is derived.
    bare: bool,
    write: bool,
}

impl Case<'_> {
    fn is_of_the_superblock(&self) -> bool {
        self.path.file_name() == Some(SUPERBLOCK_NAME.as_ref())
    }

    fn is_of_the_index(&self) -> bool {
        self.path.parent() == Some(&folder::index(Path::new(STORE)))
    }

    fn machine(&self, whole: &Simulator) -> Simulator {
        let damaged = whole.with_damage(self.path, |bytes| match self.change {
            Change::Flip => bytes[self.at] ^= 1 << (self.at % 8),
            Change::Cut => bytes.truncate(self.at),
        });
        if self.bare { damaged.without(&folder::index(Path::new(STORE))) } else { damaged }
    }

    /// Looks at the damaged store. `last` is its last segment.
    fn check(&self, whole: &Simulator, model: &Model, last: &Path) -> Outcome<()> {
        let machine = self.machine(whole);
        let opened = if self.write {
            open(&machine, Tiers::AtTheEnd)
        } else {
            Store::open_read_only(Arc::new(machine), Path::new(STORE), Options::new())
        };
        let store = match opened {
            Ok(store) => store,
            Err(error) if self.is_of_the_superblock() => {
                let told = matches!(error.code(), ErrorCode::Corrupt | ErrorCode::NotAStore);
                return if told { Ok(()) } else { Err(format!("opening says {error:?}")) };
            }
            Err(error) => return Err(format!("it does not open: {error:?}")),
        };
        let lacking = look(&store, model)?;
        let Some(first) = lacking.iter().position(|lacks| *lacks) else { return Ok(()) };
        if self.is_of_the_index() {
            return Err(format!("event {} is missing, though only the index is damaged", first + 1));
        }
        // From the log alone, one that was cut cannot be told from one that was never longer.
        let cut_log = self.bare && matches!(self.change, Change::Cut) && self.path == last;
        if cut_log && lacking[first..].iter().all(|lacks| *lacks) {
            return Ok(());
        }
        let report =
            verify(&store, &mut Control::new(), &|| Ok(())).map_err(|error| format!("verify: {error:?}"))?;
        if report.is_clean() {
            return Err(format!("event {} is missing, and verify does not say so", first + 1));
        }
        Ok(())
    }
}

/// Up to where each byte of a file is damaged: nobody asks for those of the reserve.
fn looked_at(path: &Path, length: usize) -> usize {
    if path == folder::reserve(Path::new(STORE)) { length.min(64) } else { length }
}

/// Every case of every file.
fn cases(files: &[(PathBuf, usize)]) -> Vec<Case<'_>> {
    let taken = |at: usize| is_long() || at % SHORT_STEP == at / SHORT_STEP % SHORT_STEP;
    let mut cases = Vec::new();
    for (path, length) in files {
        for (at, change) in (0..looked_at(path, *length))
            .filter(|at| taken(*at))
            .flat_map(|at| [(at, Change::Flip), (at, Change::Cut)])
        {
            // With the index and without it, by a writer and by a reader, in turn.
            for bare in [false, true] {
                let case = Case { path, at, change, bare, write: bare == (at % 2 == 0) };
                cases.extend(Some(case).filter(|case| !bare || !case.is_of_the_index()));
            }
        }
    }
    cases
}

#[test]
fn each_byte_of_a_store_is_flipped_and_each_file_cut() {
    let started = Instant::now();
    let (machine, model) = whole();
    let files = machine.files();
    let folder = folder::segments(Path::new(STORE));
    let segments: Vec<&Path> =
        files.iter().map(|(path, _)| path.as_path()).filter(|path| path.parent() == Some(&folder)).collect();
    assert!(segments.len() > 2 && files.len() > 7, "{files:?}");
    let last = *segments.last().unwrap();
    let (cases, next, failures) = (cases(&files), AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            if failures.lock().len() > FAILURES_MAX {
                break;
            }
            let outcome = catch_unwind(AssertUnwindSafe(|| case.check(&machine, &model, last)));
            let outcome = outcome.unwrap_or_else(|_| Err("it panicked, see above".to_owned()));
            if let Err(what) = outcome {
                failures.lock().push(format!("{case:?}: {what}"));
            }
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
    println!(
        "{} damaged stores, by flips and cuts of {} files of {} bytes, {:.1} s",
        cases.len(),
        files.len(),
        files.iter().map(|(_, length)| length).sum::<usize>(),
        started.elapsed().as_secs_f64()
    );
    let failures = failures.into_inner();
    assert!(failures.is_empty(), "{failures:#?}");
}
