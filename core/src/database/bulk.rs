//! Many files at once, stored by several threads and committed together: what an import stands on.

use std::io::Read;

use parking_lot::Mutex;

use super::append::{check_new, check_parent, plain_fields};
use super::turns::Turns;
use super::{Database, Entered, Shared};
use crate::content::{ChunkSink, ContentWriter};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{CheckedNewEvent, Content};
use crate::id::EventId;
use crate::latency::{Operation, Timer};
use crate::options::Durability;
use crate::store::{PreparedEvent, Under, Unnamed};

/// Files from here on keep several threads busy by themselves.
const LARGE_BYTES: u64 = 2 * 1024 * 1024;

/// A file whose chunks are stored and that no event refers to yet.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    content: Content,
}

impl Stored {
    pub(super) fn content(&self) -> &Content {
        &self.content
    }

    pub(crate) fn length(&self) -> u64 {
        self.content.length
    }
}

/// Where an event of a bulk hangs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BulkParent {
    Event(EventId),
    /// An earlier element of the same commit.
    Index(usize),
}

/// An event to be committed.
#[derive(Debug)]
pub(crate) struct BulkEvent {
    pub(crate) parent: BulkParent,
    pub(crate) new: Box<CheckedNewEvent>,
    pub(crate) content: Option<Stored>,
}

/// Stores files from several threads, each with a sink of its own, so that small ones share a write.
#[derive(Debug)]
pub(crate) struct Bulk<'a> {
    shared: &'a Shared,
    store: Entered<'a>,
    sinks: Mutex<Vec<ChunkSink>>,
    turns: Turns,
}

impl Database {
    pub(crate) fn bulk(&self) -> Result<Bulk<'_>> {
        let store = self.enter()?;
        store.check_writable()?;
        Ok(Bulk { shared: &self.shared, store, sinks: Mutex::default(), turns: Turns::new() })
    }
}

impl Bulk<'_> {
    /// For a thread of the crew that runs what a caller has handed in: closing from there does not wait for it.
    pub(super) fn enter(&self) -> Result<Entered<'_>> {
        self.shared.enter()
    }

    /// Measures a call that stores many files.
    pub(crate) fn timer(&self) -> Timer<'_> {
        self.store.latencies().start(Operation::PutFiles)
    }

    /// `closed`, once closing has begun.
    pub(crate) fn check_open(&self) -> Result<()> {
        self.shared.check_open()
    }

    /// Whether permanent events may hang under this one: asked before anything is read.
    pub(crate) fn check_parent(&self, parent: &EventId) -> Result<()> {
        check_parent(&self.store, parent, false).map(|_| ())
    }

    /// Whether an event like this may hang under this one: asked before its file is read.
    pub(super) fn check_new(&self, parent: &EventId, new: &CheckedNewEvent) -> Result<()> {
        check_new(&self.store, parent, new).map(|_| ())
    }

    /// Stores a file of `bytes`, where that is known, on the calling thread. What fails leaves nothing but unreferenced
    /// chunks. Reading a file whose length is known must not depend on another one's being stored: a large one waits for
    /// its turn.
    pub(crate) fn store(&self, reader: &mut dyn Read, bytes: Option<u64>, temporary: bool) -> Result<Stored> {
        let _turn = bytes.filter(|bytes| *bytes >= LARGE_BYTES).map(|_| self.turns.take());
        let sink = self.sinks.lock().pop().unwrap_or_else(|| self.shared.new_sink().of_many());
        let mut writer = ContentWriter::new(sink, temporary);
        writer.write_from(&self.store, reader, |_| self.shared.check_open())?;
        let (content, mut sink) = writer.finish(&self.store)?;
        sink.flush_if_full(&self.store)?;
        self.sinks.lock().push(sink);
        Ok(Stored { content })
    }

    /// Commits events, parents before their children, all at once; as the database was opened where nothing is said of
    /// their durability.
    pub(crate) fn commit(
        &self,
        events: Vec<BulkEvent>,
        durability: Option<Durability>,
    ) -> Result<Vec<EventId>> {
        let mut sinks = std::mem::take(&mut *self.sinks.lock());
        sinks.iter_mut().try_for_each(|sink| sink.flush(&self.store))?;
        *self.sinks.lock() = sinks;
        let mut unnamed = Vec::with_capacity(events.len());
        for event in events {
            let new = *event.new;
            let (stored, under) = match event.parent {
                BulkParent::Event(id) => (Some(id), Under::Stored(check_new(&self.store, &id, &new)?)),
                BulkParent::Index(at) => (None, Under::Earlier(at)),
            };
            let content = event.content.map(|stored| stored.content);
            unnamed.push(Unnamed { fields: plain_fields(&self.store, stored, new, content), under });
        }
        let prepared = PreparedEvent::all(unnamed).ok_or_else(|| {
            Error::new(ErrorCode::Internal, "an entry comes before the folder that it is in")
        })?;
        let ids = prepared.iter().map(|event| event.id).collect();
        self.store.commit(Vec::new(), prepared, self.store.durability(durability))?;
        Ok(ids)
    }
}
