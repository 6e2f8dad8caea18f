//! A tier: a part of the index on the disk, for a stretch of sequence numbers. Written once, mapped, never changed.
//!
//! Derived and never needed: every block is checked, and a tier that is damaged is thrown away with all others and made
//! anew from the log. It may also be made to deceive. Then it may answer wrongly of what is there, as a forger of the
//! log could too; but its reader never leads a caller in a circle, for parents only ever have smaller numbers than
//! their children, and siblings ascend and have one parent.
//!
//! Events link to each other by sequence number. An event's first child and next sibling stand in its row where they
//! are in the same tier. The first child, in this tier, of an event of an earlier one stands in the table `below`.

mod blocks;
mod build;
mod entries;
#[cfg(any(test, fuzzing))]
mod forge;
mod layout;
mod merge;
mod output;

use std::cmp::Ordering;
use std::ops::Range;

use blocks::Blocks;
pub(super) use build::write_tier;
#[cfg(any(test, fuzzing))]
pub(crate) use forge::forge_tier;
pub(crate) use layout::TierHeader;
use layout::{
    BELOW_BYTES, CHUNK_BYTES, ENTRIES_MAX, FAN_BYTES, HEADER_BYTES, ID_BYTES, Layout, ROOT_BYTES, ROW_BYTES,
    RUN_BYTES, TITLE_BYTES, fan_bits, fan_part,
};
pub(crate) use merge::write_merged;

use super::{ChunkPlace, EventRow, ListedTier, Place};
use crate::id::{ChunkId, EventId};
use crate::limits::TITLE_BYTES_MAX;
use crate::log::STORE_ID_BYTES;
use crate::vfs::Mapping;
use entries::{IdEntry, TitleEntry, is_chunk, prefix_of, read_chunk, read_pair, read_row};

/// A tier is merged with the one before it while that has not so many times its entries.
const MERGE_RATIO: u64 = 2;
/// Parts of a fan are about as long as this; those of ids that somebody chose are searched by halves.
const SEARCHED_IN_ORDER_MAX: usize = 64;

#[derive(Debug)]
pub(crate) struct Tier {
    header: TierHeader,
    layout: Layout,
    blocks: Blocks,
    /// Whether each of its numbers has a row, as it is where damage took none: then there is one run, and what it says
    /// is known.
    is_dense: bool,
}

impl Tier {
    /// The tier in these bytes; none unless header and table are whole.
    pub(crate) fn open(bytes: Mapping) -> Option<Tier> {
        let header = TierHeader::decode(bytes.get(..HEADER_BYTES)?)?;
        let layout = Layout::of(&header.sizes)?;
        if layout.file_bytes()? != bytes.len() {
            return None;
        }
        let blocks = Blocks::new(bytes, HEADER_BYTES, layout.data_bytes(), header.table_check)?;
        let numbers = header.sequence_end - header.sequence_start;
        let is_dense = header.sizes.runs == 1 && header.sizes.rows == numbers;
        Some(Tier { header, layout, blocks, is_dense })
    }

    pub(super) fn header(&self) -> &TierHeader {
        &self.header
    }

    /// What the list of tiers says of it.
    pub(crate) fn listed(&self) -> ListedTier {
        ListedTier { number: self.header.number, check: self.header.check() }
    }

    /// Whether it is the listed one, of this store.
    pub(crate) fn is(&self, store_id: [u8; STORE_ID_BYTES], listed: &ListedTier) -> bool {
        self.header.store_id == store_id && self.listed() == *listed
    }

    /// Whether another one may follow it.
    pub(crate) fn precedes(&self, next: &Tier) -> bool {
        self.header.sequence_end <= next.header.sequence_start
    }

    /// Whether the two are to be merged: then the tiers are few, and each entry is written few times.
    pub(super) fn belongs_to(&self, next: &Tier) -> bool {
        self.entries() < next.entries().saturating_mul(MERGE_RATIO) && self.can_take(next)
    }

    /// Whether the two are not too much for one.
    fn can_take(&self, next: &Tier) -> bool {
        let (old, new) = (&self.header.sizes, &next.header.sizes);
        let pairs =
            [(old.rows, new.rows), (old.runs, new.runs), (old.chunks, new.chunks), (old.below, new.below)];
        pairs.iter().all(|(old, new)| old + new <= ENTRIES_MAX)
    }

