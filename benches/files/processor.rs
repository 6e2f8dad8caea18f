//! What one core hashes, and where it finds cuts. The engine's own sources are compiled here once more: they are no part
//! of its public face, and need none of the rest.

use std::hint::black_box;

use sha2::{Digest, Sha512};

use crate::Result;
use crate::chunk::cutter;
use crate::measure::{Random, measure};

#[path = "../../core/src/hash/lanes/mod.rs"]
#[allow(dead_code, reason = "a part of it is what is measured")]
mod lanes;

const SLICE_MEBIBYTES: usize = 32;
/// What a chunk is, in the domain of its id.
const SUFFIX: u8 = 2;

/// Prints the nanoseconds of 1 MiB: the chunks of a file by all lanes of a core, and one after the other by `sha2`.
pub(crate) fn hashing(row: &str, row_of_sha2: &str) -> Result<()> {
    let bytes = bytes();
    let messages: Vec<_> = chunks(&bytes).map(|bytes| lanes::Message { bytes, suffix: SUFFIX }).collect();
    let alone = |message: &lanes::Message<'_>| -> [u8; lanes::DIGEST_BYTES] {
        Sha512::new().chain_update(message.bytes).chain_update([message.suffix]).finalize().into()
    };
    if lanes::digests(&messages) != messages.iter().map(alone).collect::<Vec<_>>() {
        return Err("the lanes hash otherwise than sha2".into());
    }
    measure(row, 1, SLICE_MEBIBYTES, || {
        black_box(lanes::digests(black_box(&messages)));
        Ok(())
    })?;
    measure(row_of_sha2, 1, SLICE_MEBIBYTES, || {
        for message in &messages {
            black_box(alone(black_box(message)));
        }
        Ok(())
    })
}

/// Prints the nanoseconds of 1 MiB.
pub(crate) fn cutting(row: &str) -> Result<()> {
    let bytes = bytes();
    measure(row, 1, SLICE_MEBIBYTES, || {
        black_box(chunks(black_box(&bytes)).count());
        Ok(())
    })
}

/// Bytes of chance are cut as often as the profile means it.
fn bytes() -> Vec<u8> {
    let mut bytes = vec![0; SLICE_MEBIBYTES << 20];
    Random::new(512).fill(&mut bytes);
    bytes
}

fn chunks(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (chunk, rest) = bytes.split_at(cutter::cut(bytes));
        bytes = rest;
        (!chunk.is_empty()).then_some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::{bytes, chunks};
    use crate::chunk::profile::{CHUNK_BYTES_MAX, CHUNK_BYTES_MIN};

    #[test]
    fn chunks_are_all_of_the_bytes_and_of_the_sizes_of_the_profile() {
        let bytes = bytes();
        let lengths: Vec<usize> = chunks(&bytes).map(<[u8]>::len).collect();
        assert_eq!(lengths.iter().sum::<usize>(), bytes.len());
        let (_, all_but_last) = lengths.split_last().unwrap_or((&0, &[]));
        assert!(all_but_last.iter().all(|length| (CHUNK_BYTES_MIN..=CHUNK_BYTES_MAX).contains(length)));
        assert!((12_000..24_000).contains(&(bytes.len() / lengths.len())), "{} chunks", lengths.len());
    }
}
