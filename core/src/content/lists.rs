//! Where in a file which chunk is: down the tree of lists from the root.
//!
//! The lists of the current path are kept, so that going on costs one list in hundreds of chunks, and a jump one a level.
//! Every length is checked against what the level above says, so a damaged or hostile tree is an error and never a loop.

use std::sync::Arc;

use crate::chunk::{ListEntry, decode_list};
use crate::error::{Error, ErrorCode, Result};
use crate::event::ContentForm;
use crate::id::ChunkId;
use crate::store::Store;

/// The way to a place in a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// From the root down to the chunk that was asked for last.
    path: Vec<OpenList>,
    scratch: Vec<u8>,
}

/// A chunk of the file, where it begins there, and how long it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located {
    pub(super) id: ChunkId,
    pub(super) start: u64,
    pub(super) length: u64,
}

#[derive(Clone, Debug)]
struct OpenList {
    id: ChunkId,
    /// Bytes of the file under it.
    length: u64,
    /// Its entries, and where each ends, counted from the beginning of the first.
    entries: Arc<[(ListEntry, u64)]>,
}

impl Located {
    pub(super) fn end(&self) -> u64 {
        self.start.saturating_add(self.length)
    }
}

impl Lists {
    /// The chunk that holds `offset` of a file of this form and length, which is longer.
    pub(super) fn locate(
        &mut self,
        store: &Store,
        form: &ContentForm,
        length: u64,
        offset: u64,
    ) -> Result<Located> {
        let (levels, root) = match form {
            ContentForm::Inline(_) => return Err(damaged("an inline file has no chunks")),
            ContentForm::Chunk(id) => return Ok(Located { id: *id, start: 0, length }),
            ContentForm::Tree { levels, root } => (usize::from(*levels), *root),
        };
        let (mut id, mut start, mut length) = (root, 0, length);
        for depth in 0..levels {
            let entries = self.open(store, depth, levels, id, length)?;
            let within = offset - start;
            let at = entries.partition_point(|(_, end)| *end <= within);
            let (found, end) =
                entries.get(at).ok_or_else(|| damaged("a chunk list is shorter than its parent says"))?;
            (id, start, length) = (found.id, start + (end - found.length), found.length);
        }
        Ok(Located { id, start, length })
    }

    fn open(
        &mut self,
        store: &Store,
        depth: usize,
        levels: usize,
        id: ChunkId,
        length: u64,
    ) -> Result<Arc<[(ListEntry, u64)]>> {
        if let Some(open) = self.path.get(depth).filter(|open| open.id == id && open.length == length) {
            return Ok(Arc::clone(&open.entries));
        }
        let level = (levels - 1 - depth) as u8;
        store.read_list(&id, &mut self.scratch)?;
        let mut end = 0u64;
        let entries: Arc<[(ListEntry, u64)]> = decode_list(&self.scratch, level)?
            .into_iter()
            .map(|entry| {
                // Lengths are no more than a file's each, and few.
                end += entry.length;
                (entry, end)
            })
            .collect();
        if end != length {
            return Err(damaged(&format!("chunk list {id} has another length than its parent says")));
        }
        self.path.truncate(depth);
        self.path.push(OpenList { id, length, entries: Arc::clone(&entries) });
        Ok(entries)
    }
}

pub(super) fn damaged(what: &str) -> Error {
    Error::new(ErrorCode::Corrupt, what)
}
