//! Where in a file which chunk is: down the tree of lists from the root.
//!
//! The lists of the current path are kept, so that going on costs one list in hundreds of chunks, and a jump one a level.
//! Every length is checked against what the level above says, so a damaged or hostile tree is an error and never a loop.

use crate::chunk::{list_entry, walk_list};
use crate::error::{Error, ErrorCode, Result};
use crate::event::ContentForm;
use crate::id::ChunkId;
use crate::store::{Store, StoredList};

/// The way to a place in a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// From the root down to the chunk that was asked for last.
    path: Vec<OpenList>,
}

/// A chunk of the file, where it begins there, and how long it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located {
    pub(super) id: ChunkId,
    pub(super) start: u64,
    pub(super) length: u64,
}

#[derive(Clone, Debug, Default)]
struct OpenList {
    /// None while it is not read.
    list: Option<StoredList>,
    /// Bytes of the file under it.
    length: u64,
    /// Where each entry ends, counted from the beginning of the first.
    ends: Vec<u64>,
}

impl OpenList {
    fn bytes(&self) -> &[u8] {
        self.list.as_ref().map_or(&[], StoredList::bytes)
    }
}

impl Located {
    pub(super) fn end(&self) -> u64 {
        self.start.saturating_add(self.length)
    }
}

impl Lists {
    /// The chunk that holds `offset` of a file of this form and length, which is longer. `jumped` as of [`Store::read_list`].
    pub(super) fn locate(
        &mut self,
        store: &Store,
        form: &ContentForm,
        length: u64,
        offset: u64,
        jumped: bool,
    ) -> Result<Located> {
        let (levels, root) = match form {
            ContentForm::Inline(_) => return Err(damaged("an inline file has no chunks")),
            ContentForm::Chunk(id) => return Ok(Located { id: *id, start: 0, length }),
            ContentForm::Tree { levels, root } => (usize::from(*levels), *root),
        };
        let (mut id, mut start, mut length) = (root, 0, length);
        for depth in 0..levels {
            let list = self.open(store, depth, levels, (id, length), jumped)?;
            let within = offset - start;
            let at = list.ends.partition_point(|end| *end <= within);
            let found = list.ends.get(at).zip(list_entry(list.bytes(), at));
            let (end, found) =
                found.ok_or_else(|| damaged("a chunk list is shorter than its parent says"))?;
            (id, start, length) = (found.id, start + (end - found.length), found.length);
        }
        Ok(Located { id, start, length })
    }

    fn open(
        &mut self,
        store: &Store,
        depth: usize,
        levels: usize,
        (id, length): (ChunkId, u64),
        jumped: bool,
    ) -> Result<&OpenList> {
        if self.path.len() <= depth {
            self.path.resize_with(depth + 1, OpenList::default);
        }
        let list = self.path.get_mut(depth).ok_or_else(|| damaged("a chunk list has no place"))?;
        if list.list.as_ref().is_some_and(|open| *open.id() == id) && list.length == length {
            return Ok(list);
        }
        // Where it fails, there is none.
        list.list = None;
        list.ends.clear();
        let level = (levels - 1 - depth) as u8;
        let read = store.read_list(&id, jumped)?;
        walk_list(read.bytes(), level, |_, end| list.ends.push(end))?;
        if list.ends.last() != Some(&length) {
            return Err(damaged(&format!("chunk list {id} has another length than its parent says")));
        }
        (list.list, list.length) = (Some(read), length);
        Ok(list)
    }
}

pub(super) fn damaged(what: &str) -> Error {
    Error::new(ErrorCode::Corrupt, what)
}
