//! Asking for events, and walking the trees.

use super::cursor::PAGE;
use super::walk::Walk;
use super::{Database, EventCursor, IdCursor, RootCursor};
use crate::error::{Error, ErrorCode, Result};
use crate::event::Event;
use crate::id::EventId;
use crate::index::{EventRow, Index, Parent};
use crate::latency::Operation;
use crate::store::event_not_found;

/// In which order children come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As this store committed them.
    #[default]
    Commit,
    /// By time, then by id: the same on every replica. Costs 8 bytes of memory a child while it lasts.
    Time,
}

impl Database {
    /// All roots, in commit order.
    ///
    /// # Errors
    ///
    /// `closed`.
    pub fn roots(&self) -> Result<EventCursor> {
        let store = self.enter()?;
        let walk = Walk::roots(store.sequence_end());
        Ok(EventCursor::new(&self.shared, walk))
    }

    /// The roots of this title, in commit order.
    ///
    /// # Errors
    ///
    /// `closed`.
    pub fn roots_titled(&self, title: &str) -> Result<EventCursor> {
        let store = self.enter()?;
        let as_of = store.sequence_end();
        let found = store.query(|index| index.titled(title, as_of))?;
        Ok(EventCursor::new(&self.shared, Walk::list(as_of, found)))
    }

    /// The title index: every root with its title.
    ///
    /// # Errors
    ///
    /// `closed`.
    pub fn root_index(&self) -> Result<RootCursor> {
        let store = self.enter()?;
        let as_of = store.sequence_end();
        Ok(RootCursor::new(&self.shared, as_of))
    }

    /// The event of this id.
    ///
    /// # Errors
    ///
    /// `event_not_found`; `corrupt`; `io`; `closed`; as all that ask for an event.
    pub fn event(&self, id: impl Into<EventId>) -> Result<Event> {
        let store = self.enter()?;
        let id = id.into();
        if store.latencies().is_measured(Operation::Event) {
            store.measured_event(&id)
        } else {
            store.event(&id)
        }
    }

    /// The metadata of the event: its own, else that of its nearest ancestor that has some.
    ///
    /// # Errors
    ///
    /// As [`event`](Database::event); `corrupt` also where an ancestor that might have some is lost to damage.
    pub fn metadata(&self, event: impl Into<EventId>) -> Result<Option<Vec<u8>>> {
        let store = self.enter()?;
        let id = event.into();
        let found =
            store.query(|index| nearest(index, sequence_of(index, &id)?, |row| row.has_metadata))??;
        match found {
            None => Ok(None),
            Some(row) => Ok(store.read_event(&row)?.metadata().map(<[u8]>::to_vec)),
        }
    }

    /// The event that this one hangs under; none for a root.
    ///
    /// # Errors
    ///
    /// As [`event`](Database::event); `corrupt` also where the parent is lost to damage.
    pub fn parent(&self, event: impl Into<EventId>) -> Result<Option<Event>> {
        let store = self.enter()?;
        let event = store.event(&event.into())?;
        let Some(parent) = event.parent() else { return Ok(None) };
        let row = store.query(|index| index.find(&parent))?.ok_or_else(|| parent_lost(&event.id()))?;
        store.read_event(&row).map(Some)
    }

    /// The events directly under this one. A million of them are nothing special.
    ///
    /// # Errors
    ///
    /// As [`event`](Database::event).
    pub fn children(&self, event: impl Into<EventId>, order: Order) -> Result<EventCursor> {
        let store = self.enter()?;
        let id = event.into();
        let walk = store.query(|index| child_walk(index, &id, order))??;
        Ok(EventCursor::new(&self.shared, walk))
    }

    /// The ids of the events directly under this one, without reading them.
    ///
    /// # Errors
    ///
    /// As [`event`](Database::event).
    pub fn child_ids(&self, event: impl Into<EventId>, order: Order) -> Result<IdCursor> {
        let store = self.enter()?;
        let _timer = store.latencies().start(Operation::CursorPage);
        let id = event.into();
        let (walk, ids) = store.query(|index| {
            let (mut ids, parent) = (Vec::new(), parent_row(index, &id)?);
            let take = |row: EventRow| {
                ids.push(row.id);
                ids.len() < PAGE
            };
            let walk = match order {
                Order::Commit => Walk::children_from(index, &parent, take),
                Order::Time => {
                    let mut walk = children_by_time(index, &parent);
                    walk.go_on(index, take);
                    walk
                }
            };
            Ok::<_, Error>((walk, ids))
        })??;
        Ok(IdCursor::beginning_with(&self.shared, walk, ids))
    }

    /// The events above this one, nearest first, a root last.
    ///
    /// # Errors
    ///
    /// As [`event`](Database::event); `corrupt` also where one of them is lost to damage.
    pub fn ancestors(&self, event: impl Into<EventId>) -> Result<EventCursor> {
        let store = self.enter()?;
        let id = event.into();
        let walk = store.query(|index| {
            let start = sequence_of(index, &id)?;
            nearest(index, start, |_| false)?;
            Ok::<Walk, Error>(Walk::ancestors(index, start))
        })??;
        Ok(EventCursor::new(&self.shared, walk))
    }

    /// All events under this one: parents before their children, children in commit order, depth first.
    ///
    /// # Errors
    ///
    /// As [`event`](Database::event).
    pub fn descendants(&self, event: impl Into<EventId>) -> Result<EventCursor> {
        let store = self.enter()?;
        let (id, as_of) = (event.into(), store.sequence_end());
        let top = store.query(|index| sequence_of(index, &id))??;
        let walk = Walk::descendants(as_of, top);
        Ok(EventCursor::new(&self.shared, walk))
    }
}

/// The first row from this event upwards that is looked for; none where the root is passed. `corrupt` where the way
/// up is lost before: what is not known is not the same as what is not there.
fn nearest(index: &Index, start: u64, wanted: impl Fn(&EventRow) -> bool) -> Result<Option<EventRow>> {
    let mut at = start;
    while let Some(row) = index.row(at) {
        if row.damaged {
            let message =
                format!("event {} is damaged, so nobody knows what it hangs under; run verify", row.id);
            return Err(Error::new(ErrorCode::Corrupt, message));
        }
        if wanted(&row) {
            return Ok(Some(row));
        }
        at = match row.parent {
            Parent::None => return Ok(None),
            Parent::Known(parent) => parent,
            Parent::Lost => return Err(parent_lost(&row.id)),
        };
    }
    Ok(None)
}

/// The way through the children of an event.
fn child_walk(index: &Index, event: &EventId, order: Order) -> Result<Walk> {
    let parent = parent_row(index, event)?;
    Ok(match order {
        Order::Commit => Walk::children(index, &parent),
        Order::Time => children_by_time(index, &parent),
    })
}

fn children_by_time(index: &Index, parent: &EventRow) -> Walk {
    let as_of = index.sequence_end();
    Walk::list(as_of, index.children_by_time(parent.sequence, as_of))
}

fn parent_row(index: &Index, event: &EventId) -> Result<EventRow> {
    index.find(event).ok_or_else(|| event_not_found(event))
}

fn parent_lost(id: &EventId) -> Error {
    Error::new(ErrorCode::Corrupt, format!("the parent of event {id} is lost to damage; run verify"))
}

fn sequence_of(index: &Index, id: &EventId) -> Result<u64> {
    index.sequence_of(id).ok_or_else(|| event_not_found(id))
}
