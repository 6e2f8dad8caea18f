//! Copying the log, segment after segment, and reading the copies.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::BackupReport;
use super::target::Target;
use crate::error::{Error, Result};
use crate::log::{
    FOOTER_BYTES, Footer, SEGMENT_HEADER_BYTES, Scan, Segment, Window, file_name, is_reserved,
    parse_file_name, scan_segment,
};
use crate::store::{Snapshot, folder};
use crate::vfs::{Access, Vfs, VfsFile, remove_if_there};

/// How much is read and written at once.
const STEP_BYTES: u64 = 1024 * 1024;

/// Tells of bytes that were dealt with, and of segments.
type Advance<'a> = &'a mut dyn FnMut(u64, u64) -> Result<()>;

/// Brings the segments of the target up to those of the snapshot.
pub(super) fn copy(
    source_vfs: &Arc<dyn Vfs>,
    snapshot: &Snapshot,
    target: &Target,
    report: &mut BackupReport,
    advance: Advance<'_>,
) -> Result<()> {
    let last_there = last_segment(target)?;
    let last = snapshot.segments.last().map_or(0, |(segment, _)| segment.number());
    if last_there > last {
        return Err(target.refused("it has more segments than the store: it was written to"));
    }
    report.damaged_ranges += snapshot.missing;
    for (segment, log_end) in &snapshot.segments {
        let number = segment.number();
        let sealed = number < last;
        let end = if sealed { behind_footer(segment, *log_end)? } else { *log_end };
        let copy = Copy { source_vfs, target, segment, log_end: *log_end, end, sealed };
        // What has a successor at the target was compared when that was made.
        let there = number < last_there && copy.is_there()?;
        let (kept, damaged) = if there { (end, 0) } else { copy.bring_up(advance)? };
        report.damaged_ranges += damaged;
        report.bytes_kept += kept;
        report.bytes_copied += end - kept;
        report.segments += 1;
        advance(kept, 1)?;
    }
    Ok(())
}

/// Where a segment with a successor ends: behind its footer, which is copied where it is whole.
fn behind_footer(segment: &Segment, log_end: u64) -> Result<u64> {
    let footer = Footer::at(segment.file()?.as_ref(), segment.seed(), log_end)?;
    Ok(log_end + footer.map_or(0, |_| FOOTER_BYTES as u64))
}

/// The number of the target's last segment; 0 where it has none.
fn last_segment(target: &Target) -> Result<u64> {
    let folder = folder::segments(&target.path);
    let names = target.vfs.list(&folder).map_err(|error| Error::io("listing", &folder, error))?;
    Ok(names.iter().filter_map(|name| parse_file_name(name)).max().unwrap_or(0))
}

/// One segment on its way.
struct Copy<'a> {
    source_vfs: &'a Arc<dyn Vfs>,
    target: &'a Target,
    segment: &'a Segment,
    /// Where its last batch ends.
    log_end: u64,
    /// Up to where it is copied.
    end: u64,
    /// Whether the source has a successor, so that nothing comes behind.
    sealed: bool,
}

