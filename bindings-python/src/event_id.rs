//! `EventId`: the name of an event.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};

use crate::arguments::EventArgument;

/// The name of an event: the SHA-512 of its canonical encoding.
///
/// Made from the 64 bytes or the 128 hexadecimal digits; ``bytes(id)`` and ``str(id)`` give them back. Hashable,
/// ordered by its bytes, and it can be pickled.
#[pyclass(frozen, eq, ord, hash, module = "ouroborosdb")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EventId {
    pub(crate) inner: ouroborosdb::EventId,
}

impl From<ouroborosdb::EventId> for EventId {
    fn from(inner: ouroborosdb::EventId) -> EventId {
        EventId { inner }
    }
}

#[pymethods]
impl EventId {
    #[new]
    #[pyo3(signature = (value, /))]
    fn new(value: EventArgument) -> EventId {
        EventId { inner: value.0 }
    }

    /// The 64 bytes.
    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.inner.as_bytes())
    }

    fn __str__(&self) -> String {
        self.inner.to_hex()
    }

    fn __repr__(&self) -> String {
        format!("EventId('{}')", self.inner)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (Bound<'py, PyBytes>,)) {
        (py.get_type::<EventId>(), (self.__bytes__(py),))
    }
}
