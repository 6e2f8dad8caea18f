//! One record of the log: a header that says what follows, entries that name it, a body.

use std::borrow::Cow;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::commit::COMMIT_BYTES;
use super::entries::Entries;
use super::superblock::STORE_ID_BYTES;
use super::unpack::decompress;
use crate::codec::{Reader, malformed};
use crate::error::Result;
use crate::id::ID_BYTES;
use crate::limits;

/// Bytes of a header without its entries.
pub(crate) const HEADER_BYTES: usize = 40;
/// Bytes of an entry: an id and the raw length of what it names.
pub(crate) const ENTRY_BYTES: usize = ID_BYTES + 4;
/// Bytes of a header with one entry: of a chunk that stands alone, and of an event without a number of its parent.
pub(crate) const ONE_ENTRY_HEADER_BYTES: usize = HEADER_BYTES + ENTRY_BYTES;
/// Bytes of the number of an event's parent, behind the entry.
const PARENT_BYTES: usize = 8;
/// Most entries of a record of chunks or lists.
pub(super) const ENTRIES_MAX: usize = 64;
/// Most bytes of one chunk or list, and so 64 times that of a record: what a few bytes on disk can make a reader
/// unpack is bounded.
pub(crate) const ENTRY_RAW_BYTES_MAX: u32 = 64 * 1024;
/// No record is longer than this.
pub(crate) const RECORD_BYTES_MAX: usize = {
    let chunks = HEADER_BYTES + ENTRIES_MAX * (ENTRY_BYTES + ENTRY_RAW_BYTES_MAX as usize);
    let event = ONE_ENTRY_HEADER_BYTES + PARENT_BYTES + limits::EVENT_BYTES_MAX;
    (if chunks > event { chunks } else { event }) + ALIGN as usize
};
/// Sequence numbers beyond this are damage: no disk holds so many events.
pub(crate) const SEQUENCE_MAX: u64 = 1 << 48;
/// Records begin at multiples of this.
const ALIGN: u64 = 8;

const MAGIC: [u8; 4] = *b"orec";
const FLAG_TEMPORARY: u32 = 1;
const FLAG_PARENT: u32 = 2;

/// What a record carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum RecordKind {
    /// One event in its canonical encoding.
    Event = 1,
    /// Chunks of files, one after the other.
    Chunks = 2,
    /// Chunk lists, one after the other.
    Lists = 3,
    /// The end of a batch.
    Commit = 4,
}

/// How a body is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Codec {
    Raw = 0,
    Zstd = 1,
}

/// Names one thing in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) id: [u8; ID_BYTES],
    pub(crate) raw_bytes: u32,
}

/// The header of a record, its entries included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) kind: RecordKind,
    pub(crate) codec: Codec,
    pub(crate) temporary: bool,
    pub(crate) stored_bytes: u32,
    pub(crate) raw_bytes: u32,
    /// The sequence number of an event; 0 for all else.
    pub(crate) sequence: u64,
    /// The sequence number of an event's parent, so that whoever makes the index anew need not look for it; 0 where
    /// there is none, or it is not told.
    pub(crate) parent: u64,
    /// XXH3-64 of the stored body.
    pub(crate) body_check: u64,
    pub(crate) entries: Entries,
}

/// Ties header checksums to one place of one store, so that a stale or moved record fails its check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    store_id: [u8; STORE_ID_BYTES],
    segment: u64,
}

impl Seed {
    pub(crate) fn new(store_id: [u8; STORE_ID_BYTES], segment: u64) -> Seed {
        Seed { store_id, segment }
    }

    pub(super) fn at(&self, offset: u64) -> u64 {
        let mut place = [0; STORE_ID_BYTES + 16];
        let (id, rest) = place.split_at_mut(STORE_ID_BYTES);
        id.copy_from_slice(&self.store_id);
        let (segment, at) = rest.split_at_mut(8);
        segment.copy_from_slice(&self.segment.to_le_bytes());
        at.copy_from_slice(&offset.to_le_bytes());
        xxh3_64(&place)
    }
}

/// The length of a record in the file, padding included.
pub(crate) fn padded(bytes: u64) -> u64 {
    bytes.next_multiple_of(ALIGN)
}

