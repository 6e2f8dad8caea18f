//! The fields of an event: exactly what its id covers.

use super::{Content, EventKind};
use crate::id::EventId;

/// Bytes of an origin.
pub const ORIGIN_BYTES: usize = 16;

/// What an event's encoding says, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventFields {
    pub(crate) kind: EventKind,
    pub(crate) temporary: bool,
    pub(crate) full_text: bool,
    /// Who made it; zero for derived events.
    pub(crate) origin: [u8; ORIGIN_BYTES],
    /// Hybrid logical clock; zero for derived events.
    pub(crate) time: Time,
    pub(crate) parent: Option<EventId>,
    /// Ascending, without repeats.
    pub(crate) follows: Vec<EventId>,
    /// Milliseconds since 1970; temporary events only.
    pub(crate) expires_ms: Option<u64>,
    /// Roots only, and every root.
    pub(crate) title: Option<String>,
    /// Ascending by name, without repeats.
    pub(crate) attributes: Vec<(String, Vec<u8>)>,
    pub(crate) metadata: Option<Vec<u8>>,
    pub(crate) content: Option<Content>,
    /// Fields of a later version, kept and passed on: tag and bytes, ascending by tag.
    pub(crate) extensions: Vec<(u64, Vec<u8>)>,
}

/// A reading of a hybrid logical clock: 48 bits of milliseconds since 1970, 16 bits of counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Time(pub(crate) u64);

impl Time {
    /// Bits of the counter.
    pub(crate) const COUNTER_BITS: u32 = 16;

    pub(crate) const fn from_ms(ms: u64) -> Time {
        Time(ms << Self::COUNTER_BITS)
    }

    pub(crate) const fn ms(self) -> u64 {
        self.0 >> Self::COUNTER_BITS
    }

    pub(crate) const fn counter(self) -> u16 {
        (self.0 & 0xffff) as u16
    }
}

impl EventFields {
    /// A derived event: zero origin and time, so that every replica makes the same one.
    pub(crate) fn derived(kind: EventKind) -> EventFields {
        EventFields {
            kind,
            temporary: false,
            full_text: false,
            origin: [0; ORIGIN_BYTES],
            time: Time::default(),
            parent: None,
            follows: Vec::new(),
            expires_ms: None,
            title: None,
            attributes: Vec::new(),
            metadata: None,
            content: None,
            extensions: Vec::new(),
        }
    }
}
