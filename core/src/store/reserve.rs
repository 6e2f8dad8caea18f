//! Room that is kept for the moment when the disk is full.
//!
//! On a disk without a free byte a store could be read and verified, and not be put right: the segment that comes behind
//! a torn tail could not be begun, and neither the commit record of a clean end nor the index could be written. So while
//! there is plenty of room, the file `reserve` takes up some of it, and is given up when one of these needs it. What
//! users write gets none of it.
//!
//! It is derived, and nothing rests on it: neither its bytes nor its length mean anything, and it may be deleted at any
//! time. Only the holder of the writer's lock touches it; a reader asks for its length alone. Giving it up goes in this
//! order: the file is removed; what is not needed of it is made again, a shorter file; what must be written, is. A crash
//! leaves no reserve, a shorter one, or, where the removal was not on the disk yet, the one that was there. The next
//! writer takes whatever is there for the reserve, and lets it grow to what it is to be once there is room.
//!
//! A store in several folders has it in the one that it was opened by, where the index is.
//!
//! The floor under the free space, [`minimum_free_bytes`](crate::Options::minimum_free_bytes), is kept while it is made.
//! What is written in its place takes from others nothing that they had.

use std::io;
use std::path::Path;

use super::folder;
use super::space::{MARGIN_BYTES, Space};
use super::{Store, WriterState};
use crate::logging::tell;
use crate::options::Options;
use crate::vfs::{Access, Vfs, VfsFile, remove_if_there};

/// No more than this is kept, however large the store.
pub(super) const RESERVE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Up to the largest one, a store keeps this part of what its log has.
const LOG_BYTES_FOR_ONE: u64 = 32;
/// It is made where this many times as much is free.
const FREE_TIMES_MIN: u64 = 8;
/// How much is written to the log before its size is looked at again.
const LOOKED_AT_EVERY_BYTES: u64 = 1024 * 1024;
/// What disks give out at once.
const BLOCK_BYTES: u64 = 4096;
/// What the file system itself may need beside what is written: for a name, a list of blocks. With a block no more than
/// the margin that [`Space`] refuses to users, so that what is left of it is not theirs.
const SLACK_BYTES: u64 = 3 * BLOCK_BYTES;
const _: () = assert!(SLACK_BYTES + BLOCK_BYTES <= MARGIN_BYTES);

/// The file `reserve` of a store that is open for writing.
#[derive(Debug)]
pub(super) struct Reserve {
    /// Its length; 0 where there is none.
    bytes: u64,
    /// Shorter logs have none.
    from_log_bytes: u64,
    /// The smallest one that is made.
    bytes_min: u64,
    /// How much is to be written before it is looked at again.
    unlooked_bytes: u64,
}

impl Reserve {
    /// What an earlier writer left.
    pub(super) fn found(vfs: &dyn Vfs, store: &Path, options: &Options) -> Reserve {
        Reserve {
            bytes: folder::reserve_bytes(vfs, store),
            from_log_bytes: options.reserve_from_log_bytes,
            bytes_min: options.reserve_file_bytes,
            unlooked_bytes: 0,
        }
    }

    /// How large that of a log of so many bytes is to be: a power of two, so that it seldom changes.
    fn wanted(&self, log_bytes: u64) -> u64 {
        if log_bytes < self.from_log_bytes {
            return 0;
        }
        let part = log_bytes / LOG_BYTES_FOR_ONE;
        part.checked_ilog2().map_or(0, |bits| 1 << bits).clamp(self.bytes_min, RESERVE_BYTES_MAX)
    }

    /// Takes note of bytes that go to the log.
    pub(super) fn wrote(&mut self, bytes: u64) {
        self.unlooked_bytes = self.unlooked_bytes.saturating_sub(bytes);
    }

    /// Whether its size is to be looked at.
    pub(super) fn is_due(&self) -> bool {
        self.unlooked_bytes == 0
    }

