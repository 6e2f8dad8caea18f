// Making roots and events, asking for them, walking.
#ifndef VERBS_TREE_HPP
#define VERBS_TREE_HPP

#include "answer.hpp"
#include "fields.hpp"

inline ouroborosdb::Order order(const Statement& statement) {
  using ouroborosdb::Order;
  static const std::map<std::string, Order> orders{{"commit", Order::commit}, {"time", Order::time}};
  const std::string* word = statement.option("order");
  return word == nullptr ? Order::commit : orders.at(*word);
}

inline void add_roots(Verbs& verbs) {
  verbs["create_root"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                            return text(database(names, line).create_root(names.evaluate(line.words[1])));
                          }};
  verbs["ensure_root"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                            return text(database(names, line).ensure_root(names.evaluate(line.words[1])));
                          }};
  verbs["roots"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                      return database(names, line).roots();
                    }};
  verbs["roots_titled"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                             return database(names, line).roots_titled(names.evaluate(line.words[1]));
                           }};
  verbs["root_index"] = {1, no_options, [](Names& names, const Statement& line) -> Outcome {
                           return database(names, line).root_index();
                         }};
}

inline void add_tree(Verbs& verbs) {
  verbs["append"] = {2, field_options, [](Names& names, const Statement& line) -> Outcome {
                       const Fields fields(names, line);
                       return text(database(names, line).append(id(names, line.words[1]), fields.event()));
                     }};
  verbs["event"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                      return database(names, line).event(id(names, line.words[1]));
                    }};
  verbs["resolve"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                        return text(database(names, line).resolve(names.evaluate(line.words[1])));
                      }};
  verbs["metadata"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                         return text(database(names, line).metadata(id(names, line.words[1])));
                       }};
  verbs["parent"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                       return text(database(names, line).parent(id(names, line.words[1])));
                     }};
  verbs["children"] = {2, " order ", [](Names& names, const Statement& line) -> Outcome {
                         return database(names, line).children(id(names, line.words[1]), order(line));
                       }};
  verbs["child_ids"] = {2, " order ", [](Names& names, const Statement& line) -> Outcome {
                          return database(names, line).child_ids(id(names, line.words[1]), order(line));
                        }};
  verbs["ancestors"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                          return database(names, line).ancestors(id(names, line.words[1]));
                        }};
  verbs["descendants"] = {2, no_options, [](Names& names, const Statement& line) -> Outcome {
                            return database(names, line).descendants(id(names, line.words[1]));
                          }};
}

#endif
