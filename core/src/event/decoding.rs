//! Reading the byte form of an event, which [`encoding`](super::encoding) writes.
//!
//! [`View::of`] is the one judge of what is an event. What it let pass is read again without being judged again: by the
//! [fields](Fields) and the [attributes](Attributes), which end where they are not what they should be.

use super::encoding::{
    FLAG_FULL_TEXT, FLAG_TEMPORARY, TAG_ATTRIBUTES, TAG_CONTENT, TAG_EXPIRES, TAG_EXTENSION_MIN, TAG_FOLLOWS,
    TAG_METADATA, TAG_PARENT, TAG_TITLE, VERSION,
};
use super::fields::{EventFields, ORIGIN_BYTES, Time};
use super::{Content, EventKind};
use crate::codec::{Reader, malformed};
use crate::error::Result;
use crate::id::{EventId, ID_BYTES};
use crate::limits;

/// The event of these bytes; `corrupt` if they are not exactly what [`encode`](super::encode) makes.
pub(crate) fn decode(bytes: &[u8]) -> Result<EventFields> {
    View::of(bytes).map(View::into_fields)
}

/// Bytes of what every encoding begins with: version, kind, flags, origin, time.
pub(super) const HEAD_BYTES: usize = 3 + ORIGIN_BYTES + 8;

/// What every encoding begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) kind: EventKind,
    pub(crate) temporary: bool,
    pub(super) full_text: bool,
    pub(crate) origin: [u8; ORIGIN_BYTES],
    pub(crate) time: Time,
}

impl Head {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Head> {
        if reader.u8()? != VERSION {
            return Err(malformed("the event's encoding has an unknown version"));
        }
        let kind = EventKind::from_number(reader.u8()?);
        let flags = reader.u8()?;
        if flags & !(FLAG_TEMPORARY | FLAG_FULL_TEXT) != 0 {
            return Err(malformed("an event has unknown flags"));
        }
        let (temporary, full_text) = (flags & FLAG_TEMPORARY != 0, flags & FLAG_FULL_TEXT != 0);
        Ok(Head { kind, temporary, full_text, origin: reader.array()?, time: Time(reader.u64()?) })
    }
}

/// The fields behind the head: tag and bytes.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a>(pub(super) Reader<'a>);

impl<'a> Fields<'a> {
    fn read(&mut self) -> Result<(u64, &'a [u8])> {
        let (tag, length) = (self.0.varint()?, self.0.length()?);
        Ok((tag, self.0.bytes(length)?))
    }

    /// The field of this tag.
    pub(super) fn of_tag(mut self, tag: u64) -> Option<&'a [u8]> {
        self.find(|(other, _)| *other >= tag).filter(|(other, _)| *other == tag).map(|(_, bytes)| bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<(u64, &'a [u8])> {
        if self.0.is_empty() { None } else { self.read().ok() }
    }
}

/// The attributes of a field: name and value.
#[derive(Clone, Debug)]
pub(super) struct Attributes<'a>(pub(super) Reader<'a>);

impl<'a> Attributes<'a> {
    fn read(&mut self) -> Result<(&'a str, &'a [u8])> {
        let length = self.0.length()?;
        let name = text(self.0.bytes(length)?)?;
        let length = self.0.length()?;
        Ok((name, self.0.bytes(length)?))
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a [u8]);

    fn next(&mut self) -> Option<(&'a str, &'a [u8])> {
        if self.0.is_empty() { None } else { self.read().ok() }
    }
}

/// What an encoding says, judged, and borrowed from it.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) head: Head,
    pub(crate) parent: Option<EventId>,
    pub(super) follows: &'a [[u8; ID_BYTES]],
    expires_ms: Option<u64>,
    pub(crate) title: Option<&'a str>,
    attributes: &'a [u8],
    pub(super) attribute_count: usize,
    pub(crate) metadata: Option<&'a [u8]>,
    pub(crate) content: Option<Content>,
    /// The fields from the first extension on.
    extensions: Fields<'a>,
}

