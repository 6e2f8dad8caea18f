//! The files that may be segments of a store, judged by their headers before their records are read.
//!
//! Nothing is taken for a leftover that may be somebody's data: a file behind the log counts as never made only
//! where it is no longer than a header, or all zeros.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder;
use super::paths::Paths;
use crate::error::{Error, ErrorCode, Result};
use crate::log::{
    OpenFiles, SEGMENT_HEADER_BYTES, STORE_ID_BYTES, Scan, Scanned, Segment, SegmentHeader, Window,
    file_name, is_zero_from, parse_file_name, scan_segment,
};
use crate::vfs::Access;

pub(super) const HEADER: u64 = SEGMENT_HEADER_BYTES as u64;
/// How often a reader lists the segments again that a writer is making and removing meanwhile.
const ROUNDS: usize = 4;

/// A segment's file before it is known where it ends.
pub(super) struct Candidate {
    pub(super) segment: Arc<Segment>,
    pub(super) file_bytes: u64,
    pub(super) header: Option<SegmentHeader>,
    /// Whether its mode says that it had a successor.
    pub(super) sealed: bool,
}

/// What a file is that stands behind the others and has no header of ours.
enum Stray {
    /// It has records of ours.
    Ours,
    /// A segment that a crash left before its header was written.
    Unmade,
    Foreign,
}

/// All segments by number, and the files that were to become one.
pub(super) fn find_segments(
    files: &Arc<OpenFiles>,
    paths: &Paths,
    store_id: [u8; STORE_ID_BYTES],
    write: bool,
) -> Result<(Vec<Candidate>, Vec<PathBuf>)> {
    let folders: Vec<PathBuf> = paths.there().map(folder::segments).collect();
    let mut candidates = list_settled(files, &folders, store_id, write)?;
    let mut unmade = Vec::new();
    take_out_twins(&mut candidates, &mut unmade)?;
    while let Some(last) = candidates.last().filter(|last| last.header.is_none() && candidates.len() > 1) {
        match judge(last)? {
            Stray::Ours => break,
            Stray::Unmade => unmade.push(last.segment.path().to_owned()),
            Stray::Foreign if write => {
                let path = last.segment.path().display();
                let message = format!("{path} is not a segment of this store; move it away to go on writing");
                return Err(Error::new(ErrorCode::Corrupt, message));
            }
            Stray::Foreign => {}
        }
        candidates.pop();
    }
    let Some(last) = candidates.last_mut() else {
        let home = folder::segments(paths.home());
        let message = match paths.absent().next() {
            Some((absent, _)) => format!(
                "{} holds no segments; those of the store are in {}, which is not there; bring its disk back, or give \
                 the path where it is now",
                home.display(),
                absent.display()
            ),
            None => format!(
                "{} holds no segments; the store has lost its data, take them from a backup",
                home.display()
            ),
        };
        return Err(Error::new(ErrorCode::Corrupt, message));
    };
    if write && !last.sealed {
        let path = last.segment.path().to_owned();
        let file = files
            .vfs()
            .open(&path, Access::ReadWrite)
            .map_err(|error| Error::io("opening the segment", &path, error))?;
        let number = last.segment.number();
        last.segment = Arc::new(Segment::new(number, path, store_id, Arc::clone(files), Some(file)));
    }
    Ok((candidates, unmade))
}

/// Lists and looks. A reader, whom the writer does not wait for, looks again where a file is gone or missing.
fn list_settled(
    files: &Arc<OpenFiles>,
    folders: &[PathBuf],
    store_id: [u8; STORE_ID_BYTES],
    write: bool,
) -> Result<Vec<Candidate>> {
    let mut round = 1;
    loop {
        let numbers = list_all(files, folders)?;
        let whole = numbers.last().is_none_or(|(last, _)| *last == numbers.len() as u64);
        let found: Result<Vec<Candidate>> =
            numbers.iter().map(|(number, folder)| look_at(files, folder, store_id, *number)).collect();
        let gone = found.as_ref().is_err_and(|error| error.code() == ErrorCode::PathNotFound);
        if write || round == ROUNDS || (whole && !gone) {
            return found;
        }
        round += 1;
    }
}

/// The numbers of all segments, and in which of the folders each is.
pub(super) fn list_all<'a>(files: &OpenFiles, folders: &'a [PathBuf]) -> Result<Vec<(u64, &'a Path)>> {
    let mut all = Vec::new();
    for folder in folders {
        all.extend(list(files, folder)?.into_iter().map(|number| (number, folder.as_path())));
    }
    all.sort_unstable();
    Ok(all)
}

/// Takes out what a crash left where a segment was to be begun that was then begun in another folder. A number that two
/// segments have is an error: nobody can tell which of them counts.
fn take_out_twins(candidates: &mut Vec<Candidate>, unmade: &mut Vec<PathBuf>) -> Result<()> {
    let twins =
        |pair: &[Candidate]| matches!(pair, [one, other] if one.segment.number() == other.segment.number());
    while let Some(at) = candidates.windows(2).position(twins) {
        let Some([one, other]) = candidates.get(at..at + 2) else { break };
        let empty = match (judge(one)?, judge(other)?) {
            (_, Stray::Unmade) => at + 1,
            (Stray::Unmade, _) => at,
            _ => {
                let message = format!(
                    "{} and {} have one number: the folders of the store were written apart, or one is a copy; \
                     compare the two, and move one of them away",
                    one.segment.path().display(),
                    other.segment.path().display()
                );
                return Err(Error::new(ErrorCode::Corrupt, message));
            }
        };
        unmade.push(candidates.remove(empty).segment.path().to_owned());
    }
    Ok(())
}

fn list(files: &OpenFiles, folder: &Path) -> Result<Vec<u64>> {
    let names = match files.vfs().list(folder) {
        Ok(names) => names,
        // As lost as if each file in it were.
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(Error::io("listing", folder, error)),
    };
    Ok(names.iter().filter_map(|name| parse_file_name(name)).collect())
}

/// The segment of this number; `path_not_found` where there is none.
pub(super) fn look_at(
    files: &Arc<OpenFiles>,
    folder: &Path,
    store_id: [u8; STORE_ID_BYTES],
    number: u64,
) -> Result<Candidate> {
    let path = folder.join(file_name(number));
    let error = |error| Error::io("opening the segment", &path, error);
    let file = files.vfs().open(&path, Access::Read).map_err(error)?;
    let file_bytes = file.len().map_err(error)?;
    let mut header = [0; SEGMENT_HEADER_BYTES];
    if file_bytes >= HEADER {
        file.read_exact_at(&mut header, 0).map_err(error)?;
    }
    let header = SegmentHeader::decode(&header, number, store_id);
    let sealed = file.is_read_only().map_err(error)?;
    let segment = Arc::new(Segment::new(number, path.clone(), store_id, Arc::clone(files), None));
    Ok(Candidate { segment, file_bytes, header, sealed })
}

fn judge(candidate: &Candidate) -> Result<Stray> {
    if candidate.file_bytes <= HEADER {
        return Ok(Stray::Unmade);
    }
    let (segment, end) = (&candidate.segment, candidate.file_bytes);
    let file = segment.file()?;
    let mut window = Window::new(file.as_ref(), end);
    let mut any = false;
    let mut visit = |_: Scanned<'_>| {
        any = true;
        Ok(())
    };
    scan_segment(&mut window, segment.seed(), segment.number(), HEADER, end, Scan::Commits, &mut visit)?;
    if any {
        return Ok(Stray::Ours);
    }
    Ok(if is_zero_from(&mut window, 0)? { Stray::Unmade } else { Stray::Foreign })
}
