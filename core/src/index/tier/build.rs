//! A tier from the part in memory.

use std::io;

use super::entries::{IdEntry, RecordAt, TitleEntry, prefix_of, put_chunk, put_pair, put_row};
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
    let mut fan = Fan::new(part.rows.len() as u64);
    part.rows.iter().for_each(|event| fan.count(prefix_of(event.id.as_bytes())));
    for (prefix, row) in sorted(part, &fan) {
        let event = part.rows.all().get(row as usize);
        let record = event.map_or(RecordAt::NONE, |event| RecordAt::of(&event.place));
        out.put(&IdEntry { prefix, row, record }.encode())?;
    }
    fan.put(out)
}

/// The first bytes of all ids in order, with their rows. Each goes where its part of the fan is, and the parts, of a few
/// ids each unless somebody chose them, are sorted for themselves.
fn sorted(part: &MemoryPart, fan: &Fan) -> Vec<(u64, u32)> {
    let (mut ids, mut ends) = (vec![(0, 0); part.rows.len()], fan.begins());
    for (row, event) in part.rows.iter().enumerate() {
        let prefix = prefix_of(event.id.as_bytes());
        let Some(end) = ends.get_mut(fan.part(prefix)) else { continue };
        if let Some(place) = ids.get_mut(*end as usize) {
            *place = (prefix, row as u32);
        }
        *end += 1;
    }
    let mut rest = ids.as_mut_slice();
    for part in fan.counts() {
        let (here, behind) = rest.split_at_mut_checked(*part as usize).unwrap_or_default();
        here.sort_unstable();
        rest = behind;
    }
    ids
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
