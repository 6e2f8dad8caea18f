// Folders in and out, making durable, rebuilding, counting, verifying: what gives a report, and its fields.
#ifndef VERBS_REPORTS_HPP
#define VERBS_REPORTS_HPP

#include <vector>

#include "../mistake.hpp"
#include "answer.hpp"
#include "control.hpp"
#include "fields.hpp"

// A field of a report.
template <class Report, auto Field>
void add_report_field(Verbs& verbs, const char* name) {
  verbs[name] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                   return text(names.get<Report>(line.words[0]).*Field);
                 }};
}

inline void add_folders(Verbs& verbs) {
  using ouroborosdb::ExportReport;
  using ouroborosdb::ImportReport;
  verbs["import_path"] = {3, import_options, [](Names& names, const Statement& line) -> Outcome {
                            const auto& db = database(names, line);
                            const auto parent = id(names, line.words[1]);
                            ouroborosdb::ImportOptions options;
                            for (const auto& [key, value] : line.options) {
                              if (key == "durability") options.durability = durability(value);
                            }
                            const std::string path = names.path(line.words[2]);
                            return db.import_path(parent, path, control(names, line, &db), options);
                          }};
  verbs["export_path"] = {3, control_options, [](Names& names, const Statement& line) -> Outcome {
                            const auto& db = database(names, line);
                            const auto event = id(names, line.words[1]);
                            return db.export_path(event, names.path(line.words[2]), control(names, line, &db));
                          }};
  add_report_field<ImportReport, &ImportReport::event>(verbs, "import_report.event");
  add_report_field<ImportReport, &ImportReport::files>(verbs, "import_report.files");
  add_report_field<ImportReport, &ImportReport::directories>(verbs, "import_report.directories");
  add_report_field<ImportReport, &ImportReport::symlinks>(verbs, "import_report.symlinks");
  add_report_field<ImportReport, &ImportReport::bytes>(verbs, "import_report.bytes");
  verbs["import_report.skipped"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                      return list(names.get<ImportReport>(line.words[0]).skipped);
                                    }};
  add_report_field<ExportReport, &ExportReport::files>(verbs, "export_report.files");
  add_report_field<ExportReport, &ExportReport::directories>(verbs, "export_report.directories");
  add_report_field<ExportReport, &ExportReport::symlinks>(verbs, "export_report.symlinks");
  add_report_field<ExportReport, &ExportReport::bytes>(verbs, "export_report.bytes");
}

inline void add_backup(Verbs& verbs) {
  using ouroborosdb::BackupReport;
  verbs["backup_to"] = {2, control_options, [](Names& names, const Statement& line) -> Outcome {
                          const auto& db = database(names, line);
                          return db.backup_to(names.path(line.words[1]), control(names, line, &db));
                        }};
  add_report_field<BackupReport, &BackupReport::sequence>(verbs, "backup_report.sequence");
  add_report_field<BackupReport, &BackupReport::segments>(verbs, "backup_report.segments");
  add_report_field<BackupReport, &BackupReport::bytes_copied>(verbs, "backup_report.bytes_copied");
  add_report_field<BackupReport, &BackupReport::bytes_kept>(verbs, "backup_report.bytes_kept");
  add_report_field<BackupReport, &BackupReport::damaged_ranges>(verbs, "backup_report.damaged_ranges");
}

// What those problems of a report say that say something.
template <auto Field>
void add_problem_field(Verbs& verbs, const char* name) {
  verbs[name] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                   std::string said;
                   const auto& report = names.get<ouroborosdb::VerifyReport>(line.words[0]);
                   for (const ouroborosdb::Problem& problem : report.problems) {
                     if (problem.*Field) said += (said.empty() ? "" : ",") + text(problem.*Field);
                   }
                   return said;
                 }};
}

inline void add_verify(Verbs& verbs) {
  using ouroborosdb::Problem;
  using ouroborosdb::VerifyReport;
  verbs["verify"] = {1, control_options, [](Names& names, const Statement& line) -> Outcome {
                       const auto& db = database(names, line);
                       return db.verify(control(names, line, &db));
                     }};
  add_report_field<VerifyReport, &VerifyReport::is_clean>(verbs, "verify_report.is_clean");
  add_report_field<VerifyReport, &VerifyReport::segments>(verbs, "verify_report.segments");
  add_report_field<VerifyReport, &VerifyReport::bytes>(verbs, "verify_report.bytes");
  add_report_field<VerifyReport, &VerifyReport::events>(verbs, "verify_report.events");
  add_report_field<VerifyReport, &VerifyReport::chunks>(verbs, "verify_report.chunks");
  add_report_field<VerifyReport, &VerifyReport::problems_total>(verbs, "verify_report.problems_total");
  add_problem_field<&Problem::event>(verbs, "verify_report.problem_events");
  add_problem_field<&Problem::file_name>(verbs, "verify_report.problem_file_names");
  add_problem_field<&Problem::segment>(verbs, "verify_report.problem_segments");
  add_problem_field<&Problem::offset>(verbs, "verify_report.problem_offsets");
  add_problem_field<&Problem::length>(verbs, "verify_report.problem_lengths");
  verbs["verify_report.problem_messages"] = {
      1, no_options, [](Names& names, const Statement& line) -> Outcome {
        std::vector<std::string> messages;
        for (const Problem& problem : names.get<VerifyReport>(line.words[0]).problems) {
          messages.push_back(problem.message);
        }
        return list(messages);
      }};
}

