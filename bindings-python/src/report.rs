//! What calls report: `Stats` and `Latency`, `VerifyReport` and `Problem`, `ImportReport`, `ExportReport`,
//! `BackupReport`.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::event_id::EventId;

/// Figures of an open database, as of one moment.
#[pyclass(frozen, eq, get_all, module = "ouroborosdb")]
#[derive(PartialEq, Eq)]
pub(crate) struct Stats {
    /// Events that are stored.
    events: u64,
    /// Roots among them.
    roots: u64,
    /// Different chunks, and lists of chunks.
    chunks: u64,
    /// Bytes of all files, counted as often as they are carried by an event.
    content_bytes: u64,
    /// Bytes of all different chunks, before compression.
    chunk_bytes: u64,
    /// Bytes of the segments.
    stored_bytes: u64,
    /// Segment files.
    segments: u64,
    /// Folders that the store is in, its own among them; 1 for a database in memory.
    paths: u64,
    /// Those of them that were not there when the store was opened; ``Database.verify`` says why.
    missing_paths: u64,
    /// Sequence number of the last event; 0 for an empty store.
    sequence: u64,
    /// Sequence number of the last event that survives power loss.
    durable_sequence: u64,
    /// Stretches of the segments that could not be read when the store was opened; ``Database.verify`` names them.
    damaged_ranges: u64,
    /// Parts of the index on the disk.
    index_tiers: u64,
    /// Bytes of these parts.
    index_tier_bytes: u64,
    /// Events and chunks in these parts.
    index_tier_entries: u64,
    /// Events and chunks that the index has in memory only, until they are enough for a part on the disk.
    index_memory_entries: u64,
    /// Bytes that are kept for a full disk; 0 while the store is small.
    reserve_bytes: u64,
    /// Events that were asked for and found among those that were read lately, since the database was opened.
    event_cache_hits: u64,
    /// Events that were asked for and had to be read from the segments, or are not there, since it was opened.
    event_cache_misses: u64,
    /// Batches that were written since it was opened: one for each call that writes, and more for large files.
    commits: u64,
    /// How often the log was made durable since, once for all commits that waited for it.
    syncs: u64,
    /// How often a reader looked at what its writer committed, since it was opened.
    refreshes: u64,
    /// How long opening took, recovery included, in nanoseconds.
    open_ns: u64,
    /// How long calls took since the database was opened, as Latency by the name of the kind of call: "append",
    /// "put_file", "batch_commit", "event", "read_file", "read", "read_chunk", "cursor_page", "sync", "refresh" and
    /// "put_files". A new dict each time.
    latencies: Latencies,
}

impl From<ouroborosdb::Stats> for Stats {
    fn from(stats: ouroborosdb::Stats) -> Stats {
        Stats {
            events: stats.events,
            roots: stats.roots,
            chunks: stats.chunks,
            content_bytes: stats.content_bytes,
            chunk_bytes: stats.chunk_bytes,
            stored_bytes: stats.stored_bytes,
            segments: stats.segments,
            paths: stats.paths,
            missing_paths: stats.missing_paths,
            sequence: stats.sequence,
            durable_sequence: stats.durable_sequence,
            damaged_ranges: stats.damaged_ranges,
            index_tiers: stats.index_tiers,
            index_tier_bytes: stats.index_tier_bytes,
            index_tier_entries: stats.index_tier_entries,
            index_memory_entries: stats.index_memory_entries,
            reserve_bytes: stats.reserve_bytes,
            event_cache_hits: stats.event_cache_hits,
            event_cache_misses: stats.event_cache_misses,
            commits: stats.commits,
            syncs: stats.syncs,
            refreshes: stats.refreshes,
            open_ns: stats.open_ns,
            latencies: Latencies(stats.latencies.into_iter().map(Latency::from).collect()),
        }
    }
}

#[pymethods]
impl Stats {
    fn __repr__(&self) -> String {
        format!(
            "Stats(events={}, roots={}, chunks={}, content_bytes={}, chunk_bytes={}, stored_bytes={}, segments={}, \
             sequence={}, durable_sequence={}, damaged_ranges={}, ...)",
            self.events,
            self.roots,
            self.chunks,
            self.content_bytes,
            self.chunk_bytes,
            self.stored_bytes,
            self.segments,
            self.sequence,
            self.durable_sequence,
            self.damaged_ranges
        )
    }
}

