//! How events and ids cross: strings with a character for each byte.
//!
//! Such a string is one allocation of V8, needs no finalizer, and cannot be changed by anyone; `lib/event.cjs` reads
//! a field when it is asked for. Numbers are little-endian.
//!
//! ```text
//!   0  flags: 1 temporary, 2 full text, 4 parent, 8 title, 16 metadata, 32 content, 64 expires
//!   1  kind                       2  origin, 16 bytes         18  time counter, u16
//!  20  time in ms, u64           28  sequence, u64            36  expires in ms, u64
//!  44  content length, u64       52  length of the title, u32 56  length of the metadata, u32
//!  60  number of follows, u32    64  number of attributes, u32
//!  68  id                       132  parent, zeros where there is none
//! 196  title, metadata, follows; then for each attribute the lengths of name and value, u32 each, and both
//! ```

use ouroborosdb::{Event, EventId, ID_BYTES};

const FIXED_BYTES: usize = 196;

/// The record of an event.
pub(crate) fn encode(event: &Event) -> Vec<u8> {
    let title = event.title().unwrap_or_default().as_bytes();
    let metadata = event.metadata().unwrap_or_default();
    let attributes: usize = event.attributes().map(|(name, value)| 8 + name.len() + value.len()).sum();
    let variable = title.len() + metadata.len() + event.follows().len() * ID_BYTES + attributes;
    let mut record = Vec::with_capacity(FIXED_BYTES + variable);
    record.extend_from_slice(&[flags(event), event.kind().number()]);
    record.extend_from_slice(&event.origin());
    record.extend_from_slice(&event.time_counter().to_le_bytes());
    let numbers = [
        event.time_ms(),
        event.sequence(),
        event.expires_ms().unwrap_or(0),
        event.content_length().unwrap_or(0),
    ];
    for number in numbers {
        record.extend_from_slice(&number.to_le_bytes());
    }
    // The limits of the format are far below 32 bits.
    let lengths = [title.len(), metadata.len(), event.follows().len(), event.attributes().len()];
    for length in lengths {
        record.extend_from_slice(&(length as u32).to_le_bytes());
    }
    record.extend_from_slice(event.id().as_bytes());
    record.extend_from_slice(event.parent().as_ref().map_or(&[0; ID_BYTES], |parent| parent.as_bytes()));
    record.extend_from_slice(title);
    record.extend_from_slice(metadata);
    for id in event.follows() {
        record.extend_from_slice(id.as_bytes());
    }
    for (name, value) in event.attributes() {
        record.extend_from_slice(&(name.len() as u32).to_le_bytes());
        record.extend_from_slice(&(value.len() as u32).to_le_bytes());
        record.extend_from_slice(name.as_bytes());
        record.extend_from_slice(value);
    }
    record
}

fn flags(event: &Event) -> u8 {
    let flags = [
        event.temporary(),
        event.full_text(),
        event.parent().is_some(),
        event.title().is_some(),
        event.metadata().is_some(),
        event.content_length().is_some(),
        event.expires_ms().is_some(),
    ];
    flags.into_iter().enumerate().map(|(at, set)| u8::from(set) << at).sum()
}

/// The 64 characters of an id.
pub(crate) fn id(id: EventId) -> Vec<u8> {
    id.as_bytes().to_vec()
}
