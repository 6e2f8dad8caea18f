//! What the index keeps of an event and of a chunk.

use crate::event::{EventFields, EventKind, Time, View};
use crate::id::EventId;
use crate::log::Damage;

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
    /// The whole record, so that one read fetches it.
    pub(crate) record_bytes: u32,
}

impl Place {
    /// The record, where it is damaged.
    pub(super) fn stretch(&self) -> Damage {
        Damage { segment: self.segment, offset: self.offset, length: u64::from(self.record_bytes) }
    }
}

/// Where a chunk or a chunk list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChunkPlace {
    pub(crate) place: Place,
    /// Where it begins in the record's raw body.
    pub(crate) start: u32,
    pub(crate) raw_bytes: u32,
    pub(crate) is_list: bool,
    /// Whether only temporary events may rest on it.
    pub(crate) temporary: bool,
}

/// What an event hangs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parent {
    /// Nothing: it is a root.
    None,
    /// The event of this sequence number.
    Known(u64),
    /// Something that damage took: the parent itself, or the name of it.
    Lost,
}

/// What the index keeps of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventRow {
    pub(crate) id: EventId,
    pub(crate) sequence: u64,
    pub(crate) place: Place,
    pub(crate) parent: Parent,
    pub(crate) time: Time,
    pub(crate) kind: EventKind,
    pub(crate) temporary: bool,
    pub(crate) has_metadata: bool,
    /// Whether its body could not be read: then nothing here is known but its id, number, place and `temporary`.
    pub(crate) damaged: bool,
    pub(crate) content_bytes: u64,
    /// Within the part of the index that has the row, in commit order: the first child, the last child, which only the
    /// part in memory knows, and the next sibling; 0 for none.
    pub(crate) first_child: u64,
    pub(crate) last_child: u64,
    pub(crate) next_sibling: u64,
}

impl EventRow {
    /// The number of the parent; 0 where it is not known.
    pub(crate) fn known_parent(&self) -> u64 {
        match self.parent {
            Parent::Known(parent) => parent,
            Parent::None | Parent::Lost => 0,
        }
    }

    pub(crate) fn new(
        id: EventId,
        sequence: u64,
        place: Place,
        parent: Parent,
        fields: &EventFields,
    ) -> EventRow {
        EventRow {
            id,
            sequence,
            place,
            parent,
            time: fields.time,
            kind: fields.kind,
            temporary: fields.temporary,
            has_metadata: fields.metadata.is_some(),
            damaged: false,
            content_bytes: fields.content.as_ref().map_or(0, |content| content.length),
            first_child: 0,
            last_child: 0,
            next_sibling: 0,
        }
    }

    /// As [`EventRow::new`], of an event whose parent is not looked for yet.
    pub(super) fn of_view(id: EventId, sequence: u64, place: Place, view: &View<'_>) -> EventRow {
        EventRow {
            id,
            sequence,
            place,
            parent: if view.parent.is_none() { Parent::None } else { Parent::Lost },
            time: view.head.time,
            kind: view.head.kind,
            temporary: view.head.temporary,
            has_metadata: view.metadata.is_some(),
            damaged: false,
            content_bytes: view.content.as_ref().map_or(0, |content| content.length),
            first_child: 0,
            last_child: 0,
            next_sibling: 0,
        }
    }
}
