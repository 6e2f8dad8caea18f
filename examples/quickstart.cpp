// The tour. The same program in every language prints the same text, `expected.txt`.
//
// Run it with the path of a folder that does not exist yet:
// `c++ -std=c++17 -I include examples/quickstart.cpp -L target/debug -louroborosdb -o quickstart`, then
// `./quickstart /tmp/tour`. In C++20 a new event names its fields: `{.metadata = "text/plain"}`.
#include <exception>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "ouroborosdb.hpp"

using ouroborosdb::Database;
using ouroborosdb::EventId;

/// A new event with a name, which must live as long.
static ouroborosdb::NewEvent named(std::string_view name) {
  ouroborosdb::NewEvent event;
  event.attributes = {{"name", name}};
  return event;
}

static std::string make_log() {
  std::ostringstream log;
  log << std::setfill('0');
  for (int number = 0; number < 100'000; ++number) log << "line " << std::setw(6) << number << '\n';
  return log.str();
}

/// Stores the log and reads it back; gives the event that it hangs under.
static EventId store(const std::string& folder, const std::string& log) {
  // README: begin
  auto db = Database::open(folder);
  auto diary = db.ensure_root("diary");                                 // this title has this id on every machine
  auto trip = db.append(diary, {"text/plain", {{"place", "Lisbon"}}});  // metadata, attributes
  auto file = db.put_file(trip, log, named("log"));                     // durable now
  auto bytes = db.read_file(file);                                      // each byte checked
  auto reader = db.open_file(file);
  reader.seek(ouroborosdb::Seek::start, 77'777 * 12);  // reads only what it needs
  std::string line(11, '\0');
  reader.read(line);
  auto metadata = db.metadata(file);  // inherited from the trip
  // README: end

  std::cout << "read back: " << bytes.size() << " bytes, " << (bytes.view() == log ? "equal" : "different") << '\n';
  std::cout << "range: " << line << '\n';
  std::cout << "inherited metadata: " << (metadata ? metadata->view() : "") << '\n';

  const auto chunks = db.stats().chunks;
  db.put_file(trip, log, named("copy"));
  std::cout << "new chunks of the copy: " << db.stats().chunks - chunks << '\n';

  const auto batch = db.batch();
  const auto day = batch.append(trip, named("day 1"));
  batch.put_file(day, "the sea", named("photo"));
  std::cout << "batch: " << batch.commit().size() << " events\n";
  try {
    db.read_file(trip);
  } catch (const ouroborosdb::Error& error) {
    std::cout << "error: " << error.name() << '\n';
  }
  db.close();
  return trip;
}

/// Lists what hangs under the trip, and checks everything.
static void list(const std::string& folder, const EventId& trip) {
  auto db = Database::open(folder);
  for (const auto& child : db.children(trip)) {
    const auto name = child.attribute("name");
    std::cout << "child: " << (name ? name->view() : "") << ", " << child.content_length().value_or(0) << " bytes\n";
  }
  const auto report = db.verify();
  std::cout << "verified: " << report.events << " events, " << report.problems_total << " problems\n";
  db.close();
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: quickstart FOLDER\n";
    return 2;
  }
  try {
    const EventId trip = store(argv[1], make_log());
    list(argv[1], trip);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
