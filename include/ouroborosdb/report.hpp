/// \file
/// What long calls report, and the figures of a database: plain values.

#ifndef OUROBOROSDB_REPORT_HPP
#define OUROBOROSDB_REPORT_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "call.hpp"
#include "event_id.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// What an import stored.
struct ImportReport {
  /// The event of the folder, file or symbolic link that was named.
  EventId event = {};
  /// Files, each name of a hard link counted.
  std::uint64_t files = 0;
  /// Folders, with the one that was named.
  std::uint64_t directories = 0;
  /// Symbolic links.
  std::uint64_t symlinks = 0;
  /// Bytes of all files together, as they were read.
  std::uint64_t bytes = 0;
  /// What was left out: devices, sockets, pipes, and the folder of the store itself. Each path begins with the path
  /// that was named.
  std::vector<std::filesystem::path> skipped = {};
};

/// What a backup came to.
struct BackupReport {
  /// The copy holds the events up to this sequence number; 0 for none.
  std::uint64_t sequence = 0;
  /// Segments of the copy.
  std::uint64_t segments = 0;
  /// Bytes of segments that were copied by this call.
  std::uint64_t bytes_copied = 0;
  /// Bytes of segments that were there from earlier calls.
  std::uint64_t bytes_kept = 0;
  /// Stretches among the copied ones that cannot be read.
  std::uint64_t damaged_ranges = 0;
};

/// What an export wrote.
struct ExportReport {
  /// Files.
  std::uint64_t files = 0;
  /// Folders, with the one that was named.
  std::uint64_t directories = 0;
  /// Symbolic links.
  std::uint64_t symlinks = 0;
  /// Bytes of all files together.
  std::uint64_t bytes = 0;
};

/// Something that verify found wrong.
struct Problem {
  /// The event that it concerns, where that is known.
  std::optional<EventId> event = {};
  /// The attribute `file.name` of that event: raw bytes.
  std::optional<std::string> file_name = {};
  /// The number of the segment that it concerns, where that is known.
  std::optional<std::uint64_t> segment = {};
  /// Where in the segment it is, in bytes.
  std::optional<std::uint64_t> offset = {};
  /// How many bytes from there it concerns.
  std::optional<std::uint64_t> length = {};
  /// What is wrong, for people.
  std::string message = {};
};

/// What verify found.
struct VerifyReport {
  /// Whether nothing is wrong.
  bool is_clean = false;
  /// Segments that were read.
  std::uint64_t segments = 0;
  /// Bytes that were read.
  std::uint64_t bytes = 0;
  /// Events that were checked.
  std::uint64_t events = 0;
  /// Chunks and lists that were checked.
  std::uint64_t chunks = 0;
  /// How many problems there are.
  std::uint64_t problems_total = 0;
  /// The first 10,000 of them.
  std::vector<Problem> problems = {};
};

/// How long the calls of one kind took since the database was opened. Times are in nanoseconds; percentiles are at most
/// a 32nd too large.
struct Latency {
  /// The kind, such as "append".
  std::string operation = {};
  /// Calls: those that were measured, times `one_in`.
  std::uint64_t count = 0;
  /// Of how many calls one is measured: of what is quick not each is. 0 where none is, since the options say so.
  std::uint64_t one_in = 0;
  /// All calls together, as far as those that were measured tell.
  std::uint64_t sum_ns = 0;
  /// Half of the calls took no longer.
  std::uint64_t p50_ns = 0;
  /// 90 % of the calls took no longer.
  std::uint64_t p90_ns = 0;
  /// 99 % of the calls took no longer.
  std::uint64_t p99_ns = 0;
  /// 99.9 % of the calls took no longer.
  std::uint64_t p999_ns = 0;
  /// The longest of those that were measured.
  std::uint64_t max_ns = 0;
};

/// Figures of an open database, as of one moment.
struct Stats {
  /// Events that are stored.
  std::uint64_t events = 0;
  /// Roots among them.
  std::uint64_t roots = 0;
  /// Different chunks, and lists of chunks.
  std::uint64_t chunks = 0;
  /// Bytes of all files, counted as often as they are carried by an event.
  std::uint64_t content_bytes = 0;
  /// Bytes of all different chunks, before compression.
  std::uint64_t chunk_bytes = 0;
  /// Bytes of the segments.
  std::uint64_t stored_bytes = 0;
  /// Segment files.
  std::uint64_t segments = 0;
  /// Folders that the store is in, its own among them; 1 for a database in memory.
  std::uint64_t paths = 0;
  /// Those of them that were not there when the store was opened; `Database::verify` says why.
  std::uint64_t missing_paths = 0;
  /// Sequence number of the last event; 0 for an empty store.
  std::uint64_t sequence = 0;
  /// Sequence number of the last event that survives power loss.
  std::uint64_t durable_sequence = 0;
  /// Stretches of the segments that could not be read when the store was opened.
  std::uint64_t damaged_ranges = 0;
  /// Parts of the index on the disk.
  std::uint64_t index_tiers = 0;
  /// Bytes of these parts.
  std::uint64_t index_tier_bytes = 0;
  /// Events and chunks in these parts.
  std::uint64_t index_tier_entries = 0;
  /// Events and chunks that the index has in memory only.
  std::uint64_t index_memory_entries = 0;
  /// Events that were asked for and found among those that were read lately, since the database was opened.
  std::uint64_t event_cache_hits = 0;
  /// Events that were asked for and had to be read from the segments, or are not there.
  std::uint64_t event_cache_misses = 0;
  /// Batches that were written since the database was opened.
  std::uint64_t commits = 0;
  /// How often the log was made durable for commits since.
  std::uint64_t syncs = 0;
  /// How often a reader looked at what its writer committed.
  std::uint64_t refreshes = 0;
  /// How long opening took, recovery included, in nanoseconds.
  std::uint64_t open_ns = 0;
  /// Bytes that are kept for a full disk; 0 while the store is small.
  std::uint64_t reserve_bytes = 0;
  /// How long calls took since the database was opened: each kind of operation.
  std::vector<Latency> latencies = {};
};

