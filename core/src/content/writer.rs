//! A file on its way in: bytes are pushed, chunks come out, and at the end a reference to the whole.
//!
//! Memory is bounded: a group of chunks is gathered, handled by all cores, and handed to the sink. A small file
//! never leaves the calling thread. Cuts depend on the bytes alone: a chunk is cut only where its whole longest
//! extent is at hand, or the file has ended.

use std::io::Read;
use std::ops::Range;

use super::pack::Packer;
use super::sink::ChunkSink;
use crate::chunk::{ListBuilder, cut, profile};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Content, ContentForm};
use crate::hash;
use crate::id::ChunkId;
use crate::limits::FILE_BYTES_MAX;
use crate::log::{Codec, Prepared, RecordKind};
use crate::store::Store;

/// How much is gathered before it is cut and handled.
const GROUP_BYTES: usize = 2 * 1024 * 1024;
/// Less than this is handled by the calling thread alone.
const PARALLEL_BYTES_MIN: usize = 256 * 1024;
/// How much is asked of a reader at once.
const READ_BYTES: usize = 256 * 1024;
/// The first read asks for less, so that a small file costs a small buffer.
const FIRST_READ_BYTES: usize = 16 * 1024;

#[derive(Debug)]
pub(crate) struct ContentWriter {
    sink: ChunkSink,
    temporary: bool,
    threads: usize,
    /// Longer than what is in it, so that reading into it again does not fill it with zeros first.
    buffer: Vec<u8>,
    /// How much of the buffer holds bytes of the file.
    filled: usize,
    length: u64,
    chunks: u64,
    first: Option<ChunkId>,
    lists: ListBuilder,
    packer: Option<Packer>,
}

/// What one thread makes of a chunk.
struct Handled {
    id: ChunkId,
    bytes: u64,
    record: Option<Prepared>,
}

impl ContentWriter {
    /// `threads` is how many threads may work on one file.
    pub(crate) fn new(mut sink: ChunkSink, temporary: bool, threads: usize) -> ContentWriter {
        let (buffer, packer) = sink.take_tools();
        ContentWriter {
            sink,
            temporary,
            threads,
            buffer,
            filled: 0,
            length: 0,
            chunks: 0,
            first: None,
            lists: ListBuilder::new(),
            packer,
        }
    }

