//! A tier that says what somebody wants it to say, with the right checksums: for tests of whoever reads it.

use xxhash_rust::xxh3::xxh3_64;

use super::blocks::BLOCK_BYTES;
use super::layout::{Layout, Sizes, TierHeader};
use crate::log::STORE_ID_BYTES;

/// The file of a tier with these counts (rows, runs, chunks, below, roots, bytes of text) whose sections are `data`,
/// with zeros behind. None where there is no such tier, or it has more bytes than `bytes_max`.
pub(crate) fn forge_tier(
    store_id: [u8; STORE_ID_BYTES],
    sequence_start: u64,
    sequence_end: u64,
    sizes: [u64; 6],
    data: &[u8],
    bytes_max: usize,
) -> Option<Vec<u8>> {
    let [rows, runs, chunks, below, roots, text_bytes] = sizes;
    let sizes = Sizes { rows, runs, chunks, below, roots, text_bytes };
    let layout = Layout::of(&sizes)?;
    if layout.file_bytes()? > bytes_max {
        return None;
    }
    let mut data = data.to_vec();
    data.resize(layout.data_bytes(), 0);
    let table: Vec<u8> = data.chunks(BLOCK_BYTES).flat_map(|block| xxh3_64(block).to_le_bytes()).collect();
    let table_check = xxh3_64(&table);
    let header = TierHeader { store_id, number: 1, sequence_start, sequence_end, sizes, table_check };
    Some([header.encode(), data, table].concat())
}
