//! The change feed.

use std::time::Duration;

use ouroborosdb::{ChangeCursor, Changes, Control, ErrorCode};
use serde_json::json;

use super::look::print_entry;
use crate::failure::Result;
use crate::folder::{self, Given};
use crate::output::Output;
use crate::progress::interrupted;

const PAGE_EVENTS: usize = 256;

pub(super) fn changes(out: &mut Output, store: Given<'_>, after: Option<&str>, follow: bool) -> Result<()> {
    let after = after.map(str::parse::<ChangeCursor>).transpose()?;
    let db = folder::open_read_only(store)?;
    let feed = db.changes(after)?;
    loop {
        let page = feed.page(PAGE_EVENTS)?;
        if page.is_empty() {
            break;
        }
        page.iter().try_for_each(|event| print_entry(out, event))?;
    }
    if follow {
        print_as_committed(out, &feed)?;
    }
    let cursor = feed.cursor();
    out.line(|| json!({ "cursor": cursor.to_string() }), || format!("cursor {cursor}"))
}

/// Prints events as the writer commits them, until the command is interrupted.
fn print_as_committed(out: &mut Output, feed: &Changes) -> Result<()> {
    let stopped = interrupted()?;
    loop {
        out.flush()?;
        match feed.watch(PAGE_EVENTS, Duration::MAX, Control::new().cancel(&stopped)) {
            Ok(events) => events.iter().try_for_each(|event| print_entry(out, event))?,
            Err(error) if error.code() == ErrorCode::Cancelled => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
