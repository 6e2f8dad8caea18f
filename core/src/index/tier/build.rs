//! A tier from the part in memory.

use std::io;

use super::entries::{IdEntry, TitleEntry, prefix_of, put_chunk, put_pair, put_row};
use super::layout::{Sizes, TierHeader};
use super::output::{Fan, Output};
use crate::id::ChunkId;
use crate::index::ChunkPlace;
use crate::index::memory::MemoryPart;
use crate::log::STORE_ID_BYTES;
use crate::vfs::VfsFile;

/// Writes the part into an empty file, from its first number on. Gives the header that the file begins with.
pub(in crate::index) fn write_tier(
    file: &dyn VfsFile,
    store_id: [u8; STORE_ID_BYTES],
    number: u64,
    part: &MemoryPart,
) -> io::Result<TierHeader> {
    let mut out = Output::new(file, None);
    let rows = part.rows.len() as u64;
    for row in part.rows.iter() {
        put_row(out.buffer(), row);
        out.put_filled()?;
    }
    let mut runs = 0;
    for (sequence, row) in part.rows.runs() {
        out.put(&put_pair(sequence, row as u64))?;
        runs += 1;
    }
    put_ids(&mut out, part)?;
    put_chunks(&mut out, part)?;
    let mut below: Vec<(u64, u64)> =
        part.below.iter().map(|(parent, below)| (*parent, below.first)).collect();
    below.sort_unstable();
    below.iter().try_for_each(|(parent, first)| out.put(&put_pair(*parent, *first)))?;
    part.roots.iter().try_for_each(|root| out.put(&root.to_le_bytes()))?;
    let text_bytes = put_titles(&mut out, part)?;
    let sizes = Sizes {
        rows,
        runs,
        chunks: part.chunks.len() as u64,
        below: below.len() as u64,
        roots: part.roots.len() as u64,
        text_bytes,
    };
    let (sequence_start, sequence_end) = (part.rows.start(), part.rows.end());
    let mut header = TierHeader { store_id, number, sequence_start, sequence_end, sizes, table_check: 0 };
    out.finish(|table_check| {
        header.table_check = table_check;
        header.encode()
    })?;
    Ok(header)
}

fn put_ids(out: &mut Output<'_>, part: &MemoryPart) -> io::Result<()> {
    let entry = |(row, event): (usize, &crate::index::EventRow)| IdEntry {
        prefix: prefix_of(event.id.as_bytes()),
        row: row as u32,
    };
    let mut ids: Vec<IdEntry> = part.rows.iter().enumerate().map(entry).collect();
    ids.sort_unstable();
    let mut fan = Fan::new(ids.len() as u64);
    for id in &ids {
        fan.count(id.prefix);
        out.put(&id.encode())?;
    }
    fan.put(out)
}

fn put_chunks(out: &mut Output<'_>, part: &MemoryPart) -> io::Result<()> {
    let mut chunks: Vec<(&ChunkId, &ChunkPlace)> = part.chunks.iter().collect();
    chunks.sort_unstable_by_key(|(id, _)| *id);
    let mut fan = Fan::new(chunks.len() as u64);
    for (id, place) in chunks {
        fan.count(prefix_of(id.as_bytes()));
        put_chunk(out.buffer(), id, place);
        out.put_filled()?;
    }
    fan.put(out)
}

/// Gives the bytes of the text.
fn put_titles(out: &mut Output<'_>, part: &MemoryPart) -> io::Result<u64> {
    let mut at = 0;
    for (title, roots) in &part.titles {
        let bytes = title.len() as u32;
        for root in roots {
            out.put(&TitleEntry { at, bytes, root: *root }.encode())?;
        }
        at += u64::from(bytes);
    }
    part.titles.keys().try_for_each(|title| out.put(title.as_bytes()))?;
    Ok(at)
}
