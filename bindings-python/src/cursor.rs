//! `EventCursor`, `IdCursor`, `RootCursor`: long answers, item by item or in pages.

use std::sync::Arc;

use pyo3::prelude::*;

use crate::event::Event;
use crate::event_id::EventId;
use crate::opened::Opened;
use crate::paged::Paged;

/// An iterator over events. It sees the store as of the moment it was made.
///
/// Threads may share it; each event goes to one of them. An event that cannot be read raises CorruptError in its
/// place, and the iterator goes on behind it. Raises ClosedError once the database is closed.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct EventCursor {
    cursor: ouroborosdb::EventCursor,
    paged: Paged<ouroborosdb::Event>,
}

impl EventCursor {
    pub(crate) fn new(database: &Arc<Opened>, cursor: ouroborosdb::EventCursor) -> EventCursor {
        EventCursor { cursor, paged: Paged::new(database) }
    }
}

#[pymethods]
impl EventCursor {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Event>> {
        let event = self.paged.next(py, |limit| self.cursor.page(limit))?;
        Ok(event.map(Event::from))
    }

    /// The next events, a list of at most ``limit``; an empty one at the end.
    ///
    /// Raises CorruptError for an event that cannot be read, once what stands before it is given out.
    fn page(&self, limit: &Bound<'_, PyAny>) -> PyResult<Vec<Event>> {
        let events = self.paged.page(limit, |limit| self.cursor.page(limit))?;
        Ok(events.into_iter().map(Event::from).collect())
    }
}

/// An iterator over the ids of events. It sees the store as of the moment it was made.
///
/// Threads may share it; each id goes to one of them. Raises ClosedError once the database is closed.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct IdCursor {
    cursor: ouroborosdb::IdCursor,
    paged: Paged<ouroborosdb::EventId>,
}

impl IdCursor {
    pub(crate) fn new(database: &Arc<Opened>, cursor: ouroborosdb::IdCursor) -> IdCursor {
        IdCursor { cursor, paged: Paged::new(database) }
    }
}

#[pymethods]
impl IdCursor {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<EventId>> {
        let id = self.paged.next(py, |limit| self.cursor.page(limit))?;
        Ok(id.map(EventId::from))
    }

    /// The next ids, a list of at most ``limit``; an empty one at the end.
    fn page(&self, limit: &Bound<'_, PyAny>) -> PyResult<Vec<EventId>> {
        let ids = self.paged.page(limit, |limit| self.cursor.page(limit))?;
        Ok(ids.into_iter().map(EventId::from).collect())
    }
}

/// An iterator over the title index: a pair of title and EventId for every root, by the bytes of the title, then
/// by (time, id). It sees the store as of the moment it was made.
///
/// Threads may share it; each pair goes to one of them. Raises ClosedError once the database is closed.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct RootCursor {
    cursor: ouroborosdb::RootCursor,
    paged: Paged<(String, ouroborosdb::EventId)>,
}

impl RootCursor {
    pub(crate) fn new(database: &Arc<Opened>, cursor: ouroborosdb::RootCursor) -> RootCursor {
        RootCursor { cursor, paged: Paged::new(database) }
    }
}

#[pymethods]
impl RootCursor {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<(String, EventId)>> {
        let root = self.paged.next(py, |limit| self.cursor.page(limit))?;
        Ok(root.map(|(title, id)| (title, id.into())))
    }

    /// The next pairs, a list of at most ``limit``; an empty one at the end.
    fn page(&self, limit: &Bound<'_, PyAny>) -> PyResult<Vec<(String, EventId)>> {
        let roots = self.paged.page(limit, |limit| self.cursor.page(limit))?;
        Ok(roots.into_iter().map(|(title, id)| (title, id.into())).collect())
    }
}
