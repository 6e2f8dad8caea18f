//! Figures and reports, as objects. Counts and sizes are numbers, sequence numbers are `BigInt`, ids are hexadecimal
//! text that `lib/` makes an `EventId` of.

use napi::bindgen_prelude::{BigInt, Buffer};
use napi_derive::napi;

use crate::arguments::path_bytes;

/// Figures of an open database.
#[napi(object, object_from_js = false)]
pub struct Stats {
    /// Events that are stored.
    pub events: f64,
    /// Roots among them.
    pub roots: f64,
    /// Different chunks, and lists of chunks.
    pub chunks: f64,
    /// Bytes of all files, as often as they are carried.
    pub content_bytes: f64,
    /// Bytes of all different chunks, before compression.
    pub chunk_bytes: f64,
    /// Bytes of the segments.
    pub stored_bytes: f64,
    /// Segment files.
    pub segments: f64,
    /// Sequence number of the last event.
    pub sequence: BigInt,
    /// Sequence number of the last event that survives power loss.
    pub durable_sequence: BigInt,
    /// Stretches that could not be read when the store was opened.
    pub damaged_ranges: f64,
}

impl From<ouroborosdb::Stats> for Stats {
    fn from(stats: ouroborosdb::Stats) -> Stats {
        Stats {
            events: stats.events as f64,
            roots: stats.roots as f64,
            chunks: stats.chunks as f64,
            content_bytes: stats.content_bytes as f64,
            chunk_bytes: stats.chunk_bytes as f64,
            stored_bytes: stats.stored_bytes as f64,
            segments: stats.segments as f64,
            sequence: stats.sequence.into(),
            durable_sequence: stats.durable_sequence.into(),
            damaged_ranges: stats.damaged_ranges as f64,
        }
    }
}

/// What an import stored.
#[napi(object, object_from_js = false)]
pub struct ImportReport {
    /// The new event.
    pub event: String,
    /// Files stored.
    pub files: f64,
    /// Folders stored.
    pub directories: f64,
    /// Symbolic links stored.
    pub symlinks: f64,
    /// Bytes of the files.
    pub bytes: f64,
    /// The bytes of the paths that were left out.
    pub skipped: Vec<Buffer>,
}

impl From<ouroborosdb::ImportReport> for ImportReport {
    fn from(report: ouroborosdb::ImportReport) -> ImportReport {
        ImportReport {
            event: report.event.to_hex(),
            files: report.files as f64,
            directories: report.directories as f64,
            symlinks: report.symlinks as f64,
            bytes: report.bytes as f64,
            skipped: report.skipped.iter().map(|path| path_bytes(path).into()).collect(),
        }
    }
}

/// What an export wrote.
#[napi(object, object_from_js = false)]
pub struct ExportReport {
    /// Files written.
    pub files: f64,
    /// Folders made.
    pub directories: f64,
    /// Symbolic links made.
    pub symlinks: f64,
    /// Bytes of the files.
    pub bytes: f64,
}

impl From<ouroborosdb::ExportReport> for ExportReport {
    fn from(report: ouroborosdb::ExportReport) -> ExportReport {
        ExportReport {
            files: report.files as f64,
            directories: report.directories as f64,
            symlinks: report.symlinks as f64,
            bytes: report.bytes as f64,
        }
    }
}

/// What verify found.
#[napi(object, object_from_js = false)]
pub struct VerifyReport {
    /// Whether nothing is wrong.
    pub is_clean: bool,
    /// Segments that were read.
    pub segments: f64,
    /// Bytes that were read.
    pub bytes: f64,
    /// Events that were checked.
    pub events: f64,
    /// Chunks and lists that were checked.
    pub chunks: f64,
    /// How many problems there are.
    pub problems_total: f64,
    /// The first of them.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong.
#[napi(object, object_from_js = false)]
pub struct Problem {
    /// The event concerned.
    pub event: Option<String>,
    /// Its attribute `file.name`.
    pub file_name: Option<Buffer>,
    /// The segment concerned.
    pub segment: Option<f64>,
    /// Where in the segment.
    pub offset: Option<f64>,
    /// How many bytes from there.
    pub length: Option<f64>,
    /// What is wrong, for people.
    pub message: String,
}

impl From<ouroborosdb::VerifyReport> for VerifyReport {
    fn from(report: ouroborosdb::VerifyReport) -> VerifyReport {
        let number = |number: u64| number as f64;
        let problem = |problem: ouroborosdb::Problem| Problem {
            event: problem.event.map(|event| event.to_hex()),
            file_name: problem.file_name.map(Buffer::from),
            segment: problem.segment.map(number),
            offset: problem.offset.map(number),
            length: problem.length.map(number),
            message: problem.message,
        };
        VerifyReport {
            is_clean: report.is_clean(),
            segments: number(report.segments),
            bytes: number(report.bytes),
            events: number(report.events),
            chunks: number(report.chunks),
            problems_total: number(report.problems_total),
            problems: report.problems.into_iter().map(problem).collect(),
        }
    }
}
