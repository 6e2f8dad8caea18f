//! Events that are encoded and named, ready to be committed.
//!
//! An event's id is the hash of what names its parent, so a parent is named before its children. Of many events those
//! that hang equally deep under each other are named together, because ids are hashed cheaper by the many.

use crate::event::{EventFields, encode};
use crate::hash;
use crate::id::EventId;
use crate::log::{Codec, Prepared, RecordKind};

/// An event that is ready to be committed.
#[derive(Clone, Debug)]
pub(crate) struct PreparedEvent {
    pub(crate) id: EventId,
    pub(crate) fields: EventFields,
    /// The sequence number of the parent; 0 where there is none, or the caller does not know it.
    pub(super) parent: u64,
    pub(super) record: Prepared,
}

/// An event whose parent may be one that has no id yet.
#[derive(Debug)]
pub(crate) struct Unnamed {
    pub(crate) fields: EventFields,
    pub(crate) under: Under,
}

/// What an event hangs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Under {
    /// What the fields say.
    Said,
    /// The same, and it has this sequence number.
    Stored(u64),
    /// The one at this place of the same list, which stands before it, instead of what the fields say.
    Earlier(usize),
}

impl PreparedEvent {
    /// Encodes and names the event.
    pub(crate) fn new(fields: EventFields) -> PreparedEvent {
        let bytes = encode(&fields);
        PreparedEvent::of(hash::event_id(&bytes), fields, bytes)
    }

    /// The same, with the sequence number of its parent, which is then not looked for again.
    pub(crate) fn under(self, parent: u64) -> PreparedEvent {
        PreparedEvent { parent, ..self }
    }

    /// Encodes and names all of them, in their order. None where a parent does not stand before its child.
    pub(crate) fn all(mut events: Vec<Unnamed>) -> Option<Vec<PreparedEvent>> {
        let mut ids = vec![EventId::new([0; _]); events.len()];
        let mut encodings = vec![Vec::new(); events.len()];
        for level in levels(&events)? {
            for at in &level {
                let event = events.get_mut(*at)?;
                if let Under::Earlier(parent) = event.under {
                    event.fields.parent = Some(*ids.get(parent)?);
                }
                *encodings.get_mut(*at)? = encode(&event.fields);
            }
            let bytes = level.iter().filter_map(|at| encodings.get(*at).map(Vec::as_slice));
            for (at, id) in level.iter().zip(hash::event_ids(bytes)) {
                *ids.get_mut(*at)? = id;
            }
        }
        let named = events.into_iter().zip(encodings).zip(ids);
        let prepared = named.map(|((event, bytes), id)| {
            let prepared = PreparedEvent::of(id, event.fields, bytes);
            match event.under {
                Under::Stored(sequence) => prepared.under(sequence),
                Under::Said | Under::Earlier(_) => prepared,
            }
        });
        Some(prepared.collect())
    }

    fn of(id: EventId, fields: EventFields, bytes: Vec<u8>) -> PreparedEvent {
        let raw = bytes.len();
        let record =
            Prepared::new(RecordKind::Event, fields.temporary, *id.as_bytes(), raw, Codec::Raw, bytes);
        PreparedEvent { id, fields, parent: 0, record }
    }
}

/// Which events can be named at once: those without a parent in the list, then their children, and so on.
fn levels(events: &[Unnamed]) -> Option<Vec<Vec<usize>>> {
    let mut depths: Vec<usize> = Vec::with_capacity(events.len());
    let mut levels: Vec<Vec<usize>> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let depth = match event.under {
            Under::Earlier(parent) => depths.get(parent)? + 1,
            Under::Said | Under::Stored(_) => 0,
        };
        depths.push(depth);
        if levels.len() == depth {
            levels.push(Vec::new());
        }
        levels.get_mut(depth)?.push(at);
    }
    Some(levels)
}

#[cfg(test)]
mod tests {
    use super::{PreparedEvent, Under, Unnamed};
    use crate::event::{EventFields, EventKind};

    fn event(number: usize, parent: Option<usize>) -> Unnamed {
        let metadata = Some(vec![7; number]);
        let fields = EventFields { metadata, ..EventFields::derived(EventKind::Plain) };
        Unnamed { fields, under: parent.map_or(Under::Said, Under::Earlier) }
    }

    /// A list in which a chain, a fan and events of their own stand mixed.
    #[test]
    fn each_is_named_as_it_would_be_after_its_parent() {
        let wanted = |i: usize| [None, Some(i / 2), i.checked_sub(1), Some(3)][i * 7 % 4];
        let parents: Vec<Option<usize>> = (0..300).map(|i| wanted(i).filter(|parent| *parent < i)).collect();
        let all: Vec<Unnamed> = parents.iter().enumerate().map(|(i, parent)| event(i, *parent)).collect();
        let named = PreparedEvent::all(all).unwrap();
        assert_eq!(named.len(), 300);
        for (i, parent) in parents.iter().enumerate() {
            let mut fields = event(i, None).fields;
            fields.parent = parent.map(|parent| named[parent].id);
            let alone = PreparedEvent::new(fields.clone());
            assert_eq!((named[i].id, &named[i].fields), (alone.id, &fields), "event {i}");
            assert_eq!(format!("{:?}", named[i].record), format!("{:?}", alone.record));
        }
    }

    #[test]
    fn a_parent_stands_before_its_child() {
        assert!(PreparedEvent::all(vec![event(0, Some(0))]).is_none());
        assert!(PreparedEvent::all(vec![event(0, None), event(1, Some(2)), event(2, None)]).is_none());
        assert!(PreparedEvent::all(Vec::new()).unwrap().is_empty());
    }
}
