//! Finding out what a store holds: from the checkpoint where there is a good one, else from the segments.
//!
//! Reading changes nothing on the disk. What a crash left unfinished is judged here and dealt with by the
//! writer when it opens.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::folder;
use crate::error::{Error, ErrorCode, Result};
use crate::index::{Index, Position, decode_checkpoint};
use crate::log::{
    Damage, SEGMENT_HEADER_BYTES, STORE_ID_BYTES, Scan, Scanned, Segment, SegmentHeader, Window, commit_check_at,
    durable_end, parse_file_name, scan_segment,
};
use crate::vfs::{Access, Vfs};

const HEADER: u64 = SEGMENT_HEADER_BYTES as u64;

/// What a store holds.
#[derive(Debug)]
pub(crate) struct Recovered {
    pub(crate) index: Index,
    pub(crate) segments: BTreeMap<u64, Arc<Segment>>,
    /// High-water mark of the clock.
    pub(crate) clock: u64,
    /// Where the log ended when the checkpoint was written, if that is where it still ends.
    pub(crate) checkpoint_end: Option<(u64, u64)>,
    /// Whether the last segment has bytes behind its end, which were never acknowledged.
    pub(crate) torn: bool,
    /// Files of segments that a crash left without a header, and nothing else in them.
    pub(crate) unmade: Vec<std::path::PathBuf>,
}

/// A segment's file before it is known where it ends.
struct Candidate {
    segment: Arc<Segment>,
    file_bytes: u64,
    header: Option<SegmentHeader>,
}

/// Reads what the store holds. `write` opens the last segment for writing.
pub(crate) fn recover(
    vfs: &dyn Vfs,
    store: &Path,
    store_id: [u8; STORE_ID_BYTES],
    write: bool,
) -> Result<Recovered> {
    let (candidates, unmade) = find_segments(vfs, store, store_id, write)?;
    let checkpoint = read_checkpoint(vfs, store, store_id, &candidates);
    let (position, index) = match checkpoint {
        Some((position, index)) => (Some(position), index),
        None => (None, Index::default()),
    };
    let mut recovered = Recovered {
        index,
        segments: BTreeMap::new(),
        clock: position.map_or(0, |position| position.clock),
        checkpoint_end: None,
        torn: false,
        unmade,
    };
    if position.is_none() {
        note_missing(&candidates, &mut recovered.index);
    }
    scan_all(&candidates, position.as_ref(), &mut recovered)?;
    if let (Some(position), Some(last)) = (position, candidates.last()) {
        let end = (last.segment.number(), last.segment.end());
        recovered.checkpoint_end = Some(end).filter(|end| *end == (position.segment, position.end));
    }
    for candidate in candidates {
        recovered.segments.insert(candidate.segment.number(), candidate.segment);
    }
    Ok(recovered)
}

fn find_segments(
    vfs: &dyn Vfs,
    store: &Path,
    store_id: [u8; STORE_ID_BYTES],
    write: bool,
) -> Result<(Vec<Candidate>, Vec<std::path::PathBuf>)> {
    let folder = folder::segments(store);
    let names = vfs.list(&folder).map_err(|error| Error::io("listing", &folder, error))?;
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| parse_file_name(name)).collect();
    numbers.sort_unstable();
    let (mut candidates, mut unmade) = (Vec::new(), Vec::new());
    for (at, number) in numbers.iter().enumerate() {
        let last = at + 1 == numbers.len();
        let path = folder.join(crate::log::file_name(*number));
        let error = |error| Error::io("opening the segment", &path, error);
        let access = if write && last { Access::ReadWrite } else { Access::Read };
        let file = vfs.open(&path, access).map_err(error)?;
        let file_bytes = file.len().map_err(error)?;
        let mut header = [0; SEGMENT_HEADER_BYTES];
        if file_bytes >= HEADER {
            file.read_exact_at(&mut header, 0).map_err(error)?;
        }
        let header = SegmentHeader::decode(&header, *number, store_id);
        let segment = Arc::new(Segment::new(*number, path.clone(), store_id, file, HEADER));
        if header.is_none() && last && at > 0 && is_empty(&segment, file_bytes)? {
            unmade.push(path);
            continue;
        }
        candidates.push(Candidate { segment, file_bytes, header });
    }
    if candidates.is_empty() {
        let message = format!(
            "{} holds no segments; the store has lost its data, take them from a backup",
            folder.display()
        );
        return Err(Error::new(ErrorCode::Corrupt, message));
    }
    if write && !unmade.is_empty() {
        reopen_last(vfs, &mut candidates, store_id)?;
    }
    Ok((candidates, unmade))
}

/// The file behind the last one was never made, so the one before it is the last after all.
fn reopen_last(vfs: &dyn Vfs, candidates: &mut [Candidate], store_id: [u8; STORE_ID_BYTES]) -> Result<()> {
    let Some(last) = candidates.last_mut() else { return Ok(()) };
    let path = last.segment.path().to_owned();
    let file =
        vfs.open(&path, Access::ReadWrite).map_err(|error| Error::io("opening the segment", &path, error))?;
    last.segment = Arc::new(Segment::new(last.segment.number(), path, store_id, file, HEADER));
    Ok(())
}

