//! Cursors: long answers in pages.
//!
//! A cursor sees the store as of the moment it was made. An event that cannot be read is an error in its place,
//! and the cursor goes on behind it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Shared;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::EventId;
use crate::index::EventRow;
use crate::latency::Operation;
use crate::store::Store;

/// How many are fetched at once.
pub(super) const PAGE: usize = 128;
/// How many bytes of records are fetched at once, whatever their number.
const PAGE_BYTES: u64 = 1024 * 1024;

/// A way through events, with what is fetched and not yet given out.
#[derive(Debug)]
struct Fetched {
    walk: Walk,
    ahead: VecDeque<Result<Event>>,
    /// `closed` was given out: an iterator ends with it.
    told_closed: bool,
}

/// `closed` once, and then the end: whoever passes over errors must come to one.
pub(super) fn told_once<T>(told: &mut bool, error: Error) -> Option<Result<T>> {
    (!std::mem::replace(told, true)).then_some(Err(error))
}

/// The next rows: as many as are wished, or fewer where their records are large.
pub(super) fn rows(store: &Store, walk: &mut Walk, limit: usize) -> Result<Vec<EventRow>> {
    let (rows, came_to) = store.query(|index| {
        let (mut rows, mut bytes, mut walk) = (Vec::new(), 0, walk.clone());
        walk.go_on(index, |row| {
            bytes += u64::from(row.place.record_bytes);
            rows.push(row);
            rows.len() < limit && bytes < PAGE_BYTES
        });
        (rows, walk)
    })?;
    *walk = came_to;
    Ok(rows)
}

/// A paged cursor over events.
///
/// Sees the store as of the moment it was made. An iterator, and [`page`](Self::page) for many at once; threads may
/// share it, and each item goes to one of them.
pub struct EventCursor {
    shared: Arc<Shared>,
    state: Mutex<Fetched>,
}

impl EventCursor {
    /// The next items, at most `limit`; none at the end.
    ///
    /// # Errors
    ///
    /// `corrupt` for an event that cannot be read, once what stands before it is given out; the cursor goes on behind it.
    /// `closed`.
    pub fn page(&self, limit: usize) -> Result<Vec<Event>> {
        // What is at hand is given out without entering.
        self.shared.check_open()?;
        let mut state = self.state.lock();
        let mut items = Vec::with_capacity(limit.min(state.ahead.len()));
        while items.len() < limit {
            if state.ahead.is_empty() && !state.walk.has_ended() {
                let store = self.shared.enter()?;
                let wanted = (limit - items.len()).min(PAGE);
                let fetched = Self::fetch(&store, &mut state.walk, wanted)?;
                state.ahead.extend(fetched);
            }
            match state.ahead.pop_front() {
                None => break,
                Some(Ok(item)) => items.push(item),
                Some(Err(error)) if items.is_empty() => return Err(error),
                Some(error) => {
                    state.ahead.push_front(error);
                    break;
                }
            }
        }
        Ok(items)
    }
}

impl Iterator for EventCursor {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Result<Event>> {
        let state = self.state.get_mut();
        let fetched = match state.ahead.is_empty() && !state.walk.has_ended() {
            true => self.shared.enter().and_then(|store| Self::fetch(&store, &mut state.walk, PAGE)),
            false => self.shared.check_open().map(|()| Vec::new()),
        };
        match fetched {
            Ok(fetched) => state.ahead.extend(fetched),
            Err(error) => return told_once(&mut state.told_closed, error),
        }
        state.ahead.pop_front()
    }
}

impl fmt::Debug for EventCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventCursor").finish_non_exhaustive()
    }
}

impl EventCursor {
    pub(super) fn new(shared: &Arc<Shared>, walk: Walk) -> EventCursor {
        let state = Mutex::new(Fetched { walk, ahead: VecDeque::new(), told_closed: false });
        EventCursor { shared: Arc::clone(shared), state }
    }

    fn fetch(store: &Store, walk: &mut Walk, limit: usize) -> Result<Vec<Result<Event>>> {
        let _timer = store.latencies().start(Operation::CursorPage);
        Ok(rows(store, walk, limit)?.iter().map(|row| store.read_event(row)).collect())
    }
}

/// A paged cursor over the title index: every root with its title, ascending by the bytes of the title, then by
/// (time, id).
///
/// Sees the store as of the moment it was made. An iterator, and [`page`](RootCursor::page) for many at once.
pub struct RootCursor {
    shared: Arc<Shared>,
    as_of: u64,
    state: Mutex<Titles>,
}

#[derive(Debug, Default)]
struct Titles {
    title: Option<String>,
    /// The roots of that title that were not given out.
    ahead: VecDeque<EventId>,
    told_closed: bool,
}

impl Titles {
    fn next(&mut self, store: &Store, as_of: u64) -> Result<Option<(String, EventId)>> {
        if self.ahead.is_empty()
            && let Some((title, roots)) =
                store.query(|index| index.next_title(self.title.as_deref(), as_of))?
        {
            self.title = Some(title);
            self.ahead = roots.into();
        }
        Ok(self.ahead.pop_front().and_then(|root| Some((self.title.clone()?, root))))
    }
}

impl RootCursor {
    pub(super) fn new(shared: &Arc<Shared>, as_of: u64) -> RootCursor {
        RootCursor { shared: Arc::clone(shared), as_of, state: Mutex::default() }
    }

    /// The next titles with their roots, at most `limit`; none at the end.
    ///
    /// # Errors
    ///
    /// `closed`.
    pub fn page(&self, limit: usize) -> Result<Vec<(String, EventId)>> {
        let store = self.shared.enter()?;
        let mut state = self.state.lock();
        let mut rows = Vec::new();
        while rows.len() < limit {
            self.shared.check_open()?;
            match state.next(&store, self.as_of)? {
                Some(row) => rows.push(row),
                None => break,
            }
        }
        Ok(rows)
    }
}

impl Iterator for RootCursor {
    type Item = Result<(String, EventId)>;

    fn next(&mut self) -> Option<Result<(String, EventId)>> {
        let state = self.state.get_mut();
        match self.shared.enter() {
            Ok(store) => state.next(&store, self.as_of).transpose(),
            Err(error) => told_once(&mut state.told_closed, error),
        }
    }
}

impl fmt::Debug for RootCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootCursor").finish_non_exhaustive()
    }
}
