//! A stored file, read from any place.
//!
//! What is stored as it is goes from the disk to where it is wanted without a copy between. What is compressed is
//! decompressed a frame at a time; whoever reads on from where he stopped finds the next frames being decompressed already,
//! by threads that are free ([`Ahead`]). A jump costs one list a level, and one frame.

use std::sync::Arc;

use super::ahead::Ahead;
use super::lists::{Lists, Located, damaged};
use crate::chunk::profile;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Content, ContentForm};
use crate::hands::Hands;
use crate::index::ChunkPlace;
use crate::store::{DecodedFrame, Store};

#[derive(Debug)]
pub(crate) struct ContentReader {
    content: Content,
    lists: Lists,
    /// The chunk that was read last, if it is in a frame.
    open: Option<OpenChunk>,
    /// Where the range ends that is being read.
    range_end: u64,
    /// Whether it begins where the one before ended: who goes on will go on further.
    goes_on: bool,
    ahead: Option<Ahead>,
}

#[derive(Debug)]
struct OpenChunk {
    chunk: Located,
    found: ChunkPlace,
    frame: Arc<DecodedFrame>,
}

impl OpenChunk {
    /// What the chunk holds from `offset` of the file on; none where that is not in it.
    fn from(&self, offset: u64) -> Option<&[u8]> {
        let within = usize::try_from(offset.checked_sub(self.chunk.start)?).ok()?;
        self.frame.chunk(&self.chunk.id, &self.found)?.get(within..).filter(|rest| !rest.is_empty())
    }
}

impl ContentReader {
    /// `newer_format` for a profile that this version does not know: its lists may follow other rules.
    pub(crate) fn new(content: Content) -> Result<ContentReader> {
        if content.profile != profile::NUMBER && !matches!(content.form, ContentForm::Inline(_)) {
            let message = format!(
                "the file was stored by a newer version of the library, with format profile {}; use that version",
                content.profile
            );
            return Err(Error::new(ErrorCode::NewerFormat, message));
        }
        let lists = Lists::default();
        Ok(ContentReader { content, lists, open: None, range_end: u64::MAX, goes_on: false, ahead: None })
    }

    /// Has what will be wanted next decompressed by these threads meanwhile.
    pub(crate) fn with_hands(mut self, store: &Arc<Store>, hands: &Arc<Hands>) -> ContentReader {
        if let ContentForm::Tree { .. } = self.content.form {
            self.ahead = Ahead::new(store, hands);
        }
        self
    }

    pub(crate) fn length(&self) -> u64 {
        self.content.length
    }

    /// How many frames are begun that nobody has wanted yet.
    #[cfg(test)]
    pub(super) fn frames_ahead(&self) -> usize {
        self.ahead.as_ref().map_or(0, Ahead::frames)
    }

    /// Up to where of the file it has looked.
    #[cfg(test)]
    pub(super) fn seen_to(&self) -> u64 {
        self.ahead.as_ref().map_or(0, Ahead::end)
    }

    /// Reads at `offset` as much as one chunk gives, at least one byte before the end. `out` is all that is wanted: the
    /// caller goes on until it is full.
    pub(crate) fn read_at(&mut self, store: &Store, offset: u64, out: &mut [u8]) -> Result<usize> {
        if offset >= self.content.length || out.is_empty() {
            return Ok(0);
        }
        if let ContentForm::Inline(bytes) = &self.content.form {
            let from = usize::try_from(offset).unwrap_or(usize::MAX);
            return Ok(copy(bytes.get(from..).unwrap_or_default(), out));
        }
        let range_end = offset.saturating_add(out.len() as u64);
        if range_end != self.range_end {
            self.goes_on = offset == self.range_end;
            self.range_end = range_end;
        }
        match self.open.as_ref().and_then(|open| open.from(offset)) {
            Some(bytes) => Ok(copy(bytes, out)),
            None => self.read_chunk(store, offset, out),
        }
    }

    /// Reads until `out` is full or the file ends.
    pub(crate) fn read_full_at(&mut self, store: &Store, offset: u64, out: &mut [u8]) -> Result<usize> {
        let mut done = 0;
        while let Some(rest) = out.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let read = self.read_at(store, offset + done as u64, rest)?;
            if read == 0 {
                break;
            }
            done += read;
        }
        Ok(done)
    }

    /// Reads the chunk that holds `offset`.
    fn read_chunk(&mut self, store: &Store, offset: u64, out: &mut [u8]) -> Result<usize> {
        let (chunk, found) = match self.ahead.as_mut().and_then(|ahead| ahead.chunk(offset)) {
            Some(met) => met,
            None => {
                let Content { form, length, .. } = &self.content;
                let chunk = self.lists.locate(store, form, *length, offset, !self.goes_on)?;
                if chunk.length > profile::CHUNK_BYTES_MAX as u64 {
                    return Err(damaged(&format!("chunk {} is longer than chunks are", chunk.id)));
                }
                (chunk, store.locate_chunk(&chunk.id, chunk.length)?)
            }
        };
        if Store::is_alone(&found) {
            let whole = out.get_mut(..chunk.length as usize).filter(|_| chunk.start == offset);
            if let Some(out) = whole {
                store.read_alone(&chunk.id, &found, out)?;
                return Ok(out.len());
            }
        }
        let frame = self.frame(store, &chunk, &found)?;
        let open = self.open.insert(OpenChunk { chunk, found, frame });
        let bytes = open.from(offset).ok_or_else(|| damaged("a chunk is shorter than its list says"))?;
        Ok(copy(bytes, out))
    }

    fn frame(&mut self, store: &Store, chunk: &Located, found: &ChunkPlace) -> Result<Arc<DecodedFrame>> {
        let open = self.open.take().filter(|open| open.found.place == found.place);
        if let Some(OpenChunk { frame, .. }) =
            open.filter(|open| open.frame.chunk(&chunk.id, found).is_some())
        {
            return Ok(frame);
        }
        let Some(ahead) = self.ahead.as_mut().filter(|_| !Store::is_alone(found)) else {
            return store.frame(&chunk.id, found, !self.goes_on);
        };
        // Who wants much at once will want all of it.
        let until = if self.goes_on { u64::MAX } else { self.range_end };
        ahead.frame(&self.content, chunk, found, until)
    }
}

fn copy(bytes: &[u8], out: &mut [u8]) -> usize {
    let length = bytes.len().min(out.len());
    if let (Some(to), Some(from)) = (out.get_mut(..length), bytes.get(..length)) {
        to.copy_from_slice(from);
    }
    length
}
