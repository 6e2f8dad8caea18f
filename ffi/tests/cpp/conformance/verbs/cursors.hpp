// Paging and iterating, of cursors and of the change feed.
#ifndef VERBS_CURSORS_HPP
#define VERBS_CURSORS_HPP

#include <chrono>

#include "answer.hpp"
#include "control.hpp"

template <class Cursor>
void add_cursor(Verbs& verbs, const std::string& name) {
  verbs[name + ".page"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                             const auto limit = names.number<std::size_t>(line.words[1]);
                             return list(names.get<Cursor>(line.words[0]).page(limit));
                           }};
  verbs[name + ".next"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                             return text(names.get<Cursor>(line.words[0]).next());
                           }};
}

inline void add_cursors(Verbs& verbs) {
  using ouroborosdb::Changes;
  add_cursor<ouroborosdb::EventCursor>(verbs, "event_cursor");
  add_cursor<ouroborosdb::IdCursor>(verbs, "id_cursor");
  add_cursor<ouroborosdb::RootCursor>(verbs, "root_cursor");
  add_cursor<Changes>(verbs, "changes");
  verbs["changes"] = {1, " after ", [](Names& names, const Statement& line) -> Outcome {
                        const std::string* after = line.option("after");
                        if (after == nullptr) return database(names, line).changes();
                        return database(names, line).changes(names.evaluate(*after));
                      }};
  verbs["changes.watch"] = {3, control_options, [](Names& names, const Statement& line) -> Outcome {
                              const auto limit = names.number<std::size_t>(line.words[1]);
                              const std::chrono::milliseconds timeout(names.number<std::int64_t>(line.words[2]));
                              auto& changes = names.get<Changes>(line.words[0]);
                              return list(changes.watch(limit, timeout, control(names, line, nullptr)));
                            }};
  verbs["changes.cursor"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                               return names.get<Changes>(line.words[0]).cursor();
                             }};
  verbs["change_cursor.sequence"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                                       return text(ouroborosdb::change_cursor_sequence(names.evaluate(line.words[0])));
                                     }};
}

#endif