    /// Makes it as large as a log of so many bytes is to have it, where there is plenty of room.
    fn keep(&mut self, vfs: &dyn Vfs, store: &Path, space: &Space, log_bytes: u64) {
        let wanted = self.wanted(log_bytes);
        self.unlooked_bytes = LOOKED_AT_EVERY_BYTES;
        // Somebody may have deleted it.
        self.bytes = folder::reserve_bytes(vfs, store);
        if self.bytes < wanted && space.above_floor(vfs, store) / FREE_TIMES_MIN >= wanted {
            // What fails leaves a shorter one.
            let _ = grow(vfs, store, self.bytes, wanted);
            self.bytes = folder::reserve_bytes(vfs, store);
        }
    }

    /// Gives up as much as is lacking to write so many bytes, and keeps so many at least. Whether nothing is lacking now, as
    /// far as is known: the file may have been copied here without its blocks, or others may be quicker. The disk is not
    /// asked, which may keep room for some users and not tell of it.
    fn give_up(&mut self, vfs: &dyn Vfs, store: &Path, space: &Space, bytes: u64, kept_min: u64) -> bool {
        let needed = bytes.next_multiple_of(BLOCK_BYTES).saturating_add(SLACK_BYTES);
        let lacking = needed.saturating_sub(space.above_floor(vfs, store));
        if lacking == 0 {
            return true;
        }
        let Some(rest) = self.bytes.checked_sub(lacking).filter(|rest| *rest >= kept_min) else {
            return false;
        };
        if remove_if_there(vfs, &folder::reserve(store)).is_err() {
            return false;
        }
        // Some file systems give room out again only when they know that it was given back.
        let _ = vfs.sync_dir(store);
        self.bytes = 0;
        if rest >= SLACK_BYTES && grow(vfs, store, 0, rest).is_ok() {
            self.bytes = rest;
        }
        true
    }

    /// Half of what there is: what is derived takes no more than the other half.
    pub(super) fn half(&self) -> u64 {
        self.bytes / 2
    }
}

impl Store {
    /// Makes the reserve as large as it is to be. The caller holds the writer's lock.
    pub(super) fn keep_reserve(&self, state: &mut WriterState) {
        let log_bytes = self.segments.read().values().map(|segment| segment.end()).sum();
        state.reserve.keep(self.vfs.as_ref(), &self.folder, &state.space, log_bytes);
    }

    /// Makes room on a full disk for so many bytes, from the reserve, of which so many are to be kept. The caller holds
    /// the writer's lock.
    pub(super) fn give_up_reserve(&self, state: &mut WriterState, bytes: u64, kept_min: u64) -> bool {
        let before = state.reserve.bytes;
        let given = state.reserve.give_up(self.vfs.as_ref(), &self.folder, &state.space, bytes, kept_min);
        if state.reserve.bytes < before {
            tell!(WARN, store = %self.folder.display(), bytes, reserve = state.reserve.bytes, "the disk is full, and the store gives up some of its reserve");
        }
        given
    }

    /// How large the reserve is, by the file's length: of this store's writer, whoever asks.
    pub(crate) fn reserve_bytes(&self) -> u64 {
        folder::reserve_bytes(self.vfs.as_ref(), &self.folder)
    }
}

/// Lets the file reach from one length to another, with blocks of the disk behind it.
fn grow(vfs: &dyn Vfs, store: &Path, from: u64, to: u64) -> io::Result<()> {
    let path = folder::reserve(store);
    let file = match vfs.open(&path, Access::ReadWrite) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => vfs.create_new(&path)?,
        other => other?,
    };
    let grown = match file.reserve(from, to) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => fill(file.as_ref(), from, to),
        other => other,
    };
    if grown.is_err() && from == 0 {
        // What is left of it would be of the room that is short.
        let _ = vfs.remove_file(&path);
    }
    grown
}

/// Writes bytes that no file system can compress: zeros would take no room on some.
fn fill(file: &dyn VfsFile, from: u64, to: u64) -> io::Result<()> {
    const STEP_BYTES: u64 = 64 * 1024;
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ from;
    let mut at = from;
    let mut bytes = Vec::new();
    while at < to {
        bytes.clear();
        let length = STEP_BYTES.min(to - at) as usize;
        while bytes.len() < length {
            // Xorshift, by George Marsaglia.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes.extend_from_slice(&state.to_le_bytes());
        }
        file.write_all_at(bytes.get(..length).unwrap_or_default(), at)?;
        at += length as u64;
    }
    Ok(())
}