impl<'a> View<'a> {
    /// `corrupt` if the bytes are not exactly what [`encode`](super::encode) makes.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<View<'a>> {
        if bytes.len() > limits::EVENT_BYTES_MAX {
            return Err(malformed("the event is larger than an event can be"));
        }
        let mut reader = Reader::new(bytes);
        let mut view = View {
            head: Head::read(&mut reader)?,
            parent: None,
            follows: &[],
            expires_ms: None,
            title: None,
            attributes: &[],
            attribute_count: 0,
            metadata: None,
            content: None,
            extensions: Fields(Reader::new(&[])),
        };
        let (mut fields, mut last_tag) = (Fields(reader), 0);
        while !fields.0.is_empty() {
            let rest = fields.clone();
            let (tag, bytes) = fields.read()?;
            if tag <= last_tag {
                return Err(malformed("the fields of an event do not ascend"));
            }
            if tag >= TAG_EXTENSION_MIN && last_tag < TAG_EXTENSION_MIN {
                view.extensions = rest;
            }
            last_tag = tag;
            view.take(tag, bytes)?;
        }
        view.check_whole()?;
        Ok(view)
    }

    fn take(&mut self, tag: u64, bytes: &'a [u8]) -> Result<()> {
        match tag {
            TAG_PARENT => {
                let bytes = bytes.try_into().map_err(|_| malformed("`parent` is no id"))?;
                self.parent = Some(EventId::new(bytes));
            }
            TAG_FOLLOWS => self.follows = checked_follows(bytes)?,
            TAG_EXPIRES => {
                let bytes = bytes.try_into().map_err(|_| malformed("`expires` has not 8 bytes"))?;
                self.expires_ms = Some(u64::from_le_bytes(bytes));
            }
            TAG_TITLE if bytes.len() <= limits::TITLE_BYTES_MAX => self.title = Some(text(bytes)?),
            TAG_ATTRIBUTES => {
                (self.attributes, self.attribute_count) = (bytes, checked_attributes(bytes)?);
            }
            TAG_METADATA if bytes.len() <= limits::METADATA_BYTES_MAX => self.metadata = Some(bytes),
            TAG_CONTENT => self.content = Some(Content::decode(bytes)?),
            TAG_EXTENSION_MIN.. => {}
            _ => return Err(malformed("a field of an event is unknown or over its limit")),
        }
        Ok(())
    }

    /// What the fields owe each other.
    fn check_whole(&self) -> Result<()> {
        let (has_parent, has_title) = (self.parent.is_some(), self.title.is_some());
        let whole = match self.head.kind {
            EventKind::Plain => has_parent && !has_title,
            EventKind::Root => !has_parent && has_title,
            _ => true,
        };
        if !whole {
            return Err(malformed("a root has a title and no parent, a plain event a parent and no title"));
        }
        if self.expires_ms.is_some() && !self.head.temporary {
            return Err(malformed("a permanent event expires"));
        }
        Ok(())
    }

    /// Where each attribute begins in the field that holds all of them.
    pub(super) fn attribute_places(&self) -> impl Iterator<Item = u32> {
        let mut rest = Attributes(Reader::new(self.attributes));
        let all = self.attributes.len();
        std::iter::from_fn(move || {
            let place = all - rest.0.left();
            rest.next().map(|_| place as u32)
        })
    }

    fn into_fields(self) -> EventFields {
        let Head { kind, temporary, full_text, origin, time } = self.head;
        let attributes = Attributes(Reader::new(self.attributes));
        EventFields {
            kind,
            temporary,
            full_text,
            origin,
            time,
            parent: self.parent,
            follows: self.follows.iter().map(|id| EventId::new(*id)).collect(),
            expires_ms: self.expires_ms,
            title: self.title.map(str::to_owned),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value.to_vec())).collect(),
            metadata: self.metadata.map(<[u8]>::to_vec),
            content: self.content,
            extensions: self.extensions.map(|(tag, bytes)| (tag, bytes.to_vec())).collect(),
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| malformed("a text is not UTF-8"))
}

fn checked_follows(bytes: &[u8]) -> Result<&[[u8; ID_BYTES]]> {
    let (ids, rest) = bytes.as_chunks::<ID_BYTES>();
    if !rest.is_empty() || ids.is_empty() || ids.len() > limits::FOLLOWS_MAX {
        return Err(malformed("`follows` has a wrong length"));
    }
    if !ids.is_sorted_by(|a, b| a < b) {
        return Err(malformed("the ids of `follows` do not ascend"));
    }
    Ok(ids)
}

/// How many attributes these are.
fn checked_attributes(bytes: &[u8]) -> Result<usize> {
    let mut attributes = Attributes(Reader::new(bytes));
    let (mut count, mut total, mut last) = (0, 0, "");
    while !attributes.0.is_empty() {
        let (name, value) = attributes.read()?;
        if name.is_empty() || name.len() > limits::ATTRIBUTE_NAME_BYTES_MAX {
            return Err(malformed("an attribute name has a wrong length"));
        }
        // The first one ascends too: an empty name is before all others.
        if last.as_bytes() >= name.as_bytes() {
            return Err(malformed("the attributes do not ascend"));
        }
        (count, total, last) = (count + 1, total + name.len() + value.len(), name);
    }
    if count == 0 || total > limits::ATTRIBUTES_BYTES_MAX {
        return Err(malformed("the attributes have a wrong length"));
    }
    Ok(count)
}
