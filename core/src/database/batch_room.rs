//! What still fits into a batch. Its events wait in memory for one commit, so they are counted before they are kept.

use crate::event::{CheckedNewEvent, Content, ContentForm};
use crate::id::ID_BYTES;
use crate::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX};

/// What an event takes beside what the caller gives.
const EVENT_OVERHEAD_BYTES: usize = 320;

/// What frames an attribute.
const ATTRIBUTE_OVERHEAD_BYTES: usize = 8;

/// How much of a batch is taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BatchRoom {
    events: usize,
    bytes: usize,
}

impl BatchRoom {
    /// What is taken with one event more, of about so many bytes; none where it does not fit.
    pub(super) fn with(self, bytes: usize) -> Option<BatchRoom> {
        let events = self.events + 1;
        (events <= BATCH_EVENTS_MAX).then_some(BatchRoom { events, ..self })?.grown(bytes)
    }

    /// What is taken with so many bytes more of an event that is in it already; none where they do not fit.
    pub(super) fn grown(self, bytes: usize) -> Option<BatchRoom> {
        let bytes = self.bytes.saturating_add(bytes);
        (bytes <= BATCH_BYTES_MAX).then_some(BatchRoom { bytes, ..self })
    }
}

/// About how many bytes a root takes.
pub(super) fn root_bytes(title: &str) -> usize {
    EVENT_OVERHEAD_BYTES + title.len()
}

/// About how many bytes an event takes. Of a file only what lies in the event itself counts.
pub(super) fn plain_bytes(new: &CheckedNewEvent, content: Option<&Content>) -> usize {
    let attributes: usize =
        new.attributes.iter().map(|(name, value)| name.len() + value.len() + ATTRIBUTE_OVERHEAD_BYTES).sum();
    let inline = content.map_or(0, inline_bytes);
    let metadata = new.metadata.as_ref().map_or(0, Vec::len);
    EVENT_OVERHEAD_BYTES + attributes + metadata + inline + new.follows.len() * ID_BYTES
}

/// How many bytes of a file lie in the event itself.
pub(super) fn inline_bytes(content: &Content) -> usize {
    match &content.form {
        ContentForm::Inline(bytes) => bytes.len(),
        _ => 0,
    }
}
