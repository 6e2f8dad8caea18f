//! One tier from two that follow each other. Everything is read and written from front to back, in memory that does
//! not depend on how much there is; only finding an event's next sibling jumps.

use std::io;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use super::Tier;
use super::entries::{IdEntry, TitleEntry, prefix_of, put_pair, put_row, read_pair};
use super::layout::{BELOW_BYTES, CHUNK_BYTES, ID_BYTES, Layout, ROW_BYTES, Sizes, TierHeader};
use super::output::{Fan, Output};
use crate::index::{EventRow, Parent};
use crate::vfs::VfsFile;

/// Writes both into an empty file; `InvalidData` where one of them is damaged, `Interrupted` where it is stopped. Gives the header that the file begins
/// with.
pub(crate) fn write_merged(
    file: &dyn VfsFile,
    number: u64,
    old: &Tier,
    new: &Tier,
    stop: &AtomicBool,
) -> io::Result<TierHeader> {
    let pair = Pair { old, new };
    let mut out = Output::new(file, Some(stop));
    pair.put_rows(&mut out)?;
    let runs = pair.put_runs(&mut out)?;
    pair.put_ids(&mut out)?;
    pair.put_chunks(&mut out)?;
    let below = pair.put_below(&mut out)?;
    for tier in [old, new] {
        let mut roots = (0..tier.roots()).map(|at| tier.root(at));
        roots.try_for_each(|root| out.put(&root.to_le_bytes()))?;
    }
    let text_bytes = pair.put_titles(&mut out)?;
    let (a, b) = (old.header(), new.header());
    let sizes = Sizes {
        rows: a.sizes.rows + b.sizes.rows,
        runs,
        chunks: a.sizes.chunks + b.sizes.chunks,
        below,
        roots: a.sizes.roots + b.sizes.roots,
        text_bytes,
    };
    if old.is_damaged() || new.is_damaged() {
        return Err(damaged());
    }
    let (sequence_start, sequence_end) = (a.sequence_start, b.sequence_end);
    let mut header =
        TierHeader { store_id: a.store_id, number, sequence_start, sequence_end, sizes, table_check: 0 };
    out.finish(|table_check| {
        header.table_check = table_check;
        header.encode()
    })?;
    Ok(header)
}

fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

struct Pair<'a> {
    old: &'a Tier,
    new: &'a Tier,
}

/// An entry of one of two sorted sections.
struct Merged<'a> {
    bytes: &'a [u8],
    from_new: bool,
}

