//! The change feed.

use std::path::Path;
use std::time::Duration;

use ouroborosdb::{ChangeCursor, Database};
use serde_json::json;

use super::look::print_entry;
use crate::failure::Result;
use crate::folder;
use crate::output::Output;
use crate::progress::interrupted;

const PAGE_EVENTS: usize = 256;
/// How often the store is looked at again.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

pub(super) fn changes(
    out: &mut Output,
    store: Option<&Path>,
    after: Option<&str>,
    follow: bool,
) -> Result<()> {
    let after = after.map(str::parse::<ChangeCursor>).transpose()?;
    let mut cursor = print_new(out, &folder::open_read_only(store)?, after)?;
    if follow {
        let stopped = interrupted()?;
        while !stopped.is_cancelled() {
            out.flush()?;
            std::thread::sleep(LOOK_INTERVAL);
            // A reader sees the store as of its opening.
            cursor = print_new(out, &folder::open_read_only(store)?, Some(cursor))?;
        }
    }
    out.line(|| json!({ "cursor": cursor.to_string() }), || format!("cursor {cursor}"))
}

/// Prints what is behind the cursor, and gives the place behind that.
fn print_new(out: &mut Output, db: &Database, after: Option<ChangeCursor>) -> Result<ChangeCursor> {
    let feed = db.changes(after)?;
    loop {
        let page = feed.page(PAGE_EVENTS)?;
        if page.is_empty() {
            return Ok(feed.cursor());
        }
        page.iter().try_for_each(|event| print_entry(out, event))?;
    }
}
