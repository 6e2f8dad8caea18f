//! Lists of the chunks of a large file, and lists of lists. All of it is format.
//!
//! ```text
//! list  = level u8 · entry+          1 to 512 entries, nothing behind them
//! entry = length u64 · id 64         length: bytes of the file under the entry, at least 1
//! ```
//!
//! The entries of a list of level 0 are chunks, those of a list of level n are lists of level n - 1. The id
//! of a list is the hash of its encoding ([`hash::list_id`]); its length is the sum of its entries' lengths.
//!
//! **Where a list ends.** Level 0 takes the chunks of the file in their order; each level above takes the
//! lists of the level below in theirs. Each level has at most one open list. An entry is appended to it, and
//! then the list ends if it has [`LIST_ENTRIES_MIN`] entries or more and the low seven bits of the first byte
//! of that entry's id are zero, or if it has [`LIST_ENTRIES_MAX`] entries. A list that ends is appended, as
//! an entry, to the level above, which may end a list there in turn.
//!
//! **The end of the file.** For each level, from 0 upwards: if its open list has entries, that list ends now,
//! as above. If the level has then made exactly one list in all, this list is the root, and nothing is done
//! with the levels above. Otherwise go on with the level above. So a list is never wrapped in a list that
//! holds it alone and is the root, and an empty list does not exist. The number of levels of a file is the
//! root's level plus one.
//!
//! So lists are cut by content, as the file is: an insertion changes the lists around it, one or two a level,
//! and no others.
//!
//! Fails: [`decode_list`] with `corrupt`; [`ListBuilder`] only where `emit` does.

use super::profile::{CHUNK_BYTES_MAX, CHUNK_BYTES_MIN, LIST_CUT_MASK, LIST_ENTRIES_MAX, LIST_ENTRIES_MIN};
use crate::codec::{Reader, malformed};
use crate::error::Result;
use crate::hash;
use crate::id::{ChunkId, ID_BYTES};
use crate::limits::FILE_BYTES_MAX;

pub(super) const ENTRY_BYTES: usize = 8 + ID_BYTES;

/// Most levels of a file: 10. The longest file has fewer than 2^48 chunks, for all but its last are longer
/// than [`CHUNK_BYTES_MIN`]; and n entries make at most n / 32 lists, rounded up, for all but a level's last
/// have [`LIST_ENTRIES_MIN`] entries or more.
pub(crate) const LEVELS_MAX: u8 = levels_of(FILE_BYTES_MAX.div_ceil(CHUNK_BYTES_MIN as u64 + 1));

const _: () = assert!(LEVELS_MAX == 10);

/// Most levels that so many chunks can have.
const fn levels_of(chunks: u64) -> u8 {
    let mut lists = chunks;
    let mut levels = 0;
    loop {
        lists = lists.div_ceil(LIST_ENTRIES_MIN as u64);
        levels += 1;
        if lists <= 1 {
            return levels;
        }
    }
}

/// A chunk, or a list of the level below, with the length of the file under it in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListEntry {
    pub(crate) id: ChunkId,
    pub(crate) length: u64,
}

/// Makes the lists of a file from its chunks, in one pass.
///
/// Memory is bounded: one open list a level, 36 KiB each. After `emit` has failed, the builder is of no more
/// use.
#[derive(Debug, Default)]
pub(crate) struct ListBuilder {
    levels: Vec<Level>,
}

#[derive(Debug, Default)]
struct Level {
    open: Vec<ListEntry>,
    /// Lists of this level that have ended.
    ended: u64,
}

impl ListBuilder {
    pub(crate) fn new() -> ListBuilder {
        ListBuilder::default()
    }

