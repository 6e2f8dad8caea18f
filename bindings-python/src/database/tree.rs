//! Making events, asking for them, walking the trees.

use ouroborosdb::Order;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};

use super::Database;
use crate::arguments::{EventArgument, invalid, text, wrong_type};
use crate::cursor::{EventCursor, IdCursor, RootCursor};
use crate::detached::detached;
use crate::event::Event;
use crate::event_id::EventId;
use crate::new_event::new_event;

#[pymethods]
impl Database {
    /// Makes a new root and gives its id. A title may name several roots.
    ///
    /// Raises TitleTooLongError beyond 64 KiB of UTF-8; InvalidTextError; the errors of every write.
    fn create_root(&self, py: Python<'_>, title: &Bound<'_, PyAny>) -> PyResult<EventId> {
        let title = text("the title", title)?;
        detached(py, || self.opened.create_root(title)).map(EventId::from)
    }

    /// The root whose id follows from the title alone, made where there is none: the same on every replica.
    ///
    /// Raises what ``create_root`` raises.
    fn ensure_root(&self, py: Python<'_>, title: &Bound<'_, PyAny>) -> PyResult<EventId> {
        let title = text("the title", title)?;
        detached(py, || self.opened.ensure_root(title)).map(EventId::from)
    }

    /// All roots, in commit order.
    fn roots(&self, py: Python<'_>) -> PyResult<EventCursor> {
        let cursor = detached(py, || self.opened.roots())?;
        Ok(EventCursor::new(&self.opened, cursor))
    }

    /// The roots of this title, in commit order.
    fn roots_titled(&self, py: Python<'_>, title: &Bound<'_, PyAny>) -> PyResult<EventCursor> {
        let title = text("the title", title)?;
        let cursor = detached(py, || self.opened.roots_titled(title))?;
        Ok(EventCursor::new(&self.opened, cursor))
    }

    /// The title index: a pair of title and EventId for every root, by the bytes of the title, then by
    /// (time, id).
    fn root_index(&self, py: Python<'_>) -> PyResult<RootCursor> {
        let cursor = detached(py, || self.opened.root_index())?;
        Ok(RootCursor::new(&self.opened, cursor))
    }

