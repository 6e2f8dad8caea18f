//! Walking the trees by sequence number.
//!
//! Every walk takes `as_of`, the number that the walk must not see: what was committed since is invisible.
//!
//! A tier may be made to deceive, so a link is followed only to an event that says of itself that it hangs under the
//! same parent. Then siblings ascend, parents descend, and every walk ends.

use super::{EventRow, Index};
use crate::id::EventId;

impl Index {
    /// The first child, if it was there before `as_of`. 0 for none.
    pub(crate) fn first_child(&self, parent: u64, as_of: u64) -> u64 {
        let row = self.row(parent);
        row.and_then(|row| self.first_child_row(&row, as_of)).map_or(0, |row| row.sequence)
    }

    /// As [`Index::first_child`], from row to row.
    pub(crate) fn first_child_row(&self, parent: &EventRow, as_of: u64) -> Option<EventRow> {
        let first = parent.first_child;
        let sequence = parent.sequence;
        let found = if first != 0 { first } else { self.first_below(sequence, self.part(sequence) + 1) };
        self.child_of(sequence, found, as_of)
    }

    /// The child after this one, if it was there before `as_of`. 0 for none, here and below.
    pub(crate) fn next_sibling(&self, child: u64, as_of: u64) -> u64 {
        let row = self.row(child);
        row.and_then(|row| self.next_sibling_row(&row, as_of)).map_or(0, |row| row.sequence)
    }

    /// As [`Index::next_sibling`], from row to row.
    pub(crate) fn next_sibling_row(&self, child: &EventRow, as_of: u64) -> Option<EventRow> {
        let parent = child.known_parent();
        if parent == 0 {
            return None;
        }
        let next = child.next_sibling;
        let found = if next != 0 { next } else { self.first_below(parent, self.part(child.sequence) + 1) };
        if found > child.sequence { self.child_of(parent, found, as_of) } else { None }
    }

    /// The first child of an event that is in the part at this position or in a later one. The event is in an earlier
    /// one.
    fn first_below(&self, parent: u64, part: usize) -> u64 {
        let tiers = self.tiers.iter().skip(part).map(|tier| tier.below(parent));
        let in_memory = (part <= self.tiers.len()).then(|| self.memory.below(parent));
        tiers.chain(in_memory).find(|first| *first != 0).unwrap_or(0)
    }

    fn child_of(&self, parent: u64, child: u64, as_of: u64) -> Option<EventRow> {
        let row = if before(child, as_of) == 0 { None } else { self.row(child) };
        row.filter(|row| row.known_parent() == parent)
    }

    /// The parent, where it is known.
    pub(crate) fn parent(&self, sequence: u64) -> u64 {
        self.row(sequence).map_or(0, |row| row.known_parent())
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
        children.sort_by_cached_key(|sequence| self.time_and_id(*sequence));
        children
    }

    fn time_and_id(&self, sequence: u64) -> Option<(u64, EventId)> {
        self.row(sequence).map(|row| (row.time.0, row.id))
    }

    /// The root at a position, in commit order, if it was there before `as_of`.
    pub(crate) fn root_at(&self, position: usize, as_of: u64) -> u64 {
        let mut at = position as u64;
        for tier in &self.tiers {
            match at.checked_sub(tier.roots()) {
                None => return before(tier.root(at), as_of),
                Some(rest) => at = rest,
            }
        }
        self.memory.roots.get(at as usize).map_or(0, |root| before(*root, as_of))
    }

    /// The roots of this title, in commit order, before `as_of`.
    pub(crate) fn titled(&self, title: &str, as_of: u64) -> Vec<u64> {
        let mut roots = Vec::new();
        for tier in &self.tiers {
            let positions = tier.title_from(title, false)..tier.roots();
            let titles = positions.map_while(|at| tier.title(at)).take_while(|(here, _)| *here == title);
            roots.extend(titles.map(|(_, root)| root));
        }
        roots.extend(self.memory.titles.get(title).into_iter().flatten());
        roots.retain(|root| *root < as_of);
        roots
    }

    /// The first title after this one that has a root before `as_of`, with its roots by (time, id).
    pub(crate) fn next_title(&self, after: Option<&str>, as_of: u64) -> Option<(String, Vec<EventId>)> {
        let mut after = after.map(str::to_owned);
        loop {
            let title = self.title_after(after.as_deref())?;
            let mut roots = self.titled(&title, as_of);
            roots.sort_by_cached_key(|root| self.time_and_id(*root));
            let ids: Vec<EventId> = roots.iter().filter_map(|root| Some(self.row(*root)?.id)).collect();
            if !ids.is_empty() {
                return Some((title, ids));
            }
            after = Some(title);
        }
    }

    /// The first title after this one, in whichever part.
    fn title_after(&self, after: Option<&str>) -> Option<String> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = after.map_or(Unbounded, Excluded);
        let in_memory = self.memory.titles.range::<str, _>((from, Unbounded)).next();
        let in_tiers = self.tiers.iter().filter_map(|tier| {
            let at = after.map_or(0, |after| tier.title_from(after, true));
            let title = tier.title(at)?.0;
            // A tier whose titles do not ascend must not lead back.
            after.is_none_or(|after| title > after).then_some(title)
        });
        in_tiers.chain(in_memory.map(|(title, _)| title.as_str())).min().map(str::to_owned)
    }

    /// Whether the title index has this root under this title.
    pub(crate) fn has_title(&self, title: &str, root: u64) -> bool {
        let in_memory = self.memory.titles.get(title).is_some_and(|roots| roots.binary_search(&root).is_ok());
        in_memory || self.tiers.get(self.part(root)).is_some_and(|tier| tier.has_title(title, root))
    }
}

fn before(sequence: u64, as_of: u64) -> u64 {
    if sequence < as_of { sequence } else { 0 }
}
