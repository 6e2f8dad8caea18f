//! The commit record, which makes a batch visible.

use super::record::HEADER_BYTES;
use crate::codec::Reader;
use crate::error::Result;

/// Bytes of a commit record's body.
pub(super) const COMMIT_BYTES: usize = 64;
/// Bytes of a whole commit record, which needs no padding.
pub(crate) const COMMIT_RECORD_BYTES: u64 = (HEADER_BYTES + COMMIT_BYTES) as u64;
const _: () = assert!(COMMIT_RECORD_BYTES.is_multiple_of(8));

/// The body of a commit record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    /// Offset of the batch's first record; of the commit record itself where the batch is empty.
    pub(crate) batch_start: u64,
    /// Records of the batch, the commit record not counted.
    pub(crate) records: u32,
    /// The next sequence number before and after the batch.
    pub(crate) sequence_start: u64,
    pub(crate) sequence_end: u64,
    /// High-water mark of the clock.
    pub(crate) clock: u64,
    /// Up to which offset of this segment everything was durable when this was written.
    pub(crate) synced_to: u64,
    /// XXH3-64 over the headers of the batch, one after the other.
    pub(crate) headers_check: u64,
    /// The body checksum of the commit record before this one; 0 for the first of a store. So the checksum of a
    /// commit record pins everything that was committed before it.
    pub(crate) previous_check: u64,
}

impl Commit {
    pub(crate) fn encode(&self) -> [u8; COMMIT_BYTES] {
        let numbers = [
            self.batch_start,
            u64::from(self.records),
            self.sequence_start,
            self.sequence_end,
            self.clock,
            self.synced_to,
            self.headers_check,
            self.previous_check,
        ];
        let mut out = [0; COMMIT_BYTES];
        for (place, number) in out.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        out
    }

    /// Whether it is what a clean close writes at `offset`: an empty batch that says that all before it is durable.
    pub(crate) fn is_of_a_close(&self, offset: u64) -> bool {
        self.records == 0 && self.batch_start == offset && self.synced_to == offset
    }

    pub(crate) fn decode(body: &[u8]) -> Result<Commit> {
        let mut reader = Reader::new(body);
        let batch_start = reader.u64()?;
        let records = reader.u32()?;
        reader.u32()?;
        Ok(Commit {
            batch_start,
            records,
            sequence_start: reader.u64()?,
            sequence_end: reader.u64()?,
            clock: reader.u64()?,
            synced_to: reader.u64()?,
            headers_check: reader.u64()?,
            previous_check: reader.u64()?,
        })
    }
}