/// The latencies of all kinds, which Python sees as a dict.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Latencies(Vec<Latency>);

impl<'py> IntoPyObject<'py> for Latencies {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for latency in self.0 {
            dict.set_item(latency.operation, latency)?;
        }
        Ok(dict)
    }
}

/// How long the calls of one kind took since the database was opened. Times are in nanoseconds; percentiles are at
/// most a 32nd too large.
#[pyclass(frozen, eq, get_all, module = "ouroborosdb")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Latency {
    /// The kind, such as "append".
    operation: &'static str,
    /// Calls: those that were measured, times ``one_in``.
    count: u64,
    /// Of how many calls one is measured: of what is quick not each is. 0 where none is, since ``open`` was told so.
    one_in: u64,
    /// All calls together, as far as those that were measured tell.
    sum_ns: u64,
    /// Half of the calls took no longer.
    p50_ns: u64,
    /// 90 % of the calls took no longer.
    p90_ns: u64,
    /// 99 % of the calls took no longer.
    p99_ns: u64,
    /// 99.9 % of the calls took no longer.
    p999_ns: u64,
    /// The longest of those that were measured.
    max_ns: u64,
}

impl From<ouroborosdb::Latency> for Latency {
    fn from(latency: ouroborosdb::Latency) -> Latency {
        Latency {
            operation: latency.operation.name(),
            count: latency.count,
            one_in: latency.one_in,
            sum_ns: latency.sum_ns,
            p50_ns: latency.p50_ns,
            p90_ns: latency.p90_ns,
            p99_ns: latency.p99_ns,
            p999_ns: latency.p999_ns,
            max_ns: latency.max_ns,
        }
    }
}

#[pymethods]
impl Latency {
    fn __repr__(&self) -> String {
        format!(
            "Latency(operation='{}', count={}, one_in={}, sum_ns={}, p50_ns={}, p90_ns={}, p99_ns={}, p999_ns={}, \
             max_ns={})",
            self.operation,
            self.count,
            self.one_in,
            self.sum_ns,
            self.p50_ns,
            self.p90_ns,
            self.p99_ns,
            self.p999_ns,
            self.max_ns
        )
    }
}

/// What ``Database.verify`` found.
#[pyclass(frozen, eq, get_all, module = "ouroborosdb")]
#[derive(PartialEq, Eq)]
pub(crate) struct VerifyReport {
    /// Whether nothing is wrong.
    is_clean: bool,
    /// Segments that were read.
    segments: u64,
    /// Bytes that were read.
    bytes: u64,
    /// Events that were checked.
    events: u64,
    /// Chunks and lists that were checked.
    chunks: u64,
    /// How many problems there are.
    problems_total: u64,
    /// The problems, at most the first 10,000 of them: a new list each time.
    problems: Vec<Problem>,
}

impl From<ouroborosdb::VerifyReport> for VerifyReport {
    fn from(report: ouroborosdb::VerifyReport) -> VerifyReport {
        VerifyReport {
            is_clean: report.is_clean(),
            segments: report.segments,
            bytes: report.bytes,
            events: report.events,
            chunks: report.chunks,
            problems_total: report.problems_total,
            problems: report.problems.into_iter().map(Problem::from).collect(),
        }
    }
}

#[pymethods]
impl VerifyReport {
    fn __repr__(&self) -> String {
        let outcome =
            if self.is_clean { "clean".into() } else { format!("{} problems", self.problems_total) };
        format!("<VerifyReport, {outcome}>")
    }
}

/// One thing that is wrong in a store.
#[pyclass(frozen, eq, module = "ouroborosdb")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    inner: ouroborosdb::Problem,
}

impl From<ouroborosdb::Problem> for Problem {
    fn from(inner: ouroborosdb::Problem) -> Problem {
        Problem { inner }
    }
}

#[pymethods]
impl Problem {
    /// The id of the event concerned; None where it is not known.
    #[getter]
    fn event(&self) -> Option<EventId> {
        self.inner.event.map(EventId::from)
    }