impl Header {
    /// Bytes of the header with its entries.
    pub(crate) fn header_bytes(&self) -> usize {
        self.bytes_with(self.entries.len())
    }

    fn bytes_with(&self, entries: usize) -> usize {
        let parent = if self.parent == 0 { 0 } else { PARENT_BYTES };
        HEADER_BYTES + entries * ENTRY_BYTES + parent
    }

    /// Bytes of the whole record, padding included.
    pub(crate) fn record_bytes(&self) -> u64 {
        padded(self.header_bytes() as u64 + u64::from(self.stored_bytes))
    }

    /// Appends the header as it stands at `offset`.
    pub(crate) fn encode(&self, seed: &Seed, offset: u64, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&[self.kind as u8, self.codec as u8]);
        out.extend_from_slice(&(self.entries.len() as u16).to_le_bytes());
        let flags =
            if self.temporary { FLAG_TEMPORARY } else { 0 } | if self.parent == 0 { 0 } else { FLAG_PARENT };
        out.extend_from_slice(&flags.to_le_bytes());
        out.extend_from_slice(&self.stored_bytes.to_le_bytes());
        out.extend_from_slice(&self.raw_bytes.to_le_bytes());
        out.extend_from_slice(&self.sequence.to_le_bytes());
        out.extend_from_slice(&self.body_check.to_le_bytes());
        for entry in self.entries.iter() {
            out.extend_from_slice(&entry.id);
            out.extend_from_slice(&entry.raw_bytes.to_le_bytes());
        }
        if self.parent != 0 {
            out.extend_from_slice(&self.parent.to_le_bytes());
        }
        let check = out.get(start + 8..).map_or(0, |checked| header_check(checked, seed, offset));
        if let Some(place) = out.get_mut(start + 4..start + 8) {
            place.copy_from_slice(&check.to_le_bytes());
        }
    }

    /// How many bytes the header takes whose first [`HEADER_BYTES`] these are; none if they begin no header. All
    /// that can be judged without the entries is, so that bytes which only look like headers cost no checksum.
    pub(crate) fn peek(fixed: &[u8]) -> Option<usize> {
        let (header, count, _) = Self::decode_fixed(&mut Reader::new(fixed))?;
        header.is_possible(count).then_some(header.bytes_with(count))
    }

    /// The header at `offset`, from exactly its bytes; none unless every check holds.
    pub(crate) fn decode(bytes: &[u8], seed: &Seed, offset: u64) -> Option<Header> {
        let mut reader = Reader::new(bytes);
        let (mut header, count, check) = Self::decode_fixed(&mut reader)?;
        if !header.is_possible(count) || check != header_check(bytes.get(8..)?, seed, offset) {
            return None;
        }
        let mut entry = || Some(Entry { id: reader.array().ok()?, raw_bytes: reader.u32().ok()? });
        header.entries = match count {
            1 => entry()?.into(),
            _ => (0..count).map(|_| entry()).collect::<Option<Vec<Entry>>>()?.into(),
        };
        if header.parent != 0 {
            // 0 says that there is none, and then there is no place for it.
            header.parent = reader.u64().ok().filter(|parent| *parent != 0)?;
        }
        (reader.is_empty() && header.adds_up()).then_some(header)
    }

    /// What stands before the entries: the header without them, how many there are, the checksum. `parent` is no more
    /// than whether there is one.
    fn decode_fixed(reader: &mut Reader<'_>) -> Option<(Header, usize, u32)> {
        if reader.array::<4>().ok()? != MAGIC {
            return None;
        }
        let check = reader.u32().ok()?;
        let kind = match reader.u8().ok()? {
            1 => RecordKind::Event,
            2 => RecordKind::Chunks,
            3 => RecordKind::Lists,
            4 => RecordKind::Commit,
            _ => return None,
        };
        let codec = match reader.u8().ok()? {
            0 => Codec::Raw,
            1 => Codec::Zstd,
            _ => return None,
        };
        let count = usize::from(reader.u16().ok()?);
        let flags = reader.u32().ok()?;
        if flags & !(FLAG_TEMPORARY | FLAG_PARENT) != 0 {
            return None;
        }
        let temporary = flags & FLAG_TEMPORARY != 0;
        let parent = u64::from(flags & FLAG_PARENT != 0);
        let (stored_bytes, raw_bytes) = (reader.u32().ok()?, reader.u32().ok()?);
        let (sequence, body_check) = (reader.u64().ok()?, reader.u64().ok()?);
        let entries = Entries::NONE;
        let header =
            Header { kind, codec, temporary, stored_bytes, raw_bytes, sequence, parent, body_check, entries };
        Some((header, count, check))
    }

    /// Whether the numbers before the entries agree with each other and with `count` entries.
    fn is_possible(&self, count: usize) -> bool {
        let stored_fits = match self.codec {
            Codec::Raw => self.stored_bytes == self.raw_bytes,
            Codec::Zstd => self.stored_bytes <= self.raw_bytes,
        };
        let kind_fits = match self.kind {
            RecordKind::Event => {
                count == 1
                    && self.codec == Codec::Raw
                    && (1..=SEQUENCE_MAX).contains(&self.sequence)
                    && self.raw_bytes as usize <= limits::EVENT_BYTES_MAX
            }
            RecordKind::Chunks | RecordKind::Lists => {
                (1..=ENTRIES_MAX).contains(&count)
                    && self.sequence == 0
                    && u64::from(self.raw_bytes) <= count as u64 * u64::from(ENTRY_RAW_BYTES_MAX)
            }
            RecordKind::Commit => {
                count == 0
                    && self.codec == Codec::Raw
                    && self.sequence == 0
                    && self.raw_bytes as usize == COMMIT_BYTES
            }
        };
        stored_fits && kind_fits && (self.parent == 0 || self.kind == RecordKind::Event)
    }

    /// Whether the entries agree with what stands before them.
    fn adds_up(&self) -> bool {
        let sum: u64 = self.entries.iter().map(|entry| u64::from(entry.raw_bytes)).sum();
        let short = |entry: &Entry| self.kind == RecordKind::Event || entry.raw_bytes <= ENTRY_RAW_BYTES_MAX;
        // Who leads to an event that came later would lead in circles.
        let ascends = self.parent == 0 || self.parent < self.sequence;
        self.kind == RecordKind::Commit
            || (ascends && sum == u64::from(self.raw_bytes) && self.entries.iter().all(short))
    }
}

