//! A stored file, read from any place.
//!
//! Reading goes down the tree of lists from the root. The lists of the current path and the current chunk are
//! kept, so that reading on costs one chunk at a time, and a jump costs one list a level. Every length is
//! checked against what the level above says, so a damaged or hostile tree is an error and never a loop.

use std::sync::Arc;

use crate::chunk::{ListEntry, decode_list, profile};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Content, ContentForm};
use crate::id::ChunkId;
use crate::store::Store;

#[derive(Debug)]
pub(crate) struct ContentReader {
    content: Content,
    /// The lists from the root down to the chunk that was read last.
    path: Vec<OpenList>,
    chunk: OpenChunk,
}

/// A chunk of the file, where it begins there, and how long it is.
#[derive(Clone, Copy, Debug)]
struct Located {
    id: ChunkId,
    start: u64,
    length: u64,
}

#[derive(Debug)]
struct OpenList {
    id: ChunkId,
    /// Bytes of the file under it.
    length: u64,
    entries: Arc<[ListEntry]>,
}

/// The chunk that was read last, and where it stands in the file.
#[derive(Debug, Default)]
struct OpenChunk {
    start: u64,
    bytes: Vec<u8>,
    scratch: Vec<u8>,
}

impl ContentReader {
    /// `newer_format` for a profile that this version does not know: its lists may follow other rules.
    pub(crate) fn new(content: Content) -> Result<ContentReader> {
        if content.profile != profile::NUMBER && !matches!(content.form, ContentForm::Inline(_)) {
            let message = format!(
                "the file was stored by a newer version of the library, with format profile {}; use that version",
                content.profile
            );
            return Err(Error::new(ErrorCode::NewerFormat, message));
        }
        Ok(ContentReader { content, path: Vec::new(), chunk: OpenChunk::default() })
    }

    pub(crate) fn length(&self) -> u64 {
        self.content.length
    }

    /// Reads at `offset` as much as one chunk gives, at least one byte before the end.
    pub(crate) fn read_at(&mut self, store: &Store, offset: u64, out: &mut [u8]) -> Result<usize> {
        if offset >= self.content.length || out.is_empty() {
            return Ok(0);
        }
        if let ContentForm::Inline(bytes) = &self.content.form {
            return Ok(copy_from(bytes, offset, out));
        }
        let within = offset.wrapping_sub(self.chunk.start);
        if offset < self.chunk.start || within >= self.chunk.bytes.len() as u64 {
            let found = self.locate(store, offset)?;
            let whole = usize::try_from(found.length).ok().and_then(|length| out.get_mut(..length));
            if let Some(out) = whole.filter(|_| found.start == offset) {
                store.read_chunk(&found.id, out)?;
                return Ok(out.len());
            }
            self.load_chunk(store, found)?;
        }
        Ok(copy_from(&self.chunk.bytes, offset - self.chunk.start, out))
    }

    /// Reads until `out` is full or the file ends.
    pub(crate) fn read_full_at(&mut self, store: &Store, offset: u64, out: &mut [u8]) -> Result<usize> {
        let mut done = 0;
        while let Some(rest) = out.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let read = self.read_at(store, offset + done as u64, rest)?;
            if read == 0 {
                break;
            }
            done += read;
        }
        Ok(done)
    }

    /// Makes a chunk the current one.
    fn load_chunk(&mut self, store: &Store, found: Located) -> Result<()> {
        // Where it fails, there is no current one.
        let mut bytes = std::mem::take(&mut self.chunk.bytes);
        let length = usize::try_from(found.length).ok().filter(|length| *length <= profile::CHUNK_BYTES_MAX);
        let length =
            length.ok_or_else(|| damaged(&format!("chunk {} is longer than chunks are", found.id)))?;
        bytes.resize(length, 0);
        store.read_chunk(&found.id, &mut bytes)?;
        self.chunk.bytes = bytes;
        self.chunk.start = found.start;
        Ok(())
    }

    /// The chunk that holds `offset`.
    fn locate(&mut self, store: &Store, offset: u64) -> Result<Located> {
        let (levels, root) = match self.content.form {
            ContentForm::Inline(_) => return Err(damaged("an inline file has no chunks")),
            ContentForm::Chunk(id) => return Ok(Located { id, start: 0, length: self.content.length }),
            ContentForm::Tree { levels, root } => (usize::from(levels), root),
        };
        let (mut id, mut start, mut length) = (root, 0, self.content.length);
        for depth in 0..levels {
            let entries = self.open_list(store, depth, levels, id, length)?;
            let mut at = start;
            let found = entries.iter().find(|entry| {
                let here = offset < at + entry.length;
                at += if here { 0 } else { entry.length };
                here
            });
            let found = found.ok_or_else(|| damaged("a chunk list is shorter than its parent says"))?;
            (id, start, length) = (found.id, at, found.length);
        }
        Ok(Located { id, start, length })
    }

    fn open_list(
        &mut self,
        store: &Store,
        depth: usize,
        levels: usize,
        id: ChunkId,
        length: u64,
    ) -> Result<Arc<[ListEntry]>> {
        if let Some(open) = self.path.get(depth).filter(|open| open.id == id && open.length == length) {
            return Ok(Arc::clone(&open.entries));
        }
        let level = (levels - 1 - depth) as u8;
        let mut bytes = std::mem::take(&mut self.chunk.scratch);
        store.read_list(&id, &mut bytes)?;
        let entries: Arc<[ListEntry]> = decode_list(&bytes, level)?.into();
        self.chunk.scratch = bytes;
        if entries.iter().map(|entry| entry.length).sum::<u64>() != length {
            return Err(damaged(&format!("chunk list {id} has another length than its parent says")));
        }
        self.path.truncate(depth);
        self.path.push(OpenList { id, length, entries: Arc::clone(&entries) });
        Ok(entries)
    }
}

fn copy_from(bytes: &[u8], offset: u64, out: &mut [u8]) -> usize {
    let from = usize::try_from(offset).unwrap_or(usize::MAX);
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.len().min(out.len());
    if let (Some(to), Some(from)) = (out.get_mut(..length), rest.get(..length)) {
        to.copy_from_slice(from);
    }
    length
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorCode::Corrupt, what)
}
