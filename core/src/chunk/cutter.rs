//! Content-defined cuts: the same bytes are cut alike, wherever in a file they stand.
//!
//! Source: Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data
//! Deduplication", USENIX ATC 2016: a Gear hash, cuts before the least length skipped, and normalised
//! chunking of level 2. The tests are on the highest bits of the hash, which depend on the last 64 bytes.

use super::gear_table::GEAR;
use super::profile::{CHUNK_BYTES_MAX, CHUNK_BYTES_MIN, CHUNK_BYTES_NORMAL, CUT_BITS_AFTER, CUT_BITS_BEFORE};

/// Bytes that are hashed together. Two are slower, eight are no faster.
const GROUP_BYTES: usize = 4;

/// The length of the next chunk of a stream whose rest begins with `bytes`: at least [`CHUNK_BYTES_MAX`] of
/// them, or all that is left.
pub(crate) fn cut(bytes: &[u8]) -> usize {
    let bytes = bytes.get(..CHUNK_BYTES_MAX).unwrap_or(bytes);
    let Some((_, tested)) = bytes.split_at_checked(CHUNK_BYTES_MIN) else {
        return bytes.len();
    };
    let before = tested.len().min(CHUNK_BYTES_NORMAL - CHUNK_BYTES_MIN);
    let (rare, frequent) = tested.split_at(before);
    let mut hash = 0u64;
    if let Some(at) = find_cut(rare, &mut hash, CUT_BITS_BEFORE) {
        return CHUNK_BYTES_MIN + at + 1;
    }
    if let Some(at) = find_cut(frequent, &mut hash, CUT_BITS_AFTER) {
        return CHUNK_BYTES_NORMAL + at + 1;
    }
    bytes.len()
}

/// The position of the first byte behind which the hash has so many zero bits at its top.
///
/// Byte by byte, each step would wait for the one before. So the sums of a group of bytes are made apart from
/// the hash before it, which then costs one step for the group; which byte of a group it was is asked only at
/// a cut.
fn find_cut(bytes: &[u8], hash: &mut u64, bits: u32) -> Option<usize> {
    let limit = 1u64 << (u64::BITS - bits);
    let (groups, last) = bytes.as_chunks::<GROUP_BYTES>();
    for (number, group) in groups.iter().enumerate() {
        let mut sum = 0u64;
        let mut shifted = *hash;
        let mut is_cut = false;
        for byte in group {
            sum = step(sum, *byte);
            shifted <<= 1;
            is_cut |= shifted.wrapping_add(sum) < limit;
        }
        if is_cut {
            return find_cut_bytewise(group, hash, limit).map(|at| number * GROUP_BYTES + at);
        }
        *hash = shifted.wrapping_add(sum);
    }
    find_cut_bytewise(last, hash, limit).map(|at| groups.len() * GROUP_BYTES + at)
}

fn find_cut_bytewise(bytes: &[u8], hash: &mut u64, limit: u64) -> Option<usize> {
    bytes.iter().position(|byte| {
        *hash = step(*hash, *byte);
        *hash < limit
    })
}

/// The hash behind one more byte.
fn step(hash: u64, byte: u8) -> u64 {
    // A byte is always within a table of 256, so this costs no check.
    (hash << 1).wrapping_add(GEAR[usize::from(byte)])
}
