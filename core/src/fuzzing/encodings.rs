//! Encodings that have one byte form: an event, a list of chunks, the text of a change cursor.

use super::input::Input;
use crate::chunk::{LEVELS_MAX, decode_list};
use crate::database::ChangeCursor;
use crate::event::{self, Content, ContentForm, EventFields, EventKind, Time};
use crate::id::{ChunkId, EventId};
use crate::limits;

/// What is decoded encodes to the bytes that it came from, and keeps every limit.
pub fn encodings(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 3 {
        0 => an_event(input.rest()),
        1 => {
            let level = input.u8() % (LEVELS_MAX + 1);
            a_list(input.rest(), level);
        }
        _ => a_cursor(input.rest()),
    }
}

fn an_event(bytes: &[u8]) {
    let Ok(fields) = event::decode(bytes) else { return };
    assert_eq!(event::encode(&fields), bytes, "an event has two forms");
    let attributes: usize = fields.attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!(attributes <= limits::ATTRIBUTES_BYTES_MAX && fields.follows.len() <= limits::FOLLOWS_MAX);
    assert!(fields.title.as_ref().is_none_or(|title| title.len() <= limits::TITLE_BYTES_MAX));
    assert!(fields.metadata.as_ref().is_none_or(|bytes| bytes.len() <= limits::METADATA_BYTES_MAX));
    assert!(fields.content.as_ref().is_none_or(|content| content.length <= limits::FILE_BYTES_MAX));
    assert!(fields.expires_ms.is_none() || fields.temporary);
}

fn a_list(bytes: &[u8], level: u8) {
    let Ok(entries) = decode_list(bytes, level) else { return };
    let mut again = vec![level];
    for entry in &entries {
        again.extend_from_slice(&entry.length.to_le_bytes());
        again.extend_from_slice(entry.id.as_bytes());
    }
    assert_eq!(again, bytes, "a list has two forms");
    let sum: u64 = entries.iter().map(|entry| entry.length).sum();
    assert!((1..=limits::FILE_BYTES_MAX).contains(&sum) && level < LEVELS_MAX);
}

fn a_cursor(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(cursor) = text.parse::<ChangeCursor>() else { return };
    assert_eq!(cursor.to_string(), text.to_ascii_lowercase(), "a cursor says something else");
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let root = EventFields { title: Some("a title".to_owned()), ..EventFields::derived(EventKind::Root) };
    let tree = ContentForm::Tree { levels: 2, root: ChunkId::new([7; 64]) };
    let plain = EventFields {
        temporary: true,
        full_text: true,
        origin: [3; 16],
        time: Time(99 << 16),
        parent: Some(EventId::new([1; 64])),
        follows: vec![EventId::new([2; 64]), EventId::new([3; 64])],
        expires_ms: Some(5),
        attributes: vec![("a".to_owned(), b"1".to_vec()), ("b".to_owned(), Vec::new())],
        metadata: Some(b"metadata".to_vec()),
        content: Some(Content { profile: 1, length: 1 << 20, form: tree }),
        extensions: vec![(128, b"later".to_vec())],
        ..EventFields::derived(EventKind::Plain)
    };
    let inline = Content { profile: 1, length: 5, form: ContentForm::Inline(b"bytes".to_vec()) };
    let inline = EventFields { content: Some(inline), ..EventFields::derived(EventKind::Value) };
    let mut seeds: Vec<Vec<u8>> =
        [root, plain, inline].iter().map(|fields| [&[0][..], &event::encode(fields)].concat()).collect();
    let mut list = vec![1, 0, 0];
    for length in [5000u64, 70] {
        list.extend_from_slice(&length.to_le_bytes());
        list.extend_from_slice(&[9; 64]);
    }
    seeds.push(list);
    seeds.push(b"\x0200112233445566778899aabbccddeeff-0000000000000007-1122334455667788".to_vec());
    seeds
}