impl Copy<'_> {
    fn path(&self) -> PathBuf {
        folder::segments(&self.target.path).join(file_name(self.segment.number()))
    }

    fn error(&self, doing: &str, error: std::io::Error) -> Error {
        Error::io(doing, &self.path(), error)
    }

    fn new_path(&self) -> PathBuf {
        self.path().with_extension("segment.new")
    }

    fn open(&self, path: &Path, access: Access) -> Result<Option<Arc<dyn VfsFile>>> {
        match self.target.vfs.open(path, access) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.error("opening the segment", error)),
        }
    }

    /// Whether a segment that has a successor at the target is there as a whole, with its footer or without.
    fn is_there(&self) -> Result<bool> {
        let Some(file) = self.open(&self.path(), Access::Read)? else { return Ok(false) };
        Ok(file.len().map_err(|error| self.error("reading", error))? >= self.log_end)
    }

    /// Copies what is not there yet. Gives how many bytes were, and how many stretches of the segment cannot be read.
    ///
    /// The whole segment appears at once, in the place of the shorter one: its commit records tell what was durable in
    /// the store, and of a copy that grew in place they would tell it before it is true.
    fn bring_up(&self, advance: Advance<'_>) -> Result<(u64, u64)> {
        let file = self.open(&self.path(), Access::Read)?;
        let there = file.as_ref().map_or(Ok(0), |file| self.agreed(file.as_ref(), advance))?;
        if let Some(file) = file.filter(|_| there == self.end) {
            // The same bytes, which may be damaged in both.
            return Ok((there, self.check(file.as_ref(), advance)?));
        }
        match self.replace(there, advance) {
            Ok(damaged) => Ok((there, damaged)),
            Err(error) => {
                // The next call begins the segment anew; on a full disk others need the room.
                let _ = self.target.vfs.remove_file(&self.new_path());
                Err(error)
            }
        }
    }

    /// Puts a whole copy in the place of the shorter one. Gives how many stretches of it cannot be read.
    fn replace(&self, there: u64, advance: Advance<'_>) -> Result<u64> {
        let (vfs, path, new) = (&self.target.vfs, self.path(), self.new_path());
        let (file, mut at) = self.begin(there, advance)?;
        advance(at.saturating_sub(there), 0)?;
        let source = self.segment.file()?;
        let mut buffer = Vec::new();
        while at < self.end {
            let step = STEP_BYTES.min(self.end - at);
            buffer.resize(step as usize, 0);
            source.read_exact_at(&mut buffer, at).map_err(|error| self.segment.error("reading", error))?;
            file.write_all_at(&buffer, at).map_err(|error| Error::io("writing", &new, error))?;
            at += step;
            advance(step.min(at.saturating_sub(there)), 0)?;
        }
        file.sync_data().map_err(|error| Error::io("syncing", &new, error))?;
        let damaged = self.check(file.as_ref(), advance)?;
        if self.sealed {
            // As in a store: where the file system has no modes, nothing else changes.
            let _ = file.set_read_only();
        }
        vfs.rename(&new, &path).map_err(|error| Error::io("renaming", &new, error))?;
        let folder = folder::segments(&self.target.path);
        vfs.sync_dir(&folder).map_err(|error| Error::io("syncing the folder", &folder, error))?;
        Ok(damaged)
    }

    /// Makes the new file, and gives how much of the segment is in it: what the file system copies by itself, of the
    /// source where that is whole, or of the shorter one that is there.
    fn begin(&self, there: u64, advance: Advance<'_>) -> Result<(Arc<dyn VfsFile>, u64)> {
        let (vfs, new) = (&self.target.vfs, self.new_path());
        remove_if_there(vfs.as_ref(), &new).map_err(|error| Error::io("removing", &new, error))?;
        let from = if there > 0 {
            Some((self.path(), there))
        } else if self.sealed && Arc::ptr_eq(self.source_vfs, vfs) {
            Some((self.segment.path().to_owned(), self.end))
        } else {
            None
        };
        let mut copied = None;
        if let Some((from, length)) = from {
            let mut ended = Ok(());
            let mut step = || {
                ended = advance(0, 0);
                ended.is_ok()
            };
            copied = vfs.clone_file(&from, &new, length, &mut step).is_ok().then_some(length);
            ended?;
        }
        let file = match copied {
            Some(_) => vfs.open(&new, Access::ReadWrite),
            None => vfs.create_new(&new),
        };
        Ok((file.map_err(|error| Error::io("making", &new, error))?, copied.unwrap_or(0)))
    }

    /// How much of the segment the target has: all that is in its file. An error where that has anything else.
    fn agreed(&self, file: &dyn VfsFile, advance: Advance<'_>) -> Result<u64> {
        let length = file.len().map_err(|error| self.error("reading", error))?;
        let common = self.common(file, length.min(self.end), advance)?;
        if common == length || (common == self.end && self.ends_at(file, common, length)?) {
            return Ok(common);
        }
        let number = self.segment.number();
        let why =
            format!("segment {number} differs from offset {common} on: it was written to, or is damaged");
        Err(self.target.refused(&why))
    }

    /// Whether nothing but room that was reserved is behind this place, or a footer that the source has lost.
    fn ends_at(&self, file: &dyn VfsFile, end: u64, length: u64) -> Result<bool> {
        let footer = Footer::at(file, self.segment.seed(), end)?;
        let behind = end + footer.map_or(0, |_| FOOTER_BYTES as u64);
        is_reserved(&mut Window::new(file, length), behind)
    }

    /// How many of the first bytes are equal.
    fn common(&self, file: &dyn VfsFile, length: u64, advance: Advance<'_>) -> Result<u64> {
        let source = self.segment.file()?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < length {
            let step = STEP_BYTES.min(length - at);
            ours.resize(step as usize, 0);
            theirs.resize(step as usize, 0);
            source.read_exact_at(&mut ours, at).map_err(|error| self.segment.error("reading", error))?;
            file.read_exact_at(&mut theirs, at).map_err(|error| self.error("reading", error))?;
            if let Some(different) = ours.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs) {
                return Ok(at + different as u64);
            }
            at += step;
            advance(0, 0)?;
        }
        Ok(length)
    }

    /// Reads the copy, and checks every checksum in it. Gives how many stretches cannot be read.
    fn check(&self, file: &dyn VfsFile, advance: Advance<'_>) -> Result<u64> {
        let mut window = Window::new(file, self.log_end);
        let (seed, number, from) = (self.segment.seed(), self.segment.number(), SEGMENT_HEADER_BYTES as u64);
        let found = scan_segment(&mut window, seed, number, from, self.log_end, Scan::Checked, &mut |_| {
            advance(0, 0)
        })?;
        Ok(found.damage.len() as u64)
    }
}