fn header_check(checked: &[u8], seed: &Seed, offset: u64) -> u32 {
    xxh3_64_with_seed(checked, seed.at(offset)) as u32
}

/// The checksum of a stored body.
pub(crate) fn body_check(stored: &[u8]) -> u64 {
    xxh3_64(stored)
}

/// `corrupt` unless the stored body matches its header.
pub(crate) fn body_check_matches(header: &Header, stored: &[u8]) -> Result<()> {
    let unchecked = cfg!(ouroboros_seeded_bug = "record_unchecked")
        || (cfg!(ouroboros_seeded_bug = "commit_record_unchecked") && header.kind == RecordKind::Commit);
    let whole = unchecked || body_check(stored) == header.body_check;
    if stored.len() != header.stored_bytes as usize || !whole {
        return Err(malformed("the checksum of a record's body does not match"));
    }
    Ok(())
}

/// The raw body of a record, its checksum checked; `corrupt` where it fails.
pub(crate) fn decode_body<'a>(header: &Header, stored: &'a [u8]) -> Result<Cow<'a, [u8]>> {
    body_check_matches(header, stored)?;
    match header.codec {
        Codec::Raw => Ok(Cow::Borrowed(stored)),
        Codec::Zstd => decompress(header, stored).map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::{Codec, Entry, Header, RecordKind, Seed};

    fn header() -> Header {
        Header {
            kind: RecordKind::Event,
            codec: Codec::Raw,
            temporary: true,
            stored_bytes: 300,
            raw_bytes: 300,
            sequence: 7,
            parent: 3,
            body_check: 99,
            entries: Entry { id: [5; 64], raw_bytes: 300 }.into(),
        }
    }

    #[test]
    fn a_header_is_taken_only_whole_and_only_at_its_place() {
        let seed = Seed::new([3; 16], 4);
        let mut bytes = Vec::new();
        header().encode(&seed, 64, &mut bytes);
        assert_eq!(Header::peek(&bytes), Some(bytes.len()));
        assert_eq!(Header::decode(&bytes, &seed, 64), Some(header()));
        assert_eq!(Header::decode(&bytes, &seed, 72), None, "moved within the segment");
        assert_eq!(Header::decode(&bytes, &Seed::new([3; 16], 5), 64), None, "from another segment");
        assert_eq!(Header::decode(&bytes, &Seed::new([2; 16], 4), 64), None, "from another store");
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert_eq!(Header::decode(&flipped, &seed, 64), None, "bit {at}");
        }
    }

    /// A header that tells of a parent and names none had another length before and after it was read.
    #[test]
    fn a_parent_that_is_told_has_a_number() {
        let (seed, mut bytes) = (Seed::new([3; 16], 4), Vec::new());
        header().encode(&seed, 64, &mut bytes);
        let at = bytes.len() - 8;
        bytes[at..].fill(0);
        let check = super::header_check(&bytes[8..], &seed, 64);
        bytes[4..8].copy_from_slice(&check.to_le_bytes());
        assert_eq!(Header::decode(&bytes, &seed, 64), None);
    }

    /// Files full of what looks like the beginning of a header made opening hash 70 KB at every eighth byte, and
    /// records of a few bytes unpacked to gigabytes.
    #[test]
    fn what_no_writer_writes_is_refused_before_anything_is_hashed() {
        let chunks = |entries: usize, raw_bytes: u32| Header {
            kind: RecordKind::Chunks,
            temporary: false,
            stored_bytes: raw_bytes * entries as u32,
            raw_bytes: raw_bytes * entries as u32,
            sequence: 0,
            parent: 0,
            entries: vec![Entry { id: [5; 64], raw_bytes }; entries].into(),
            ..header()
        };
        let commit = || Header {
            kind: RecordKind::Commit,
            sequence: 0,
            stored_bytes: 64,
            raw_bytes: 64,
            ..chunks(0, 0)
        };
        let taken = |header: Header| {
            let (seed, mut bytes) = (Seed::new([3; 16], 4), Vec::new());
            header.encode(&seed, 64, &mut bytes);
            let taken = Header::decode(&bytes, &seed, 64).is_some();
            assert_eq!(taken, Header::peek(&bytes).is_some());
            taken
        };
        assert!(taken(header()) && taken(chunks(64, 65_536)) && taken(commit()));
        assert!(taken(Header { codec: Codec::Zstd, stored_bytes: 9, ..chunks(3, 65_536) }));
        let event = |raw_bytes| Header { stored_bytes: raw_bytes, raw_bytes, ..header() };
        for (what, refused) in [
            ("a chunk of more than 64 KiB", chunks(1, 65_537)),
            ("more entries than 64", chunks(65, 10)),
            ("no entry", chunks(0, 0)),
            (
                "a body that grew by compression",
                Header { codec: Codec::Zstd, stored_bytes: 1000, ..chunks(1, 999) },
            ),
            ("another length than stored", Header { stored_bytes: 1, ..chunks(1, 999) }),
            ("a compressed event", Header { codec: Codec::Zstd, stored_bytes: 9, ..header() }),
            ("an event of no number", Header { sequence: 0, ..header() }),
            ("an event of no possible number", Header { sequence: (1 << 48) + 1, ..header() }),
            ("an event that is too large", event(u32::MAX)),
            ("a chunk with a parent", Header { parent: 1, ..chunks(1, 10) }),
            ("a chunk with a number", Header { sequence: 1, ..chunks(1, 10) }),
            ("a long commit record", Header { stored_bytes: 72, raw_bytes: 72, ..commit() }),
        ] {
            assert!(!taken(refused), "{what}");
        }
        let mut pattern = [0u8; 40];
        for unit in pattern.chunks_mut(16) {
            unit[..4].copy_from_slice(b"orec");
            unit.get_mut(10..12).into_iter().for_each(|count| count.copy_from_slice(&1024u16.to_le_bytes()));
        }
        assert_eq!(Header::peek(&pattern), None);
    }
}
