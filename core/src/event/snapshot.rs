//! The event that readers see: an immutable snapshot.

use std::sync::Arc;

use super::fields::{EventFields, ORIGIN_BYTES};
use super::{Content, ContentForm, EventKind};
use crate::id::EventId;

/// An event, as it was stored. Immutable, cheap to clone, independent of the database's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    inner: Arc<Inner>,
}

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    id: EventId,
    sequence: u64,
    fields: EventFields,
}

impl Event {
    pub(crate) fn new(id: EventId, sequence: u64, fields: EventFields) -> Event {
        Event { inner: Arc::new(Inner { id, sequence, fields }) }
    }

    /// Whether this is the event of that id.
    pub(crate) fn has_id(&self, id: &EventId) -> bool {
        self.inner.id == *id
    }

    /// About how much memory it takes, what the allocator adds included.
    pub(crate) fn memory_bytes(&self) -> usize {
        const ALLOCATION_BYTES: usize = 16;
        let fields = &self.inner.fields;
        let of = |bytes: usize| bytes + ALLOCATION_BYTES;
        let attribute = |(name, value): &(String, Vec<u8>)| {
            size_of::<(String, Vec<u8>)>() + of(name.len()) + of(value.len())
        };
        let extension = |(_, bytes): &(u64, Vec<u8>)| size_of::<(u64, Vec<u8>)>() + of(bytes.len());
        let inline = match fields.content.as_ref().map(|content| &content.form) {
            Some(ContentForm::Inline(bytes)) => of(bytes.len()),
            _ => 0,
        };
        of(size_of::<Inner>())
            + of(size_of_val(fields.follows.as_slice()))
            + fields.title.as_ref().map_or(0, |title| of(title.len()))
            + fields.metadata.as_ref().map_or(0, |metadata| of(metadata.len()))
            + fields.attributes.iter().map(attribute).sum::<usize>()
            + fields.extensions.iter().map(extension).sum::<usize>()
            + inline
    }

    /// The SHA-512 of the event's canonical encoding.
    #[must_use]
    pub fn id(&self) -> EventId {
        self.inner.id
    }

    /// What the event is for.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        self.inner.fields.kind
    }

    /// The event that this one hangs under; none for a root.
    #[must_use]
    pub fn parent(&self) -> Option<EventId> {
        self.inner.fields.parent
    }

    /// The events that this one supersedes or joins, ascending.
    #[must_use]
    pub fn follows(&self) -> &[EventId] {
        &self.inner.fields.follows
    }

    /// Who made it: 16 bytes, drawn anew for each writer session; zero for derived events.
    #[must_use]
    pub fn origin(&self) -> [u8; ORIGIN_BYTES] {
        self.inner.fields.origin
    }

    /// When it was made, in milliseconds since 1970; 0 for derived events.
    #[must_use]
    pub fn time_ms(&self) -> u64 {
        self.inner.fields.time.ms()
    }

    /// Orders events of one millisecond.
    #[must_use]
    pub fn time_counter(&self) -> u16 {
        self.inner.fields.time.counter()
    }

    /// This store's own commit order, from 1. Not part of the id, and other on each replica.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.inner.sequence
    }

    /// The title of a root.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.inner.fields.title.as_deref()
    }

    /// The attributes, ascending by the bytes of their names.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&str, &[u8])> {
        self.inner.fields.attributes.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// The value of the attribute of this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&[u8]> {
        let attributes = &self.inner.fields.attributes;
        let at = attributes.binary_search_by(|(other, _)| other.as_bytes().cmp(name.as_bytes())).ok()?;
        attributes.get(at).map(|(_, value)| value.as_slice())
    }

    /// The event's own metadata. [`Database::metadata`](crate::Database::metadata) gives inherited metadata.
    #[must_use]
    pub fn metadata(&self) -> Option<&[u8]> {
        self.inner.fields.metadata.as_deref()
    }

    /// The length in bytes of the file that the event carries; none where it carries no file.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.inner.fields.content.as_ref().map(|content| content.length)
    }

    /// Whether the event may be collected again.
    #[must_use]
    pub fn temporary(&self) -> bool {
        self.inner.fields.temporary
    }

    /// When a temporary event may be collected, in milliseconds since 1970.
    #[must_use]
    pub fn expires_ms(&self) -> Option<u64> {
        self.inner.fields.expires_ms
    }

    /// Whether full-text search should cover the event.
    #[must_use]
    pub fn full_text(&self) -> bool {
        self.inner.fields.full_text
    }

    pub(crate) fn content(&self) -> Option<&Content> {
        self.inner.fields.content.as_ref()
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
