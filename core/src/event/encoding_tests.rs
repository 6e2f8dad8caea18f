use proptest::prelude::*;

use super::{Content, ContentForm, Event, EventFields, EventKind, Time, decode, encode};
use crate::id::{ChunkId, EventId};

fn ids() -> impl Strategy<Value = EventId> {
    prop::array::uniform32(any::<u8>())
        .prop_map(|half| EventId::new(std::array::from_fn(|i| half[i % 32] ^ (i / 32) as u8)))
}

fn contents() -> impl Strategy<Value = Content> {
    let inline = prop::collection::vec(any::<u8>(), 0..=168).prop_map(|bytes| Content {
        profile: 1,
        length: bytes.len() as u64,
        form: ContentForm::Inline(bytes),
    });
    let chunk = (169..=65_536u64, ids()).prop_map(|(length, id)| Content {
        profile: 1,
        length,
        form: ContentForm::Chunk(ChunkId::new(*id.as_bytes())),
    });
    let tree = (1..=10u8, any::<u64>(), ids()).prop_map(|(levels, above, id)| {
        let least = tree_bytes_min(levels);
        let length = least + above % ((1 << 60) - least + 1);
        Content { profile: 1, length, form: ContentForm::Tree { levels, root: ChunkId::new(*id.as_bytes()) } }
    });
    prop_oneof![inline, chunk, tree]
}

/// The least that a file with so many levels of lists holds: `docs/FORMAT.md`, "The event".
fn tree_bytes_min(levels: u8) -> u64 {
    4096 * 32u64.pow(u32::from(levels) - 1) + 1
}

fn all_fields() -> impl Strategy<Value = EventFields> {
    let attributes = prop::collection::btree_map(".{1,20}", prop::collection::vec(any::<u8>(), 0..40), 0..5);
    let head = (any::<bool>(), any::<bool>(), any::<[u8; 16]>(), any::<u64>(), 0u8..12, ".{0,20}");
    let body = (
        ids(),
        prop::collection::btree_set(ids(), 0..4),
        prop::option::of(any::<u64>()),
        attributes,
        prop::option::of(prop::collection::vec(any::<u8>(), 0..300)),
        prop::option::of(contents()),
        prop::collection::btree_map(128u64..1 << 40, prop::collection::vec(any::<u8>(), 0..20), 0..3),
    );
    (head, body).prop_map(|(head, body)| {
        let (temporary, full_text, origin, time, kind, title) = head;
        let (parent, follows, expires, attributes, metadata, content, extensions) = body;
        let kind = EventKind::from_number(kind);
        let root = kind == EventKind::Root;
        EventFields {
            kind,
            temporary,
            full_text,
            origin,
            time: Time(time),
            parent: (!root).then_some(parent),
            follows: follows.into_iter().collect(),
            expires_ms: expires.filter(|_| temporary),
            title: root.then_some(title),
            attributes: attributes.into_iter().collect(),
            metadata,
            content,
            extensions: extensions.into_iter().collect(),
        }
    })
}

proptest! {
    #[test]
    fn fields_go_round(fields in all_fields()) {
        let bytes = encode(&fields);
        prop_assert_eq!(decode(&bytes).unwrap(), fields);
    }

    /// A snapshot reads its bytes; what it says is what was put into them.
    #[test]
    fn an_event_says_what_its_fields_say(fields in all_fields(), id in ids()) {
        let event = Event::new(id, 7, &encode(&fields)).unwrap();
        prop_assert_eq!((event.id(), event.sequence(), event.kind()), (id, 7, fields.kind));
        prop_assert_eq!((event.temporary(), event.full_text()), (fields.temporary, fields.full_text));
        prop_assert_eq!((event.origin(), event.parent()), (fields.origin, fields.parent));
        prop_assert_eq!((event.time_ms(), event.time_counter()), (fields.time.ms(), fields.time.counter()));
        prop_assert_eq!(event.follows(), &fields.follows[..]);
        prop_assert_eq!((event.expires_ms(), event.title()), (fields.expires_ms, fields.title.as_deref()));
        prop_assert_eq!(event.metadata(), fields.metadata.as_deref());
        prop_assert_eq!(event.content_length(), fields.content.as_ref().map(|content| content.length));
        prop_assert_eq!(event.content(), fields.content);
        prop_assert_eq!(event.attributes().len(), fields.attributes.len());
        for (at, (name, value)) in fields.attributes.iter().enumerate() {
            prop_assert_eq!(event.attributes().nth(at), Some((name.as_str(), value.as_slice())));
            prop_assert_eq!(event.attribute(name), Some(value.as_slice()));
            prop_assert_eq!(event.attribute(&format!("{name}\0")), None);
        }
        prop_assert_eq!(event.attributes().nth(fields.attributes.len()), None);
    }

    /// Whatever a changed encoding still says, it has one form: nothing decodes to what encodes otherwise.
    #[test]
    fn accepted_bytes_have_one_form(fields in all_fields(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = encode(&fields);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(decoded) = decode(&bytes) {
            prop_assert_eq!(encode(&decoded), bytes);
        }
    }

    #[test]
    fn cut_encodings_never_panic(fields in all_fields(), at in any::<prop::sample::Index>()) {
        let bytes = encode(&fields);
        let _ = decode(&bytes[..at.index(bytes.len())]);
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
    }
}

#[test]
fn unknown_kinds_and_extensions_are_kept() {
    let mut fields = EventFields::derived(EventKind::Unknown(200));
    fields.extensions = vec![(128, b"later".to_vec()), (u64::MAX, Vec::new())];
    let bytes = encode(&fields);
    assert_eq!(decode(&bytes).unwrap(), fields);
}

/// A tree of lists for a file that is one chunk would be a second form of the same content.
#[test]
fn a_tree_is_refused_where_the_file_is_too_short_for_it() {
    for levels in 1..=10 {
        let tree = |length| {
            let root = ChunkId::new([7; 64]);
            let content = Content { profile: 1, length, form: ContentForm::Tree { levels, root } };
            encode(&EventFields { content: Some(content), ..EventFields::derived(EventKind::Value) })
        };
        assert!(decode(&tree(tree_bytes_min(levels))).is_ok(), "{levels}");
        assert!(decode(&tree(tree_bytes_min(levels) - 1)).is_err(), "{levels}");
    }
}

/// A parent of another length than an id's used to be answered as an id that the caller had given.
#[test]
fn a_parent_that_is_no_id_is_damage() {
    let mut bytes = encode(&EventFields::derived(EventKind::Value));
    bytes.extend_from_slice(&[1, 3, 7, 7, 7]);
    assert_eq!(decode(&bytes).unwrap_err().code(), crate::error::ErrorCode::Corrupt);
}
