//! Opening a store: for writing, for reading, in memory.

use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::clock::Clock;
use super::counters::Counters;
use super::durable::{Durable, DurablePoint, LogEnd};
use super::event_cache::EventCache;
use super::folder::{self, FolderState};
use super::frames::FrameCache;
use super::lock::LockFile;
use super::paths::Paths;
use super::poison::Poison;
use super::process::Process;
use super::recover::{Recovered, recover};
use super::reserve::Reserve;
use super::space::Space;
use super::tiers::Merging;
use super::{Store, WriterState};
use crate::error::{Error, ErrorCode, Result};
use crate::event::Time;
use crate::latency::Latencies;
use crate::limits::PATHS_MAX;
use crate::log::{
    GoOn, OpenFiles, Packers, Proven, Reserved, SEGMENT_HEADER_BYTES, Segment, Superblock, Writer,
};
use crate::options::Options;
use crate::vfs::{Access, Vfs, VfsFile};

impl Store {
    /// Opens for writing, and makes the store first where the options allow it.
    pub(crate) fn open(vfs: Arc<dyn Vfs>, path: &Path, options: Options) -> Result<Store> {
        check_options(&options)?;
        // Before anything is locked: a child that is forked from now on lets go of it.
        let process = Process::current()?;
        let mut state = folder::look(vfs.as_ref(), path)?;
        if state != FolderState::Made && !options.create {
            return Err(nothing_there(path));
        }
        match state {
            // A folder that a killed process made may not be durable yet.
            FolderState::Missing | FolderState::Unmade => folder::make(vfs.as_ref(), path)?,
            // What is no store of ours is refused before a lock file is made in it.
            FolderState::Made => {
                folder::read_superblock(vfs.as_ref(), path)?;
            }
        }
        let mut locks = vec![LockFile::take(vfs.as_ref(), path)?];
        let files = Arc::new(OpenFiles::new(Arc::clone(&vfs)));
        // Another process may have made the store while this one waited for its lock.
        state = folder::look(vfs.as_ref(), path)?;
        let superblock = match state {
            FolderState::Made => folder::read_superblock(vfs.as_ref(), path)?,
            FolderState::Missing | FolderState::Unmade => folder::fill(&files, path)?,
        };
        if let Some(lock) = locks.first_mut() {
            lock.take_superblock(vfs.as_ref(), path)?;
        }
        if !superblock.writable() {
            let message = format!(
                "{} has features of a newer version that forbid writing; open it read-only",
                path.display()
            );
            return Err(Error::new(ErrorCode::NewerFormat, message));
        }
        let look = || Paths::look(vfs.as_ref(), path, &superblock, &options.paths);
        let mut locked = vec![path.to_owned()];
        let (mut paths, added) = loop {
            // Once more after each lock, when nobody else changes them.
            let found = look()?;
            let Some(other) = found.0.there().find(|other| !locked.iter().any(|known| known == other)) else {
                break found;
            };
            locks.push(LockFile::take(vfs.as_ref(), other)?);
            locked.push(other.to_owned());
        };
        for folder in paths.there() {
            folder::sync_names(vfs.as_ref(), folder)?;
        }
        let recovered =
            recover(&files, &paths, superblock.store_id, Some(options.tier_entries), options.merge_beside)?;
        let segments = recovered.segments.values();
        let segments = segments.map(|segment| (segment.number(), folder::of_segment(segment)));
        paths.level(vfs.as_ref(), superblock.store_id, segments, recovered.index.sequence_end())?;
        let last = recovered.segments.keys().next_back().copied().unwrap_or(1);
        for folder in added {
            let sequence_end = recovered.index.sequence_end();
            locks.push(paths.add(vfs.as_ref(), &superblock, &folder, last, sequence_end)?);
        }
        let mut store = Store::from_parts(files, paths, options, superblock, recovered, process)?;
        store.locks = Mutex::new(locks);
        Ok(store)
    }

