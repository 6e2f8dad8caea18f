//! The builder against the rule said recursively, and the decoder against hostile bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;

use proptest::prelude::*;

use super::list::{ENTRY_BYTES, LEVELS_MAX, encode_list};
use super::profile::{LIST_ENTRIES_MAX, LIST_ENTRIES_MIN};
use super::test_input::generate_chunks;
use super::{ListBuilder, ListEntry, decode_list};
use crate::error::{Error, ErrorCode};
use crate::hash;
use crate::id::{ChunkId, ID_BYTES};
use crate::limits::FILE_BYTES_MAX;

type Lists = HashMap<ChunkId, Vec<u8>>;

fn build(chunks: &[ListEntry]) -> (Option<(u8, ChunkId)>, Lists) {
    let mut lists = Lists::new();
    let mut emit = |id, bytes| {
        lists.insert(id, bytes);
        Ok(())
    };
    let mut builder = ListBuilder::new();
    for chunk in chunks {
        builder.push(chunk.id, chunk.length, &mut emit).unwrap();
    }
    (builder.finish(&mut emit).unwrap(), lists)
}

/// Cuts the whole level into lists; if there is one, it is the root, if there are more, they are a level.
fn build_by_rule(level: u8, entries: &[ListEntry], lists: &mut Lists) -> Option<(u8, ChunkId)> {
    let mut above = Vec::new();
    let mut rest = entries;
    while !rest.is_empty() {
        let ends = |&count: &usize| {
            count == LIST_ENTRIES_MAX
                || count >= LIST_ENTRIES_MIN && rest[count - 1].id.as_bytes()[0] & 0x7f == 0
        };
        let count = (1..=rest.len()).find(ends).unwrap_or(rest.len());
        let bytes = encode_list(level, &rest[..count]);
        let length = rest[..count].iter().map(|entry| entry.length).sum();
        let id = hash::list_id(&bytes);
        lists.insert(id, bytes);
        above.push(ListEntry { id, length });
        rest = &rest[count..];
    }
    match above[..] {
        [] => None,
        [root] => Some((level + 1, root.id)),
        _ => build_by_rule(level + 1, &above, lists),
    }
}

/// The chunks under a list, found again by decoding.
fn chunks_under(id: &ChunkId, level: u8, lists: &Lists) -> Vec<ListEntry> {
    let entries = decode_list(&lists[id], level).unwrap();
    if level == 0 {
        return entries;
    }
    let mut chunks = Vec::new();
    for entry in entries {
        let under = chunks_under(&entry.id, level - 1, lists);
        assert_eq!(under.iter().map(|chunk| chunk.length).sum::<u64>(), entry.length);
        chunks.extend(under);
    }
    chunks
}

fn entry(id: u64, first: u8, length: u64) -> ListEntry {
    let mut bytes = [0; ID_BYTES];
    bytes[..8].copy_from_slice(&id.to_be_bytes());
    bytes[0] = first;
    ListEntry { id: ChunkId::new(bytes), length }
}

/// Chunks whose ids end a list often, seldom, never or as chance has it.
fn chunk_rows(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<ListEntry>> {
    let first = prop_oneof![
        3 => Just(vec![0u8, 128, 1, 64]),
        1 => Just((0..=255).collect::<Vec<u8>>()),
        1 => Just(vec![1u8]),
    ];
    (first, count, 0..u64::MAX / 2, 1..=65_536u64).prop_map(|(first, count, seed, length)| {
        let pick =
            |i: u64| first[(hash::chunk_id(&(seed + i).to_le_bytes()).as_bytes()[0] as usize) % first.len()];
        (0..count as u64).map(|i| entry(seed + i, pick(i), 1 + (length + i) % 65_536)).collect()
    })
}

fn agrees_with_the_rule(chunks: &[ListEntry]) -> Option<u8> {
    let (root, lists) = build(chunks);
    let mut lists_by_rule = Lists::new();
    assert_eq!(root, build_by_rule(0, chunks, &mut lists_by_rule));
    assert_eq!(lists, lists_by_rule);
    let (levels, id) = root?;
    assert_eq!(chunks_under(&id, levels - 1, &lists), chunks);
    Some(levels)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn builder_agrees_with_the_rule(chunks in chunk_rows(0..2000)) {
        prop_assert_eq!(agrees_with_the_rule(&chunks).is_none(), chunks.is_empty());
    }

    #[test]
    fn accepted_lists_have_one_form(
        chunks in chunk_rows(1..600),
        level in 0..3u8,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        length in any::<prop::sample::Index>(),
        keep_length in any::<bool>(),
    ) {
        let mut bytes = encode_list(level, &chunks);
        for (at, value) in edits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if !keep_length {
            bytes.resize(length.index(bytes.len() + 100), 0xa5);
        }
        match decode_list(&bytes, level) {
            Ok(entries) => prop_assert_eq!(encode_list(level, &entries), bytes),
            Err(error) => prop_assert_eq!(error.code(), ErrorCode::Corrupt),
        }
    }

    #[test]
    fn any_bytes_decode_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), level in any::<u8>()) {
        if let Ok(entries) = decode_list(&bytes, level) {
            prop_assert_eq!(encode_list(level, &entries), bytes);
        }
    }
}

