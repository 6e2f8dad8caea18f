// One of two units that include everything twice and are linked together, each of a standard of its own.
#include "ouroborosdb.hpp"
#include "ouroborosdb.hpp"

ouroborosdb::EventId other(const ouroborosdb::Database& db, const ouroborosdb::Event& event);

int main() {
  const auto db = ouroborosdb::Database::open_in_memory();
  const auto root = db.create_root("root");
  const auto child = other(db, db.event(root));
  return db.parent(child)->id() == root ? 0 : 1;
}
