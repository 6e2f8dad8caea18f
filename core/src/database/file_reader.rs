//! A stored file, open for reading.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use parking_lot::Mutex;

use super::Shared;
use crate::content::ContentReader;
use crate::error::{Error, ErrorCode, Result};
use crate::id::EventId;
use crate::latency::Operation;
use crate::store::Store;

/// A stored file, open for reading: [`Read`] and [`Seek`].
///
/// Every byte is checked when it is read. Threads may share it; they share its position too, and
/// [`read_at`](FileReader::read_at) leaves that alone.
pub struct FileReader {
    shared: Arc<Shared>,
    event: EventId,
    length: u64,
    state: Mutex<State>,
}

struct State {
    reader: ContentReader,
    position: u64,
}

impl FileReader {
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(super) fn event(&self) -> EventId {
        self.event
    }

    /// Says where the position is now, after a piece was given out.
    pub(super) fn set_position(&self, position: u64) {
        self.state.lock().position = position;
    }

    pub(super) fn new(shared: Arc<Shared>, event: EventId, reader: ContentReader) -> FileReader {
        let length = reader.length();
        FileReader { shared, event, length, state: Mutex::new(State { reader, position: 0 }) }
    }

    /// Length of the file in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Where the next [`read`](FileReader::read) begins.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.state.lock().position
    }

    /// Fills `buffer` from the position on, which advances. Gives fewer bytes only at the end, and 0 there.
    ///
    /// # Errors
    ///
    /// `corrupt`, naming the event and the damaged place; `io`; `closed`.
    pub fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        let store = self.shared.enter()?;
        let mut state = self.state.lock();
        let position = state.position;
        let read = self.fill(&store, &mut state, position, buffer)?;
        state.position = position + read as u64;
        Ok(read)
    }

    /// Fills `buffer` from `offset` on; the position stays. Gives fewer bytes only at the end.
    ///
    /// # Errors
    ///
    /// As [`read`](FileReader::read).
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        let store = self.shared.enter()?;
        self.fill(&store, &mut self.state.lock(), offset, buffer)
    }

    fn fill(&self, store: &Store, state: &mut State, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        let _timer = store.latencies().start(Operation::Read);
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            self.shared.check_open()?;
            let read = state.reader.read_at(store, offset.saturating_add(done as u64), rest);
            match read.map_err(|error| error.within(&format!("the file of event {}", self.event)))? {
                0 => break,
                read => done += read,
            }
        }
        Ok(done)
    }

    /// Moves the position, and gives the new one. Past the end is allowed; reads there give nothing.
    ///
    /// # Errors
    ///
    /// `invalid_argument` before the beginning or beyond 64 bits; `closed`.
    pub fn seek(&self, to: SeekFrom) -> Result<u64> {
        let _store = self.shared.enter()?;
        let mut state = self.state.lock();
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(offset) => state.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
        };
        state.position = target.ok_or_else(|| {
            let message = "the position would be before the beginning of the file, or beyond 64 bits; \
                           it stays where it was";
            Error::new(ErrorCode::InvalidArgument, message)
        })?;
        Ok(state.position)
    }
}

impl Read for &FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(FileReader::read(self, buffer)?)
    }
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(FileReader::read(self, buffer)?)
    }
}

impl Seek for &FileReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        Ok(FileReader::seek(self, to)?)
    }
}

impl Seek for FileReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        Ok(FileReader::seek(self, to)?)
    }
}

impl fmt::Debug for FileReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileReader").field("length", &self.length).finish_non_exhaustive()
    }
}
