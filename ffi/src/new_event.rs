//! What the caller says about an event that is to be made.

use std::ffi::{c_char, c_void};

use ouroborosdb::{EventId, NewEvent, Result};

use crate::boundary::Caller;
use crate::durability::asked_durability;
use crate::event_id::ouro_event_id;
use crate::sized::{SizedStruct, flag};

/// A named value. The name is UTF-8 of 1 to 255 bytes, the value any bytes.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_attribute {
    /// The name, without a NUL at its end.
    pub name: *const c_char,
    /// Bytes of the name.
    pub name_len: usize,
    /// The value.
    pub value: *const c_void,
    /// Bytes of the value.
    pub value_len: usize,
}

impl Default for ouro_attribute {
    fn default() -> ouro_attribute {
        ouro_attribute { name: std::ptr::null(), name_len: 0, value: std::ptr::null(), value_len: 0 }
    }
}

/// What a new event carries beside its file; nothing is required. Begin with `OURO_NEW_EVENT_INIT`. The library
/// copies what it needs before the call returns.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_new_event {
    /// The size of this struct.
    pub struct_size: usize,
    /// Bytes that describe the event, 16 MiB at most; descendants without metadata of their own inherit them.
    /// NULL where there are none, which is not the same as empty ones.
    pub metadata: *const c_void,
    /// Bytes of the metadata.
    pub metadata_len: usize,
    /// Named values, 128 KiB together at most.
    pub attributes: *const ouro_attribute,
    /// How many attributes.
    pub attributes_len: usize,
    /// Events that this one supersedes or joins, 1,024 at most.
    pub follows: *const ouro_event_id,
    /// How many events.
    pub follows_len: usize,
    /// When a temporary event may be collected, in milliseconds since 1970; counts if `has_expires` is 1.
    pub expires_ms: u64,
    /// Whether `expires_ms` counts, 1 or 0.
    pub has_expires: u8,
    /// Whether the event may be collected again, 1 or 0.
    pub temporary: u8,
    /// Whether full-text search should cover the event, 1 or 0.
    pub full_text: u8,
    /// Whether `durability` counts, 1 or 0; otherwise the call is as safe as the database was opened to be.
    pub has_durability: u8,
    /// When the call that makes the event is safe, `OURO_DURABILITY_...`; counts if `has_durability` is 1. It is no part
    /// of the event. A durable call makes everything that was committed before durable too; a buffered one waits for no
    /// sync. Not for members of a batch, which is durable as a whole: see `ouro_batch_commit_with`.
    pub durability: i32,
}

// SAFETY: `repr(C)`, a `usize` first, integers and pointers behind it, no padding.
unsafe impl SizedStruct for ouro_new_event {
    const SIZE_FIRST: usize = 72;

    fn defaults() -> ouro_new_event {
        ouro_new_event {
            struct_size: size_of::<ouro_new_event>(),
            metadata: std::ptr::null(),
            metadata_len: 0,
            attributes: std::ptr::null(),
            attributes_len: 0,
            follows: std::ptr::null(),
            follows_len: 0,
            expires_ms: 0,
            has_expires: 0,
            temporary: 0,
            full_text: 0,
            has_durability: 0,
            durability: 0,
        }
    }
}

const _: () = assert!(size_of::<ouro_new_event>() == 72);

impl Caller {
    /// The engine's new event of this one; NULL carries nothing.
    pub(crate) fn new_event(&self, new_event: *const ouro_new_event) -> Result<NewEvent> {
        let new = self.sized(new_event, "new_event")?;
        let mut made = NewEvent::new()
            .temporary(flag(new.temporary, "new_event->temporary")?)
            .full_text(flag(new.full_text, "new_event->full_text")?);
        if !new.metadata.is_null() || new.metadata_len > 0 {
            made = made.try_metadata(self.bytes(new.metadata, new.metadata_len, "new_event->metadata")?)?;
        }
        for attribute in self.array(new.attributes, new.attributes_len, "new_event->attributes")? {
            let name =
                self.bytes(attribute.name.cast(), attribute.name_len, "new_event->attributes[].name")?;
            let value = self.bytes(attribute.value, attribute.value_len, "new_event->attributes[].value")?;
            made = made.try_attribute(name, value)?;
        }
        for id in self.array(new.follows, new.follows_len, "new_event->follows")? {
            made = made.try_follow(EventId::from(*id))?;
        }
        if flag(new.has_expires, "new_event->has_expires")? {
            made = made.expires_ms(new.expires_ms);
        }
        if let Some(durability) = asked_durability(new.has_durability, new.durability, "new_event")? {
            made = made.durability(durability);
        }
        Ok(made)
    }
}