    /// Opens for reading; writes nothing and takes no lock.
    pub(crate) fn open_read_only(vfs: Arc<dyn Vfs>, path: &Path, options: Options) -> Result<Store> {
        check_options(&options)?;
        let process = Process::current()?;
        match folder::look(vfs.as_ref(), path)? {
            FolderState::Missing => return Err(nothing_there(path)),
            FolderState::Unmade => {
                let message = format!(
                    "{} is not a store: it has no superblock; check the path, or make a store with `open`",
                    path.display()
                );
                return Err(Error::new(ErrorCode::NotAStore, message));
            }
            FolderState::Made => {}
        }
        let superblock = folder::read_superblock(vfs.as_ref(), path)?;
        let (paths, _) = Paths::look(vfs.as_ref(), path, &superblock, &options.paths)?;
        let files = Arc::new(OpenFiles::new(vfs));
        let recovered = recover(&files, &paths, superblock.store_id, None, options.merge_beside)?;
        Store::from_parts(files, paths, options, superblock, recovered, process)
    }

    fn from_parts(
        files: Arc<OpenFiles>,
        paths: Paths,
        options: Options,
        superblock: Superblock,
        mut recovered: Recovered,
        process: Process,
    ) -> Result<Store> {
        let write = recovered.tiers.is_some();
        let believed_until = Clock::believed_until();
        let believed =
            recovered.index.rows_in_memory().map(|row| row.time).filter(|time| *time < believed_until).max();
        let clock = Clock::new(Time(recovered.clock).max(believed.unwrap_or_default()));
        let last =
            recovered.segments.values().next_back().cloned().ok_or_else(|| nothing_there(paths.home()))?;
        let log_end = LogEnd::of(&last);
        let sequence_end = durable_sequence_end(&last, last.end(), &recovered, write);
        let mut writer = None;
        if let Some(tiers) = recovered.tiers.take() {
            for leftover in &recovered.unmade {
                files.vfs().remove_file(leftover).map_err(|error| Error::io("removing", leftover, error))?;
            }
            for (unsure, proven) in &recovered.unsure {
                let path = unsure.path();
                let file = files.vfs().open(path, Access::ReadWrite);
                let file = file.map_err(|error| Error::io("opening the segment", path, error))?;
                make_sure(unsure, file.as_ref(), proven)?;
                // Where the file system has no modes, nothing else changes.
                let _ = file.set_read_only();
            }
            // A sealed segment was synced before it was sealed, and is never written.
            if recovered.must_roll.is_none() || !last.file()?.is_read_only().unwrap_or(true) {
                make_sure(&last, last.file()?.as_ref(), &recovered.proven)?;
            }
            // What a killed process had reserved. What is torn is not.
            let reserved_end = if recovered.must_roll.is_none() { last.file_bytes()? } else { 0 };
            let log = Writer::new(
                Arc::clone(&files),
                options.segment_bytes,
                Reserved::new(options.reserve_bytes, reserved_end),
                GoOn { active: last, last_commit: recovered.last_commit, tally: recovered.tally },
            );
            let space = Space::new(options.minimum_free_bytes);
            let reserve = Reserve::found(files.vfs().as_ref(), paths.home(), &options);
            let (checkpoint_end, must_roll) = (recovered.checkpoint_end, recovered.must_roll);
            writer = Some(WriterState { writer: log, space, reserve, tiers, checkpoint_end, must_roll });
        }
        let events = EventCache::new(options.memory_limit / 4 * 3);
        let frames = FrameCache::new(options.memory_limit / 8);
        let latencies = Latencies::new(&options);
        let packers = Arc::new(Packers::new(options.compression));
        let store = Store {
            vfs: Arc::clone(files.vfs()),
            files,
            folder: paths.home().to_owned(),
            paths: RwLock::new(paths),
            superblock,
            options,
            read_only: !write,
            process,
            origin: folder::random()?,
            clock,
            poison: Poison::default(),
            events,
            frames,
            packers,
            counters: Counters::default(),
            latencies,
            index: Arc::new(RwLock::new(recovered.index)),
            segments: RwLock::new(recovered.segments),
            writer: Mutex::new(writer),
            durable: Durable::new(DurablePoint { log_end, sequence_end }),
            locks: Mutex::default(),
        };
        if let Some(state) = store.writer.lock().as_mut().filter(|state| state.must_roll.is_some()) {
            match store.roll_where_there_is_room(state) {
                // Reading goes on, and the first write finds out again.
                Err(error) if error.code() == ErrorCode::DiskFull => {}
                other => other?,
            }
        }
        store.list_tiers();
        Ok(store)
    }

