//! What a segment holds, counted while it is written or read.

use xxhash_rust::xxh3::xxh3_64;

use super::record::{Header, RecordKind};

/// Numbers of a tally.
pub(crate) const TALLY_NUMBERS: usize = 6;

/// How many of each thing the segment has, and a checksum over all headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Records of all kinds.
    pub(crate) records: u64,
    pub(crate) commits: u64,
    pub(crate) events: u64,
    /// Chunks and chunk lists, several of a record counted one by one.
    pub(crate) chunks: u64,
    pub(crate) lists: u64,
    /// The sum of what pins the headers of each batch: of XXH3-64 over the offset of its commit record and the checksum in
    /// it. A sum, so that what is read in pieces is added up.
    pub(crate) headers: u64,
}

impl Tally {
    /// Counts a record that is no commit record.
    pub(super) fn add(&mut self, header: &Header) {
        self.records = self.records.wrapping_add(1);
        let entries = header.entries.len() as u64;
        match header.kind {
            RecordKind::Event => self.events = self.events.wrapping_add(1),
            RecordKind::Chunks => self.chunks = self.chunks.wrapping_add(entries),
            RecordKind::Lists => self.lists = self.lists.wrapping_add(entries),
            RecordKind::Commit => {}
        }
    }

    /// Counts the commit record at `offset`.
    pub(super) fn add_commit(&mut self, offset: u64, headers_check: u64) {
        let pinned = u128::from(offset) | u128::from(headers_check) << 64;
        self.records = self.records.wrapping_add(1);
        self.commits = self.commits.wrapping_add(1);
        self.headers = self.headers.wrapping_add(xxh3_64(&pinned.to_le_bytes()));
    }

    /// Adds what another part of the same segment has.
    pub(crate) fn join(&mut self, other: &Tally) {
        let (ours, theirs) = (self.numbers(), other.numbers());
        *self = Tally::of(std::array::from_fn(|at| {
            let number = |of: &[u64; TALLY_NUMBERS]| of.get(at).copied().unwrap_or(0);
            number(&ours).wrapping_add(number(&theirs))
        }));
    }

    /// The numbers, in the order in which they are written.
    pub(crate) fn numbers(&self) -> [u64; TALLY_NUMBERS] {
        [self.records, self.commits, self.events, self.chunks, self.lists, self.headers]
    }

    pub(crate) fn of(numbers: [u64; TALLY_NUMBERS]) -> Tally {
        let [records, commits, events, chunks, lists, headers] = numbers;
        Tally { records, commits, events, chunks, lists, headers }
    }
}
