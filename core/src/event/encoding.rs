//! The one byte form of an event, which its id is the hash of. `docs/FORMAT.md` has it as a table.
//!
//! Invariants: `decode(encode(fields)) == fields`, and `encode(decode(bytes)) == bytes` for all bytes that
//! [`decode`](super::decode) accepts. So an id names one event and an event has one id. Fields are tagged, ascending,
//! and absent where they are empty; tags from [`TAG_EXTENSION_MIN`] on belong to later versions and are kept as they
//! are, other unknown tags are refused.

use super::fields::EventFields;
use super::{Content, ContentForm};
use crate::codec::put_varint;

pub(super) const VERSION: u8 = 1;
pub(super) const FLAG_TEMPORARY: u8 = 1;
pub(super) const FLAG_FULL_TEXT: u8 = 2;

pub(super) const TAG_PARENT: u64 = 1;
pub(super) const TAG_FOLLOWS: u64 = 2;
pub(super) const TAG_EXPIRES: u64 = 3;
pub(super) const TAG_TITLE: u64 = 4;
pub(super) const TAG_ATTRIBUTES: u64 = 5;
pub(super) const TAG_METADATA: u64 = 6;
pub(super) const TAG_CONTENT: u64 = 7;
/// The first tag of the area for extensions.
pub(super) const TAG_EXTENSION_MIN: u64 = 128;

pub(super) const FORM_INLINE: u8 = 0;
pub(super) const FORM_CHUNK: u8 = 1;
pub(super) const FORM_TREE: u8 = 2;

/// The bytes that the event's id is the hash of.
pub(crate) fn encode(fields: &EventFields) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    let flags =
        if fields.temporary { FLAG_TEMPORARY } else { 0 } | if fields.full_text { FLAG_FULL_TEXT } else { 0 };
    out.extend([VERSION, fields.kind.number(), flags]);
    out.extend(fields.origin);
    out.extend(fields.time.0.to_le_bytes());
    if let Some(parent) = &fields.parent {
        put_field(&mut out, TAG_PARENT, parent.as_bytes());
    }
    if !fields.follows.is_empty() {
        let ids: Vec<u8> = fields.follows.iter().flat_map(|id| *id.as_bytes()).collect();
        put_field(&mut out, TAG_FOLLOWS, &ids);
    }
    if let Some(ms) = fields.expires_ms {
        put_field(&mut out, TAG_EXPIRES, &ms.to_le_bytes());
    }
    if let Some(title) = &fields.title {
        put_field(&mut out, TAG_TITLE, title.as_bytes());
    }
    if !fields.attributes.is_empty() {
        put_field(&mut out, TAG_ATTRIBUTES, &encode_attributes(&fields.attributes));
    }
    if let Some(metadata) = &fields.metadata {
        put_field(&mut out, TAG_METADATA, metadata);
    }
    if let Some(content) = &fields.content {
        put_field(&mut out, TAG_CONTENT, &encode_content(content));
    }
    for (tag, bytes) in &fields.extensions {
        put_field(&mut out, *tag, bytes);
    }
    out
}

fn put_field(out: &mut Vec<u8>, tag: u64, bytes: &[u8]) {
    put_varint(out, tag);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn encode_attributes(attributes: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in attributes {
        put_varint(&mut out, name.len() as u64);
        out.extend_from_slice(name.as_bytes());
        put_varint(&mut out, value.len() as u64);
        out.extend_from_slice(value);
    }
    out
}

fn encode_content(content: &Content) -> Vec<u8> {
    let form = match content.form {
        ContentForm::Inline(_) => FORM_INLINE,
        ContentForm::Chunk(_) => FORM_CHUNK,
        ContentForm::Tree { .. } => FORM_TREE,
    };
    let mut out = vec![form];
    put_varint(&mut out, u64::from(content.profile));
    put_varint(&mut out, content.length);
    match &content.form {
        ContentForm::Inline(bytes) => out.extend_from_slice(bytes),
        ContentForm::Chunk(id) => out.extend_from_slice(id.as_bytes()),
        ContentForm::Tree { levels, root } => {
            out.push(*levels);
            out.extend_from_slice(root.as_bytes());
        }
    }
    out
}
