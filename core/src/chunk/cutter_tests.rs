//! Cuts depend on the bytes alone, stay within bounds, and heal behind an edit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashSet;

use proptest::prelude::*;

use super::gear_table::GEAR;
use super::profile::{CHUNK_BYTES_MAX, CHUNK_BYTES_MIN, CHUNK_BYTES_NORMAL};
use super::test_input::xorshift64;
use super::{cut, test_input};

/// The rule, as slowly and plainly as it can be said.
fn cut_by_rule(bytes: &[u8]) -> usize {
    let end = bytes.len().min(CHUNK_BYTES_MAX);
    let mut hash = 0u64;
    for i in CHUNK_BYTES_MIN..end {
        hash = (hash << 1).wrapping_add(GEAR[bytes[i] as usize]);
        let top = hash >> if i < CHUNK_BYTES_NORMAL { 48 } else { 52 };
        if top == 0 {
            return i + 1;
        }
    }
    end
}

fn all_cuts(bytes: &[u8]) -> Vec<usize> {
    let (mut cuts, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let length = cut(&bytes[at..]);
        cuts.push(length);
        at += length;
    }
    cuts
}

/// Streams of several kinds: random, few letters, one byte, a period.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let length = 0..400_000usize;
    prop_oneof![
        (1..u64::MAX, length.clone()).prop_map(|(seed, length)| xorshift64(seed, length)),
        (1..u64::MAX, length.clone()).prop_map(|(seed, length)| test_input::letters(seed, length)),
        (any::<u8>(), length.clone()).prop_map(|(byte, length)| vec![byte; length]),
        (1..u64::MAX, 1..100_000usize, length)
            .prop_map(|(seed, period, length)| test_input::repeat(seed, period, length)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cuts_follow_the_rule_within_bounds(stream in streams()) {
        let mut rest = &stream[..];
        while !rest.is_empty() {
            let length = cut(rest);
            prop_assert_eq!(length, cut_by_rule(rest));
            prop_assert!(length <= CHUNK_BYTES_MAX);
            prop_assert!(length > CHUNK_BYTES_MIN || length == rest.len());
            rest = &rest[length..];
        }
    }

    /// A reader gives what it likes; the buffer is refilled until it holds a longest chunk or the stream
    /// ends.
    #[test]
    fn cuts_do_not_depend_on_how_bytes_arrive(
        stream in streams(),
        reads in prop::collection::vec(1..100_000usize, 1..20),
    ) {
        let mut reads = reads.iter().cycle();
        let (mut buffer, mut rest, mut cuts) = (Vec::new(), &stream[..], Vec::new());
        loop {
            while buffer.len() < CHUNK_BYTES_MAX && !rest.is_empty() {
                let (now, later) = rest.split_at(rest.len().min(*reads.next().unwrap()));
                buffer.extend_from_slice(now);
                rest = later;
            }
            if buffer.is_empty() {
                break;
            }
            let length = cut(&buffer);
            buffer.drain(..length);
            cuts.push(length);
        }
        prop_assert_eq!(cuts, all_cuts(&stream));
    }
}

#[test]
fn short_streams_are_one_chunk() {
    for length in [0, 1, CHUNK_BYTES_MIN - 1, CHUNK_BYTES_MIN] {
        assert_eq!(cut(&xorshift64(1, length)), length);
    }
}

/// Fixed seeds: how many chunks an edit changes is a matter of chance, and a test is not.
#[test]
fn an_inserted_byte_changes_few_chunks() {
    for seed in 1..=64 {
        let mut stream = xorshift64(seed, 1 << 20);
        let before: HashSet<Vec<u8>> = pieces(&stream);
        stream.insert((seed as usize * 7919) % stream.len(), 0x5a);
        let changed = pieces(&stream).iter().filter(|piece| !before.contains(*piece)).count();
        assert!((1..=CHANGED_MAX).contains(&changed), "seed {seed}: {changed} of {} changed", before.len());
    }
}

/// Of about 56 chunks. These seeds change one each; of 20,000 others 99 % did, and the worst changed eight.
const CHANGED_MAX: usize = 2;

fn pieces(stream: &[u8]) -> HashSet<Vec<u8>> {
    let mut at = 0;
    let piece = |length| {
        at += length;
        stream[at - length..at].to_vec()
    };
    all_cuts(stream).into_iter().map(piece).collect()
}
