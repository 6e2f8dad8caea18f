//! A file that the caller pushes.

use std::fmt;
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Shared;
use super::append::plain_fields;
use crate::content::ContentWriter;
use crate::error::{Error, ErrorCode, Result};
use crate::event::CheckedNewEvent;
use crate::id::EventId;
use crate::latency::Operation;
use crate::store::PreparedEvent;

/// A file on its way in. Nothing is visible before [`finish`](FileWriter::finish); dropping it before aborts.
///
/// Also an [`io::Write`]. Threads may share it; each write is taken whole.
///
/// ```
/// use ouroborosdb::{Database, NewEvent, Options};
/// let db = Database::open_in_memory(Options::new())?;
/// let root = db.create_root("files")?;
/// let writer = db.file_writer(root, NewEvent::new())?;
/// writer.write(b"hello ")?;
/// writer.write(b"world")?;
/// let file = writer.finish()?;
/// assert_eq!(db.read_file(file)?, b"hello world");
/// # Ok::<(), ouroborosdb::Error>(())
/// ```
pub struct FileWriter {
    shared: Arc<Shared>,
    state: Mutex<State>,
}

struct State {
    /// None once it is finished, aborted, or failed.
    open: Option<Open>,
    length: u64,
}

struct Open {
    writer: ContentWriter,
    parent: EventId,
    new: CheckedNewEvent,
}

impl FileWriter {
    pub(super) fn new(shared: Arc<Shared>, parent: EventId, new: CheckedNewEvent) -> FileWriter {
        let writer = ContentWriter::new(shared.take_sink(), new.temporary);
        let state = State { open: Some(Open { writer, parent, new }), length: 0 };
        FileWriter { shared, state: Mutex::new(state) }
    }

    /// Takes all of `bytes`.
    ///
    /// # Errors
    ///
    /// `finished` after `finish` or `abort`; those of every write, after which the writer is finished.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        let store = self.shared.enter()?;
        let mut state = self.state.lock();
        // Taken out, so that a failure leaves the writer finished and not half written.
        let mut open = state.open.take().ok_or_else(finished)?;
        open.writer.write(&store, bytes)?;
        state.length = open.writer.length();
        state.open = Some(open);
        Ok(())
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.state.lock().length
    }

    /// Makes the event, and gives its id.
    ///
    /// # Errors
    ///
    /// `finished`; those of every write. The writer is finished in either case.
    pub fn finish(&self) -> Result<EventId> {
        let store = self.shared.enter()?;
        let _timer = store.latencies().start(Operation::PutFile);
        let Open { writer, parent, new } = self.state.lock().open.take().ok_or_else(finished)?;
        store.check_writable()?;
        let (content, sink) = writer.finish(&store)?;
        let durability = new.durability;
        let event = PreparedEvent::new(plain_fields(&store, parent, new, Some(content)));
        self.shared.commit_file(&store, sink, event, durability)
    }

    /// Ends the writer without an event.
    ///
    /// # Errors
    ///
    /// `finished`; `closed`.
    pub fn abort(&self) -> Result<()> {
        let _store = self.shared.enter()?;
        self.state.lock().open.take().map(|_| ()).ok_or_else(finished)
    }
}

fn finished() -> Error {
    Error::new(ErrorCode::Finished, "the file writer is finished; make a new one for the next file")
}

impl io::Write for &FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        FileWriter::write(self, bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Write for FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        FileWriter::write(self, bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for FileWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileWriter").field("length", &self.length()).finish_non_exhaustive()
    }
}