/// Whether no record of ours is in a file without a header.
fn is_empty(segment: &Segment, file_bytes: u64) -> Result<bool> {
    let mut window = Window::new(segment.file().as_ref(), file_bytes);
    let mut any = false;
    let mut visit = |_: Scanned| {
        any = true;
        Ok(())
    };
    let (seed, number) = (segment.seed(), segment.number());
    scan_segment(&mut window, seed, number, HEADER.min(file_bytes), file_bytes, Scan::Needed, &mut visit)?;
    Ok(!any)
}

/// The checkpoint, where it is whole and the log is where it says.
fn read_checkpoint(
    vfs: &dyn Vfs,
    store: &Path,
    store_id: [u8; STORE_ID_BYTES],
    candidates: &[Candidate],
) -> Option<(Position, Index)> {
    let file = vfs.open(&folder::checkpoint(store), Access::Read).ok()?;
    let mut bytes = vec![0; usize::try_from(file.len().ok()?).ok()?];
    file.read_exact_at(&mut bytes, 0).ok()?;
    let (position, index) = decode_checkpoint(&bytes, store_id).ok()?;
    let candidate = candidates.iter().find(|candidate| candidate.segment.number() == position.segment)?;
    if candidate.file_bytes < position.end {
        return None;
    }
    let mut window = Window::new(candidate.segment.file().as_ref(), position.end);
    let check = commit_check_at(&mut window, candidate.segment.seed(), position.commit_offset).ok()?;
    (check == Some((position.end, position.commit_check))).then_some((position, index))
}

/// Segments are numbered without gaps: a gap is a file that someone lost.
fn note_missing(candidates: &[Candidate], index: &mut Index) {
    let mut expected = 1;
    for candidate in candidates {
        let number = candidate.segment.number();
        index.add_damage((expected..number).take(1000).map(|segment| Damage { segment, offset: 0, length: 0 }));
        expected = number + 1;
    }
}

fn scan_all(candidates: &[Candidate], position: Option<&Position>, recovered: &mut Recovered) -> Result<()> {
    for (at, candidate) in candidates.iter().enumerate() {
        let segment = &candidate.segment;
        let successor = candidates.get(at + 1);
        let previous_end = successor.and_then(|next| next.header).map(|header| header.previous_end);
        let (number, last) = (segment.number(), successor.is_none());
        let covered = position.filter(|position| number <= position.segment);
        let from = match covered {
            Some(position) if number == position.segment => position.end,
            Some(_) => previous_end.unwrap_or(candidate.file_bytes),
            None => HEADER,
        };
        let readable = previous_end.unwrap_or(u64::MAX).min(candidate.file_bytes);
        let mut window = Window::new(segment.file().as_ref(), readable);
        let durable = match previous_end {
            Some(end) => end,
            None => durable_end(&mut window, segment.seed(), from)?,
        };
        let index = &mut recovered.index;
        if let Some(header) = candidate.header {
            index.reserve_sequences(header.sequence_start);
        } else if covered.is_none() {
            index.add_damage([Damage { segment: number, offset: 0, length: HEADER }]);
        }
        let mut visit = |scanned: Scanned| {
            index.insert_scanned(number, &scanned);
            Ok(())
        };
        let from = from.min(readable);
        let end = scan_segment(&mut window, segment.seed(), number, from, durable, Scan::Needed, &mut visit)?;
        index.add_damage(end.damage);
        index.reserve_sequences(end.sequence_end);
        if readable < durable {
            index.add_damage([Damage { segment: number, offset: readable, length: durable - readable }]);
        }
        recovered.clock = recovered.clock.max(end.clock);
        segment.publish_end(end.end);
        recovered.torn = end.end < candidate.file_bytes;
        if !last {
            segment.seal();
        }
    }
    Ok(())
}

/// Up to where each segment is in an index.
pub(crate) type Covered = BTreeMap<u64, u64>;

/// Adds to an index what the segments have beyond what it covers, up to their published ends: all of that was
/// committed. `advance` is told the bytes of each record.
pub(crate) fn index_segments(
    segments: &[Arc<Segment>],
    index: &mut Index,
    covered: &mut Covered,
    advance: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<()> {
    for segment in segments {
        let (number, end) = (segment.number(), segment.end());
        let from = covered.get(&number).copied().unwrap_or(HEADER.min(end));
        let mut window = Window::new(segment.file().as_ref(), end);
        let mut visit = |scanned: Scanned| {
            advance(scanned.header.record_bytes())?;
            index.insert_scanned(number, &scanned);
            Ok(())
        };
        let found = scan_segment(&mut window, segment.seed(), number, from, end, Scan::Needed, &mut visit)?;
        index.add_damage(found.damage);
        index.reserve_sequences(found.sequence_end);
        covered.insert(number, end);
    }
    Ok(())
}
