//! A file on its way in: bytes are pushed, chunks come out, and at the end a reference to the whole.
//!
//! ```text
//! read → cut              whoever stores the file, a group at a time
//! name                    whoever is free, several groups at once
//! list, look up, frame    whoever stores the file, in the order of the file
//! compress                whoever is free, several frames at once
//! append                  whoever stores the file, in the order of the frames
//! ```
//!
//! To name is to hash, or to find the same bytes where they are to be expected (`Store::follow`).
//!
//! Memory is bounded: so many groups and frames are on their way as keep all processors busy, and no more. A small file
//! never leaves the calling thread. Cuts depend on the bytes alone: a chunk is cut only where its whole longest extent is
//! at hand, or the file has ended.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use super::group::{Group, Named};
use super::sink::{ChunkSink, Helpers};
use crate::chunk::{ListBuilder, profile};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Content, ContentForm};
use crate::hands::Promise;
use crate::id::ChunkId;
use crate::limits::FILE_BYTES_MAX;
use crate::store::Store;

/// How much is asked of a reader at once.
const READ_BYTES: usize = 256 * 1024;
/// The first read asks for less, so that a small file costs a small buffer.
const FIRST_READ_BYTES: usize = 16 * 1024;

#[derive(Debug)]
pub(crate) struct ContentWriter {
    sink: ChunkSink,
    temporary: bool,
    group: Group,
    /// Groups before it, whose chunks have no names yet, in the order of the file.
    naming: VecDeque<Promise<Named>>,
    length: u64,
    chunks: u64,
    first: Option<ChunkId>,
    lists: ListBuilder,
}

impl ContentWriter {
    pub(crate) fn new(mut sink: ChunkSink, temporary: bool) -> ContentWriter {
        let group = Group::new(sink.take_buffer());
        ContentWriter {
            sink,
            temporary,
            group,
            naming: VecDeque::new(),
            length: 0,
            chunks: 0,
            first: None,
            lists: ListBuilder::new(),
        }
    }

    /// Bytes taken so far.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn write(&mut self, store: &Store, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(self.group.room().min(bytes.len()));
            self.group.place(now.len()).copy_from_slice(now);
            self.took(now.len())?;
            self.handle_if_full(store)?;
            bytes = later;
        }
        Ok(())
    }

    /// Takes all that the reader gives. `progress` is told how much came each time.
    pub(crate) fn write_from(
        &mut self,
        store: &Store,
        reader: &mut dyn Read,
        mut progress: impl FnMut(u64) -> Result<()>,
    ) -> Result<()> {
        let mut wanted = FIRST_READ_BYTES;
        loop {
            let ask = wanted.min(self.group.room());
            let read = match reader.read(self.group.place(ask)) {
                // A reader that claims more than it was asked for is not believed.
                Ok(read) => read.min(ask),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::from_source(error)),
            };
            if read == 0 {
                return Ok(());
            }
            self.took(read)?;
            self.handle_if_full(store)?;
            progress(read as u64)?;
            wanted = READ_BYTES;
        }
    }

    /// The reference to the file, and the sink with what is still on its way.
    pub(crate) fn finish(mut self, store: &Store) -> Result<(Content, ChunkSink)> {
        let profile = profile::NUMBER;
        let form = if self.length <= profile::INLINE_BYTES_MAX as u64 {
            ContentForm::Inline(self.group.bytes().to_vec())
        } else {
            self.finish_chunks(store)?
        };
        self.sink.give_buffer(self.group.into_buffer());
        Ok((Content { profile, length: self.length, form }, self.sink))
    }

    fn finish_chunks(&mut self, store: &Store) -> Result<ContentForm> {
        self.settle(store, 0)?;
        let last = std::mem::replace(&mut self.group, Group::new(Vec::new()));
        let ranges = last.cut_all();
        let named = last.into_named(store, ranges);
        self.add_all(store, &named)?;
        self.group = Group::new(named.into_buffer());
        if let (Some(id), 1) = (self.first, self.chunks) {
            return Ok(ContentForm::Chunk(id));
        }
        let lists = std::mem::take(&mut self.lists);
        let (sink, temporary) = (&mut self.sink, self.temporary);
        let root = lists.finish(&mut |id, bytes| add_list(sink, store, temporary, id, bytes))?;
        let (levels, root) =
            root.ok_or_else(|| Error::new(ErrorCode::Internal, "a file of several chunks has no list"))?;
        Ok(ContentForm::Tree { levels, root })
    }

    fn took(&mut self, bytes: usize) -> Result<()> {
        self.group.took(bytes);
        self.length += bytes as u64;
        if self.length > FILE_BYTES_MAX {
            let message =
                format!("the file is larger than {FILE_BYTES_MAX} bytes, the largest that is stored");
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        Ok(())
    }

    /// Cuts what is gathered and has it named, if it is enough.
    fn handle_if_full(&mut self, store: &Store) -> Result<()> {
        if self.group.room() > 0 {
            return Ok(());
        }
        let (full, next) = self.group.cut_full(self.sink.take_buffer());
        let group = std::mem::replace(&mut self.group, next);
        let (promise, ahead) = match self.sink.helpers() {
            Some(Helpers { store, hands }) => {
                let store = Arc::clone(store);
                (hands.give(move || group.into_named(&store, full)), self.sink.ahead())
            }
            None => (Promise::kept(group.into_named(store, full)), 0),
        };
        self.naming.push_back(promise);
        // What is named needs no room any more.
        let done = self.naming.iter().take_while(|promise| promise.is_done()).count();
        self.settle(store, ahead.min(self.naming.len() - done))
    }

    /// Takes what was named, until no more than so many groups are on their way.
    fn settle(&mut self, store: &Store, groups: usize) -> Result<()> {
        while self.naming.len() > groups
            && let Some(named) = self.naming.pop_front()
        {
            let named = self.sink.take_piece(named)?;
            self.add_all(store, &named)?;
            self.sink.give_buffer(named.into_buffer());
            self.sink.flush_if_full(store)?;
        }
        Ok(())
    }

    /// Stores the chunks of a group, in the order of the file.
    fn add_all(&mut self, store: &Store, named: &Named) -> Result<()> {
        for (id, bytes) in named.chunks() {
            add(&mut self.sink, store, self.temporary, id, bytes)?;
            self.list(store, id, bytes.len())?;
        }
        Ok(())
    }

    /// Puts a chunk into the lists of the file.
    fn list(&mut self, store: &Store, id: ChunkId, bytes: usize) -> Result<()> {
        self.chunks += 1;
        self.first = self.first.or(Some(id));
        let (sink, temporary) = (&mut self.sink, self.temporary);
        // The list of a one-chunk file is never emitted: it ends only at `finish`.
        self.lists.push(id, bytes as u64, &mut |id, bytes| add_list(sink, store, temporary, id, bytes))
    }
}

fn add(sink: &mut ChunkSink, store: &Store, temporary: bool, id: ChunkId, bytes: &[u8]) -> Result<()> {
    if sink.has(store, &id, temporary)? { Ok(()) } else { sink.push(store, id, bytes, temporary) }
}

fn add_list(sink: &mut ChunkSink, store: &Store, temporary: bool, id: ChunkId, bytes: Vec<u8>) -> Result<()> {
    if !sink.has(store, &id, temporary)? {
        sink.push_list(id, bytes, temporary);
    }
    Ok(())
}
