//! What all cursors share: pages fetched behind the door, items given out one by one.
//!
//! An item that is at hand is given out without letting go of the interpreter: giving it back and taking it again
//! for every item would cost a program with busy threads milliseconds an item. Whoever must wait, for the lock
//! or for the engine, does so behind the door.

use std::collections::VecDeque;
use std::sync::Arc;

use ouroborosdb::Result;
use parking_lot::Mutex;
use pyo3::prelude::*;

use crate::arguments::whole_number;
use crate::detached::detached;
use crate::opened::Opened;

/// The first page is small, for those who want one item, each next one twice as long, up to the last.
const PAGE_FIRST: usize = 8;
const PAGE_LAST: usize = 256;

pub(crate) struct Paged<T> {
    database: Arc<Opened>,
    ahead: Mutex<Ahead<T>>,
}

struct Ahead<T> {
    items: VecDeque<T>,
    page: usize,
}

impl<T: Send> Paged<T> {
    pub(crate) fn new(database: &Arc<Opened>) -> Paged<T> {
        let ahead = Ahead { items: VecDeque::new(), page: PAGE_FIRST };
        Paged { database: Arc::clone(database), ahead: Mutex::new(ahead) }
    }

    /// The next item; none at the end.
    pub(crate) fn next(
        &self,
        py: Python<'_>,
        fetch: impl FnOnce(usize) -> Result<Vec<T>> + Send,
    ) -> PyResult<Option<T>> {
        if !self.database.is_closed()
            && let Some(item) = self.ahead.try_lock().and_then(|mut ahead| ahead.items.pop_front())
        {
            return Ok(Some(item));
        }
        detached(py, || {
            let mut ahead = self.ahead.lock();
            // A closed database answers `closed`, whatever is at hand.
            if ahead.items.is_empty() || self.database.is_closed() {
                let items = fetch(ahead.page)?;
                ahead.items.extend(items);
                ahead.page = (ahead.page * 2).min(PAGE_LAST);
            }
            Ok(ahead.items.pop_front())
        })
    }

    /// The next items, at most `limit`; none at the end.
    pub(crate) fn page(
        &self,
        limit: &Bound<'_, PyAny>,
        fetch: impl FnOnce(usize) -> Result<Vec<T>> + Send,
    ) -> PyResult<Vec<T>> {
        let py = limit.py();
        let limit = usize::try_from(whole_number("limit", limit)?).unwrap_or(usize::MAX);
        detached(py, || {
            let mut ahead = self.ahead.lock();
            if ahead.items.is_empty() || self.database.is_closed() {
                return fetch(limit);
            }
            // Short of the limit rather than an error of the next page in the place of these.
            let count = limit.min(ahead.items.len());
            Ok(ahead.items.drain(..count).collect())
        })
    }
}
