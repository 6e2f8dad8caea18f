//! Opening a store: for writing, for reading, in memory.

use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::clock::Clock;
use super::durable::{DurablePoint, LogEnd};
use super::folder::{self, FolderState};
use super::lock::LockFile;
use super::poison::Poison;
use super::recover::{Recovered, recover};
use super::space::Space;
use super::{Store, WriterState};
use crate::error::{Error, ErrorCode, Result};
use crate::event::Time;
use crate::log::{Superblock, Writer};
use crate::options::Options;
use crate::vfs::Vfs;

impl Store {
    /// Opens for writing, and makes the store first where the options allow it.
    pub(crate) fn open(vfs: Arc<dyn Vfs>, path: &Path, options: Options) -> Result<Store> {
        check_options(&options)?;
        let mut state = folder::look(vfs.as_ref(), path)?;
        if state != FolderState::Made && !options.create {
            return Err(nothing_there(path));
        }
        if state == FolderState::Missing {
            folder::make(vfs.as_ref(), path)?;
        }
        let lock = LockFile::take(vfs.as_ref(), path)?;
        // Another process may have made the store while this one waited for its lock.
        state = folder::look(vfs.as_ref(), path)?;
        let superblock = match state {
            FolderState::Made => folder::read_superblock(vfs.as_ref(), path)?,
            FolderState::Missing | FolderState::Unmade => folder::fill(vfs.as_ref(), path)?,
        };
        if !superblock.writable() {
            let message = format!(
                "{} has features of a newer version that forbid writing; open it read-only",
                path.display()
            );
            return Err(Error::new(ErrorCode::NewerFormat, message));
        }
        let recovered = recover(vfs.as_ref(), path, superblock.store_id, true)?;
        let mut store = Store::from_parts(vfs, path, options, superblock, recovered, true)?;
        store.lock = Mutex::new(Some(lock));
        Ok(store)
    }

    /// Opens for reading; writes nothing and takes no lock.
    pub(crate) fn open_read_only(vfs: Arc<dyn Vfs>, path: &Path, options: Options) -> Result<Store> {
        check_options(&options)?;
        match folder::look(vfs.as_ref(), path)? {
            FolderState::Missing => return Err(nothing_there(path)),
            FolderState::Unmade => {
                let message = format!("{} is not a store: it has no superblock", path.display());
                return Err(Error::new(ErrorCode::NotAStore, message));
            }
            FolderState::Made => {}
        }
        let superblock = folder::read_superblock(vfs.as_ref(), path)?;
        let recovered = recover(vfs.as_ref(), path, superblock.store_id, false)?;
        Store::from_parts(vfs, path, options, superblock, recovered, false)
    }

    fn from_parts(
        vfs: Arc<dyn Vfs>,
        path: &Path,
        options: Options,
        superblock: Superblock,
        recovered: Recovered,
        write: bool,
    ) -> Result<Store> {
        let Recovered { index, segments, clock, checkpoint_end, torn, unmade } = recovered;
        let sequence_end = index.sequence_end();
        let believed = index.rows().map(|row| row.time).filter(|time| Clock::believes(*time)).max();
        let clock = Clock::new(Time(clock).max(believed.unwrap_or_default()));
        let last = segments.values().next_back().cloned().ok_or_else(|| nothing_there(path))?;
        let log_end = LogEnd { segment: last.number(), end: last.end() };
        let mut writer = None;
        if write {
            for leftover in unmade {
                vfs.remove_file(&leftover).map_err(|error| Error::io("removing", &leftover, error))?;
            }
            // What a crashed process wrote may be in the page cache only; from here on it is relied upon.
            last.file().sync_data().map_err(|error| last.error("syncing", error))?;
            let folder = folder::segments(path);
            let log =
                Writer::new(Arc::clone(&vfs), folder, superblock.store_id, options.segment_bytes, last);
            let space = Space::new(options.minimum_free_bytes);
            writer = Some(WriterState { writer: log, space, checkpoint_end });
        }
        let store = Store {
            vfs,
            folder: path.to_owned(),
            superblock,
            options,
            read_only: !write,
            origin: folder::random()?,
            clock,
            poison: Poison::default(),
            index: RwLock::new(index),
            segments: RwLock::new(segments),
            syncing: Mutex::new(()),
            writer: Mutex::new(writer),
            durable: Mutex::new(DurablePoint { log_end, sequence_end }),
            lock: Mutex::new(None),
        };
        if torn && let Some(state) = store.writer.lock().as_mut() {
            // The torn tail stays where it is, and nothing is written over it.
            store.roll(state, sequence_end)?;
        }
        Ok(store)
    }
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
    Ok(())
}

fn nothing_there(path: &Path) -> Error {
    let message = format!("there is no store at {}; check the path, or let `open` make one", path.display());
    Error::new(ErrorCode::PathNotFound, message)
}