    /// Bytes taken so far.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn write(&mut self, store: &Store, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let room = (GROUP_BYTES + profile::CHUNK_BYTES_MAX).saturating_sub(self.filled).max(1);
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.place(now.len()).copy_from_slice(now);
            self.took(now.len())?;
            self.handle_group(store, false)?;
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
        let mut ask = FIRST_READ_BYTES;
        loop {
            let read = match reader.read(self.place(ask)) {
                // A reader that claims more than it was asked for is not believed.
                Ok(read) => read.min(ask),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::from_source(error)),
            };
            if read == 0 {
                return Ok(());
            }
            self.took(read)?;
            self.handle_group(store, false)?;
            progress(read as u64)?;
            ask = READ_BYTES;
        }
    }

    /// The reference to the file, and the sink with what is still on its way.
    pub(crate) fn finish(mut self, store: &Store) -> Result<(Content, ChunkSink)> {
        let profile = profile::NUMBER;
        if self.length <= profile::INLINE_BYTES_MAX as u64 {
            let form = ContentForm::Inline(self.bytes().to_vec());
            self.sink.give_tools(self.buffer, self.packer);
            return Ok((Content { profile, length: self.length, form }, self.sink));
        }
        self.handle_group(store, true)?;
        let form = match self.first {
            Some(id) if self.chunks == 1 => ContentForm::Chunk(id),
            _ => self.finish_lists(store)?,
        };
        self.sink.give_tools(self.buffer, self.packer);
        Ok((Content { profile, length: self.length, form }, self.sink))
    }

    fn finish_lists(&mut self, store: &Store) -> Result<ContentForm> {
        let lists = std::mem::take(&mut self.lists);
        let (sink, temporary) = (&mut self.sink, self.temporary);
        let root = lists.finish(&mut |id, bytes| push_list(store, sink, temporary, id, bytes))?;
        let (levels, root) =
            root.ok_or_else(|| Error::new(ErrorCode::Internal, "a file of several chunks has no list"))?;
        Ok(ContentForm::Tree { levels, root })
    }

    /// Room for so many bytes behind what is there.
    fn place(&mut self, bytes: usize) -> &mut [u8] {
        let end = self.filled + bytes;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        self.buffer.get_mut(self.filled..end).unwrap_or_default()
    }

    /// What is gathered.
    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    fn took(&mut self, bytes: usize) -> Result<()> {
        self.filled += bytes;
        self.length += bytes as u64;
        if self.length > FILE_BYTES_MAX {
            let message =
                format!("the file is larger than {FILE_BYTES_MAX} bytes, the largest that is stored");
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        Ok(())
    }

    /// Cuts and stores what is gathered, if it is enough, or if the file has ended.
    fn handle_group(&mut self, store: &Store, last: bool) -> Result<()> {
        if !last && self.filled < GROUP_BYTES + profile::CHUNK_BYTES_MAX {
            return Ok(());
        }
        let ranges = self.cut_group(last);
        let handled = self.handle(store, &ranges)?;
        let cut = ranges.last().map_or(0, |range| range.end);
        for done in handled {
            if let Some(record) = done.record {
                self.sink.push(done.id, record);
            }
            self.chunks += 1;
            self.first = self.first.or(Some(done.id));
            let (sink, temporary) = (&mut self.sink, self.temporary);
            let mut emit = |id, bytes| push_list(store, sink, temporary, id, bytes);
            // The list of a one-chunk file is never emitted: it ends only at `finish`.
            self.lists.push(done.id, done.bytes, &mut emit)?;
        }
        self.buffer.copy_within(cut..self.filled, 0);
        self.filled -= cut;
        self.sink.flush_if_full(store)
    }

    fn cut_group(&self, last: bool) -> Vec<Range<usize>> {
        let (mut ranges, mut at) = (Vec::new(), 0);
        while let Some(rest) = self.bytes().get(at..).filter(|rest| !rest.is_empty()) {
            if !last && rest.len() < profile::CHUNK_BYTES_MAX {
                break;
            }
            let end = at + cut(rest);
            ranges.push(at..end);
            at = end;
        }
        ranges
    }

    fn handle(&mut self, store: &Store, ranges: &[Range<usize>]) -> Result<Vec<Handled>> {
        let compression = store.options().compression;
        let mut packer = match self.packer.take() {
            Some(packer) => packer,
            None => Packer::new(compression)?,
        };
        let (buffer, sink, temporary) = (self.bytes(), &self.sink, self.temporary);
        let work = |packer: &mut Packer, ranges: &[Range<usize>]| -> Result<Vec<Handled>> {
            let chunks = || ranges.iter().filter_map(|range| buffer.get(range.clone()));
            let ids = hash::chunk_ids(chunks());
            let chunks = ids.into_iter().zip(chunks());
            chunks.map(|(id, bytes)| handle_chunk(store, sink, packer, temporary, id, bytes)).collect()
        };
        let threads = if buffer.len() < PARALLEL_BYTES_MIN { 1 } else { self.threads.max(1) };
        let share = ranges.len().div_ceil(threads).max(1);
        let (ours, theirs) = ranges.split_at(share.min(ranges.len()));
        let handled = std::thread::scope(|scope| {
            let others: Vec<_> = theirs
                .chunks(share)
                .map(|ranges| {
                    let thread = std::thread::Builder::new().name("ouroborosdb-file".to_owned());
                    let work = move || work(&mut Packer::new(compression)?, ranges);
                    (thread.spawn_scoped(scope, work), ranges)
                })
                .collect();
            let mut handled = work(&mut packer, ours)?;
            for (other, ranges) in others {
                let done = match other {
                    Ok(thread) => thread.join().map_err(|_| {
                        Error::new(ErrorCode::Internal, "a thread that compresses chunks has failed")
                    })?,
                    // A system that gives no more threads makes it slower, not wrong.
                    Err(_) => work(&mut packer, ranges),
                };
                handled.extend(done?);
            }
            Ok(handled)
        });
        self.packer = Some(packer);
        handled
    }
}

fn handle_chunk(
    store: &Store,
    sink: &ChunkSink,
    packer: &mut Packer,
    temporary: bool,
    id: ChunkId,
    bytes: &[u8],
) -> Result<Handled> {
    let record =
        if sink.has(store, &id, temporary)? { None } else { Some(packer.chunk(&id, bytes, temporary)?) };
    Ok(Handled { id, bytes: bytes.len() as u64, record })
}

fn push_list(
    store: &Store,
    sink: &mut ChunkSink,
    temporary: bool,
    id: ChunkId,
    bytes: Vec<u8>,
) -> Result<()> {
    if !sink.has(store, &id, temporary)? {
        let raw = bytes.len();
        let record = Prepared::new(RecordKind::Lists, temporary, *id.as_bytes(), raw, Codec::Raw, bytes);
        sink.push(id, record);
    }
    Ok(())
}
