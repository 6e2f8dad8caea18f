// The kinds of handles.
#ifndef KINDS_HPP
#define KINDS_HPP

#include <cstdint>
#include <memory>
#include <vector>

#include "names.hpp"
#include "ouroborosdb.hpp"

// What the function saw that watched a call.
struct Watched {
  std::uint64_t calls = 0;
  ouroborosdb::Progress last = {};
};

// What a sink was told. The sink may outlive the handle.
struct Log {
  std::shared_ptr<std::vector<ouroborosdb::LogRecord>> records = {};
};

template <>
inline constexpr const char* kind_of<ouroborosdb::Database> = "database";
template <>
inline constexpr const char* kind_of<ouroborosdb::Event> = "event";
template <>
inline constexpr const char* kind_of<ouroborosdb::Batch> = "batch";
template <>
inline constexpr const char* kind_of<ouroborosdb::Member> = "member";
template <>
inline constexpr const char* kind_of<ouroborosdb::FileWriter> = "file writer";
template <>
inline constexpr const char* kind_of<ouroborosdb::FileReader> = "file reader";
template <>
inline constexpr const char* kind_of<ouroborosdb::EventCursor> = "event cursor";
template <>
inline constexpr const char* kind_of<ouroborosdb::IdCursor> = "id cursor";
template <>
inline constexpr const char* kind_of<ouroborosdb::RootCursor> = "root cursor";
template <>
inline constexpr const char* kind_of<ouroborosdb::Changes> = "changes";
template <>
inline constexpr const char* kind_of<ouroborosdb::CancelToken> = "cancel token";
template <>
inline constexpr const char* kind_of<Watched> = "progress";
template <>
inline constexpr const char* kind_of<ouroborosdb::Stats> = "stats";
template <>
inline constexpr const char* kind_of<ouroborosdb::ImportReport> = "import report";
template <>
inline constexpr const char* kind_of<ouroborosdb::BackupReport> = "backup report";
template <>
inline constexpr const char* kind_of<ouroborosdb::ExportReport> = "export report";
template <>
inline constexpr const char* kind_of<ouroborosdb::VerifyReport> = "verify report";
template <>
inline constexpr const char* kind_of<Log> = "log";

#endif
