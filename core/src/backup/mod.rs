//! A consistent copy of a store while writers go on.
//!
//! The copy is a store: the log up to one sequence number, byte for byte, and the index as of then. A log is only ever
//! appended to, so what is copied needs no lock once it is known where it ends, and the next copy to the same place
//! goes on where the last one ended.
//!
//! Order of writing, each step after the one before is on the disk: the name `backup`, which says whose copy this is; the
//! segments in their order, each one whole and read back before the next begins; the index; `superblock`; and `backup` is
//! removed. So a crash leaves what the next call goes on with, or an older backup, whole.

mod report;
mod segments;
mod target;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

pub use report::BackupReport;

use crate::control::Control;
use crate::error::{ErrorCode, Result};
use crate::options::Options;
use crate::store::Store;
use crate::vfs::Vfs;
use target::Target;

/// Copies the store to `path` on `vfs`. `check_open` is asked between two steps.
pub(crate) fn backup(
    store: &Store,
    vfs: &Arc<dyn Vfs>,
    path: &Path,
    control: &mut Control<'_>,
    check_open: &dyn Fn() -> Result<()>,
) -> Result<BackupReport> {
    let snapshot = store.snapshot()?;
    let mut report =
        BackupReport { sequence: snapshot.sequence_end.saturating_sub(1), ..BackupReport::default() };
    let target = Target::take(vfs, path, store.superblock())?;
    segments::copy(store.vfs(), &snapshot, &target, &mut report, &mut |bytes, segments| {
        check_open()?;
        control.advance(bytes, segments)
    })?;
    target.put_index(&snapshot)?;
    target.finish()?;
    drop(target);
    // Opened once, so that it is known to open, and so that the next opening has an index to begin with.
    if report.damaged_ranges > 0 {
        // Whoever opens it for writing begins a new segment behind a damaged end, and it would be no copy any more.
        drop(Store::open_read_only(Arc::clone(vfs), path, Options::new())?);
        return Ok(report);
    }
    // Nobody writes to it, so that it needs no room for a full disk.
    match Store::open(Arc::clone(vfs), path, Options::new().create(false).without_reserve()) {
        Ok(copy) => copy.end_with_index(),
        // Someone opened it for writing at once: then it opens.
        Err(error) if error.code() == ErrorCode::Locked => {}
        Err(error) => return Err(error),
    }
    Ok(report)
}
