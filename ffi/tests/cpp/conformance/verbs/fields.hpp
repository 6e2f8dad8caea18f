// What a line says about a new event.
#ifndef VERBS_FIELDS_HPP
#define VERBS_FIELDS_HPP

#include <deque>

#include "answer.hpp"

inline ouroborosdb::Durability durability(const std::string& word) {
  if (word == "durable") return ouroborosdb::Durability::durable;
  if (word == "buffered") return ouroborosdb::Durability::buffered;
  throw Mistake("there is no durability `" + word + "`");
}

// A new event, and the bytes that it is a view of.
class Fields {
 public:
  Fields(const Names& names, const Statement& statement) {
    for (const auto& [key, value] : statement.options) {
      if (key == "metadata") event_.metadata = keep(names.evaluate(value));
      if (key == "attribute") add_attribute(names, value);
      if (key == "follows") {
        for (const std::string& hex : split(names.evaluate(value), ',')) {
          event_.follows.push_back(ouroborosdb::EventId::from_hex(hex));
        }
      }
      if (key == "temporary") event_.temporary = value == "true";
      if (key == "expires_ms") event_.expires_ms = names.number<std::uint64_t>(value);
      if (key == "full_text") event_.full_text = value == "true";
      if (key == "durability") event_.durability = durability(value);
    }
  }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  const ouroborosdb::NewEvent& event() const { return event_; }

 private:
  const std::string& keep(std::string bytes) { return kept_.emplace_back(std::move(bytes)); }

  void add_attribute(const Names& names, const std::string& value) {
    const std::size_t equals = value.find('=');
    if (equals == std::string::npos) throw Mistake("attribute=NAME=VALUE");
    const std::string& name = keep(names.evaluate(value.substr(0, equals)));
    event_.attributes.push_back({name, keep(names.evaluate(value.substr(equals + 1)))});
  }

  // A deque: its elements stay where they are.
  std::deque<std::string> kept_;
  ouroborosdb::NewEvent event_;
};

#endif
