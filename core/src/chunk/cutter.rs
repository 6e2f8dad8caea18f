//! Content-defined cuts: the same bytes are cut alike, wherever in a file they stand.
//!
//! Source: Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data Deduplication",
//! USENIX ATC 2016: a Gear hash, cuts before the least length skipped, and normalised chunking of level 2. The
//! tests are on the highest bits of the hash, which depend on the last 64 bytes.

use super::gear_table::GEAR;
use super::profile::{CHUNK_BYTES_MAX, CHUNK_BYTES_MIN, CHUNK_BYTES_NORMAL, CUT_BITS_AFTER, CUT_BITS_BEFORE};

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
fn find_cut(bytes: &[u8], hash: &mut u64, bits: u32) -> Option<usize> {
    let limit = 1u64 << (u64::BITS - bits);
    let mut rolling = *hash;
    let found = bytes.iter().position(|byte| {
        // A byte is always within a table of 256, so this costs no check.
        rolling = (rolling << 1).wrapping_add(GEAR[usize::from(*byte)]);
        rolling < limit
    });
    *hash = rolling;
    found
}