    /// The attribute "file.name" of that event, raw bytes; None where it has none.
    #[getter]
    fn file_name<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.inner.file_name.as_ref().map(|name| PyBytes::new(py, name))
    }

    /// The number of the segment concerned; None where it is not known.
    #[getter]
    fn segment(&self) -> Option<u64> {
        self.inner.segment
    }

    /// Where in the segment, in bytes; None where it is not known.
    #[getter]
    fn offset(&self) -> Option<u64> {
        self.inner.offset
    }

    /// How many bytes from there; None where it is not known.
    #[getter]
    fn length(&self) -> Option<u64> {
        self.inner.length
    }

    /// What is wrong, for people.
    #[getter]
    fn message(&self) -> &str {
        &self.inner.message
    }

    fn __repr__(&self) -> String {
        format!("<Problem: {}>", self.inner.message)
    }
}

/// What ``Database.import_path`` stored.
#[pyclass(frozen, eq, get_all, module = "ouroborosdb")]
#[derive(PartialEq, Eq)]
pub(crate) struct ImportReport {
    /// The id of the event of the folder, file or symbolic link that was named.
    event: EventId,
    /// Files, each name of a hard link counted.
    files: u64,
    /// Folders, with the one that was named.
    directories: u64,
    /// Symbolic links.
    symlinks: u64,
    /// Bytes of all files together, as they were read.
    bytes: u64,
    /// What was left out, as pathlib.Path: devices, sockets, pipes, and the folder of the store itself. Each path
    /// begins with the one that was named. A new list each time.
    skipped: Vec<PathBuf>,
}

impl From<ouroborosdb::ImportReport> for ImportReport {
    fn from(report: ouroborosdb::ImportReport) -> ImportReport {
        ImportReport {
            event: report.event.into(),
            files: report.files,
            directories: report.directories,
            symlinks: report.symlinks,
            bytes: report.bytes,
            skipped: report.skipped,
        }
    }
}

#[pymethods]
impl ImportReport {
    fn __repr__(&self) -> String {
        format!(
            "<ImportReport: {} files, {} directories, {} symlinks, {} bytes, {} skipped>",
            self.files,
            self.directories,
            self.symlinks,
            self.bytes,
            self.skipped.len()
        )
    }
}

/// What ``Database.export_path`` wrote.
#[pyclass(frozen, eq, get_all, module = "ouroborosdb")]
#[derive(PartialEq, Eq)]
pub(crate) struct ExportReport {
    /// Files.
    files: u64,
    /// Folders, with the one that was named.
    directories: u64,
    /// Symbolic links.
    symlinks: u64,
    /// Bytes of all files together.
    bytes: u64,
}

impl From<ouroborosdb::ExportReport> for ExportReport {
    fn from(report: ouroborosdb::ExportReport) -> ExportReport {
        ExportReport {
            files: report.files,
            directories: report.directories,
            symlinks: report.symlinks,
            bytes: report.bytes,
        }
    }
}

#[pymethods]
impl ExportReport {
    fn __repr__(&self) -> String {
        format!(
            "<ExportReport: {} files, {} directories, {} symlinks, {} bytes>",
            self.files, self.directories, self.symlinks, self.bytes
        )
    }
}

/// What ``Database.backup_to`` came to.
#[pyclass(frozen, eq, get_all, module = "ouroborosdb")]
#[derive(PartialEq, Eq)]
pub(crate) struct BackupReport {
    /// The copy holds the events up to this sequence number; 0 for none.
    sequence: u64,
    /// Segments of the copy.
    segments: u64,
    /// Bytes of segments that were copied by this call.
    bytes_copied: u64,
    /// Bytes of segments that were there from earlier calls.
    bytes_kept: u64,
    /// Stretches among the copied ones that cannot be read. They are damaged in the store that was copied as well, or
    /// on the way from it: ``Database.verify`` there tells.
    damaged_ranges: u64,
}

impl From<ouroborosdb::BackupReport> for BackupReport {
    fn from(report: ouroborosdb::BackupReport) -> BackupReport {
        BackupReport {
            sequence: report.sequence,
            segments: report.segments,
            bytes_copied: report.bytes_copied,
            bytes_kept: report.bytes_kept,
            damaged_ranges: report.damaged_ranges,
        }
    }
}

#[pymethods]
impl BackupReport {
    fn __repr__(&self) -> String {
        format!(
            "<BackupReport up to {}: {} segments, {} bytes copied, {} kept, {} damaged ranges>",
            self.sequence, self.segments, self.bytes_copied, self.bytes_kept, self.damaged_ranges
        )
    }
}
