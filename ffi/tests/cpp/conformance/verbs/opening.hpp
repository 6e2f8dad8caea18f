// Opening and closing.
#ifndef VERBS_OPENING_HPP
#define VERBS_OPENING_HPP

#include "answer.hpp"

inline ouroborosdb::Options options(const Names& names, const Statement& statement) {
  using namespace ouroborosdb;
  static const std::map<std::string, Compression> compressions{
      {"none", Compression::none}, {"fast", Compression::fast}, {"default", Compression::standard}};
  static const std::map<std::string, Durability> durabilities{{"durable", Durability::durable},
                                                              {"buffered", Durability::buffered}};
  Options made;
  for (const auto& [key, value] : statement.options) {
    if (key == "durability") made.durability = durabilities.at(value);
    if (key == "compression") made.compression = compressions.at(value);
    if (key == "minimum_free_bytes") made.minimum_free_bytes = names.number<std::uint64_t>(value);
    if (key == "segment_bytes") made.segment_bytes = names.number<std::uint64_t>(value);
    if (key == "memory_capacity_bytes") made.memory_capacity_bytes = names.number<std::uint64_t>(value);
    if (key == "memory_limit") made.memory_limit = names.number<std::uint64_t>(value);
    if (key == "paths") made.paths.push_back(names.path(value));
    if (key == "latencies") made.latencies = value == "true";
    if (key == "create") made.create = value == "true";
  }
  return made;
}

inline void add_opening(Verbs& verbs) {
  using ouroborosdb::Database;
  const char* all =
      " durability compression minimum_free_bytes segment_bytes memory_capacity_bytes memory_limit paths create "
      "latencies ";
  verbs["open"] = {1, all, [](Names& names, const Statement& line) -> Outcome {
                     return Database::open(names.path(line.words[0]), options(names, line));
                   }};
  verbs["open_read_only"] = {1, all, [](Names& names, const Statement& line) -> Outcome {
                               return Database::open_read_only(names.path(line.words[0]), options(names, line));
                             }};
  verbs["open_in_memory"] = {0, all, [](Names& names, const Statement& line) -> Outcome {
                               return Database::open_in_memory(options(names, line));
                             }};
  verbs["close"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                      database(names, line).close();
                      return "";
                    }};
  verbs["is_closed"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                          return text(database(names, line).is_closed());
                        }};
  verbs["is_read_only"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                             return text(database(names, line).is_read_only());
                           }};
  verbs["path"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                     return text(database(names, line).path());
                   }};
}

#endif
