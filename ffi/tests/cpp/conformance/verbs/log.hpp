// What the library tells of itself.
#ifndef VERBS_LOG_HPP
#define VERBS_LOG_HPP

#include "answer.hpp"

inline ouroborosdb::LogLevel log_level(const std::string& word) {
  using ouroborosdb::LogLevel;
  static const std::map<std::string, LogLevel> levels{
      {"error", LogLevel::error}, {"warn", LogLevel::warn}, {"info", LogLevel::info}, {"debug", LogLevel::debug}};
  return levels.at(word);
}

inline std::string text(ouroborosdb::LogLevel level) {
  for (const char* name : {"error", "warn", "info", "debug"}) {
    if (log_level(name) == level) return name;
  }
  return "none";
}

// What a record says.
inline std::string record_level(const ouroborosdb::LogRecord& record) { return text(record.level); }
inline std::string record_time(const ouroborosdb::LogRecord& record) { return text(record.time_ms); }
inline std::string record_message(const ouroborosdb::LogRecord& record) { return record.message; }
inline std::string record_fields(const ouroborosdb::LogRecord& record) {
  std::string all;
  for (const auto& [name, value] : record.fields) all += (all.empty() ? "" : ",") + name + "=" + value;
  return all;
}

// What all records say, with commas between them.
template <std::string (*said)(const ouroborosdb::LogRecord&)>
void add_record_field(Verbs& verbs, const char* name) {
  verbs[name] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                   std::string all;
                   for (const auto& record : *names.get<Log>(line.words[0]).records) {
                     all += (all.empty() ? "" : ",") + said(record);
                   }
                   return all;
                 }};
}

inline void add_log(Verbs& verbs) {
  using ouroborosdb::LogRecord;
  verbs["set_log_sink"] = {1, no_options, [](Names&, const Statement& line) -> Outcome {
                             Log log{std::make_shared<std::vector<LogRecord>>()};
                             ouroborosdb::set_log_sink(
                                 log_level(line.words[0]),
                                 [records = log.records](const LogRecord& record) { records->push_back(record); });
                             return log;
                           }};
  verbs["clear_log_sink"] = {0, no_options, [](Names&, const Statement&) -> Outcome {
                               ouroborosdb::clear_log_sink();
                               return "";
                             }};
  add_record_field<record_level>(verbs, "log_record.level");
  add_record_field<record_time>(verbs, "log_record.time_ms");
  add_record_field<record_message>(verbs, "log_record.message");
  add_record_field<record_fields>(verbs, "log_record.fields");
}

#endif
