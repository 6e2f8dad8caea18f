//! `Changes` and `ChangeCursor`: the change feed.
//!
//! Events are fetched ahead, each with the place in the feed behind it, so that `cursor` always tells the place
//! behind the last event that was given out.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ouroborosdb::{ErrorCode, Result};
use parking_lot::Mutex;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use crate::arguments::{time_limit, whole_number, wrong_type};
use crate::database::Database;
use crate::detached::detached;
use crate::errors::raised;
use crate::event::Event;
use crate::opened::Opened;
use crate::watch::Watch;

/// A place in the change feed of one store.
///
/// Made from its text, 32 hexadecimal digits, a hyphen and 16 more, which ``str(cursor)`` gives back: keep it to go
/// on later. Another store, a copy included, refuses it. Hashable, and it can be pickled.
///
/// Raises InvalidCursorError for another text.
#[pyclass(frozen, eq, hash, module = "ouroborosdb")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ChangeCursor {
    inner: ouroborosdb::ChangeCursor,
}

#[pymethods]
impl ChangeCursor {
    #[new]
    #[pyo3(signature = (text, /))]
    fn new(text: &Bound<'_, PyAny>) -> PyResult<ChangeCursor> {
        let string = text.cast::<PyString>().map_err(|_| wrong_type("a change cursor", "a str", text))?;
        // What has no UTF-8 form is malformed too.
        let parsed = string.to_string_lossy().parse();
        parsed.map(|inner| ChangeCursor { inner }).map_err(|error| raised(text.py(), &error))
    }

    /// The sequence number of the last event before this place; 0 at the beginning.
    #[getter]
    fn sequence(&self) -> u64 {
        self.inner.sequence()
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("ChangeCursor('{}')", self.inner)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (String,)) {
        (py.get_type::<ChangeCursor>(), (self.__str__(),))
    }
}

/// How many events are fetched ahead: few for those who want one, then twice as many each time, up to the last.
const PAGE_FIRST: usize = 1;
const PAGE_LAST: usize = 64;

/// An iterator over the events after a place in the feed, in commit order.
///
/// It ends at the last durable event, and goes on from there when it is asked again later. Threads may share it;
/// each event goes to one of them. An event that cannot be read raises CorruptError in its place, and the feed
/// goes on behind it. Raises ClosedError once the database is closed.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct Changes {
    feed: ouroborosdb::Changes,
    given: Mutex<Given>,
    database: Arc<Opened>,
}

struct Given {
    ahead: VecDeque<Fetched>,
    page: usize,
    /// The place behind the last event that was given out.
    cursor: ouroborosdb::ChangeCursor,
}

struct Fetched {
    event: Result<ouroborosdb::Event>,
    behind: ouroborosdb::ChangeCursor,
}

impl Changes {
    /// Gives out an event that is fetched already.
    fn at_hand(&self) -> Option<ouroborosdb::Event> {
        let mut given = self.given.try_lock()?;
        let fetched = given.ahead.pop_front_if(|fetched| fetched.event.is_ok())?;
        given.cursor = fetched.behind;
        fetched.event.ok()
    }

    /// Gives out the next event; none at the end.
    fn give(&self, given: &mut Given, wanted: usize) -> Result<Option<ouroborosdb::Event>> {
        if given.ahead.is_empty() || self.database.is_closed() {
            self.fetch(&mut given.ahead, wanted)?;
        }
        let Some(fetched) = given.ahead.pop_front() else { return Ok(None) };
        given.cursor = fetched.behind;
        fetched.event.map(Some)
    }

    /// Gives out what is fetched already, at most `limit`.
    fn all_at_hand(&self, limit: usize) -> Result<Vec<ouroborosdb::Event>> {
        let mut given = self.given.lock();
        let mut events = Vec::new();
        while events.len() < limit && !self.database.is_closed() {
            let damaged = given.ahead.front().is_some_and(|fetched| fetched.event.is_err());
            if damaged && !events.is_empty() {
                break;
            }
            let Some(fetched) = given.ahead.pop_front() else { break };
            given.cursor = fetched.behind;
            events.push(fetched.event?);
        }
        Ok(events)
    }

    /// The next events, at most `limit`; waits for them at most so long. Nothing is locked meanwhile, so that other
    /// threads may ask for what comes too, and for the cursor.
    pub(crate) fn wait(
        &self,
        py: Python<'_>,
        watch: &Watch,
        limit: usize,
        at_most: Duration,
    ) -> PyResult<Vec<ouroborosdb::Event>> {
        watch.run(py, |control| {
            if !watch.is_cancelled() {
                let at_hand = self.all_at_hand(limit)?;
                if !at_hand.is_empty() {
                    return Ok(at_hand);
                }
            }
            let events = self.feed.watch(limit, at_most, control);
            let mut given = self.given.lock();
            // Behind what others have fetched meanwhile the cursor follows when they give it out.
            if given.ahead.is_empty() {
                given.cursor = self.feed.cursor();
            }
            events
        })
    }

    fn fetch(&self, ahead: &mut VecDeque<Fetched>, wanted: usize) -> Result<()> {
        for _ in 0..wanted {
            let event = match self.feed.page(1) {
                Ok(page) => match page.into_iter().next() {
                    Some(event) => Ok(event),
                    None => break,
                },
                Err(error) if error.code() == ErrorCode::Closed => return Err(error),
                Err(error) => Err(error),
            };
            let failed = event.is_err();
            ahead.push_back(Fetched { event, behind: self.feed.cursor() });
            if failed {
                break;
            }
        }
        Ok(())
    }
}

