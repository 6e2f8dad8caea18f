//! The footer of a segment: what it holds, in 112 bytes behind its last batch, written before it is synced for the last
//! time.
//!
//! Nothing needs it. It proves nothing to be durable, and where it is lost, damaged or was never written, the segment is
//! read as if there had never been one. Whoever reads many segments plans by it, and verify holds it against what the
//! segment has.

use std::io::ErrorKind;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::record::Seed;
use super::tally::{TALLY_NUMBERS, Tally};
use crate::codec::Reader;
use crate::error::Result;
use crate::vfs::VfsFile;

/// Bytes of a footer, a multiple of that of which records begin at.
pub(crate) const FOOTER_BYTES: usize = 112;
const MAGIC: [u8; 8] = *b"OuroEnd\x1a";
const CHECKED_BYTES: usize = FOOTER_BYTES - 8;
const _: () = assert!(CHECKED_BYTES == 8 * (7 + TALLY_NUMBERS));

/// What a footer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Footer {
    /// Where it stands: the segment's records end here.
    pub(crate) offset: u64,
    pub(crate) tally: Tally,
    /// The next sequence number when the segment was begun, and when it was ended.
    pub(crate) sequence_start: u64,
    pub(crate) sequence_end: u64,
    /// High-water mark of the clock, of no commit record higher.
    pub(crate) clock: u64,
    /// The last commit record: where it begins, and the checksum of its body.
    pub(crate) commit_offset: u64,
    pub(crate) commit_check: u64,
}

impl Footer {
    pub(crate) fn encode(&self, seed: &Seed) -> Vec<u8> {
        let mut out = Vec::with_capacity(FOOTER_BYTES);
        out.extend_from_slice(&MAGIC);
        let ends =
            [self.sequence_start, self.sequence_end, self.clock, self.commit_offset, self.commit_check];
        let numbers = [self.offset].into_iter().chain(self.tally.numbers()).chain(ends);
        numbers.for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        let check = check_of(&out, seed, self.offset);
        out.extend_from_slice(&check.to_le_bytes());
        out
    }

    /// The footer that stands at `offset`, from exactly its bytes; none unless its checksum holds.
    pub(crate) fn decode(bytes: &[u8], seed: &Seed, offset: u64) -> Option<Footer> {
        let checked = bytes.get(..CHECKED_BYTES)?;
        let mut reader = Reader::new(bytes);
        if reader.array::<8>().ok()? != MAGIC || reader.u64().ok()? != offset {
            return None;
        }
        let mut numbers = [0; TALLY_NUMBERS];
        for number in &mut numbers {
            *number = reader.u64().ok()?;
        }
        let footer = Footer {
            offset,
            tally: Tally::of(numbers),
            sequence_start: reader.u64().ok()?,
            sequence_end: reader.u64().ok()?,
            clock: reader.u64().ok()?,
            commit_offset: reader.u64().ok()?,
            commit_check: reader.u64().ok()?,
        };
        let check = reader.u64().ok()?;
        (reader.is_empty() && check == check_of(checked, seed, offset)).then_some(footer)
    }

    /// The footer that stands at `offset` of a file; none where none does, or not a whole one.
    pub(crate) fn at(file: &dyn VfsFile, seed: &Seed, offset: u64) -> Result<Option<Footer>> {
        let mut bytes = [0; FOOTER_BYTES];
        match file.read_exact_at(&mut bytes, offset) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            read => Ok(read.map(|()| Footer::decode(&bytes, seed, offset))?),
        }
    }
}

fn check_of(checked: &[u8], seed: &Seed, offset: u64) -> u64 {
    xxh3_64_with_seed(checked, seed.at(offset))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FOOTER_BYTES, Footer};
    use crate::log::{Seed, Tally};
    use crate::vfs::{MemoryVfs, Vfs};

    fn footer() -> Footer {
        Footer {
            offset: 4096,
            tally: Tally { records: 9, commits: 2, events: 4, chunks: 5, lists: 1, headers: 77 },
            sequence_start: 3,
            sequence_end: 7,
            clock: 99,
            commit_offset: 3992,
            commit_check: 55,
        }
    }

    #[test]
    fn it_is_taken_only_whole_and_only_at_its_place() {
        let seed = Seed::new([3; 16], 4);
        let bytes = footer().encode(&seed);
        assert_eq!(bytes.len(), FOOTER_BYTES);
        assert_eq!(Footer::decode(&bytes, &seed, 4096), Some(footer()));
        assert_eq!(Footer::decode(&bytes, &seed, 4104), None, "moved within the segment");
        assert_eq!(Footer::decode(&bytes, &Seed::new([3; 16], 5), 4096), None, "of another segment");
        assert_eq!(Footer::decode(&bytes, &Seed::new([2; 16], 4), 4096), None, "of another store");
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert_eq!(Footer::decode(&flipped, &seed, 4096), None, "bit {at}");
        }
        for at in 0..bytes.len() {
            assert_eq!(Footer::decode(&bytes[..at], &seed, 4096), None, "cut to {at} bytes");
        }
    }

    #[test]
    fn it_is_found_behind_a_segment_whatever_follows() {
        let seed = Seed::new([3; 16], 4);
        let whole = footer().encode(&seed);
        for (behind, found) in [
            (whole.clone(), Some(footer())),
            ([&whole[..], &[0; 500]].concat(), Some(footer())),
            (whole[..FOOTER_BYTES - 1].to_vec(), None),
            (vec![0; 300], None),
            (Vec::new(), None),
        ] {
            let file = MemoryVfs::new(u64::MAX).create_new(Path::new("/segment")).unwrap();
            file.write_all_at(&[7; 4096], 0).unwrap();
            file.write_all_at(&behind, 4096).unwrap();
            assert_eq!(Footer::at(file.as_ref(), &seed, 4096).unwrap(), found, "{} bytes", behind.len());
        }
    }
}
