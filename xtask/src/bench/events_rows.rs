//! The rows of the benchmark of events.

use super::go;
use super::rows::{Limit, Row, Unit};

const STORES: &[&str] = &["redb", "fjall", "lmdb", "sqlite"];
const STORES_AND_RAW: &[&str] = &["raw", "raw_preallocated", "redb", "fjall", "lmdb", "sqlite"];

/// The benchmark table of the original Go project.
pub(super) const ORIGINAL: [&str; 12] = [
    "go.RebuildIndex",
    "go.GetDirectChildrenOfEvent",
    BARE_MAP,
    "go.StoreFile",
    "go.GetFile",
    "go.GetEvent",
    "go.GetMetadata",
    "go.GetAllRootEvents",
    "go.GetRootIndex",
    "go.GetRootEventsWithTitle",
    "go.CreateRootEvent",
    "go.CreateNewEvent",
];
/// A lookup in a map in memory there, and in the index on the disk here.
pub(super) const BARE_MAP: &str = "go.GetChildrenHashesOfEvent";

/// The rows that every run has.
pub(super) fn small() -> Vec<Row> {
    let nanoseconds = |id, limit| row(id, Unit::Nanoseconds, STORES, limit);
    vec![
        nanoseconds("append", Limit::TimesFastest(1.8)),
        nanoseconds("get_100k", Limit::TimesFastest(2.0)),
        nanoseconds("child_ids", Limit::TimesFastest(5.0)),
        row("durable_1", Unit::Nanoseconds, STORES_AND_RAW, Limit::WithinPeer("raw", 1.15)),
        // Either of these two is to be reached.
        row("durable_64", Unit::PerSecond, STORES, Limit::Fixed(100_000.0)),
        row("durable_64.a_sync", Unit::Events, &[], Limit::Fixed(20.0)),
        nanoseconds("batch_1000", Limit::TimesFastest(2.5)),
    ]
}

/// The rows of ten million events.
pub(super) fn large() -> Vec<Row> {
    vec![
        row("get_10m", Unit::Nanoseconds, STORES, Limit::TimesFastestAndFixed(2.0, 1500.0)),
        row("open_clean_10m", Unit::Milliseconds, STORES, Limit::Fixed(10.0)),
        row("open_crash_10m", Unit::Milliseconds, STORES, Limit::Fixed(250.0)),
        row("rss_10m", Unit::Mebibytes, STORES, Limit::Fixed(64.0)),
        row("rebuild_10m", Unit::Milliseconds, &[], Limit::Fixed(5000.0)),
    ]
}

/// The rows of the original's table, without their mean.
pub(super) fn original() -> Vec<Row> {
    let limit = |id| if id == BARE_MAP { Limit::Fixed(100.0) } else { Limit::TimesFastest(5.0) };
    ORIGINAL.into_iter().map(|id| row(id, Unit::Nanoseconds, &[go::NAME], limit(id))).collect()
}

/// All rows, in the order of the table.
pub(super) fn all() -> Vec<Row> {
    let mean = row(go::MEAN, Unit::Times, &[], Limit::Fixed(20.0));
    small().into_iter().chain(large()).chain(original()).chain([mean]).collect()
}

fn row(id: &str, unit: Unit, peers: &'static [&'static str], limit: Limit) -> Row {
    Row { id: id.to_owned(), unit, peers, language: None, limit }
}
