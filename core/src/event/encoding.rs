//! The one byte form of an event, which its id is the hash of. `docs/FORMAT.md` has it as a table.
//!
//! Invariants: `decode(encode(fields)) == fields`, and `encode(decode(bytes)) == bytes` for all bytes that
//! `decode` accepts. So an id names one event and an event has one id. Fields are tagged, ascending, and
//! absent where they are empty; tags from [`TAG_EXTENSION_MIN`] on belong to later versions and are kept as
//! they are, other unknown tags are refused.

use super::fields::{EventFields, ORIGIN_BYTES, Time};
use super::{Content, ContentForm, EventKind};
use crate::chunk::{LEVELS_MAX, profile};
use crate::codec::{Reader, malformed, put_varint};
use crate::error::Result;
use crate::id::{EventId, ID_BYTES};
use crate::limits;

const VERSION: u8 = 1;
const FLAG_TEMPORARY: u8 = 1;
const FLAG_FULL_TEXT: u8 = 2;

const TAG_PARENT: u64 = 1;
const TAG_FOLLOWS: u64 = 2;
const TAG_EXPIRES: u64 = 3;
const TAG_TITLE: u64 = 4;
const TAG_ATTRIBUTES: u64 = 5;
const TAG_METADATA: u64 = 6;
const TAG_CONTENT: u64 = 7;
/// The first tag of the area for extensions.
const TAG_EXTENSION_MIN: u64 = 128;

const FORM_INLINE: u8 = 0;
const FORM_CHUNK: u8 = 1;
const FORM_TREE: u8 = 2;

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

/// The event of these bytes; `corrupt` if they are not exactly what [`encode`] makes.
pub(crate) fn decode(bytes: &[u8]) -> Result<EventFields> {
    if bytes.len() > limits::EVENT_BYTES_MAX {
        return Err(malformed("the event is larger than an event can be"));
    }
    let mut reader = Reader::new(bytes);
    if reader.u8()? != VERSION {
        return Err(malformed("the event's encoding has an unknown version"));
    }
    let mut fields = EventFields::derived(EventKind::from_number(reader.u8()?));
    let flags = reader.u8()?;
    if flags & !(FLAG_TEMPORARY | FLAG_FULL_TEXT) != 0 {
        return Err(malformed("an event has unknown flags"));
    }
    fields.temporary = flags & FLAG_TEMPORARY != 0;
    fields.full_text = flags & FLAG_FULL_TEXT != 0;
    fields.origin = reader.array::<ORIGIN_BYTES>()?;
    fields.time = Time(reader.u64()?);
    let mut last_tag = 0;
    while !reader.is_empty() {
        let tag = reader.varint()?;
        if tag <= last_tag {
            return Err(malformed("the fields of an event do not ascend"));
        }
        last_tag = tag;
        let length = reader.length()?;
        decode_field(&mut fields, tag, reader.bytes(length)?)?;
    }
    check_whole(&fields)?;
    Ok(fields)
}

fn decode_field(fields: &mut EventFields, tag: u64, bytes: &[u8]) -> Result<()> {
    match tag {
        TAG_PARENT => {
            let bytes = bytes.try_into().map_err(|_| malformed("`parent` is no id"))?;
            fields.parent = Some(EventId::new(bytes));
        }
        TAG_FOLLOWS => fields.follows = decode_follows(bytes)?,
        TAG_EXPIRES => {
            let bytes = bytes.try_into().map_err(|_| malformed("`expires` has not 8 bytes"))?;
            fields.expires_ms = Some(u64::from_le_bytes(bytes));
        }
        TAG_TITLE if bytes.len() <= limits::TITLE_BYTES_MAX => fields.title = Some(decode_text(bytes)?),
        TAG_ATTRIBUTES => fields.attributes = decode_attributes(bytes)?,
        TAG_METADATA if bytes.len() <= limits::METADATA_BYTES_MAX => fields.metadata = Some(bytes.to_vec()),
        TAG_CONTENT => fields.content = Some(decode_content(bytes)?),
        tag if tag >= TAG_EXTENSION_MIN => fields.extensions.push((tag, bytes.to_vec())),
        _ => return Err(malformed("a field of an event is unknown or over its limit")),
    }
    Ok(())
}

fn decode_text(bytes: &[u8]) -> Result<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| malformed("a text is not UTF-8"))
}