#[pymethods]
impl Changes {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Event>> {
        if !self.database.is_closed()
            && let Some(event) = self.at_hand()
        {
            return Ok(Some(event.into()));
        }
        let event = detached(py, || {
            let mut given = self.given.lock();
            let wanted = given.page;
            given.page = (wanted * 2).min(PAGE_LAST);
            self.give(&mut given, wanted)
        })?;
        Ok(event.map(Event::from))
    }

    /// The next events, a list of at most ``limit``; an empty one where there are none yet.
    ///
    /// Raises CorruptError for an event that cannot be read, once what stands before it is given out.
    fn page(&self, py: Python<'_>, limit: &Bound<'_, PyAny>) -> PyResult<Vec<Event>> {
        let limit = usize::try_from(whole_number("limit", limit)?).unwrap_or(usize::MAX);
        detached(py, || {
            let mut given = self.given.lock();
            let mut events = Vec::new();
            // Also for a limit of 0, a closed database answers `closed`.
            if limit == 0 {
                self.feed.page(0)?;
            }
            while events.len() < limit {
                let damaged = given.ahead.front().is_some_and(|fetched| fetched.event.is_err());
                if damaged && !events.is_empty() {
                    break;
                }
                let wanted = (limit - events.len()).min(PAGE_LAST);
                match self.give(&mut given, wanted)? {
                    Some(event) => events.push(event.into()),
                    None => break,
                }
            }
            Ok(events)
        })
    }

    /// As ``page``, but where there are no events yet it waits for them, at most ``timeout`` seconds, without one for
    /// ever. A database that was opened read-only looks at what its writer has committed meanwhile, in whichever
    /// process that is; it looks once where it may not wait at all.
    ///
    /// ``cancel`` is a CancelToken. Ctrl-C ends it too.
    ///
    /// Raises as ``page``; CancelledError.
    #[pyo3(signature = (limit, timeout=None, *, cancel=None))]
    fn watch(
        &self,
        py: Python<'_>,
        limit: &Bound<'_, PyAny>,
        timeout: Option<&Bound<'_, PyAny>>,
        cancel: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<Event>> {
        let limit = usize::try_from(whole_number("limit", limit)?).unwrap_or(usize::MAX);
        let at_most = time_limit("timeout", timeout)?;
        let events = self.wait(py, &Watch::new(None, cancel)?, limit, at_most)?;
        Ok(events.into_iter().map(Event::from).collect())
    }

    /// The place behind the last event that was given out.
    #[getter]
    fn cursor(&self, py: Python<'_>) -> PyResult<ChangeCursor> {
        let inner = detached(py, || Ok(self.given.lock().cursor))?;
        Ok(ChangeCursor { inner })
    }
}

/// An iterator over the events after a place in the feed that waits for the next one, and never ends.
///
/// Threads may share it; each event goes to one of them. Ctrl-C ends a wait. An event that cannot be read raises
/// CorruptError in its place, and the feed goes on behind it. Raises ClosedError once the database is closed.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct Watcher {
    changes: Changes,
}

#[pymethods]
impl Watcher {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Event> {
        loop {
            if let Some(event) = self.changes.__next__(py)? {
                return Ok(event);
            }
            let events = self.changes.wait(py, &Watch::new(None, None)?, 1, Duration::MAX)?;
            if let Some(event) = events.into_iter().next() {
                return Ok(event.into());
            }
        }
    }

    /// The place behind the last event that was given out.
    #[getter]
    fn cursor(&self, py: Python<'_>) -> PyResult<ChangeCursor> {
        self.changes.cursor(py)
    }
}

#[pymethods]
impl Database {
    /// The durable events after a place in the feed, in commit order, and then each that is committed, as it is
    /// committed: an iterator that waits. ``after`` as for ``changes``.
    ///
    /// In a database that was opened read-only, what its writer commits, in whichever process that is.
    ///
    /// Raises CursorOfAnotherStoreError; InvalidCursorError.
    #[pyo3(signature = (after=None))]
    fn watch(&self, py: Python<'_>, after: Option<&Bound<'_, PyAny>>) -> PyResult<Watcher> {
        Ok(Watcher { changes: self.changes(py, after)? })
    }

    /// The durable events after a place in the feed, in commit order; from the beginning without one. ``after`` is
    /// a ChangeCursor or its text.
    ///
    /// Raises CursorOfAnotherStoreError; InvalidCursorError.
    #[pyo3(signature = (after=None))]
    fn changes(&self, py: Python<'_>, after: Option<&Bound<'_, PyAny>>) -> PyResult<Changes> {
        let after = match after {
            None => None,
            Some(given) => Some(place(given)?),
        };
        let (feed, cursor) = detached(py, || {
            let feed = self.opened.changes(after)?;
            let cursor = feed.cursor();
            Ok((feed, cursor))
        })?;
        let given = Given { ahead: VecDeque::new(), page: PAGE_FIRST, cursor };
        Ok(Changes { feed, given: Mutex::new(given), database: Arc::clone(&self.opened) })
    }
}

fn place(given: &Bound<'_, PyAny>) -> PyResult<ouroborosdb::ChangeCursor> {
    if let Ok(cursor) = given.cast::<ChangeCursor>() {
        return Ok(cursor.get().inner);
    }
    if given.is_instance_of::<PyString>() {
        return ChangeCursor::new(given).map(|cursor| cursor.inner);
    }
    Err(wrong_type("after", "a ChangeCursor or its text", given))
}
