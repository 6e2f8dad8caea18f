//! Checking everything.
//!
//! Two passes. The first reads every segment by `pread`, checks every checksum and computes every id again, and
//! holds the index against what it finds. The second goes through all events, and checks that each has its
//! parent and its file every list and chunk, so that a damaged chunk is told as the files that it is in.

mod damage;
mod events;
mod footers;
mod records;
mod report;
mod segments;

use std::collections::HashSet;
use std::ops::Range;

pub use report::{Problem, VerifyOptions, VerifyReport};

use crate::control::Control;
use crate::error::Result;
use crate::id::EventId;
use crate::index::ChunkPlace;
use crate::store::Store;

/// What the first pass tells the second.
#[derive(Debug, Default)]
struct Found {
    report: VerifyReport,
    /// The records of chunks and lists that are bad: segment and offset.
    bad_chunks: HashSet<(u64, u64)>,
    bad_events: HashSet<EventId>,
    /// Sequence numbers that were left out, ascending: a segment was begun while the one before it was not there, or an
    /// event was made once more while its disk was away.
    left_out: Vec<Range<u64>>,
}

impl Found {
    fn is_bad(&self, chunk: &ChunkPlace) -> bool {
        self.bad_chunks.contains(&(chunk.place.segment, chunk.place.offset))
    }
}

/// Checks everything. `check_open` is asked between two steps.
pub(crate) fn verify(
    store: &Store,
    control: &mut Control<'_>,
    check_open: &dyn Fn() -> Result<()>,
) -> Result<VerifyReport> {
    let mut found = Found::default();
    for message in store.superblock_problems()? {
        found.report.add(Problem { message, ..Problem::default() });
    }
    for (folder, why) in store.folders().1 {
        let message = format!(
            "{}, a folder of the store, is not there: {why}; bring its disk back, or give the path where it is now",
            folder.display()
        );
        found.report.add(Problem { message, ..Problem::default() });
    }
    segments::check(store, control, check_open, &mut found)?;
    events::check(store, control, check_open, &mut found)?;
    Ok(found.report)
}