fn decode_follows(bytes: &[u8]) -> Result<Vec<EventId>> {
    let (ids, rest) = bytes.as_chunks::<ID_BYTES>();
    if !rest.is_empty() || ids.is_empty() || ids.len() > limits::FOLLOWS_MAX {
        return Err(malformed("`follows` has a wrong length"));
    }
    if !ids.is_sorted_by(|a, b| a < b) {
        return Err(malformed("the ids of `follows` do not ascend"));
    }
    Ok(ids.iter().map(|id| EventId::new(*id)).collect())
}

fn decode_attributes(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut reader = Reader::new(bytes);
    let mut attributes: Vec<(String, Vec<u8>)> = Vec::new();
    let mut total = 0;
    while !reader.is_empty() {
        let length = reader.length()?;
        let name = decode_text(reader.bytes(length)?)?;
        let length = reader.length()?;
        let value = reader.bytes(length)?.to_vec();
        if name.is_empty() || name.len() > limits::ATTRIBUTE_NAME_BYTES_MAX {
            return Err(malformed("an attribute name has a wrong length"));
        }
        if attributes.last().is_some_and(|(last, _)| last.as_bytes() >= name.as_bytes()) {
            return Err(malformed("the attributes do not ascend"));
        }
        total += name.len() + value.len();
        attributes.push((name, value));
    }
    if attributes.is_empty() || total > limits::ATTRIBUTES_BYTES_MAX {
        return Err(malformed("the attributes have a wrong length"));
    }
    Ok(attributes)
}

fn decode_content(bytes: &[u8]) -> Result<Content> {
    let mut reader = Reader::new(bytes);
    let form = reader.u8()?;
    let profile =
        u16::try_from(reader.varint()?).map_err(|_| malformed("a format profile has a wrong number"))?;
    let length = reader.varint()?;
    if length > limits::FILE_BYTES_MAX {
        return Err(malformed("a file is larger than a file can be"));
    }
    let form = match form {
        FORM_INLINE => ContentForm::Inline(reader.rest().to_vec()),
        FORM_CHUNK => ContentForm::Chunk(crate::id::ChunkId::new(reader.array()?)),
        FORM_TREE => {
            let levels = reader.u8()?;
            ContentForm::Tree { levels, root: crate::id::ChunkId::new(reader.array()?) }
        }
        _ => return Err(malformed("the content has an unknown form")),
    };
    let content = Content { profile, length, form };
    if !reader.is_empty() || !content_is_whole(&content) {
        return Err(malformed("the content does not fit its length"));
    }
    Ok(content)
}

/// Whether the form is one that a file of this length can have.
fn content_is_whole(content: &Content) -> bool {
    let ours = content.profile == profile::NUMBER;
    let inline_max = profile::INLINE_BYTES_MAX as u64;
    match &content.form {
        ContentForm::Inline(bytes) => {
            content.length == bytes.len() as u64 && (!ours || content.length <= inline_max)
        }
        ContentForm::Chunk(_) => {
            content.length > 0
                && (!ours
                    || (content.length > inline_max && content.length <= profile::CHUNK_BYTES_MAX as u64))
        }
        ContentForm::Tree { levels, .. } => {
            (1..=LEVELS_MAX).contains(levels) && (!ours || content.length > chunks_bytes_min(*levels))
        }
    }
}

/// What all chunks but the last one of a file with so many levels of lists hold at least: one chunk with one level,
/// and with each level more as many times as a list that ends early has entries at least.
fn chunks_bytes_min(levels: u8) -> u64 {
    let lists = (profile::LIST_ENTRIES_MIN as u64).saturating_pow(u32::from(levels) - 1);
    (profile::CHUNK_BYTES_MIN as u64).saturating_mul(lists)
}

/// What the fields owe each other.
fn check_whole(fields: &EventFields) -> Result<()> {
    let (has_parent, has_title) = (fields.parent.is_some(), fields.title.is_some());
    let whole = match fields.kind {
        EventKind::Plain => has_parent && !has_title,
        EventKind::Root => !has_parent && has_title,
        _ => true,
    };
    if !whole {
        return Err(malformed("a root has a title and no parent, a plain event a parent and no title"));
    }
    if fields.expires_ms.is_some() && !fields.temporary {
        return Err(malformed("a permanent event expires"));
    }
    Ok(())
}
