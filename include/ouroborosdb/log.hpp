/// \file
/// What the library tells of itself.

#ifndef OUROBOROSDB_LOG_HPP
#define OUROBOROSDB_LOG_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "call.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// How grave it is.
enum class LogLevel : std::int32_t {
  /// Something is lost or does not work: damage, a write that failed.
  error = OURO_LOG_ERROR,
  /// Someone should know: a lock conflict, a torn tail after a crash, an index that is made anew.
  warn = OURO_LOG_WARN,
  /// A database was opened.
  info = OURO_LOG_INFO,
  /// Upkeep: segments, parts of the index, closing.
  debug = OURO_LOG_DEBUG,
};

/// One thing that the library tells.
struct LogRecord {
  /// How grave it is.
  LogLevel level = LogLevel::debug;
  /// When it was told, in milliseconds since 1970.
  std::uint64_t time_ms = 0;
  /// What happened, the same words each time.
  std::string message = {};
  /// What it happened to, as name and value; "store" is the store's folder.
  std::vector<std::pair<std::string, std::string>> fields = {};
};

namespace detail {

using LogSink = std::function<void(const LogRecord&)>;

inline LogRecord log_record(const ouro_log_record& record) {
  LogRecord made;
  made.level = static_cast<LogLevel>(record.level);
  made.time_ms = record.time_ms;
  made.message = record.message;
  for (std::size_t index = 0; index < record.fields_len; ++index) {
    made.fields.emplace_back(record.fields[index].name, record.fields[index].value);
  }
  return made;
}

inline void on_log_record(void* userdata, const ouro_log_record* record) noexcept {
  // What a sink throws has nowhere to go.
  Caught().run([&] { (*static_cast<LogSink*>(userdata))(log_record(*record)); });
}

inline void on_log_end(void* userdata) noexcept { delete static_cast<LogSink*>(userdata); }

}  // namespace detail

/// As `set_log_sink`, without throwing.
inline Result<void> try_set_log_sink(LogLevel level, std::function<void(const LogRecord&)> sink) {
  if (!sink) {
    return Error(ErrorCode::invalid_argument, "the sink is an empty function; pass one, or call clear_log_sink");
  }
  auto kept = std::make_unique<detail::LogSink>(std::move(sink));
  // The library frees it, also where this fails.
  return detail::call(ouro_set_log_sink, static_cast<std::int32_t>(level), &detail::on_log_record, kept.release(),
                      &detail::on_log_end);
}

/// Has `sink` called with what the library tells from now on, up to `level`, of all databases of this process: one
/// record after the other, on a thread of the library's, under no lock. It may call the library, and set and clear
/// sinks; what it throws is dropped. Never content, titles, metadata or attributes are told: ids, numbers and paths of
/// stores.
///
/// Whoever tells never waits for the sink: 1,024 records wait for it at most, what does not fit is counted, and the
/// count is told. It takes the place of an earlier sink, which may still be running when this returns; call
/// `clear_log_sink` first where this matters. Throws `invalid_argument` for an empty function; `io` where no thread can
/// be started.
inline void set_log_sink(LogLevel level, std::function<void(const LogRecord&)> sink) {
  try_set_log_sink(level, std::move(sink)).value();
}

/// Ends the sink: what was told so far is delivered first, and when this returns the sink is gone. From within the sink
/// it returns at once, and the sink ends after what waits for it. Do not hold a lock that the sink may wait for.
inline void clear_log_sink() noexcept { ouro_clear_log_sink(); }

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_LOG_HPP