    /// Whether something in it was found to be damaged. Its answers are not to be believed then.
    pub(super) fn is_damaged(&self) -> bool {
        self.blocks.is_damaged()
    }

    /// Bytes of its file.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.layout.file_bytes().unwrap_or(usize::MAX) as u64
    }

    /// All that its file holds.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.blocks.file()
    }

    /// Events and chunks.
    pub(crate) fn entries(&self) -> u64 {
        self.header.sizes.rows + self.header.sizes.chunks
    }

    /// An entry of a section; a damaged tier where there should be one and is none.
    fn entry(&self, section: &Range<usize>, at: usize, bytes: usize) -> Option<&[u8]> {
        let start = section.start.checked_add(at.checked_mul(bytes)?)?;
        if start.checked_add(bytes)? > section.end {
            return None;
        }
        self.blocks.get(start, bytes)
    }

    fn whole<T>(&self, read: Option<T>) -> Option<T> {
        if read.is_none() {
            self.blocks.note_damage();
        }
        read
    }

    /// A run: its first number, its first row, and the row behind it.
    fn run_at(&self, at: usize) -> Option<(u64, u64, u64)> {
        let read = |at: usize| read_pair(self.entry(&self.layout.runs, at, RUN_BYTES)?);
        let (sequence, row) = read(at)?;
        let next = at + 1;
        let end = if next < self.header.sizes.runs as usize { read(next)?.1 } else { self.header.sizes.rows };
        let header = &self.header;
        let possible = row < end
            && end <= header.sizes.rows
            && sequence >= header.sequence_start
            && sequence.checked_add(end - row).is_some_and(|behind| behind <= header.sequence_end);
        self.whole(possible.then_some((sequence, row, end)))
    }

    /// How many runs begin at or before a number, or a row.
    fn runs_up_to(&self, key: impl Fn((u64, u64)) -> bool) -> Option<usize> {
        let (mut low, mut high) = (0, self.header.sizes.runs as usize);
        while low < high {
            let middle = low + (high - low) / 2;
            let run = read_pair(self.entry(&self.layout.runs, middle, RUN_BYTES)?)?;
            if key(run) { low = middle + 1 } else { high = middle }
        }
        Some(low)
    }

    /// The row of a sequence number.
    pub(super) fn row(&self, sequence: u64) -> Option<EventRow> {
        self.row_of(self.row_position(sequence)?, sequence)
    }

    fn row_position(&self, sequence: u64) -> Option<u64> {
        if !(self.header.sequence_start..self.header.sequence_end).contains(&sequence) {
            return None;
        }
        if self.is_dense {
            return Some(sequence - self.header.sequence_start);
        }
        let run = self.runs_up_to(|(first, _)| first <= sequence)?.checked_sub(1)?;
        let (first, row, end) = self.run_at(run)?;
        row.checked_add(sequence.checked_sub(first)?).filter(|at| *at < end)
    }

    /// Whether the event of this number has this id.
    pub(super) fn has_id_at(&self, sequence: u64, id: &EventId) -> bool {
        // A row begins with its id.
        let row = self.row_position(sequence).and_then(|at| self.row_bytes(at));
        row.is_some_and(|row| row.starts_with(id.as_bytes()))
    }

    /// Brings the row of this number near. Gives a byte of it, so that it is read.
    #[inline]
    pub(super) fn touch_row(&self, sequence: u64) -> u8 {
        let row = self.row_position(sequence).and_then(|at| self.row_bytes(at));
        row.map_or(0, |[first, ..]| *first)
    }

    fn row_bytes(&self, at: u64) -> Option<&[u8; ROW_BYTES]> {
        self.entry(&self.layout.rows, usize::try_from(at).ok()?, ROW_BYTES)?.first_chunk()
    }

    fn row_of(&self, at: u64, sequence: u64) -> Option<EventRow> {
        self.whole(read_row(self.row_bytes(at)?, sequence))
    }

    fn row_at(&self, at: u64) -> Option<EventRow> {
        if self.is_dense {
            return self.row_of(at, self.header.sequence_start.checked_add(at)?);
        }
        let run = self.runs_up_to(|(_, row)| row <= at)?.checked_sub(1)?;
        let (sequence, row, end) = self.run_at(run)?;
        let sequence = sequence.checked_add(at.checked_sub(row)?)?;
        let inside = at < end && (self.header.sequence_start..self.header.sequence_end).contains(&sequence);
        self.row_of(at, self.whole(inside.then_some(sequence))?)
    }

    /// All rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = EventRow> {
        (0..self.header.sizes.rows).map_while(|at| self.row_at(at))
    }

    /// The first number from this one on that has a row.
    pub(super) fn next_known(&self, sequence: u64) -> Option<u64> {
        let from = sequence.max(self.header.sequence_start);
        let behind = self.runs_up_to(|(first, _)| first <= from)?;
        let inside = behind.checked_sub(1).and_then(|run| self.run_at(run));
        if inside.is_some_and(|(first, row, end)| from - first < end - row) {
            return Some(from);
        }
        (behind < self.header.sizes.runs as usize).then(|| self.run_at(behind)).flatten().map(|run| run.0)
    }

    /// The entries of a section sorted by prefix that may have this one, which are in one part of the fan.
    fn prefixed(
        &self,
        section: &Range<usize>,
        bytes: usize,
        fan: &Range<usize>,
        prefix: u64,
    ) -> Option<Range<usize>> {
        let entries = (section.end - section.start) / bytes;
        let part = fan_part(prefix, fan_bits(entries as u64));
        // Where the part begins, and where the next one does.
        let bounds = self.blocks.get(fan.start + part * FAN_BYTES, 2 * FAN_BYTES)?;
        let (low, high) = bounds.split_at_checked(FAN_BYTES)?;
        let bound = |bytes: &[u8]| Some(u32::from_le_bytes(*bytes.first_chunk()?) as usize);
        let (low, high) = (bound(low)?, bound(high)?);
        if low > high || high > entries {
            self.blocks.note_damage();
            return None;
        }
        if high - low <= SEARCHED_IN_ORDER_MAX {
            // One look at the blocks, and a line or two of the cache.
            let part = self.blocks.get(section.start + low * bytes, (high - low) * bytes)?;
            let before = part.chunks_exact(bytes).take_while(|entry| prefix_of(entry) < prefix).count();
            let equal = part.chunks_exact(bytes).skip(before).take_while(|entry| prefix_of(entry) == prefix);
            return Some(low + before..low + before + equal.count());
        }
        let first = |from: usize, wanted: Ordering| {
            let (mut low, mut high) = (from, high);
            while low < high {
                let middle = low + (high - low) / 2;
                let here = prefix_of(self.entry(section, middle, bytes)?);
                if here.cmp(&prefix) < wanted { low = middle + 1 } else { high = middle }
            }
            Some(low)
        };
        let begin = first(low, Ordering::Equal)?;
        Some(begin..first(begin, Ordering::Greater)?)
    }

    /// The row of the event of this id.
    pub(super) fn find(&self, id: &EventId) -> Option<EventRow> {
        let prefix = prefix_of(id.as_bytes());
        let found = self.prefixed(&self.layout.ids, ID_BYTES, &self.layout.id_fan, prefix)?;
        found.into_iter().find_map(|at| {
            let entry = IdEntry::decode(self.entry(&self.layout.ids, at, ID_BYTES)?)?;
            let row = u64::from(entry.row);
            // Of few ids the first eight bytes are alike, and those were compared.
            let bytes = self.whole(self.row_bytes(row))?;
            bytes.starts_with(id.as_bytes()).then(|| self.row_at(row)).flatten()
        })
    }

    /// Where the record is of the first event whose id begins as this one does, where that is told. None where there is no
    /// such event.
    pub(super) fn likely_place(&self, id: &EventId) -> Option<Option<Place>> {
        let prefix = prefix_of(id.as_bytes());
        let found = self.prefixed(&self.layout.ids, ID_BYTES, &self.layout.id_fan, prefix)?;
        if found.is_empty() {
            return None;
        }
        let entry = IdEntry::decode(self.entry(&self.layout.ids, found.start, ID_BYTES)?)?;
        Some(entry.record.place())
    }

    /// Brings near what looking for this id reads first. Gives a byte of it, so that it is read.
    #[inline]
    pub(super) fn touch_id(&self, id: &EventId) -> u8 {
        let bits = fan_bits(self.header.sizes.rows);
        let part = fan_part(prefix_of(id.as_bytes()), bits);
        let begin = self.entry(&self.layout.id_fan, part, FAN_BYTES).and_then(<[u8]>::first_chunk);
        let begin = begin.map_or(0, |begin| u32::from_le_bytes(*begin) as usize);
        self.entry(&self.layout.ids, begin, ID_BYTES).and_then(<[u8]>::first).map_or(0, |byte| *byte)
    }

    /// The ids whose first eight bytes are from `from` to `to`, ascending by them.
    pub(super) fn ids_between(&self, from: u64, to: u64) -> impl Iterator<Item = EventId> {
        let begin = self.prefixed(&self.layout.ids, ID_BYTES, &self.layout.id_fan, from);
        let entries = self.header.sizes.rows as usize;
        (begin.map_or(entries, |found| found.start)..entries)
            .map_while(|at| IdEntry::decode(self.entry(&self.layout.ids, at, ID_BYTES)?))
            .take_while(move |entry| entry.prefix <= to)
            .filter_map(|entry| Some(self.row_at(u64::from(entry.row))?.id))
    }

    /// Where a chunk is: of several places a permanent one, and of these the latest.
    pub(super) fn chunk(&self, id: &ChunkId) -> Option<ChunkPlace> {
        let prefix = prefix_of(id.as_bytes());
        let found = self.prefixed(&self.layout.chunks, CHUNK_BYTES, &self.layout.chunk_fan, prefix)?;
        let places = found.filter_map(|at| {
            let bytes = self.entry(&self.layout.chunks, at, CHUNK_BYTES)?;
            is_chunk(bytes, id).then(|| self.whole(read_chunk(bytes))).flatten()
        });
        places.max_by_key(|place| !place.temporary)
    }

    /// Where all chunks are.
    pub(super) fn chunks(&self) -> impl Iterator<Item = ChunkPlace> {
        let entries = self.header.sizes.chunks as usize;
        (0..entries).map_while(|at| read_chunk(self.entry(&self.layout.chunks, at, CHUNK_BYTES)?))
    }

    /// The first child, in this tier, of an event of an earlier one. 0 for none.
    pub(super) fn below(&self, parent: u64) -> u64 {
        let (mut low, mut high) = (0, self.header.sizes.below as usize);
        while low < high {
            let middle = low + (high - low) / 2;
            let pair = self.entry(&self.layout.below, middle, BELOW_BYTES).and_then(read_pair);
            match pair.map(|(event, first)| (event.cmp(&parent), first)) {
                None => return 0,
                Some((Ordering::Less, _)) => low = middle + 1,
                Some((Ordering::Equal, first)) => return first,
                Some((Ordering::Greater, _)) => high = middle,
            }
        }
        0
    }

    pub(super) fn roots(&self) -> u64 {
        self.header.sizes.roots
    }

    /// The root at a position, in commit order. 0 for none.
    pub(super) fn root(&self, at: u64) -> u64 {
        let bytes = usize::try_from(at).ok().and_then(|at| self.entry(&self.layout.roots, at, ROOT_BYTES));
        bytes.and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// The title at a position, in the order of titles, and its root.
    pub(super) fn title(&self, at: u64) -> Option<(&str, u64)> {
        let bytes = self.entry(&self.layout.titles, usize::try_from(at).ok()?, TITLE_BYTES)?;
        let entry = TitleEntry::decode(bytes);
        let text = entry.and_then(|entry| {
            let at = self.layout.text.start.checked_add(usize::try_from(entry.at).ok()?)?;
            let length = Some(entry.bytes as usize).filter(|length| *length <= TITLE_BYTES_MAX)?;
            std::str::from_utf8(self.blocks.get(at, length)?).ok()
        });
        self.whole(text.zip(entry.map(|entry| entry.root)))
    }

    /// Whether this root is under this title.
    pub(super) fn has_title(&self, title: &str, root: u64) -> bool {
        let (mut low, mut high) = (self.title_from(title, false), self.title_from(title, true));
        while low < high {
            let middle = low + (high - low) / 2;
            match self.title(middle) {
                None => return false,
                Some((_, here)) if here == root => return true,
                Some((_, here)) if here < root => low = middle + 1,
                Some(_) => high = middle,
            }
        }
        false
    }

    /// The position of the first title from this one on, or behind it.
    pub(super) fn title_from(&self, title: &str, behind: bool) -> u64 {
        let (mut low, mut high) = (0, self.header.sizes.roots);
        while low < high {
            let middle = low + (high - low) / 2;
            let Some((here, _)) = self.title(middle) else { return self.header.sizes.roots };
            if here < title || (behind && here == title) { low = middle + 1 } else { high = middle }
        }
        low
    }
}
