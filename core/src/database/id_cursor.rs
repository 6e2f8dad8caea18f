//! The cursor over ids, whose first ones are fetched by the question that begins it.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Shared;
use super::cursor::{PAGE, rows, told_once};
use super::walk::Walk;
use crate::error::Result;
use crate::id::EventId;
use crate::latency::Operation;
use crate::store::Store;

/// What is at hand of a cursor over ids, which are never errors.
#[derive(Debug)]
struct FetchedIds {
    walk: Walk,
    ahead: Vec<EventId>,
    /// How many of these were given out.
    given: usize,
    told_closed: bool,
}

impl FetchedIds {
    fn is_empty(&self) -> bool {
        self.given >= self.ahead.len()
    }

    /// Fetches so many, where there are none at hand.
    fn fetch(&mut self, store: &Store, limit: usize) -> Result<()> {
        let _timer = store.latencies().start(Operation::CursorPage);
        let rows = rows(store, &mut self.walk, limit)?;
        self.ahead.clear();
        self.ahead.extend(rows.iter().map(|row| row.id));
        self.given = 0;
        Ok(())
    }

    /// Takes so many of those at hand.
    fn take(&mut self, limit: usize) -> &[EventId] {
        let from = self.given.min(self.ahead.len());
        self.given = from.saturating_add(limit).min(self.ahead.len());
        self.ahead.get(from..self.given).unwrap_or_default()
    }
}

/// A paged cursor over the ids of events.
///
/// Sees the store as of the moment it was made. An iterator, and [`page`](Self::page) for many at once; threads may
/// share it, and each item goes to one of them.
pub struct IdCursor {
    shared: Arc<Shared>,
    state: Mutex<FetchedIds>,
}

impl IdCursor {
    /// A cursor that has its first ids already.
    pub(super) fn beginning_with(shared: &Arc<Shared>, walk: Walk, ahead: Vec<EventId>) -> IdCursor {
        let state = Mutex::new(FetchedIds { walk, ahead, given: 0, told_closed: false });
        IdCursor { shared: Arc::clone(shared), state }
    }

    /// The next items, at most `limit`; none at the end.
    ///
    /// # Errors
    ///
    /// `corrupt` where the index cannot be read; `closed`.
    pub fn page(&self, limit: usize) -> Result<Vec<EventId>> {
        // What is at hand is given out without entering.
        self.shared.check_open()?;
        let mut state = self.state.lock();
        if state.given == 0 && state.ahead.len() <= limit && state.walk.has_ended() {
            // Most events have few children: all of them go as they are.
            return Ok(std::mem::take(&mut state.ahead));
        }
        let mut ids = Vec::with_capacity(limit.min(state.ahead.len()));
        while ids.len() < limit {
            let wanted = limit - ids.len();
            if state.is_empty() {
                if state.walk.has_ended() {
                    break;
                }
                let store = self.shared.enter()?;
                state.fetch(&store, wanted.min(PAGE))?;
            }
            let taken = state.take(wanted);
            if taken.is_empty() {
                break;
            }
            ids.extend_from_slice(taken);
        }
        Ok(ids)
    }
}

impl Iterator for IdCursor {
    type Item = Result<EventId>;

    fn next(&mut self) -> Option<Result<EventId>> {
        let state = self.state.get_mut();
        let fetched = match state.is_empty() && !state.walk.has_ended() {
            true => self.shared.enter().and_then(|store| state.fetch(&store, PAGE)),
            false => self.shared.check_open(),
        };
        match fetched {
            Ok(()) => state.take(1).first().copied().map(Ok),
            Err(error) => told_once(&mut state.told_closed, error),
        }
    }
}

impl fmt::Debug for IdCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdCursor").finish_non_exhaustive()
    }
}
