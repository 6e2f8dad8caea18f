//! Walking the trees by sequence number.
//!
//! Every walk takes `as_of`, the number that the walk must not see: what was committed since is invisible.

use super::{Index, Parent};
use crate::id::EventId;

impl Index {
    /// Hangs `child` under `parent`, behind its other children.
    pub(super) fn link(&mut self, parent: u64, child: u64) {
        let Some(row) = self.rows.get_mut(parent) else { return };
        let last = row.last_child;
        row.last_child = child;
        if last == 0 {
            row.first_child = child;
        } else if let Some(sibling) = self.rows.get_mut(last) {
            sibling.next_sibling = child;
        }
    }

    /// The first child, if it was there before `as_of`. 0 for none, here and below.
    pub(crate) fn first_child(&self, parent: u64, as_of: u64) -> u64 {
        self.row(parent).map_or(0, |row| before(row.first_child, as_of))
    }

    /// The child after this one, if it was there before `as_of`.
    pub(crate) fn next_sibling(&self, child: u64, as_of: u64) -> u64 {
        self.row(child).map_or(0, |row| before(row.next_sibling, as_of))
    }

    /// The parent, where it is known.
    pub(crate) fn parent(&self, sequence: u64) -> u64 {
        match self.row(sequence).map(|row| row.parent) {
            Some(Parent::Known(parent)) => parent,
            _ => 0,
        }
    }

    /// The event after this one in a walk of the tree under `top`: parents first, children in commit order.
    pub(crate) fn next_in_tree(&self, top: u64, current: u64, as_of: u64) -> u64 {
        let down = self.first_child(current, as_of);
        if down != 0 {
            return down;
        }
        let mut at = current;
        while at != top && at != 0 {
            let next = self.next_sibling(at, as_of);
            if next != 0 {
                return next;
            }
            at = self.parent(at);
        }
        0
    }

    /// All children before `as_of` by (time, id).
    pub(crate) fn children_by_time(&self, parent: u64, as_of: u64) -> Vec<u64> {
        let mut children = Vec::new();
        let mut at = self.first_child(parent, as_of);
        while at != 0 {
            children.push(at);
            at = self.next_sibling(at, as_of);
        }
        children.sort_by_key(|sequence| self.time_and_id(*sequence));
        children
    }

    fn time_and_id(&self, sequence: u64) -> Option<(u64, EventId)> {
        self.row(sequence).map(|row| (row.time.0, row.id))
    }

    /// The roots from position `from` on, in commit order, before `as_of`.
    pub(crate) fn root_at(&self, from: usize, as_of: u64) -> u64 {
        self.roots.get(from).map_or(0, |root| before(*root, as_of))
    }

    /// The roots of this title, in commit order, before `as_of`.
    pub(crate) fn titled(&self, title: &str, as_of: u64) -> Vec<u64> {
        let roots = self.titles.get(title).map(Vec::as_slice).unwrap_or_default();
        roots.iter().copied().filter(|root| *root < as_of).collect()
    }

    /// The first title after this one that has a root before `as_of`, with its roots by (time, id).
    pub(crate) fn next_title(&self, after: Option<&str>, as_of: u64) -> Option<(String, Vec<EventId>)> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = after.map_or(Unbounded, Excluded);
        self.titles.range::<str, _>((from, Unbounded)).find_map(|(title, roots)| {
            let mut roots: Vec<u64> = roots.iter().copied().filter(|root| *root < as_of).collect();
            roots.sort_by_key(|root| self.time_and_id(*root));
            let ids: Vec<EventId> = roots.iter().filter_map(|root| Some(self.row(*root)?.id)).collect();
            (!ids.is_empty()).then(|| (title.clone(), ids))
        })
    }

    /// Whether the title index has this root under this title.
    pub(crate) fn has_title(&self, title: &str, root: u64) -> bool {
        self.titles.get(title).is_some_and(|roots| roots.binary_search(&root).is_ok())
    }

    /// The titles, for the checkpoint.
    pub(super) fn title_of(&self) -> std::collections::HashMap<u64, &str> {
        let by_root =
            self.titles.iter().flat_map(|(title, roots)| roots.iter().map(|root| (*root, title.as_str())));
        by_root.collect()
    }
}

fn before(sequence: u64, as_of: u64) -> u64 {
    if sequence < as_of { sequence } else { 0 }
}
