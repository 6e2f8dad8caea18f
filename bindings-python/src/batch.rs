//! `Batch` and `Member`: many at once, all or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ouroborosdb::BatchParent;
use parking_lot::Mutex;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arguments::{event, text, wrong_type};
use crate::block::leave;
use crate::database::Database;
use crate::detached::detached;
use crate::event_id::EventId;
use crate::new_event::new_event;
use crate::open::Durable;
use crate::opened::Opened;
use crate::source::Source;
use crate::watch::Watch;

/// One member of a batch: a parent for later members of the same batch.
#[pyclass(frozen, eq, hash, module = "ouroborosdb")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Member {
    inner: ouroborosdb::Member,
}

#[pymethods]
impl Member {
    /// Its position in the batch, and in what ``Batch.commit`` gives, from 0.
    #[getter]
    fn index(&self) -> usize {
        self.inner.index()
    }

    fn __repr__(&self) -> String {
        format!("<Member {}>", self.inner.index())
    }
}

/// Events that become visible together or not at all. Made by ``Database.batch``.
///
/// It holds no lock until ``commit``. ``len(batch)`` is the number of members so far, 0 once it is finished.
/// Threads may share it. As a context manager it commits on a clean exit, unless it is finished by then, and
/// throws its members away on an exception. Its events together may take 64 MiB and number 1,048,576; their
/// files do not count.
///
/// A parent is an event as elsewhere, or an earlier Member. Every call raises FinishedError once the batch is
/// committed or discarded, and ClosedError once the database is closed.
#[pyclass(frozen, module = "ouroborosdb")]
pub(crate) struct Batch {
    inner: ouroborosdb::Batch,
    /// Whether `commit` or `discard` was called.
    ended: AtomicBool,
    ids: Mutex<Option<Vec<ouroborosdb::EventId>>>,
    /// Behind `inner`: what goes last closes the database.
    _database: Arc<Opened>,
}

#[pymethods]
impl Batch {
    /// Adds a root, as ``Database.create_root``.
    ///
    /// Raises TitleTooLongError; InvalidTextError; BatchTooLargeError.
    fn create_root(&self, py: Python<'_>, title: &Bound<'_, PyAny>) -> PyResult<Member> {
        let title = text("the title", title)?;
        let inner = detached(py, || self.inner.create_root(title))?;
        Ok(Member { inner })
    }

    /// Adds an event under a stored event or an earlier member, as ``Database.append``.
    ///
    /// Raises what ``Database.append`` raises; InvalidArgumentError for a member of another batch;
    /// BatchTooLargeError. After an error the batch is as it was.
    #[pyo3(
        signature = (parent, **new),
        text_signature = "($self, parent, *, metadata=None, attributes=None, follows=None, temporary=False, \
                          expires=None, full_text=False)"
    )]
    fn append(
        &self,
        py: Python<'_>,
        parent: &Bound<'_, PyAny>,
        new: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Member> {
        let (parent, new) = (batch_parent(parent)?, new_event("append", new)?);
        let inner = detached(py, || self.inner.append(parent, new))?;
        Ok(Member { inner })
    }

    /// Adds an event that carries a file, as ``Database.put_file``. The bytes are stored now, the event at
    /// ``commit``.
    ///
    /// Raises what ``Database.put_file`` and ``append`` raise. After an error the batch is as it was.
    #[pyo3(
        signature = (parent, source, *, cancel=None, progress=None, **new),
        text_signature = "($self, parent, source, *, cancel=None, progress=None, metadata=None, attributes=None, \
                          follows=None, temporary=False, expires=None, full_text=False)"
    )]
    fn put_file(
        &self,
        py: Python<'_>,
        parent: &Bound<'_, PyAny>,
        source: &Bound<'_, PyAny>,
        cancel: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
        new: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Member> {
        let (parent, new) = (batch_parent(parent)?, new_event("put_file", new)?);
        let watch = Watch::new(progress, cancel)?;
        let source = Source::of(source)?;
        let reader = source.reader(&watch);
        let inner = watch.run(py, |control| self.inner.put_file_with(parent, reader, new, control))?;
        Ok(Member { inner })
    }

    /// Makes all members visible at once, and gives their ids, a list by ``Member.index``. The batch is finished,
    /// whatever happens; after an error nothing of it is visible. ``durability`` says when it is safe, as for
    /// ``Database.append``; the members have none of their own.
    ///
    /// Raises ParentNotFoundError; InvalidArgumentError for another durability, after which the batch is as it was; the
    /// errors of every write.
    #[pyo3(signature = (*, durability=None))]
    fn commit(&self, py: Python<'_>, durability: Option<Durable>) -> PyResult<Vec<EventId>> {
        self.ended.store(true, Ordering::Relaxed);
        detached(py, || {
            let ids = match durability {
                None => self.inner.commit()?,
                Some(Durable(durability)) => self.inner.commit_with(durability)?,
            };
            *self.ids.lock() = Some(ids.clone());
            Ok(ids)
        })
        .map(python_ids)
    }

    /// Throws all members away.
    fn discard(&self, py: Python<'_>) -> PyResult<()> {
        self.ended.store(true, Ordering::Relaxed);
        detached(py, || self.inner.discard())
    }

    /// The ids of the members, a list by ``Member.index``, once the batch is committed; None before, and where it
    /// was discarded.
    #[getter]
    fn ids(&self) -> Option<Vec<EventId>> {
        self.ids.lock().clone().map(python_ids)
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        detached(py, || Ok(self.inner.len()))
    }

    /// Gives the batch.
    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// Commits the batch, or discards it where an exception leaves the block.
    #[pyo3(signature = (exc_type, exc_value, traceback, /))]
    fn __exit__(
        &self,
        py: Python<'_>,
        exc_type: &Bound<'_, PyAny>,
        exc_value: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let _ = (exc_value, traceback);
        leave(&self.ended, exc_type, || self.commit(py, None).map(drop), || self.discard(py))
    }

    fn __repr__(&self) -> &'static str {
        if self.ended.load(Ordering::Relaxed) { "<Batch, finished>" } else { "<Batch>" }
    }
}

fn python_ids(ids: Vec<ouroborosdb::EventId>) -> Vec<EventId> {
    ids.into_iter().map(EventId::from).collect()
}

fn batch_parent(given: &Bound<'_, PyAny>) -> PyResult<BatchParent> {
    if let Ok(member) = given.cast::<Member>() {
        return Ok(member.get().inner.into());
    }
    event(given)?.map(BatchParent::from).ok_or_else(|| {
        let wanted = "a Member, an Event, an EventId, 64 bytes or 128 hexadecimal digits";
        wrong_type("a parent", wanted, given)
    })
}

#[pymethods]
impl Database {
    /// Begins a batch: events that become visible together or not at all.
    ///
    /// Raises ReadOnlyError; PoisonedError.
    fn batch(&self, py: Python<'_>) -> PyResult<Batch> {
        let inner = detached(py, || self.opened.batch())?;
        Ok(Batch {
            inner,
            ended: AtomicBool::new(false),
            ids: Mutex::new(None),
            _database: Arc::clone(&self.opened),
        })
    }
}