impl Pair<'_> {
    fn put_rows(&self, out: &mut Output<'_>) -> io::Result<()> {
        for at in 0..self.old.header().sizes.rows {
            let mut row = self.old.row_at(at).ok_or_else(damaged)?;
            self.link(&mut row);
            put_row(out.buffer(), &row);
            out.put_filled()?;
        }
        let (rows, count) = (&self.new.layout.rows, self.new.header().sizes.rows as usize);
        (0..count).try_for_each(|at| out.put(self.new.entry(rows, at, ROW_BYTES).ok_or_else(damaged)?))
    }

    /// Ties a row of the old tier to its child and its sibling in the new one.
    fn link(&self, row: &mut EventRow) {
        if row.first_child == 0 {
            row.first_child = self.new.below(row.sequence);
        }
        if let (0, Parent::Known(parent)) = (row.next_sibling, row.parent) {
            row.next_sibling = self.new.below(parent);
        }
    }

    fn put_runs(&self, out: &mut Output<'_>) -> io::Result<u64> {
        let (mut count, mut expected) = (0, None);
        let mut shift = 0;
        for tier in [self.old, self.new] {
            let runs = tier.header().sizes.runs;
            for at in 0..runs {
                let (sequence, row, end) = tier.run_at(at as usize).ok_or_else(damaged)?;
                if expected != Some(sequence) {
                    out.put(&put_pair(sequence, row + shift))?;
                    count += 1;
                }
                expected = Some(sequence + (end - row));
            }
            shift = tier.header().sizes.rows;
        }
        Ok(count)
    }

    fn put_ids(&self, out: &mut Output<'_>) -> io::Result<()> {
        let shift = self.old.header().sizes.rows as u32;
        let mut fan = Fan::new(self.old.header().sizes.rows + self.new.header().sizes.rows);
        self.merge(
            |layout| &layout.ids,
            ID_BYTES,
            |entry| {
                let mut id = IdEntry::decode(entry.bytes).ok_or_else(damaged)?;
                if entry.from_new {
                    id.row = id.row.checked_add(shift).ok_or_else(damaged)?;
                }
                fan.count(id.prefix);
                out.put(&id.encode())
            },
        )?;
        fan.put(out)
    }

    fn put_chunks(&self, out: &mut Output<'_>) -> io::Result<()> {
        let mut fan = Fan::new(self.old.header().sizes.chunks + self.new.header().sizes.chunks);
        self.merge(
            |layout| &layout.chunks,
            CHUNK_BYTES,
            |entry| {
                fan.count(prefix_of(entry.bytes));
                out.put(entry.bytes)
            },
        )?;
        fan.put(out)
    }

    /// Both sections in the order of their prefixes, of equal ones the old tier's first.
    fn merge(
        &self,
        section: impl Fn(&Layout) -> &Range<usize>,
        bytes: usize,
        mut take: impl FnMut(Merged<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let sections = [(self.old, section(&self.old.layout)), (self.new, section(&self.new.layout))];
        let read = |which: usize, at: usize| match sections.get(which) {
            Some((tier, section)) if at * bytes < section.len() => {
                tier.entry(section, at, bytes).map(Some).ok_or_else(damaged)
            }
            _ => Ok(None),
        };
        let mut at = [0, 0];
        let mut next = [read(0, 0)?, read(1, 0)?];
        loop {
            let from_new = match next {
                [None, None] => return Ok(()),
                [Some(old), Some(new)] => prefix_of(new) < prefix_of(old),
                [old, _] => old.is_none(),
            };
            let (Some(bytes), Some(at)) =
                (next.get(usize::from(from_new)).copied().flatten(), at.get_mut(usize::from(from_new)))
            else {
                return Ok(());
            };
            take(Merged { bytes, from_new })?;
            *at += 1;
            let following = read(usize::from(from_new), *at)?;
            if let Some(place) = next.get_mut(usize::from(from_new)) {
                *place = following;
            }
        }
    }

    /// What hangs under events before both. The rows have the rest.
    fn put_below(&self, out: &mut Output<'_>) -> io::Result<u64> {
        let (mut old, mut count) = (self.below(self.old).peekable(), 0);
        let before = self.old.header().sequence_start;
        for new in self.below(self.new) {
            let (parent, first) = new?;
            if parent >= before {
                continue;
            }
            while let Some(earlier) = old.next_if(|old| old.as_ref().is_ok_and(|(event, _)| *event < parent))
            {
                let (parent, first) = earlier?;
                out.put(&put_pair(parent, first))?;
                count += 1;
            }
            if !matches!(old.peek(), Some(Ok((event, _))) if *event == parent) {
                out.put(&put_pair(parent, first))?;
                count += 1;
            }
        }
        for rest in old {
            let (parent, first) = rest?;
            out.put(&put_pair(parent, first))?;
            count += 1;
        }
        Ok(count)
    }

    fn below<'t>(&self, tier: &'t Tier) -> impl Iterator<Item = io::Result<(u64, u64)>> + use<'t> {
        let entries = tier.header().sizes.below as usize;
        (0..entries)
            .map(|at| tier.entry(&tier.layout.below, at, BELOW_BYTES).and_then(read_pair).ok_or_else(damaged))
    }

    /// Gives the bytes of the text.
    fn put_titles(&self, out: &mut Output<'_>) -> io::Result<u64> {
        let (mut at, mut end, mut last) = (0, 0, None);
        self.titles(|title, root| {
            // Each text once, as in a tier that was not merged.
            if last.as_deref() != Some(title) {
                (at, end) = (end, end + title.len() as u64);
                last = Some(title.to_owned());
            }
            out.put(&TitleEntry { at, bytes: title.len() as u32, root }.encode())
        })?;
        let mut last = None;
        self.titles(|title, _| {
            if last.as_deref() != Some(title) {
                out.put(title.as_bytes())?;
                last = Some(title.to_owned());
            }
            Ok(())
        })?;
        Ok(end)
    }

    /// All titles in order, those of the old tier before equal ones of the new.
    fn titles(&self, mut take: impl FnMut(&str, u64) -> io::Result<()>) -> io::Result<()> {
        let (mut a, mut b) = (0, 0);
        loop {
            let (old, new) = (self.old.title_if(a)?, self.new.title_if(b)?);
            match (old, new) {
                (None, None) => return Ok(()),
                (Some((title, root)), new) if new.is_none_or(|(other, _)| title <= other) => {
                    take(title, root)?;
                    a += 1;
                }
                (_, Some((title, root))) => {
                    take(title, root)?;
                    b += 1;
                }
                (Some(_), None) => return Ok(()),
            }
        }
    }
}

impl Tier {
    fn title_if(&self, at: u64) -> io::Result<Option<(&str, u64)>> {
        if at >= self.roots() {
            return Ok(None);
        }
        self.title(at).map(Some).ok_or_else(damaged)
    }
}
