//! The event: its fields, its one byte form, and the snapshot that readers see.

mod content;
mod decoding;
mod encoding;
#[cfg(test)]
mod encoding_tests;
mod fields;
#[cfg(test)]
mod golden_tests;
mod kind;
mod new_event;
mod snapshot;

pub(crate) use content::{Content, ContentForm};
pub(crate) use decoding::{View, decode};
pub(crate) use encoding::encode;
pub use fields::ORIGIN_BYTES;
pub(crate) use fields::{EventFields, Time};
pub use kind::EventKind;
pub(crate) use new_event::CheckedNewEvent;
pub use new_event::{NewEvent, text};
pub use snapshot::Event;
