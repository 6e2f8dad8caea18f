//! Lists of the chunks of a large file, and lists of lists.
//!
//! A list is cut by content as a file is: it ends behind an entry whose id says so. An insertion into a large
//! file changes the lists around it and no others.
//!
//! The rule, level by level. Level 0 takes the chunks of the file in order. A list of any level ends behind an
//! entry when it has at least [`LIST_ENTRIES_MIN`] entries and the low seven bits of the first byte of the
//! entry's id are zero, or when it has [`LIST_ENTRIES_MAX`]. A list that ends is an entry of the level above. At
//! the end of the file, from level 0 upwards: if the level has no other list, open or ended, its one list is the
//! root, and that is all; otherwise its open list, if it has entries, ends.
//!
//! ```text
//! list  = level u8 · entry+
//! entry = length u64 · id 64     length: bytes of the file under it
//! ```

use super::profile::{CHUNK_BYTES_MAX, LIST_CUT_MASK, LIST_ENTRIES_MAX, LIST_ENTRIES_MIN};
use crate::codec::{Reader, malformed};
use crate::error::Result;
use crate::hash;
use crate::id::{ChunkId, ID_BYTES};
use crate::limits::FILE_BYTES_MAX;

const ENTRY_BYTES: usize = 8 + ID_BYTES;

/// Most levels of a file. The largest file has 2^48 chunks of the least length; every list but a level's last
/// has 32 entries or more, so ten levels are enough, and two more are for short last chunks and lists.
pub(crate) const LEVELS_MAX: u8 = 12;

/// A chunk, or a list of the level below, with the length of the file under it in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListEntry {
    pub(crate) id: ChunkId,
    pub(crate) length: u64,
}

/// Makes the lists of a file from its chunks, in one pass, holding one open list a level.
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
            if level.ended == 0 {
                if level.open.is_empty() {
                    return Ok(None);
                }
                return Ok(Some((number as u8 + 1, level.end(number, emit)?.id)));
            }
            if level.ended == 1 && level.open.is_empty() {
                // Its one list is the single entry that the level above has.
                let above = self.levels.get(number + 1).and_then(|above| above.open.first());
                return Ok(above.map(|entry| (number as u8 + 1, entry.id)));
            }
            if !level.open.is_empty() {
                let entry = level.end(number, emit)?;
                self.push_at(number + 1, entry, emit)?;
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
        let mut bytes = Vec::with_capacity(1 + self.open.len() * ENTRY_BYTES);
        bytes.push(number as u8);
        let mut length = 0;
        for entry in self.open.drain(..) {
            length += entry.length;
            bytes.extend_from_slice(&entry.length.to_le_bytes());
            bytes.extend_from_slice(entry.id.as_bytes());
        }
        self.ended += 1;
        let id = hash::list_id(&bytes);
        emit(id, bytes)?;
        Ok(ListEntry { id, length })
    }
}

/// The entries of a list that should be of this level; `corrupt` for whatever breaks the rules.
pub(crate) fn decode_list(bytes: &[u8], level: u8) -> Result<Vec<ListEntry>> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != level || level >= LEVELS_MAX {
        return Err(malformed("a chunk list is of another level than its parent says"));
    }
    let mut entries = Vec::with_capacity(bytes.len() / ENTRY_BYTES);
    let mut sum = 0u64;
    while !reader.is_empty() {
        let length = reader.u64()?;
        let id = ChunkId::new(reader.array()?);
        sum = sum.saturating_add(length);
        let too_long = level == 0 && length > CHUNK_BYTES_MAX as u64;
        if length == 0 || too_long || sum > FILE_BYTES_MAX || entries.len() >= LIST_ENTRIES_MAX {
            return Err(malformed("a chunk list has an entry that it cannot have"));
        }
        entries.push(ListEntry { id, length });
    }
    if entries.is_empty() {
        return Err(malformed("a chunk list is empty"));
    }
    Ok(entries)
}