    /// Lists the tiers that recovery has made, and removes what earlier processes left.
    fn list_tiers(&self) {
        if let Some(state) = self.writer.lock().as_mut() {
            // Nobody merges beside until leftovers are removed: what is being made stands in no list either.
            let merging = if self.options.merge_beside { Merging::Later } else { Merging::AtOnce };
            let listed = !state.tiers.has_spilled()
                || (state.must_roll.is_none() && self.write_checkpoint(state, merging).is_ok());
            if listed {
                state.tiers.remove_leftovers(&self.index.read());
            }
            state.tiers.go_on_merging(&self.index, self.merging(), self.options.minimum_free_bytes);
            self.keep_reserve(state);
        }
    }
}

/// The number after the last event that survives power loss, of a log that ends at `end` of `last`. A reader cannot write
/// what he found once more; what no commit record proves, he syncs, which changes nothing, or does not count.
pub(super) fn durable_sequence_end(last: &Segment, end: u64, recovered: &Recovered, write: bool) -> u64 {
    let proven = recovered.proven.end >= end || last.is_sealed();
    if write || proven || last.sync().is_ok() {
        recovered.index.sequence_end()
    } else {
        recovered.proven_sequence_end
    }
}

/// Makes the end of a segment durable, on which everything from now on rests. After a sync that failed, the page cache
/// holds what the disk does not, and calls it clean: so what no commit record proves to be on the disk is written
/// once more, the same bytes to the same place, before it is synced.
fn make_sure(last: &Segment, file: &dyn VfsFile, proven: &Proven) -> Result<()> {
    const STEP_BYTES: u64 = 1024 * 1024;
    let error = |error| last.error("writing", error);
    let believed = cfg!(ouroboros_seeded_bug = "unsure_bytes_believed");
    let again = |from: u64, to: u64| {
        let mut bytes = vec![0; (to - from) as usize];
        file.read_exact_at(&mut bytes, from)?;
        if believed { Ok(()) } else { file.write_all_at(&bytes, from) }
    };
    let header = SEGMENT_HEADER_BYTES as u64;
    let end = last.end().min(last.file_bytes()?);
    if !proven.by_commit {
        again(0, header.min(end)).map_err(error)?;
    }
    let mut at = proven.end.max(header);
    while at < end {
        let to = end.min(at + STEP_BYTES);
        again(at, to).map_err(error)?;
        at = to;
    }
    file.sync_data().map_err(|error| last.error("syncing", error))
}

fn check_options(options: &Options) -> Result<()> {
    if !(Options::SEGMENT_BYTES_MIN..=Options::SEGMENT_BYTES_MAX).contains(&options.segment_bytes) {
        let message = format!(
            "segment_bytes is {}; it must be from {} to {}",
            options.segment_bytes,
            Options::SEGMENT_BYTES_MIN,
            Options::SEGMENT_BYTES_MAX
        );
        return Err(Error::new(ErrorCode::InvalidArgument, message));
    }
    if options.paths.len() > PATHS_MAX {
        let message = format!("paths has {} folders; a store is in {PATHS_MAX} at most", options.paths.len());
        return Err(Error::new(ErrorCode::InvalidArgument, message));
    }
    if options.memory_limit < Options::MEMORY_LIMIT_MIN {
        let message = format!(
            "memory_limit is {}; it must be at least {}",
            options.memory_limit,
            Options::MEMORY_LIMIT_MIN
        );
        return Err(Error::new(ErrorCode::InvalidArgument, message));
    }
    Ok(())
}

fn nothing_there(path: &Path) -> Error {
    let message = format!("there is no store at {}; check the path, or let `open` make one", path.display());
    Error::new(ErrorCode::PathNotFound, message)
}