// A figure of the latency of one kind.
template <auto Field>
void add_latency_field(Verbs& verbs, const char* name) {
  verbs[name] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                   for (const auto& latency : names.get<ouroborosdb::Stats>(line.words[0]).latencies) {
                     if (latency.operation == line.words[1]) return text(latency.*Field);
                   }
                   throw Mistake("there is no such operation");
                 }};
}

inline void add_upkeep(Verbs& verbs) {
  using ouroborosdb::Stats;
  verbs["refresh"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                        return text(database(names, line).refresh());
                      }};
  verbs["sync"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                     database(names, line).sync();
                     return "";
                   }};
  verbs["rebuild_index"] = {1, control_options, [](Names& names, const Statement& line) -> Outcome {
                              const auto& db = database(names, line);
                              db.rebuild_index(control(names, line, &db));
                              return "";
                            }};
  verbs["stats"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                      return database(names, line).stats();
                    }};
  add_report_field<Stats, &Stats::events>(verbs, "stats.events");
  add_report_field<Stats, &Stats::roots>(verbs, "stats.roots");
  add_report_field<Stats, &Stats::chunks>(verbs, "stats.chunks");
  add_report_field<Stats, &Stats::content_bytes>(verbs, "stats.content_bytes");
  add_report_field<Stats, &Stats::chunk_bytes>(verbs, "stats.chunk_bytes");
  add_report_field<Stats, &Stats::stored_bytes>(verbs, "stats.stored_bytes");
  add_report_field<Stats, &Stats::segments>(verbs, "stats.segments");
  add_report_field<Stats, &Stats::paths>(verbs, "stats.paths");
  add_report_field<Stats, &Stats::missing_paths>(verbs, "stats.missing_paths");
  add_report_field<Stats, &Stats::sequence>(verbs, "stats.sequence");
  add_report_field<Stats, &Stats::durable_sequence>(verbs, "stats.durable_sequence");
  add_report_field<Stats, &Stats::damaged_ranges>(verbs, "stats.damaged_ranges");
  add_report_field<Stats, &Stats::index_tiers>(verbs, "stats.index_tiers");
  add_report_field<Stats, &Stats::index_tier_bytes>(verbs, "stats.index_tier_bytes");
  add_report_field<Stats, &Stats::index_tier_entries>(verbs, "stats.index_tier_entries");
  add_report_field<Stats, &Stats::index_memory_entries>(verbs, "stats.index_memory_entries");
  add_report_field<Stats, &Stats::event_cache_hits>(verbs, "stats.event_cache_hits");
  add_report_field<Stats, &Stats::event_cache_misses>(verbs, "stats.event_cache_misses");
  add_report_field<Stats, &Stats::commits>(verbs, "stats.commits");
  add_report_field<Stats, &Stats::syncs>(verbs, "stats.syncs");
  add_report_field<Stats, &Stats::refreshes>(verbs, "stats.refreshes");
  add_report_field<Stats, &Stats::open_ns>(verbs, "stats.open_ns");
  add_report_field<Stats, &Stats::reserve_bytes>(verbs, "stats.reserve_bytes");
  verbs["stats.latencies"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                std::vector<std::string> kinds;
                                for (const auto& latency : names.get<Stats>(line.words[0]).latencies) {
                                  kinds.push_back(latency.operation);
                                }
                                return list(kinds);
                              }};
  add_latency_field<&ouroborosdb::Latency::count>(verbs, "latency.count");
  add_latency_field<&ouroborosdb::Latency::one_in>(verbs, "latency.one_in");
  add_latency_field<&ouroborosdb::Latency::sum_ns>(verbs, "latency.sum_ns");
  add_latency_field<&ouroborosdb::Latency::p50_ns>(verbs, "latency.p50_ns");
  add_latency_field<&ouroborosdb::Latency::p90_ns>(verbs, "latency.p90_ns");
  add_latency_field<&ouroborosdb::Latency::p99_ns>(verbs, "latency.p99_ns");
  add_latency_field<&ouroborosdb::Latency::p999_ns>(verbs, "latency.p999_ns");
  add_latency_field<&ouroborosdb::Latency::max_ns>(verbs, "latency.max_ns");
  verbs["prometheus"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                           return database(names, line).prometheus();
                         }};
}

#endif