    /// Appends an event under ``parent`` and gives its id.
    ///
    /// ``metadata`` is bytes-like, or a str, stored as UTF-8; at most 16 MiB. ``attributes`` is a mapping of
    /// names (str, 1 to 255 bytes of UTF-8) to bytes-like or str, or an iterable of such pairs; at most 128 KiB
    /// together. ``follows`` is an iterable of at most 1,024 stored events that this one supersedes or joins.
    /// A ``temporary`` event may be collected again, after ``expires`` (an aware datetime, or an int of
    /// milliseconds since 1970). ``full_text`` marks the event for full-text search.
    ///
    /// ``durability`` says when this call is safe, in the words of ``open``; None is as the database was opened. It is
    /// no part of the event. A "durable" call makes everything that was committed before durable too, a "buffered" one
    /// waits for no sync.
    ///
    /// Raises ParentNotFoundError; InvalidParentError for a permanent event under a temporary one;
    /// EventNotFoundError for one in ``follows``; MetadataTooLargeError, AttributeNameTooLongError,
    /// AttributesTooLargeError, DuplicateAttributeError, TooManyFollowsError, InvalidArgumentError,
    /// InvalidTextError, WrongTypeError; the errors of every write.
    #[pyo3(
        signature = (parent, **new),
        text_signature = "($self, parent, *, metadata=None, attributes=None, follows=None, temporary=False, \
                          expires=None, full_text=False, durability=None)"
    )]
    fn append(
        &self,
        py: Python<'_>,
        parent: EventArgument,
        new: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<EventId> {
        let new = new_event("append", new)?;
        detached(py, || self.opened.append(parent.0, new)).map(EventId::from)
    }

    /// The id of the one event whose id begins with these hexadecimal digits, of which there may be 1 to 128.
    ///
    /// Raises InvalidIdError for what is no such text; EventNotFoundError; AmbiguousIdError where several events
    /// begin so.
    fn resolve(&self, py: Python<'_>, digits: &Bound<'_, PyAny>) -> PyResult<EventId> {
        let digits = digits.cast::<PyString>().map_err(|_| wrong_type("digits", "a str", digits))?;
        // What is not UTF-8 is no hexadecimal digit either.
        let digits = digits.to_str().unwrap_or_default();
        detached(py, || self.opened.resolve(digits)).map(EventId::from)
    }

    /// The event of this id, as it was stored.
    ///
    /// Raises EventNotFoundError, as all calls that ask for an event.
    fn event(&self, py: Python<'_>, event: EventArgument) -> PyResult<Event> {
        detached(py, || self.opened.event(event.0)).map(Event::from)
    }

    /// The metadata of the event: its own, else that of its nearest ancestor that has some, else None.
    ///
    /// Raises EventNotFoundError.
    fn metadata<'py>(&self, py: Python<'py>, event: EventArgument) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let metadata = detached(py, || self.opened.metadata(event.0))?;
        Ok(metadata.map(|bytes| PyBytes::new(py, &bytes)))
    }

    /// The event that this one hangs under; None for a root.
    ///
    /// Raises EventNotFoundError.
    fn parent(&self, py: Python<'_>, event: EventArgument) -> PyResult<Option<Event>> {
        let parent = detached(py, || self.opened.parent(event.0))?;
        Ok(parent.map(Event::from))
    }

    /// The events directly under this one. ``order`` is "commit", as this store committed them, or "time", by
    /// time and then by id: the same on every replica, for 8 bytes of memory a child.
    ///
    /// Raises EventNotFoundError; InvalidArgumentError for another order.
    #[pyo3(
        signature = (event, *, order=Ordered::default()),
        text_signature = "($self, event, *, order='commit')"
    )]
    fn children(&self, py: Python<'_>, event: EventArgument, order: Ordered) -> PyResult<EventCursor> {
        let cursor = detached(py, || self.opened.children(event.0, order.0))?;
        Ok(EventCursor::new(&self.opened, cursor))
    }

    /// The ids of the events directly under this one, without reading them. ``order`` as for ``children``.
    ///
    /// Raises EventNotFoundError; InvalidArgumentError for another order.
    #[pyo3(
        signature = (event, *, order=Ordered::default()),
        text_signature = "($self, event, *, order='commit')"
    )]
    fn child_ids(&self, py: Python<'_>, event: EventArgument, order: Ordered) -> PyResult<IdCursor> {
        let cursor = detached(py, || self.opened.child_ids(event.0, order.0))?;
        Ok(IdCursor::new(&self.opened, cursor))
    }

    /// The events above this one, nearest first, a root last.
    ///
    /// Raises EventNotFoundError.
    fn ancestors(&self, py: Python<'_>, event: EventArgument) -> PyResult<EventCursor> {
        let cursor = detached(py, || self.opened.ancestors(event.0))?;
        Ok(EventCursor::new(&self.opened, cursor))
    }

    /// All events under this one: parents before their children, children in commit order, depth first.
    ///
    /// Raises EventNotFoundError.
    fn descendants(&self, py: Python<'_>, event: EventArgument) -> PyResult<EventCursor> {
        let cursor = detached(py, || self.opened.descendants(event.0))?;
        Ok(EventCursor::new(&self.opened, cursor))
    }
}

/// The argument `order`.
#[derive(Default)]
pub(crate) struct Ordered(Order);

impl FromPyObject<'_, '_> for Ordered {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Ordered> {
        match text("order", &given)? {
            "commit" => Ok(Ordered(Order::Commit)),
            "time" => Ok(Ordered(Order::Time)),
            _ => Err(invalid(given.py(), "order is \"commit\" or \"time\"")),
        }
    }
}
