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
use crate::error::Result;
use crate::event::Event;
use crate::id::EventId;
use crate::index::EventRow;
use crate::store::Store;

/// How many an iterator fetches at once.
const PAGE: usize = 128;

/// A way through events, with what is fetched and not yet given out.
#[derive(Debug)]
struct Fetched<T> {
    walk: Walk,
    ahead: VecDeque<T>,
}

fn rows(store: &Store, walk: &mut Walk, limit: usize) -> Vec<EventRow> {
    let index = store.index();
    let found = std::iter::from_fn(|| walk.next(&index));
    found.take(limit).filter_map(|sequence| index.row(sequence).cloned()).collect()
}

macro_rules! cursor {
    ($name:ident, $item:ty, $doc:literal) => {
        #[doc = $doc]
        ///
        /// Sees the store as of the moment it was made. An iterator, and [`page`](Self::page) for many at once;
        /// threads may share it, and each item goes to one of them.
        pub struct $name {
            shared: Arc<Shared>,
            state: Mutex<Fetched<Result<$item>>>,
        }

        impl $name {
            pub(super) fn new(shared: &Arc<Shared>, walk: Walk) -> $name {
                let state = Mutex::new(Fetched { walk, ahead: VecDeque::new() });
                $name { shared: Arc::clone(shared), state }
            }

            /// The next items, at most `limit`; none at the end.
            ///
            /// # Errors
            ///
            /// `corrupt` for an event that cannot be read, once what stands before it is given out; the
            /// cursor goes on behind it. `closed`.
            pub fn page(&self, limit: usize) -> Result<Vec<$item>> {
                let store = self.shared.enter()?;
                let mut state = self.state.lock();
                let mut items = Vec::new();
                while items.len() < limit {
                    if state.ahead.is_empty() {
                        let wanted = (limit - items.len()).min(PAGE);
                        let fetched = Self::fetch(&store, &mut state.walk, wanted);
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

        impl Iterator for $name {
            type Item = Result<$item>;

            fn next(&mut self) -> Option<Result<$item>> {
                let state = self.state.get_mut();
                if state.ahead.is_empty() {
                    let store = match self.shared.enter() {
                        Ok(store) => store,
                        Err(error) => return Some(Err(error)),
                    };
                    let fetched = Self::fetch(&store, &mut state.walk, PAGE);
                    state.ahead.extend(fetched);
                } else if let Err(error) = self.shared.check_open() {
                    return Some(Err(error));
                }
                state.ahead.pop_front()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

cursor!(EventCursor, Event, "A paged cursor over events.");
cursor!(IdCursor, EventId, "A paged cursor over the ids of events.");

impl EventCursor {
    fn fetch(store: &Store, walk: &mut Walk, limit: usize) -> Vec<Result<Event>> {
        rows(store, walk, limit).iter().map(|row| store.read_event(row)).collect()
    }
}

impl IdCursor {
    fn fetch(store: &Store, walk: &mut Walk, limit: usize) -> Vec<Result<EventId>> {
        rows(store, walk, limit).iter().map(|row| Ok(row.id)).collect()
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
    last: Option<String>,
    ahead: VecDeque<(String, EventId)>,
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
        while state.ahead.len() < limit {
            let next = store.index().next_title(state.last.as_deref(), self.as_of);
            let Some((title, roots)) = next else { break };
            state.ahead.extend(roots.into_iter().map(|root| (title.clone(), root)));
            state.last = Some(title);
        }
        let count = limit.min(state.ahead.len());
        Ok(state.ahead.drain(..count).collect())
    }
}

impl Iterator for RootCursor {
    type Item = Result<(String, EventId)>;

    fn next(&mut self) -> Option<Result<(String, EventId)>> {
        self.page(1).map(|page| page.into_iter().next()).transpose()
    }
}

impl fmt::Debug for RootCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootCursor").finish_non_exhaustive()
    }
}
