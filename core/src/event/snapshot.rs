//! The event that readers see: an immutable snapshot.
//!
//! It keeps the bytes that the log holds, judged once, and reads a field of them when that is asked for. So it takes
//! little more memory than they do, and two allocations to make.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::Content;
use super::decoding::{Attributes, Fields, HEAD_BYTES, Head, View, decode};
use super::encoding::{TAG_ATTRIBUTES, TAG_CONTENT, TAG_EXPIRES, TAG_METADATA, TAG_PARENT, TAG_TITLE};
use super::fields::ORIGIN_BYTES;
use super::kind::EventKind;
use crate::codec::Reader;
use crate::error::Result;
use crate::id::EventId;

/// Bytes of an attribute's place.
const PLACE_BYTES: usize = 4;

/// An event, as it was stored. Immutable, cheap to clone, independent of the database's life.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    inner: Arc<Inner>,
}

#[derive(PartialEq, Eq)]
struct Inner {
    id: EventId,
    sequence: u64,
    head: Head,
    follows: Box<[EventId]>,
    /// The encoding, which is an event's, and behind it where each attribute begins in their field.
    bytes: Box<[u8]>,
    encoding_bytes: u32,
    attribute_count: u32,
}

impl Event {
    /// The event of this encoding; `corrupt` if it is none.
    pub(crate) fn new(id: EventId, sequence: u64, encoding: &[u8]) -> Result<Event> {
        let view = View::of(encoding)?;
        let mut bytes = Vec::with_capacity(encoding.len() + PLACE_BYTES * view.attribute_count);
        bytes.extend_from_slice(encoding);
        view.attribute_places().for_each(|place| bytes.extend_from_slice(&place.to_le_bytes()));
        let inner = Inner {
            id,
            sequence,
            head: view.head,
            follows: view.follows.iter().map(|id| EventId::new(*id)).collect(),
            bytes: bytes.into_boxed_slice(),
            // An event has fewer bytes than 32 bits count, and so has it fewer attributes.
            encoding_bytes: encoding.len() as u32,
            attribute_count: view.attribute_count as u32,
        };
        Ok(Event { inner: Arc::new(inner) })
    }

    /// Whether this is the event of that id.
    pub(crate) fn has_id(&self, id: &EventId) -> bool {
        self.inner.id == *id
    }

    /// About how much memory it takes, what the allocator adds included.
    pub(crate) fn memory_bytes(&self) -> usize {
        const ALLOCATION_BYTES: usize = 16;
        const COUNTS_BYTES: usize = 2 * size_of::<usize>();
        let of = |bytes: usize| if bytes == 0 { 0 } else { bytes + ALLOCATION_BYTES };
        let inner = &self.inner;
        of(COUNTS_BYTES + size_of::<Inner>()) + of(size_of_val(&*inner.follows)) + of(inner.bytes.len())
    }

    /// The SHA-512 of the event's canonical encoding.
    #[must_use]
    pub fn id(&self) -> EventId {
        self.inner.id
    }

    /// What the event is for.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        self.inner.head.kind
    }

    /// The event that this one hangs under; none for a root.
    #[must_use]
    pub fn parent(&self) -> Option<EventId> {
        self.inner.field(TAG_PARENT)?.try_into().ok().map(EventId::new)
    }

    /// The events that this one supersedes or joins, ascending.
    #[must_use]
    pub fn follows(&self) -> &[EventId] {
        &self.inner.follows
    }

    /// Who made it: 16 bytes, drawn anew for each writer session; zero for derived events.
    #[must_use]
    pub fn origin(&self) -> [u8; ORIGIN_BYTES] {
        self.inner.head.origin
    }

    /// When it was made, in milliseconds since 1970; 0 for derived events.
    #[must_use]
    pub fn time_ms(&self) -> u64 {
        self.inner.head.time.ms()
    }

    /// Orders events of one millisecond.
    #[must_use]
    pub fn time_counter(&self) -> u16 {
        self.inner.head.time.counter()
    }

    /// This store's own commit order, from 1. Not part of the id, and other on each replica.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.inner.sequence
    }

    /// The title of a root.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        std::str::from_utf8(self.inner.field(TAG_TITLE)?).ok()
    }

    /// The attributes, ascending by the bytes of their names.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&str, &[u8])> {
        let (inner, field) = (&*self.inner, self.inner.field(TAG_ATTRIBUTES).unwrap_or_default());
        EachAttribute { inner, field, left: 0..inner.attribute_count as usize }
    }

    /// The value of the attribute of this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&[u8]> {
        let field = self.inner.field(TAG_ATTRIBUTES)?;
        let (mut low, mut high) = (0, self.inner.attribute_count as usize);
        while low < high {
            let middle = low + (high - low) / 2;
            let (here, value) = self.inner.attribute(field, middle)?;
            match here.as_bytes().cmp(name.as_bytes()) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(value),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The event's own metadata. [`Database::metadata`](crate::Database::metadata) gives inherited metadata.
    #[must_use]
    pub fn metadata(&self) -> Option<&[u8]> {
        self.inner.field(TAG_METADATA)
    }

    /// The length in bytes of the file that the event carries; none where it carries no file.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        Content::length_of(self.inner.field(TAG_CONTENT)?)
    }

    /// Whether the event may be collected again.
    #[must_use]
    pub fn temporary(&self) -> bool {
        self.inner.head.temporary
    }

    /// When a temporary event may be collected, in milliseconds since 1970.
    #[must_use]
    pub fn expires_ms(&self) -> Option<u64> {
        self.inner.field(TAG_EXPIRES)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// Whether full-text search should cover the event.
    #[must_use]
    pub fn full_text(&self) -> bool {
        self.inner.head.full_text
    }

    pub(crate) fn content(&self) -> Option<Content> {
        Content::decode(self.inner.field(TAG_CONTENT)?).ok()
    }
}

impl Inner {
    fn encoding(&self) -> &[u8] {
        self.bytes.get(..self.encoding_bytes as usize).unwrap_or_default()
    }

    fn field(&self, tag: u64) -> Option<&[u8]> {
        Fields(Reader::new(self.encoding().get(HEAD_BYTES..)?)).of_tag(tag)
    }

    /// The attribute at a position, in the field that holds all of them.
    fn attribute<'a>(&self, field: &'a [u8], at: usize) -> Option<(&'a str, &'a [u8])> {
        let place = self.bytes.get(self.encoding_bytes as usize + at * PLACE_BYTES..)?.first_chunk()?;
        Attributes(Reader::new(field.get(u32::from_le_bytes(*place) as usize..)?)).next()
    }
}

/// The attributes one by one, and from any place on.
struct EachAttribute<'a> {
    inner: &'a Inner,
    field: &'a [u8],
    left: Range<usize>,
}

impl<'a> Iterator for EachAttribute<'a> {
    type Item = (&'a str, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<Self::Item> {
        self.inner.attribute(self.field, self.left.nth(skipped)?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl ExactSizeIterator for EachAttribute<'_> {}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut event = f.debug_struct("Event");
        event.field("id", &self.inner.id).field("sequence", &self.inner.sequence);
        event.field("fields", &decode(self.inner.encoding()).ok()).finish()
    }
}

impl From<&Event> for EventId {
    fn from(event: &Event) -> EventId {
        event.id()
    }
}

impl From<Event> for EventId {
    fn from(event: Event) -> EventId {
        event.id()
    }
}

impl From<&EventId> for EventId {
    fn from(id: &EventId) -> EventId {
        *id
    }
}
