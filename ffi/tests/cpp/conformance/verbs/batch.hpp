// Many at once.
#ifndef VERBS_BATCH_HPP
#define VERBS_BATCH_HPP

#include "answer.hpp"
#include "control.hpp"
#include "fields.hpp"
#include "files.hpp"

inline ouroborosdb::BatchParent parent_of(Names& names, const std::string& word) {
  constexpr std::string_view member = "member:";
  if (word.compare(0, member.size(), member) != 0) return id(names, word);
  return names.get<ouroborosdb::Member>(word.substr(member.size()));
}

inline void add_batch(Verbs& verbs) {
  using ouroborosdb::Batch;
  verbs["batch"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                      return database(names, line).batch();
                    }};
  verbs["batch.create_root"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                                  return names.get<Batch>(line.words[0]).create_root(names.evaluate(line.words[1]));
                                }};
  verbs["batch.append"] = {2, field_options, [](Names& names, const Statement& line) -> Outcome {
                             const Fields fields(names, line);
                             const auto parent = parent_of(names, line.words[1]);
                             return names.get<Batch>(line.words[0]).append(parent, fields.event());
                           }};
  verbs["batch.put_file"] = {3, file_options, [](Names& names, const Statement& line) -> Outcome {
                               const Fields fields(names, line);
                               const auto parent = parent_of(names, line.words[1]);
                               const auto& batch = names.get<Batch>(line.words[0]);
                               return with_source(names, line.words[2], [&](const ouroborosdb::Source& source) {
                                 return batch.put_file(parent, source, fields.event(), control(names, line));
                               });
                             }};
  verbs["batch.len"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                          return text(names.get<Batch>(line.words[0]).size());
                        }};
  verbs["batch.commit"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                             return list(names.get<Batch>(line.words[0]).commit());
                           }};
  verbs["batch.commit_with"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                                  const Batch& batch = names.get<Batch>(line.words[0]);
                                  return list(batch.commit(durability(line.words[1])));
                                }};
  verbs["batch.discard"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                              names.get<Batch>(line.words[0]).discard();
                              return "";
                            }};
}

#endif
