//! Hot copies.

use std::path::Path;

use serde_json::json;

use crate::failure::{Failure, Result};
use crate::folder::{self, Given};
use crate::output::Output;
use crate::progress::Watched;

/// Opened for reading, so that a process that writes to the store goes on.
pub(super) fn backup(out: &mut Output, store: Given<'_>, target: &Path) -> Result<()> {
    let db = folder::open_read_only(store)?;
    let watched = Watched::new("copying")?;
    let report = db.backup_to_with(target, watched.control())?;
    drop(watched);
    out.line(
        || {
            json!({
                "sequence": report.sequence,
                "segments": report.segments,
                "bytes_copied": report.bytes_copied,
                "bytes_kept": report.bytes_kept,
                "damaged_ranges": report.damaged_ranges,
            })
        },
        || {
            format!(
                "up to event {}: {} segments, {} bytes copied, {} bytes kept, {} damaged ranges",
                report.sequence,
                report.segments,
                report.bytes_copied,
                report.bytes_kept,
                report.damaged_ranges
            )
        },
    )?;
    // As verify: the copy is made, and whoever relies on it is told.
    if report.damaged_ranges == 0 { Ok(()) } else { Err(Failure::Damaged) }
}
