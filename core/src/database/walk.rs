//! The ways through the trees, by sequence number.
//!
//! A walk sees the store as of the moment it began: everything below `as_of`. It holds positions, not locks, so
//! it never keeps a writer waiting.

use std::sync::Arc;

use crate::index::{EventRow, Index};

/// A way through the trees, and how far it has come.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    as_of: u64,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    /// A child and its later siblings, in commit order; 0 at the end.
    Siblings { next: u64 },
    /// An event and its ancestors; 0 at the end.
    Upwards { next: u64 },
    /// What hangs under `top`, behind `current`; `current` is 0 at the end.
    Tree { top: u64, current: u64 },
    /// All roots from a position on.
    Roots { at: usize },
    /// A list made at the beginning.
    List { sequences: Arc<[u64]>, at: usize },
}

impl Walk {
    pub(super) fn children(index: &Index, parent: &EventRow) -> Walk {
        let as_of = index.sequence_end();
        let first = index.first_child_row(parent, as_of);
        Walk { as_of, way: Way::Siblings { next: first.map_or(0, |row| row.sequence) } }
    }

    /// As [`Walk::children`], of which `take` gets the first ones, until it says that it is enough.
    pub(super) fn children_from(
        index: &Index,
        parent: &EventRow,
        take: impl FnMut(EventRow) -> bool,
    ) -> Walk {
        let mut walk = Walk { as_of: index.sequence_end(), way: Way::Siblings { next: 0 } };
        let first = index.first_child_row(parent, walk.as_of);
        walk.go_along(index, first, take);
        walk
    }

    pub(super) fn ancestors(index: &Index, event: u64) -> Walk {
        Walk { as_of: index.sequence_end(), way: Way::Upwards { next: index.parent(event) } }
    }

    pub(super) fn descendants(as_of: u64, top: u64) -> Walk {
        Walk { as_of, way: Way::Tree { top, current: top } }
    }

    pub(super) fn roots(as_of: u64) -> Walk {
        Walk { as_of, way: Way::Roots { at: 0 } }
    }

    pub(super) fn list(as_of: u64, sequences: Vec<u64>) -> Walk {
        Walk { as_of, way: Way::List { sequences: sequences.into(), at: 0 } }
    }

    /// Whether it is known that nothing more comes.
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.way, Way::Siblings { next: 0 })
    }

    /// Goes on, giving the events that are known, until `wants_more` says that it is enough.
    pub(super) fn go_on(&mut self, index: &Index, mut wants_more: impl FnMut(EventRow) -> bool) {
        if let Way::Siblings { next } = self.way {
            return self.go_along(index, index.row(next), wants_more);
        }
        while let Some(sequence) = self.next_sequence(index) {
            if index.row(sequence).is_some_and(|row| !wants_more(row)) {
                return;
            }
        }
    }

    /// Gives a child and its later siblings, until `wants_more` says that it is enough.
    fn go_along(
        &mut self,
        index: &Index,
        mut row: Option<EventRow>,
        mut wants_more: impl FnMut(EventRow) -> bool,
    ) {
        while let Some(found) = row {
            // A row is good for as long as the index stays as it is: for this call.
            row = index.next_sibling_row(&found, self.as_of);
            if !wants_more(found) {
                break;
            }
        }
        self.way = Way::Siblings { next: row.map_or(0, |row| row.sequence) };
    }

    fn next_sequence(&mut self, index: &Index) -> Option<u64> {
        let as_of = self.as_of;
        let found = match &mut self.way {
            Way::Siblings { .. } => 0,
            Way::Upwards { next } => {
                let found = *next;
                *next = index.parent(found);
                found
            }
            Way::Tree { top, current } => {
                if *current != 0 {
                    *current = index.next_in_tree(*top, *current, as_of);
                }
                *current
            }
            Way::Roots { at } => {
                let found = index.root_at(*at, as_of);
                *at += 1;
                found
            }
            Way::List { sequences, at } => {
                let found = sequences.get(*at).copied().unwrap_or(0);
                *at += 1;
                found
            }
        };
        (found != 0).then_some(found)
    }
}