namespace detail {

using OwnedImport = Owned<ouro_import_report, ouro_import_report_free>;
using OwnedBackup = Owned<ouro_backup_report, ouro_backup_report_free>;
using OwnedExport = Owned<ouro_export_report, ouro_export_report_free>;
using OwnedVerify = Owned<ouro_verify_report, ouro_verify_report_free>;

inline ImportReport import_report(const ouro_import_report* report) {
  ImportReport made;
  made.event = ouro_import_report_event(report);
  made.files = ouro_import_report_files(report);
  made.directories = ouro_import_report_directories(report);
  made.symlinks = ouro_import_report_symlinks(report);
  made.bytes = ouro_import_report_bytes(report);
  const std::size_t skipped = ouro_import_report_skipped_len(report);
  made.skipped.reserve(skipped);
  for (std::size_t index = 0; index < skipped; ++index) {
    made.skipped.push_back(cpp_path(ouro_import_report_skipped(report, index)));
  }
  return made;
}

inline ExportReport export_report(const ouro_export_report* report) {
  ExportReport made;
  made.files = ouro_export_report_files(report);
  made.directories = ouro_export_report_directories(report);
  made.symlinks = ouro_export_report_symlinks(report);
  made.bytes = ouro_export_report_bytes(report);
  return made;
}

inline BackupReport backup_report(const ouro_backup_report* report) {
  BackupReport made;
  made.sequence = ouro_backup_report_sequence(report);
  made.segments = ouro_backup_report_segments(report);
  made.bytes_copied = ouro_backup_report_bytes_copied(report);
  made.bytes_kept = ouro_backup_report_bytes_kept(report);
  made.damaged_ranges = ouro_backup_report_damaged_ranges(report);
  return made;
}

/// What a getter of a problem gives, where it gives something.
template <class C, class T = C>
std::optional<T> part(bool (*getter)(const ouro_verify_report*, std::size_t, C*), const ouro_verify_report* report,
                      std::size_t index) {
  C out{};
  if (!getter(report, index, &out)) return std::nullopt;
  return T(out);
}

inline Problem problem(const ouro_verify_report* report, std::size_t index) {
  Problem made;
  made.event = part<ouro_event_id, EventId>(ouro_verify_report_problem_event, report, index);
  std::size_t size = 0;
  const void* name = ouro_verify_report_problem_file_name(report, index, &size);
  if (name != nullptr) made.file_name.emplace(static_cast<const char*>(name), size);
  made.segment = part(ouro_verify_report_problem_segment, report, index);
  made.offset = part(ouro_verify_report_problem_offset, report, index);
  made.length = part(ouro_verify_report_problem_length, report, index);
  made.message = ouro_verify_report_problem_message(report, index);
  return made;
}

inline VerifyReport verify_report(const ouro_verify_report* report) {
  VerifyReport made;
  made.is_clean = ouro_verify_report_is_clean(report);
  made.segments = ouro_verify_report_segments(report);
  made.bytes = ouro_verify_report_bytes(report);
  made.events = ouro_verify_report_events(report);
  made.chunks = ouro_verify_report_chunks(report);
  made.problems_total = ouro_verify_report_problems_total(report);
  const std::size_t problems = ouro_verify_report_problems_len(report);
  made.problems.reserve(problems);
  for (std::size_t index = 0; index < problems; ++index) made.problems.push_back(problem(report, index));
  return made;
}

inline Latency latency(const char* operation, const ouro_latency& latency) {
  Latency made;
  made.operation = operation;
  made.count = latency.count;
  made.one_in = latency.one_in;
  made.sum_ns = latency.sum_ns;
  made.p50_ns = latency.p50_ns;
  made.p90_ns = latency.p90_ns;
  made.p99_ns = latency.p99_ns;
  made.p999_ns = latency.p999_ns;
  made.max_ns = latency.max_ns;
  return made;
}

inline Stats stats(const ouro_stats& stats) {
  Stats made;
  made.events = stats.events;
  made.roots = stats.roots;
  made.chunks = stats.chunks;
  made.content_bytes = stats.content_bytes;
  made.chunk_bytes = stats.chunk_bytes;
  made.stored_bytes = stats.stored_bytes;
  made.segments = stats.segments;
  made.paths = stats.paths;
  made.missing_paths = stats.missing_paths;
  made.sequence = stats.sequence;
  made.durable_sequence = stats.durable_sequence;
  made.damaged_ranges = stats.damaged_ranges;
  made.index_tiers = stats.index_tiers;
  made.index_tier_bytes = stats.index_tier_bytes;
  made.index_tier_entries = stats.index_tier_entries;
  made.index_memory_entries = stats.index_memory_entries;
  made.event_cache_hits = stats.event_cache_hits;
  made.event_cache_misses = stats.event_cache_misses;
  made.commits = stats.commits;
  made.syncs = stats.syncs;
  made.refreshes = stats.refreshes;
  made.open_ns = stats.open_ns;
  made.reserve_bytes = stats.reserve_bytes;
  return made;
}

}  // namespace detail

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_REPORT_HPP
