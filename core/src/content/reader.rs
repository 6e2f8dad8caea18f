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
    /// Where the call before ended: who goes on there will go on further.
    reached: u64,
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
        Ok(ContentReader { content, lists: Lists::default(), open: None, reached: 0, ahead: None })
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

    /// Reads at `offset` as much as one chunk gives, at least one byte before the end. The caller goes on reading until
    /// `out` is full.
    pub(crate) fn read_at(&mut self, store: &Store, offset: u64, out: &mut [u8]) -> Result<usize> {
        if offset >= self.content.length || out.is_empty() {
            return Ok(0);
        }
        if let ContentForm::Inline(bytes) = &self.content.form {
            let from = usize::try_from(offset).unwrap_or(usize::MAX);
            return Ok(copy(bytes.get(from..).unwrap_or_default(), out));
        }
        if let Some(bytes) = self.open.as_ref().and_then(|open| open.from(offset)) {
            let read = copy(bytes, out);
            self.reached = offset + read as u64;
            return Ok(read);
        }
        let read = self.read_chunk(store, offset, out)?;
        self.reached = offset + read as u64;
        Ok(read)
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
        let Content { form, length, .. } = &self.content;
        let chunk = self.lists.locate(store, form, *length, offset)?;
        if chunk.length > profile::CHUNK_BYTES_MAX as u64 {
            return Err(damaged(&format!("chunk {} is longer than chunks are", chunk.id)));
        }
        let found = store.locate_chunk(&chunk.id, chunk.length)?;
        if Store::is_alone(&found) {
            let whole = out.get_mut(..chunk.length as usize).filter(|_| chunk.start == offset);
            if let Some(out) = whole {
                store.read_alone(&chunk.id, &found, out)?;
                return Ok(out.len());
            }
        }
        let frame = self.frame(store, &chunk, &found, out.len())?;
        let open = self.open.insert(OpenChunk { chunk, found, frame });
        Ok(open.from(offset).map_or(0, |bytes| copy(bytes, out)))
    }

    fn frame(
        &mut self,
        store: &Store,
        chunk: &Located,
        found: &ChunkPlace,
        wanted: usize,
    ) -> Result<Arc<DecodedFrame>> {
        let open = self.open.take().filter(|open| open.found.place == found.place);
        if let Some(OpenChunk { frame, .. }) =
            open.filter(|open| open.frame.chunk(&chunk.id, found).is_some())
        {
            return Ok(frame);
        }
        let Some(ahead) = &mut self.ahead else {
            return store.frame(&chunk.id, found);
        };
        // Who wants much at once will want all of it; who goes on where he stopped wants more.
        let goes_on = self.reached == chunk.start && chunk.start > 0;
        let until = if goes_on { u64::MAX } else { chunk.start.saturating_add(wanted as u64) };
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
