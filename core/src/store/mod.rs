//! A store: the log and the index together, opened by one writer or any number of readers.
//!
//! Lock order, outermost first: `writer` → `durable` → `index` → `segments`, and below all of them those
//! of a segment and of the open files. Nothing that the caller gave us runs under any of them.

mod candidates;
mod clock;
mod close;
mod commit;
mod counters;
#[cfg(test)]
mod crash_tests;
mod durable;
mod event_cache;
#[cfg(test)]
mod fault_tests;
mod filling;
pub(crate) mod folder;
mod follow;
#[cfg(test)]
mod footer_tests;
#[cfg(test)]
mod frame_tests;
mod frames;
#[cfg(test)]
mod group_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod index_tests;
mod lock;
mod merge;
mod open;
mod paths;
#[cfg(test)]
mod piece_tests;
mod pieces;
mod poison;
mod prepared_event;
mod process;
mod query;
mod queue;
mod read;
mod read_chunk;
mod recover;
mod refresh;
mod reserve;
#[cfg(test)]
mod reserve_tests;
mod roll;
mod snapshot;
mod space;
mod telling;
mod tiers;
#[cfg(test)]
mod torture_tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use crate::error::{Error, ErrorCode, Result};
use crate::event::ORIGIN_BYTES;
use crate::index::Index;
use crate::latency::Latencies;
use crate::log::{OpenFiles, Packers, Segment, Superblock, Writer};
use crate::options::{Durability, Options};
use crate::vfs::Vfs;

pub(crate) use clock::Clock;
pub(crate) use counters::Counters;
use durable::Durable;
use event_cache::EventCache;
pub(crate) use frames::DecodedFrame;
use frames::FrameCache;
pub(crate) use lock::LockFile;
use paths::Paths;
#[cfg(any(test, fuzzing))]
pub(crate) use pieces::check_plan;
use poison::Poison;
pub(crate) use prepared_event::{PreparedEvent, Under, Unnamed};
use process::Process;
pub(crate) use read::event_not_found;
pub(crate) use read_chunk::StoredList;
use recover::MustRoll;
use reserve::Reserve;
pub(crate) use snapshot::Snapshot;
use space::Space;
pub(crate) use telling::tell_not_opened;
use tiers::TierFolder;

/// An open store.
#[derive(Debug)]
pub(crate) struct Store {
    vfs: Arc<dyn Vfs>,
    files: Arc<OpenFiles>,
    folder: PathBuf,
    /// A leaf among the locks.
    paths: RwLock<Paths>,
    superblock: Superblock,
    options: Options,
    read_only: bool,
    /// The process that opened it.
    process: Process,
    origin: [u8; ORIGIN_BYTES],
    clock: Clock,
    poison: Poison,
    events: EventCache,
    frames: FrameCache,
    packers: Arc<Packers>,
    counters: Counters,
    latencies: Latencies,
    index: Arc<RwLock<Index>>,
    segments: RwLock<BTreeMap<u64, Arc<Segment>>>,
    writer: Mutex<Option<WriterState>>,
    durable: Durable,
    /// One for each folder.
    locks: Mutex<Vec<LockFile>>,
}

/// What only the holder of the writer's lock touches.
#[derive(Debug)]
struct WriterState {
    writer: Writer,
    space: Space,
    reserve: Reserve,
    tiers: TierFolder,
    /// Where the log ended when the checkpoint on disk was written; none where there is no such checkpoint.
    checkpoint_end: Option<(u64, u64)>,
    /// Where nothing more may be written to the last segment: what its successor is to say.
    must_roll: Option<MustRoll>,
}

impl Store {
    pub(crate) fn vfs(&self) -> &Arc<dyn Vfs> {
        &self.vfs
    }

    /// What makes records of chunks.
    pub(crate) fn packers(&self) -> &Arc<Packers> {
        &self.packers
    }

    /// What a call is to wait for that asks for this, or leaves it to the database.
    pub(crate) fn durability(&self, asked: Option<Durability>) -> Durability {
        asked.unwrap_or(self.options.durability)
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only
    }

    pub(crate) fn origin(&self) -> [u8; ORIGIN_BYTES] {
        self.origin
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn superblock(&self) -> &Superblock {
        &self.superblock
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(crate) fn latencies(&self) -> &Latencies {
        &self.latencies
    }

    /// All segments by number.
    pub(crate) fn segments(&self) -> Vec<Arc<Segment>> {
        self.segments.read().values().cloned().collect()
    }

    /// What is wrong with the superblocks, where one of their copies is damaged.
    pub(crate) fn superblock_problems(&self) -> Result<Vec<String>> {
        let paths = self.paths.read().clone();
        let problem = |folder: &Path| match folder::superblock_problem(self.vfs.as_ref(), folder) {
            // The disk of one went while the store is open.
            Err(error) if folder != self.folder => {
                Some(Ok(format!("{}, a folder of the store: {}", folder.display(), error.message())))
            }
            found => found.transpose(),
        };
        paths.there().filter_map(problem).collect()
    }

    /// The folders of the store: those that are there, and those that are not, with the reason.
    pub(crate) fn folders(&self) -> (Vec<PathBuf>, Vec<(PathBuf, String)>) {
        let paths = self.paths.read();
        let absent = paths.absent().map(|(path, why)| (path.to_owned(), why.to_owned()));
        (paths.there().map(Path::to_owned).collect(), absent.collect())
    }

    /// `closed` in a process that was forked from the one that opened the store: the file descriptors and the locks
    /// are its parent's. Asked before anything is locked, for the parent's threads are not there to unlock it.
    pub(crate) fn check_process(&self) -> Result<()> {
        self.process.check()
    }

    /// `read_only` or `poisoned`, where the store takes no writes; `closed` in a forked child.
    pub(crate) fn check_writable(&self) -> Result<()> {
        self.process.check_thoroughly()?;
        if self.read_only {
            let message = "the database was opened read-only; open it for writing to change it";
            return Err(Error::new(ErrorCode::ReadOnly, message));
        }
        self.poison.check()
    }
}
