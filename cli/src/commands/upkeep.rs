//! Making a store, checking it, its figures.

use std::path::Path;

use ouroborosdb::{Database, Options, Problem, VerifyOptions};
use serde_json::json;

use crate::failure::{Failure, Result};
use crate::folder::{self, Given};
use crate::json;
use crate::output::Output;
use crate::progress::Watched;
use crate::text::printable;

pub(super) fn init(out: &mut Output, store: Given<'_>) -> Result<()> {
    let path = store.folder.unwrap_or(Path::new("."));
    if let Ok(there) = Database::open_read_only(path, Options::new()) {
        let message = format!("{} is a store already, of {} events", path.display(), there.stats()?.events);
        return Err(Failure::Said(message));
    }
    Database::open(path, store.options())?.close()?;
    out.line(
        || json!({ "store": json::bytes(path.as_os_str().as_encoded_bytes()) }),
        || format!("made an empty store in {}", path.display()),
    )
}

pub(super) fn verify(out: &mut Output, store: Given<'_>) -> Result<()> {
    let db = folder::open_read_only(store)?;
    let watched = Watched::new("checking")?;
    let report = db.verify(VerifyOptions::new().control(watched.control()))?;
    drop(watched);
    for problem in &report.problems {
        out.line(|| problem_json(problem), || printable(problem.message.as_bytes()))?;
    }
    out.line(
        || {
            json!({
                "clean": report.is_clean(),
                "segments": report.segments,
                "bytes": report.bytes,
                "events": report.events,
                "chunks": report.chunks,
                "problems": report.problems_total,
            })
        },
        || {
            format!(
                "{} segments, {} bytes, {} events, {} chunks: {} problems",
                report.segments, report.bytes, report.events, report.chunks, report.problems_total
            )
        },
    )?;
    if report.is_clean() { Ok(()) } else { Err(Failure::Damaged) }
}

fn problem_json(problem: &Problem) -> serde_json::Value {
    json!({
        "problem": problem.message,
        "event": problem.event.map(|id| id.to_hex()),
        "file_name": problem.file_name.as_deref().map(json::bytes),
        "segment": problem.segment,
        "offset": problem.offset,
        "length": problem.length,
    })
}

pub(super) fn stats(out: &mut Output, store: Given<'_>) -> Result<()> {
    let figures = folder::open_read_only(store)?.stats()?;
    let rows = [
        ("events", figures.events),
        ("roots", figures.roots),
        ("chunks", figures.chunks),
        ("content_bytes", figures.content_bytes),
        ("chunk_bytes", figures.chunk_bytes),
        ("stored_bytes", figures.stored_bytes),
        ("segments", figures.segments),
        ("paths", figures.paths),
        ("missing_paths", figures.missing_paths),
        ("sequence", figures.sequence),
        ("damaged_ranges", figures.damaged_ranges),
        ("index_tiers", figures.index_tiers),
        ("index_tier_bytes", figures.index_tier_bytes),
        ("index_tier_entries", figures.index_tier_entries),
        ("index_memory_entries", figures.index_memory_entries),
        ("reserve_bytes", figures.reserve_bytes),
    ];
    out.line(
        || rows.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect(),
        || rows.map(|(name, value)| format!("{name:20} {value:>16}")).join("\n"),
    )
}

/// What is true of the store. What this process has done by now, of which the library counts more, is to open it.
pub(super) fn prometheus(out: &mut Output, store: Given<'_>) -> Result<()> {
    let db = folder::open_read_only(store)?;
    // The same name of the store from whichever folder it is asked.
    let path = db.path().map(std::path::absolute).transpose()?.unwrap_or_default();
    out.bytes(db.stats()?.store_to_prometheus(&path.to_string_lossy()).as_bytes())
}
