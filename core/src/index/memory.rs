//! The part of the index that takes new events and chunks. It lives in memory until it becomes a tier.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::io;

use super::id_table::IdTable;
use super::rows::Rows;
use super::tier::{TierHeader, write_tier};
use super::{ChunkPlace, EventRow, IdHash, Parent};
use crate::event::EventKind;
use crate::id::{ChunkId, EventId};
use crate::log::STORE_ID_BYTES;
use crate::vfs::VfsFile;

/// The children, in this part, of an event of an earlier one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Below {
    pub(super) first: u64,
    last: u64,
}

#[derive(Debug, Default)]
pub(crate) struct MemoryPart {
    pub(super) rows: Rows,
    by_id: IdTable,
    pub(super) chunks: HashMap<ChunkId, ChunkPlace, IdHash>,
    pub(super) below: HashMap<u64, Below, IdHash>,
    /// Roots in commit order, and by title.
    pub(super) roots: Vec<u64>,
    pub(super) titles: BTreeMap<String, Vec<u64>>,
    /// Bytes of all different titles.
    pub(super) title_bytes: u64,
}

impl MemoryPart {
    /// An empty part for events from this number on.
    pub(super) fn starting_at(sequence: u64) -> MemoryPart {
        MemoryPart { rows: Rows::starting_at(sequence), ..MemoryPart::default() }
    }

    /// An empty part that follows this one, with room for as many events: it is to become a tier as large.
    pub(super) fn next(&self) -> MemoryPart {
        let mut next = MemoryPart::starting_at(self.rows.end());
        next.rows.make_room(self.rows.len());
        next.by_id.make_room(self.rows.len());
        next.below.reserve(self.below.len());
        next
    }

    /// Writes it into an empty file, as a tier.
    pub(crate) fn write_tier(
        &self,
        file: &dyn VfsFile,
        store_id: [u8; STORE_ID_BYTES],
        number: u64,
    ) -> io::Result<TierHeader> {
        write_tier(file, store_id, number, self)
    }

    /// Events and chunks.
    pub(super) fn entries(&self) -> u64 {
        (self.rows.len() + self.chunks.len()) as u64
    }

    pub(super) fn find(&self, id: &EventId) -> Option<&EventRow> {
        self.by_id.find(id, self.rows.all())
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &EventId> {
        self.rows.iter().map(|row| &row.id)
    }

    /// Brings near what looking for this event reads first. Gives what was read of it.
    pub(super) fn touch(&self, id: &EventId) -> u32 {
        self.by_id.touch(id)
    }

    /// Brings near what hanging an event under this parent reads first. Gives what was read of it. What it only writes
    /// nobody waits for.
    pub(super) fn touch_parent(&self, parent: u64) -> u64 {
        if parent >= self.rows.start() {
            return self.rows.get(parent).map_or(0, |row| row.last_child);
        }
        self.below.get(&parent).map_or(0, |below| below.last)
    }

    /// Adds an event that is in no part yet; `false` where its number was given out before.
    pub(super) fn insert_row(&mut self, row: &EventRow, title: Option<&str>) -> bool {
        if !self.rows.push(row) {
            return false;
        }
        self.by_id.insert(&row.id, self.rows.len() - 1);
        if row.kind == EventKind::Root {
            self.roots.push(row.sequence);
            let title = title.unwrap_or_default();
            match self.titles.get_mut(title) {
                Some(roots) => roots.push(row.sequence),
                None => {
                    self.title_bytes += title.len() as u64;
                    self.titles.insert(title.to_owned(), vec![row.sequence]);
                }
            }
        }
        if let Parent::Known(parent) = row.parent {
            self.link(parent, row.sequence);
        }
        true
    }

    /// Adds what a later part has.
    pub(super) fn append(&mut self, later: &MemoryPart) {
        let titles =
            later.titles.iter().flat_map(|(title, roots)| roots.iter().map(move |root| (*root, title)));
        let titles: HashMap<u64, &String> = titles.collect();
        for row in later.rows.iter() {
            let row = EventRow { first_child: 0, last_child: 0, next_sibling: 0, ..*row };
            self.insert_row(&row, titles.get(&row.sequence).map(|title| title.as_str()));
        }
        self.chunks.extend(&later.chunks);
        self.rows.reserve(later.rows.end());
    }

    /// Hangs `child` under `parent`, behind its other children.
    fn link(&mut self, parent: u64, child: u64) {
        let last = match self.rows.get_mut(parent) {
            Some(row) => {
                if row.first_child == 0 {
                    row.first_child = child;
                }
                std::mem::replace(&mut row.last_child, child)
            }
            None => match self.below.entry(parent) {
                Entry::Vacant(vacant) => {
                    vacant.insert(Below { first: child, last: child });
                    0
                }
                Entry::Occupied(mut there) => std::mem::replace(&mut there.get_mut().last, child),
            },
        };
        if let Some(sibling) = self.rows.get_mut(last) {
            sibling.next_sibling = child;
        }
    }

    /// The first child, in this part, of an event of an earlier one. 0 for none.
    pub(super) fn below(&self, parent: u64) -> u64 {
        self.below.get(&parent).map_or(0, |below| below.first)
    }
}
