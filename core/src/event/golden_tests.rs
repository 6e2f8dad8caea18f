//! Golden encodings: events by name with their bytes and ids, and bytes that are no event.
//!
//! `OUROBOROSDB_BLESS=1` writes the file, which is right only for lines that it does not have yet.

use std::fmt::Write;

use super::{Content, ContentForm, EventFields, EventKind, Time, decode, encode};
use crate::hash;
use crate::id::{ChunkId, EventId};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").unwrap();
        out
    })
}

fn events() -> Vec<(&'static str, EventFields)> {
    let root =
        |title: &str| EventFields { title: Some(title.to_owned()), ..EventFields::derived(EventKind::Root) };
    let parent = EventId::new([0x11; 64]);
    let plain = || EventFields {
        origin: [0xab; 16],
        time: Time(0x0123_4567_89ab_cdef),
        parent: Some(parent),
        ..EventFields::derived(EventKind::Plain)
    };
    let carrying =
        |length, form| EventFields { content: Some(Content { profile: 1, length, form }), ..plain() };
    let chunk = ChunkId::new([0x22; 64]);
    let value = |text: &str| (text.to_owned(), text.as_bytes().to_vec());
    vec![
        ("derived-root", root("hello")),
        ("derived-root-without-title-text", root("")),
        ("derived-root-utf8", root("\u{e4}\u{1f40d}")),
        ("made-root", EventFields { origin: [1; 16], time: Time(1), ..root("made") }),
        ("plain", plain()),
        ("empty-metadata", EventFields { metadata: Some(Vec::new()), ..plain() }),
        ("long-metadata", EventFields { metadata: Some(vec![7; 300]), ..plain() }),
        ("attributes", EventFields { attributes: vec![value("A"), value("a"), value("\u{e4}")], ..plain() }),
        ("empty-value", EventFields { attributes: vec![("name".to_owned(), Vec::new())], ..plain() }),
        (
            "follows",
            EventFields { follows: vec![EventId::new([0; 64]), EventId::new([0xff; 64])], ..plain() },
        ),
        ("temporary", EventFields { temporary: true, expires_ms: Some(1 << 40), ..plain() }),
        ("full-text", EventFields { full_text: true, ..plain() }),
        ("empty-file", carrying(0, ContentForm::Inline(Vec::new()))),
        ("inline-file", carrying(168, ContentForm::Inline(vec![9; 168]))),
        ("chunk-file", carrying(169, ContentForm::Chunk(chunk))),
        ("tree-file", carrying(1 << 60, ContentForm::Tree { levels: 10, root: chunk })),
        ("extension", EventFields { extensions: vec![(128, b"later".to_vec())], ..plain() }),
        ("unknown-kind", EventFields { kind: EventKind::Unknown(200), ..plain() }),
        ("key-under-keyspace", EventFields { parent: Some(parent), ..EventFields::derived(EventKind::Key) }),
    ]
}

/// Each a change of a right encoding that breaks one rule of the page.
fn refused() -> Vec<(&'static str, Vec<u8>)> {
    let all = events();
    let of = |name: &str| encode(&all.iter().find(|(other, _)| *other == name).unwrap().1);
    let changed = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = of(name);
        change(&mut bytes);
        bytes
    };
    let inline = 169;
    let over = EventFields {
        content: Some(Content { profile: 1, length: inline, form: ContentForm::Inline(vec![9; 169]) }),
        ..events()[4].1.clone()
    };
    vec![
        ("nothing", Vec::new()),
        ("unknown-version", changed("plain", &|bytes| bytes[0] = 2)),
        ("unknown-flag", changed("plain", &|bytes| bytes[2] = 4)),
        ("plain-without-parent", changed("plain", &|bytes| bytes.truncate(27))),
        ("cut-in-a-field", changed("plain", &|bytes| bytes.truncate(60))),
        ("byte-behind", changed("plain", &|bytes| bytes.push(0))),
        ("field-twice", changed("plain", &|bytes| bytes.extend_from_within(27..))),
        ("reserved-tag", changed("plain", &|bytes| bytes.extend([8, 0]))),
        ("long-varint", changed("empty-metadata", &|bytes| *bytes.last_mut().unwrap() = 0x80)),
        ("expires-without-temporary", changed("temporary", &|bytes| bytes[2] = 0)),
        ("title-not-utf8", changed("derived-root", &|bytes| *bytes.last_mut().unwrap() = 0xff)),
        ("title-on-plain", changed("derived-root", &|bytes| bytes[1] = 0)),
        ("inline-over-the-profile", encode(&over)),
        (
            "tree-without-level",
            changed("tree-file", &|bytes| {
                let at = bytes.len() - 65;
                bytes[at] = 0;
            }),
        ),
    ]
}

#[test]
fn encodings_are_those_of_the_golden_file() {
    let mut computed = String::from("# name, encoding, id; or: refused, name, bytes that are no event\n");
    for (name, fields) in events() {
        let bytes = encode(&fields);
        assert_eq!(decode(&bytes).unwrap(), fields, "{name}");
        writeln!(computed, "event {name} {} {}", hex(&bytes), hash::event_id(&bytes)).unwrap();
    }
    for (name, bytes) in refused() {
        assert!(decode(&bytes).is_err(), "{name}");
        writeln!(computed, "refused {name} {}", if bytes.is_empty() { "-".to_owned() } else { hex(&bytes) })
            .unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/golden/events.txt");
    if std::env::var_os("OUROBOROSDB_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path, &computed).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), computed);
}