/// Sizes around each rule, and one with three levels.
#[test]
fn builder_agrees_with_the_rule_at_its_edges() {
    let mut levels_seen = [false; 4];
    for rule in ["counted", "same", "zero"] {
        for count in [0, 1, 2, 31, 32, 33, 63, 64, 65, 511, 512, 513, 1024, 1025, 20_000, 40_000] {
            let chunks: Vec<ListEntry> = generate_chunks(&format!("{rule} {count}"))
                .into_iter()
                .map(|(id, length)| ListEntry { id, length })
                .collect();
            let levels = agrees_with_the_rule(&chunks).unwrap_or(0);
            levels_seen[usize::from(levels)] = true;
        }
    }
    assert_eq!(levels_seen, [true; 4]);
}

/// A list that ends at the file's last chunk is the root itself.
#[test]
fn a_list_that_ended_alone_is_not_wrapped() {
    let chunks = vec![entry(1, 0, 5000); LIST_ENTRIES_MIN];
    let (root, lists) = build(&chunks);
    assert_eq!(root, Some((1, hash::list_id(&encode_list(0, &chunks)))));
    assert_eq!(lists.len(), 1);
}

#[test]
fn an_insertion_changes_few_lists() {
    let mut chunks: Vec<ListEntry> =
        generate_chunks("counted 40000").into_iter().map(|(id, length)| ListEntry { id, length }).collect();
    let (_, before) = build(&chunks);
    chunks.insert(20_000, entry(7, 1, 5000));
    let (_, after) = build(&chunks);
    let changed = after.keys().filter(|id| !before.contains_key(id)).count();
    assert!(changed <= 4, "{changed} of {} lists changed", after.len());
}

#[test]
fn a_failing_emit_is_passed_on() {
    let mut builder = ListBuilder::new();
    let mut emit = |_, _| Err(Error::new(ErrorCode::DiskFull, "full"));
    for number in 0..LIST_ENTRIES_MAX as u64 - 1 {
        builder.push(entry(number, 1, 5000).id, 5000, &mut emit).unwrap();
    }
    let failed = builder.push(entry(9, 1, 5000).id, 5000, &mut emit).unwrap_err();
    assert_eq!(failed.code(), ErrorCode::DiskFull);
}

#[test]
fn broken_lists_are_refused_with_a_reason() {
    let good = entry(1, 1, 5000);
    let list = |level, entries: &[ListEntry]| encode_list(level, entries);
    let long = |length| ListEntry { length, ..good };
    let mut torn = list(0, &[good, good]);
    torn.pop();
    let mut trailing = list(0, &[good]);
    trailing.push(0);
    let cases = [
        (Vec::new(), 0, "ends too early"),
        (vec![0], 0, "does not hold 1 to 512"),
        (torn, 0, "does not hold 1 to 512"),
        (trailing, 0, "does not hold 1 to 512"),
        (list(0, &vec![good; LIST_ENTRIES_MAX + 1]), 0, "does not hold 1 to 512"),
        (list(1, &[good]), 0, "of level 1 stands where level 0"),
        (list(0, &[good]), 1, "of level 0 stands where level 1"),
        (list(LEVELS_MAX, &[good]), LEVELS_MAX, "the highest is 9"),
        (list(0, &[good, long(0)]), 0, "entry 1 of a chunk list has no length"),
        (list(0, &[long(65_537)]), 0, "too long"),
        (list(1, &[good, long(FILE_BYTES_MAX)]), 1, "longer than the longest file"),
        (list(1, &[long(u64::MAX), long(u64::MAX)]), 1, "longer than the longest file"),
    ];
    for (bytes, level, why) in cases {
        let error = decode_list(&bytes, level).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Corrupt);
        assert!(error.message().contains(why), "{error} does not say {why}");
    }
    assert_eq!(decode_list(&list(0, &[long(65_536)]), 0).unwrap(), [long(65_536)]);
    assert_eq!(decode_list(&list(1, &[long(FILE_BYTES_MAX)]), 1).unwrap(), [long(FILE_BYTES_MAX)]);
    assert_eq!(decode_list(&list(9, &vec![good; LIST_ENTRIES_MAX]), 9).unwrap().len(), LIST_ENTRIES_MAX);
    assert_eq!(list(0, &[good, good]).len(), 1 + 2 * ENTRY_BYTES);
}