    /// Takes the next chunk. `emit` gets the id and the bytes of each list that ends.
    pub(crate) fn push(
        &mut self,
        id: ChunkId,
        length: u64,
        emit: &mut dyn FnMut(ChunkId, Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        self.push_at(0, ListEntry { id, length }, emit)
    }

    /// Ends the file, and gives the number of levels and the id of the root. None for a file without chunks.
    pub(crate) fn finish(
        mut self,
        emit: &mut dyn FnMut(ChunkId, Vec<u8>) -> Result<()>,
    ) -> Result<Option<(u8, ChunkId)>> {
        let mut number = 0;
        while let Some(level) = self.levels.get_mut(number) {
            if !level.open.is_empty() {
                let entry = level.end(number, emit)?;
                if level.ended == 1 {
                    return Ok(Some((number as u8 + 1, entry.id)));
                }
                self.push_at(number + 1, entry, emit)?;
            } else if level.ended == 1 {
                // It ended at its last entry, and waits above as the only entry there.
                let above = self.levels.get(number + 1).and_then(|above| above.open.first());
                return Ok(above.map(|entry| (number as u8 + 1, entry.id)));
            }
            number += 1;
        }
        Ok(None)
    }

    fn push_at(
        &mut self,
        from: usize,
        mut entry: ListEntry,
        emit: &mut dyn FnMut(ChunkId, Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        for number in from.. {
            if self.levels.len() == number {
                self.levels.push(Level::default());
            }
            let Some(level) = self.levels.get_mut(number) else { break };
            level.open.push(entry);
            if !level.is_full() {
                break;
            }
            entry = level.end(number, emit)?;
        }
        Ok(())
    }
}

impl Level {
    fn is_full(&self) -> bool {
        let cut = self.open.last().is_some_and(|last| last.id.as_bytes()[0] & LIST_CUT_MASK == 0);
        self.open.len() >= LIST_ENTRIES_MAX || (self.open.len() >= LIST_ENTRIES_MIN && cut)
    }

    /// Ends the open list, which becomes an entry of the level above.
    fn end(
        &mut self,
        number: usize,
        emit: &mut dyn FnMut(ChunkId, Vec<u8>) -> Result<()>,
    ) -> Result<ListEntry> {
        let bytes = encode_list(number as u8, &self.open);
        let length = self.open.iter().map(|entry| entry.length).sum();
        self.open.clear();
        self.ended += 1;
        let id = hash::list_id(&bytes);
        emit(id, bytes)?;
        Ok(ListEntry { id, length })
    }
}

/// The byte form of a list.
pub(super) fn encode_list(level: u8, entries: &[ListEntry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + entries.len() * ENTRY_BYTES);
    bytes.push(level);
    for entry in entries {
        bytes.extend_from_slice(&entry.length.to_le_bytes());
        bytes.extend_from_slice(entry.id.as_bytes());
    }
    bytes
}

/// The entries of a list that should be of this level; `corrupt` for whatever breaks the rules of the
/// encoding.
pub(crate) fn decode_list(bytes: &[u8], expected_level: u8) -> Result<Vec<ListEntry>> {
    let mut entries = Vec::with_capacity(bytes.len() / ENTRY_BYTES);
    walk_list(bytes, expected_level, |entry, _| entries.push(entry))?;
    Ok(entries)
}

/// Visits the entries of a list, each with the sum of the lengths up to its own; as [`decode_list`], without making room
/// for them.
pub(crate) fn walk_list(
    bytes: &[u8],
    expected_level: u8,
    mut visit: impl FnMut(ListEntry, u64),
) -> Result<()> {
    let (level, entries) =
        Reader::new(bytes).u8().map(|level| (level, bytes.get(1..).unwrap_or_default()))?;
    if level != expected_level {
        return Err(malformed(&format!(
            "a chunk list of level {level} stands where level {expected_level} should"
        )));
    }
    if level >= LEVELS_MAX {
        return Err(malformed(&format!("a chunk list has level {level}; the highest is {}", LEVELS_MAX - 1)));
    }
    let (whole, odd) = entries.as_chunks::<ENTRY_BYTES>();
    if !odd.is_empty() || whole.is_empty() || whole.len() > LIST_ENTRIES_MAX {
        let length = bytes.len();
        return Err(malformed(&format!(
            "a chunk list of {length} bytes does not hold 1 to 512 whole entries"
        )));
    }
    let mut sum = 0u64;
    for (at, entry) in whole.iter().enumerate() {
        let entry = ListEntry::of(entry)?;
        sum = sum.saturating_add(entry.length);
        if entry.length == 0 {
            return Err(malformed(&format!("entry {at} of a chunk list has no length")));
        }
        if level == 0 && entry.length > CHUNK_BYTES_MAX as u64 {
            let length = entry.length;
            return Err(malformed(&format!(
                "entry {at} of a chunk list is a chunk of {length} bytes, too long"
            )));
        }
        if sum > FILE_BYTES_MAX {
            return Err(malformed(&format!("at entry {at} a chunk list is longer than the longest file")));
        }
        visit(entry, sum);
    }
    Ok(())
}

/// One entry of a list that was walked.
pub(crate) fn list_entry(bytes: &[u8], at: usize) -> Option<ListEntry> {
    let (whole, _) = bytes.get(1..)?.as_chunks::<ENTRY_BYTES>();
    ListEntry::of(whole.get(at)?).ok()
}

impl ListEntry {
    #[inline]
    fn of(bytes: &[u8; ENTRY_BYTES]) -> Result<ListEntry> {
        let mut reader = Reader::new(bytes);
        Ok(ListEntry { length: reader.u64()?, id: ChunkId::new(reader.array()?) })
    }
}
