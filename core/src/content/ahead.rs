//! The frames that whoever reads on will want next.
//!
//! From the chunk that is wanted now, the lists tell which ones follow; the frames that they are in are decompressed by
//! threads that are free, so many at once as keep all of them busy. What fails ahead is read again when it is wanted, so
//! that the error is told of the place that was asked for, and only where it was.

use std::collections::VecDeque;
use std::sync::Arc;

use super::lists::{Lists, Located};
use crate::chunk::profile::CHUNK_BYTES_MIN;
use crate::error::Result;
use crate::event::Content;
use crate::hands::{Hands, Promise};
use crate::index::{ChunkPlace, Place};
use crate::store::{DecodedFrame, Store};

/// So far ahead it looks: what needs no decompressing, and what is in a frame that was met, is passed over.
const SEEN_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// And so many chunks, which only a list that lies has in so little.
const CHUNKS_MAX: usize = SEEN_BYTES_MAX as usize / CHUNK_BYTES_MIN;

#[derive(Debug)]
pub(super) struct Ahead {
    store: Arc<Store>,
    hands: Arc<Hands>,
    lists: Lists,
    /// In the order in which they will be wanted.
    frames: VecDeque<(Place, Promise<Result<Arc<DecodedFrame>>>)>,
    /// The chunks that were met on the way, so that nobody looks for them twice.
    chunks: VecDeque<(Located, ChunkPlace)>,
    /// Up to where of the file all frames were asked for.
    end: u64,
}

impl Ahead {
    /// None where there is nobody but the one who reads.
    pub(super) fn new(store: &Arc<Store>, hands: &Arc<Hands>) -> Option<Ahead> {
        let (store, hands) = (Arc::clone(store), Arc::clone(hands));
        let (frames, chunks) = (VecDeque::new(), VecDeque::new());
        let one = Ahead { store, hands, lists: Lists::default(), frames, chunks, end: 0 };
        (one.hands.ahead() > 0).then_some(one)
    }

    /// The chunk that holds `offset`, if it was met.
    pub(super) fn chunk(&mut self, offset: u64) -> Option<(Located, ChunkPlace)> {
        while self.chunks.front().is_some_and(|(chunk, _)| chunk.end() <= offset) {
            self.chunks.pop_front();
        }
        self.chunks.front().filter(|(chunk, _)| chunk.start <= offset).copied()
    }

    #[cfg(test)]
    pub(super) fn frames(&self) -> usize {
        self.frames.len()
    }

    #[cfg(test)]
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// The frame of the chunk that is wanted now. Those behind it are begun, up to the chunk that holds the byte before
    /// `until`.
    pub(super) fn frame(
        &mut self,
        content: &Content,
        chunk: &Located,
        found: &ChunkPlace,
        until: u64,
    ) -> Result<Arc<DecodedFrame>> {
        let frame = match self.frames.iter().position(|(place, _)| *place == found.place) {
            Some(at) => {
                // What stands before it was jumped over.
                self.frames.drain(..at);
                if self.end > chunk.end().saturating_add(SEEN_BYTES_MAX) {
                    // It was met by a jump back.
                    self.end = chunk.end();
                    self.chunks.clear();
                }
                self.frames.pop_front().map(|(_, frame)| frame)
            }
            None => {
                self.frames.clear();
                self.chunks.clear();
                self.end = chunk.start;
                None
            }
        };
        self.begin(content, chunk, found, until);
        match frame.map(|frame| self.hands.take(frame)) {
            Some(Ok(Ok(frame))) if frame.chunk(&chunk.id, found).is_some() => Ok(frame),
            _ => self.store.frame(&chunk.id, found, false),
        }
    }

    /// Begins what is behind a chunk.
    fn begin(&mut self, content: &Content, chunk: &Located, found: &ChunkPlace, until: u64) {
        self.end = self.end.max(chunk.end());
        let until = until.min(content.length).min(chunk.end().saturating_add(SEEN_BYTES_MAX));
        let mut last = self.frames.back().map_or(found.place, |(place, _)| *place);
        while self.frames.len() < self.hands.ahead() && self.chunks.len() < CHUNKS_MAX && self.end < until {
            let next = self.lists.locate(&self.store, &content.form, content.length, self.end, false);
            let Some((next, found)) = next.ok().and_then(|next| {
                let found = self.store.locate_chunk(&next.id, next.length).ok()?;
                Some((next, found))
            }) else {
                return;
            };
            self.end = next.end();
            self.chunks.push_back((next, found));
            if found.place == last || Store::is_alone(&found) {
                continue;
            }
            last = found.place;
            let store = Arc::clone(&self.store);
            self.frames
                .push_back((found.place, self.hands.give(move || store.frame(&next.id, &found, false))));
        }
    }
}
