//! `Event`: an immutable snapshot of a stored event.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

use crate::event_id::EventId;
use crate::time::datetime;

/// An event as it was stored. Immutable, and independent of the database's life.
#[pyclass(frozen, eq, module = "ouroborosdb")]
#[derive(Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) inner: ouroborosdb::Event,
}

impl From<ouroborosdb::Event> for Event {
    fn from(inner: ouroborosdb::Event) -> Event {
        Event { inner }
    }
}

#[pymethods]
impl Event {
    /// The SHA-512 of the event's canonical encoding.
    #[getter]
    fn id(&self) -> EventId {
        self.inner.id().into()
    }

    /// What the event is for: "plain", "root", "keyspace", "key", "value", "tombstone", "operation", "merge",
    /// "config", or "unknown" for a kind of a later version.
    #[getter]
    fn kind(&self) -> &'static str {
        self.inner.kind().name()
    }

    /// The id of the event that this one hangs under; None for a root.
    #[getter]
    fn parent(&self) -> Option<EventId> {
        self.inner.parent().map(EventId::from)
    }

    /// The ids of the events that this one supersedes or joins, ascending.
    #[getter]
    fn follows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.follows().iter().map(|id| EventId::from(*id)))
    }

    /// Who made it: 16 bytes, drawn anew for each writer session; zero for derived events.
    #[getter]
    fn origin<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.origin())
    }

    /// When it was made, as an aware datetime in UTC. ``time_ms`` also reaches beyond the year 9999.
    #[getter]
    fn time<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datetime(py, self.inner.time_ms())
    }

    /// When it was made, in milliseconds since 1970; 0 for derived events.
    #[getter]
    fn time_ms(&self) -> u64 {
        self.inner.time_ms()
    }

    /// Orders events of one millisecond.
    #[getter]
    fn time_counter(&self) -> u16 {
        self.inner.time_counter()
    }

    /// This store's own commit order, from 1. Not part of the id, and other on each replica.
    #[getter]
    fn sequence(&self) -> u64 {
        self.inner.sequence()
    }

    /// The title of a root; None for other events.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.inner.title()
    }

    /// The attributes: a new dict of name and bytes each time, ascending by name.
    #[getter]
    fn attributes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let attributes = PyDict::new(py);
        for (name, value) in self.inner.attributes() {
            attributes.set_item(PyString::new(py, name), PyBytes::new(py, value))?;
        }
        Ok(attributes)
    }

    /// The event's own metadata; None where it has none. ``Database.metadata`` gives inherited metadata.
    #[getter]
    fn metadata<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.inner.metadata().map(|bytes| PyBytes::new(py, bytes))
    }

    /// The length in bytes of the file that the event carries; None where it carries no file.
    #[getter]
    fn content_length(&self) -> Option<u64> {
        self.inner.content_length()
    }

    /// Whether the event may be collected again.
    #[getter]
    fn temporary(&self) -> bool {
        self.inner.temporary()
    }

    /// When a temporary event may be collected, as an aware datetime in UTC; None where nothing says so.
    #[getter]
    fn expires<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.inner.expires_ms().map(|ms| datetime(py, ms)).transpose()
    }

    /// When a temporary event may be collected, in milliseconds since 1970; None where nothing says so.
    #[getter]
    fn expires_ms(&self) -> Option<u64> {
        self.inner.expires_ms()
    }

    /// Whether full-text search should cover the event.
    #[getter]
    fn full_text(&self) -> bool {
        self.inner.full_text()
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.inner.id().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let id = self.inner.id().to_hex();
        let short = id.get(..12).unwrap_or_default();
        format!("<Event {} {short}… sequence {}>", self.inner.kind().name(), self.inner.sequence())
    }
}
