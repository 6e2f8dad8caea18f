// The other of two units.
#include "ouroborosdb.hpp"
#include "ouroborosdb.hpp"

ouroborosdb::EventId other(const ouroborosdb::Database& db, const ouroborosdb::Event& event);

ouroborosdb::EventId other(const ouroborosdb::Database& db, const ouroborosdb::Event& event) {
  for (const auto& root : db.roots()) {
    if (root.id() == event.id()) return db.append(root, {*event.title()});
  }
  return {};
}
