//! What calls report: `Stats`, `VerifyReport` and `Problem`, `ImportReport`, `ExportReport`.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

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
    /// Sequence number of the last event; 0 for an empty store.
    sequence: u64,
    /// Sequence number of the last event that survives power loss.
    durable_sequence: u64,
    /// Stretches of the segments that could not be read when the store was opened; ``Database.verify`` names them.
    damaged_ranges: u64,
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
            sequence: stats.sequence,
            durable_sequence: stats.durable_sequence,
            damaged_ranges: stats.damaged_ranges,
        }
    }
}

#[pymethods]
impl Stats {
    fn __repr__(&self) -> String {
        format!(
            "Stats(events={}, roots={}, chunks={}, content_bytes={}, chunk_bytes={}, stored_bytes={}, segments={}, \
             sequence={}, durable_sequence={}, damaged_ranges={})",
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
