//! The generated inputs of the golden files; `conformance/golden/README.md` defines them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use crate::id::{ChunkId, ID_BYTES};

/// The bytes of an input that a golden file names, such as `xorshift64 1 4096`.
pub(crate) fn generate(name: &str) -> Vec<u8> {
    let words: Vec<&str> = name.split(' ').collect();
    let number = |at: usize| words[at].parse::<u64>().unwrap();
    let size = |at: usize| number(at) as usize;
    match words[0] {
        "zeros" => vec![0; size(1)],
        "counter" => counter(size(1)),
        "xorshift64" => xorshift64(number(1), size(2)),
        "letters" => letters(number(1), size(2)),
        "repeat" => repeat(number(1), size(2), size(3)),
        _ => panic!("no generator is called {name}"),
    }
}

fn counter(length: usize) -> Vec<u8> {
    (0u64..).flat_map(u64::to_le_bytes).take(length).collect()
}

pub(crate) fn xorshift64(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub(crate) fn letters(seed: u64, length: usize) -> Vec<u8> {
    xorshift64(seed, length).into_iter().map(|byte| b'a' + byte % 16).collect()
}

pub(crate) fn repeat(seed: u64, period: usize, length: usize) -> Vec<u8> {
    xorshift64(seed, period).into_iter().cycle().take(length).collect()
}

/// Made-up chunks for lists, by a name such as `counted 1000`: their ids and lengths.
pub(crate) fn generate_chunks(name: &str) -> Vec<(ChunkId, u64)> {
    let (rule, count) = name.split_once(' ').unwrap();
    let count = count.parse().unwrap();
    match rule {
        "counted" => (0..count).map(counted).collect(),
        "same" => vec![(ChunkId::new([0x55; ID_BYTES]), 65_536); count as usize],
        "zero" => vec![(ChunkId::new([0; ID_BYTES]), 65_536); count as usize],
        _ => panic!("no rule is called {name}"),
    }
}

fn counted(number: u64) -> (ChunkId, u64) {
    (crate::hash::chunk_id(&number.to_le_bytes()), 4097 + number * 7919 % 61_440)
}
