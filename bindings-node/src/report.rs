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
    /// Folders that the store is in.
    pub paths: f64,
    /// Those of them that were not there when the store was opened.
    pub missing_paths: f64,
    /// Sequence number of the last event.
    pub sequence: BigInt,
    /// Sequence number of the last event that survives power loss.
    pub durable_sequence: BigInt,
    /// Stretches that could not be read when the store was opened.
    pub damaged_ranges: f64,
    /// Parts of the index on the disk.
    pub index_tiers: f64,
    /// Bytes of these parts.
    pub index_tier_bytes: f64,
    /// Events and chunks in these parts.
    pub index_tier_entries: f64,
    /// Events and chunks that the index has in memory only.
    pub index_memory_entries: f64,
    /// Bytes that are kept for a full disk; 0 while the store is small.
    pub reserve_bytes: f64,
    /// Events that were asked for and found among those that were read lately, since the database was opened.
    pub event_cache_hits: f64,
    /// Events that were asked for and had to be read from the segments, or are not there.
    pub event_cache_misses: f64,
    /// Batches that were written since the database was opened.
    pub commits: f64,
    /// How often the log was made durable since, once for all commits that waited for it.
    pub syncs: f64,
    /// How often a reader looked at what its writer committed.
    pub refreshes: f64,
    /// How long opening took, recovery included, in nanoseconds.
    pub open_ns: f64,
    /// How long calls took.
    pub latencies: Vec<Latency>,
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
            paths: stats.paths as f64,
            missing_paths: stats.missing_paths as f64,
            sequence: stats.sequence.into(),
            durable_sequence: stats.durable_sequence.into(),
            damaged_ranges: stats.damaged_ranges as f64,
            index_tiers: stats.index_tiers as f64,
            index_tier_bytes: stats.index_tier_bytes as f64,
            index_tier_entries: stats.index_tier_entries as f64,
            index_memory_entries: stats.index_memory_entries as f64,
            reserve_bytes: stats.reserve_bytes as f64,
            event_cache_hits: stats.event_cache_hits as f64,
            event_cache_misses: stats.event_cache_misses as f64,
            commits: stats.commits as f64,
            syncs: stats.syncs as f64,
            refreshes: stats.refreshes as f64,
            open_ns: stats.open_ns as f64,
            latencies: stats.latencies.into_iter().map(Latency::from).collect(),
        }
    }
}

/// How long the calls of one kind took.
#[napi(object, object_from_js = false)]
pub struct Latency {
    /// The kind.
    pub operation: &'static str,
    /// Calls: those that were measured, times `one_in`.
    pub count: f64,
    /// Of how many calls one is measured: of what is quick not each is. 0 where none is, since `latencies` is false.
    pub one_in: f64,
    /// All calls together, as far as those that were measured tell.
    pub sum_ns: f64,
    /// Half of the calls took no longer.
    pub p50_ns: f64,
    /// 90 % of the calls took no longer.
    pub p90_ns: f64,
    /// 99 % of the calls took no longer.
    pub p99_ns: f64,
    /// 99.9 % of the calls took no longer.
    pub p999_ns: f64,
    /// The longest of those that were measured.
    pub max_ns: f64,
}

impl From<ouroborosdb::Latency> for Latency {
    fn from(latency: ouroborosdb::Latency) -> Latency {
        Latency {
            operation: latency.operation.name(),
            count: latency.count as f64,
            one_in: latency.one_in as f64,
            sum_ns: latency.sum_ns as f64,
            p50_ns: latency.p50_ns as f64,
            p90_ns: latency.p90_ns as f64,
            p99_ns: latency.p99_ns as f64,
            p999_ns: latency.p999_ns as f64,
            max_ns: latency.max_ns as f64,
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

/// What a backup came to.
#[napi(object, object_from_js = false)]
pub struct BackupReport {
    /// The copy holds the events up to this sequence number.
    pub sequence: BigInt,
    /// Segments of the copy.
    pub segments: f64,
    /// Bytes of segments that were copied by this call.
    pub bytes_copied: f64,
    /// Bytes of segments that were there from earlier calls.
    pub bytes_kept: f64,
    /// Stretches among the copied ones that cannot be read.
    pub damaged_ranges: f64,
}

impl From<ouroborosdb::BackupReport> for BackupReport {
    fn from(report: ouroborosdb::BackupReport) -> BackupReport {
        BackupReport {
            sequence: report.sequence.into(),
            segments: report.segments as f64,
            bytes_copied: report.bytes_copied as f64,
            bytes_kept: report.bytes_kept as f64,
            damaged_ranges: report.damaged_ranges as f64,
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
