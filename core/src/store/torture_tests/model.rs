//! What was committed, and how much of it must be there.

use std::fmt;

use crate::event::{Event, EventFields, EventKind, encode};
use crate::id::EventId;

/// An event as it was committed.
#[derive(Clone, Debug)]
pub(super) struct Committed {
    pub(super) id: EventId,
    pub(super) fields: EventFields,
    /// The bytes of the file that it carries.
    pub(super) file: Option<Vec<u8>>,
}

impl Committed {
    /// As a reader is to see it.
    pub(super) fn event(&self, sequence: u64) -> Event {
        Event::new(self.id, sequence, &encode(&self.fields)).unwrap()
    }
}

/// All that was committed, in order, by batches.
#[derive(Clone, Default)]
pub(super) struct Model {
    pub(super) events: Vec<Committed>,
    /// How many events there were after each batch; a store may have so many, and no other number.
    ends: Vec<usize>,
    /// So many events were acknowledged as durable.
    pub(super) durable: usize,
    /// Makes each event another one.
    made: u64,
}

impl Model {
    /// A batch that is about to be committed.
    pub(super) fn attempt(&mut self, events: Vec<Committed>) {
        self.events.extend(events);
        self.ends.push(self.events.len());
    }

    /// Everything that was committed was acknowledged.
    pub(super) fn acknowledge(&mut self) {
        self.durable = self.events.len();
    }

    /// Whether a store may have so many events.
    pub(super) fn allows(&self, events: usize) -> bool {
        events >= self.durable && (events == 0 || self.ends.contains(&events))
    }

    /// The last batch, of so many events, was refused.
    pub(super) fn take_back(&mut self, events: usize) {
        self.events.truncate(self.events.len() - events);
        self.ends.pop();
    }

    /// A store was opened that has so many of the events: they are durable now, and all others were lost, and are
    /// never to come again.
    pub(super) fn found(&mut self, events: usize) {
        assert!(self.allows(events), "{events} events are there, {self:?}");
        self.events.truncate(events);
        self.ends.retain(|end| *end <= events);
        self.acknowledge();
    }

    /// The event to hang the next one under.
    pub(super) fn parent(&self) -> Option<EventId> {
        // Not always the same one, so that siblings and descendants both come.
        let at = (self.made as usize / 2).checked_rem(self.events.len())?;
        Some(self.events[at].id)
    }

    /// The fields of an event that was not made before.
    pub(super) fn new_fields(&mut self, parent: Option<EventId>) -> EventFields {
        self.made += 1;
        let name = format!("event {}", self.made);
        match parent {
            None => EventFields { title: Some(name), ..EventFields::derived(EventKind::Root) },
            Some(_) => {
                // Events of several lengths, of which some go over the end of a block.
                let metadata = name.repeat(1 + (self.made as usize * 7) % 50).into_bytes();
                EventFields { parent, metadata: Some(metadata), ..EventFields::derived(EventKind::Plain) }
            }
        }
    }

    /// A file that was not stored before; of a length that one, or several blocks hold.
    pub(super) fn new_file(&self) -> Vec<u8> {
        let mut state = self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let length = 200 + (self.made as usize * 331) % 1500;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        (0..length).map(|_| next()).collect()
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ends, durable) = (&self.ends, self.durable);
        write!(f, "where {durable} were acknowledged, and batches end at {ends:?}")
    }
}
