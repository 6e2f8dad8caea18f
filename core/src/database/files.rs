//! Files in and out.

use std::io::Read;
use std::sync::Arc;

use super::append::{check_new, plain_fields};
use super::{Database, FileReader, FileWriter, Shared};
use crate::content::{ChunkSink, ContentReader, ContentWriter};
use crate::control::Control;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Content, NewEvent};
use crate::id::EventId;
use crate::latency::Operation;
use crate::options::Durability;
use crate::store::{PreparedEvent, Store};

/// What a whole file is first given room for; it grows as the bytes come.
const READ_RESERVE_BYTES: u64 = 16 * 1024 * 1024;

impl Database {
    /// Stores a file under `parent`: an event that carries what the reader gives.
    ///
    /// The reader is read to its end, once, in pieces; memory is bounded whatever the length. Where it fails,
    /// nothing is stored but chunks that nothing refers to.
    ///
    /// # Errors
    ///
    /// `source_failed` with the reader's error; and those of [`append`](Database::append).
    pub fn put_file(&self, parent: impl Into<EventId>, reader: impl Read, new: NewEvent) -> Result<EventId> {
        self.put_file_with(parent, reader, new, Control::new())
    }

    /// As [`put_file`](Database::put_file), cancelled and watched by `control`, which counts bytes.
    ///
    /// # Errors
    ///
    /// `cancelled`; and those of [`put_file`](Database::put_file).
    pub fn put_file_with(
        &self,
        parent: impl Into<EventId>,
        mut reader: impl Read,
        new: NewEvent,
        mut control: Control<'_>,
    ) -> Result<EventId> {
        let store = self.enter()?;
        let _timer = store.latencies().start(Operation::PutFile);
        store.check_writable()?;
        let (parent, new) = (parent.into(), new.check()?);
        let under = check_new(&store, &parent, &new)?;
        control.check()?;
        let (temporary, durability) = (new.temporary, new.durability);
        let (content, sink) = self.shared.take_in(&store, &mut reader, temporary, &mut control)?;
        let event = PreparedEvent::new(plain_fields(&store, parent, new, Some(content)));
        self.shared.commit_file(&store, sink, event.under(under), durability)
    }

    /// A writer for a file that the caller pushes. The event is made by [`FileWriter::finish`].
    ///
    /// # Errors
    ///
    /// Those of [`append`](Database::append).
    pub fn file_writer(&self, parent: impl Into<EventId>, new: NewEvent) -> Result<FileWriter> {
        let store = self.enter()?;
        store.check_writable()?;
        let (parent, new) = (parent.into(), new.check()?);
        check_new(&store, &parent, &new)?;
        Ok(FileWriter::new(Arc::clone(&self.shared), parent, new))
    }

    /// The whole file that an event carries.
    ///
    /// # Errors
    ///
    /// `event_not_found`; `no_content`; `corrupt`, naming the event and the damaged place; `newer_format`; `io`
    /// where there is not enough memory for it.
    pub fn read_file(&self, event: impl Into<EventId>) -> Result<Vec<u8>> {
        let store = self.enter()?;
        let _timer = store.latencies().start(Operation::ReadFile);
        let id = event.into();
        let mut reader = self.shared.read_ahead(ContentReader::new(content_of(&store, &id)?)?);
        let length = reader.length();
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < length {
            self.shared.check_open()?;
            let start = bytes.len();
            let step = READ_RESERVE_BYTES.min(length - start as u64) as usize;
            bytes.try_reserve(step).map_err(|_| no_memory(&id, length))?;
            bytes.resize(start + step, 0);
            let place = bytes.get_mut(start..).unwrap_or_default();
            let read = reader
                .read_full_at(&store, start as u64, place)
                .map_err(|error| error.within(&format!("the file of event {id}")))?;
            if read == 0 {
                let message = format!("the file of event {id} ends too early");
                return Err(Error::new(ErrorCode::Corrupt, message));
            }
            bytes.truncate(start + read);
        }
        Ok(bytes)
    }

    /// Opens the file that an event carries. A range reads only the chunks that it touches.
    ///
    /// # Errors
    ///
    /// `event_not_found`; `no_content`; `corrupt`; `newer_format`.
    pub fn open_file(&self, event: impl Into<EventId>) -> Result<FileReader> {
        let store = self.enter()?;
        let id = event.into();
        let reader = self.shared.read_ahead(ContentReader::new(content_of(&store, &id)?)?);
        Ok(FileReader::new(Arc::clone(&self.shared), id, reader))
    }
}

impl Shared {
    /// Reads a source to its end.
    pub(super) fn take_in(
        &self,
        store: &Store,
        reader: &mut dyn Read,
        temporary: bool,
        control: &mut Control<'_>,
    ) -> Result<(Content, ChunkSink)> {
        let mut writer = ContentWriter::new(self.take_sink(), temporary);
        writer.write_from(store, reader, |bytes| {
            self.check_open()?;
            control.advance(bytes, 0)
        })?;
        let done = writer.finish(store)?;
        control.finish();
        control.check()?;
        Ok(done)
    }

    /// Commits an event together with what is left of its file.
    pub(super) fn commit_file(
        &self,
        store: &Store,
        mut sink: ChunkSink,
        event: PreparedEvent,
        durability: Option<Durability>,
    ) -> Result<EventId> {
        let id = event.id;
        store.commit(sink.take(store)?, vec![event], store.durability(durability))?;
        self.give_sink(sink);
        Ok(id)
    }
}

fn content_of(store: &Store, id: &EventId) -> Result<Content> {
    let event = store.event(id)?;
    event.content().ok_or_else(|| {
        Error::new(ErrorCode::NoContent, format!("event {id} carries no file; read its metadata instead"))
    })
}

fn no_memory(id: &EventId, length: u64) -> Error {
    let message = format!(
        "there is not enough memory for the {length} bytes of event {id}; open it and read in pieces"
    );
    Error::new(ErrorCode::Io, message)
}
