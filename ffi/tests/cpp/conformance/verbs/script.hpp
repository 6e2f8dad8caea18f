// The table of error codes, and the script's own helpers.
#ifndef VERBS_SCRIPT_HPP
#define VERBS_SCRIPT_HPP

#include <vector>

#include "answer.hpp"

// Exported by a testing build of the library only, and in no header: panics inside the library.
extern "C" ouro_status ouro_test_panic(ouro_error** error);

inline void add_errors(Verbs& verbs) {
  verbs["error_code"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                           const auto given = names.number<std::int32_t>(line.words[0]);
                           const auto code = ouroborosdb::error_code_from_number(given);
                           return code ? text(name(*code)) : "none";
                         }};
  verbs["error_code.number"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                  const auto code = ouroborosdb::error_code_from_name(names.evaluate(line.words[0]));
                                  return code ? text(number(*code)) : "none";
                                }};
  verbs["error_code.meaning"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                   const auto code = ouroborosdb::error_code_from_name(names.evaluate(line.words[0]));
                                   return code ? text(meaning(*code)) : "none";
                                 }};
}

inline void add_script(Verbs& verbs) {
  verbs["free"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                     names.free(line.words[0]);
                     return "";
                   }};
  verbs["script.let"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                           return names.evaluate(line.words[0]);
                         }};
  verbs["script.count"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                             const std::string value = names.evaluate(line.words[0]);
                             return text(value.empty() ? 0 : split(value, ',').size());
                           }};
  verbs["script.length"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                              return text(names.evaluate(line.words[0]).size());
                            }};
  verbs["script.append_many"] = {3, no_options, [](Names& names, const Statement& line) -> Outcome {
                                   std::vector<ouroborosdb::EventId> ids;
                                   const ouroborosdb::EventId parent = id(names, line.words[1]);
                                   const auto count = names.number<std::uint64_t>(line.words[2]);
                                   while (ids.size() < count) {
                                     ids.push_back(database(names, line).append(parent, {std::to_string(ids.size())}));
                                   }
                                   return list(ids);
                                 }};
  verbs["script.panic"] = {0, no_options, [](Names&, const Statement&) -> Outcome {
                             ouroborosdb::detail::call(ouro_test_panic).value();
                             return "";
                           }};
}

#endif
