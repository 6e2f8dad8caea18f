// Handles of every class, made and dropped as C++ does it: at the end of a scope, moved over, out of a container, while
// an exception passes. So often that one that is kept shows.
//
//   leaks FOLDER WORLDS ROUNDS [forget]
//
// For each kind: WORLDS databases in memory, ROUNDS rounds in each. More than one world are measured, from the second
// on: what the process holds at the end must not be more. One world is for valgrind, which counts by itself. With
// `forget` each round gives an event away that nobody frees, which the measures that are taken here must find.
#include <array>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "../support/memory.h"
#include "check.hpp"

using namespace ouroborosdb;

static std::filesystem::path folder;
static const std::string large = check_bytes(300'000);

// What a round works on.
struct World {
  Database db = Database::open_in_memory();
  EventId root = db.create_root("root");
  EventId file = db.put_file(root, large.substr(0, 3000), whole_event());
  EventId directory = db.import_path(root, folder / "empty").event;

  static NewEvent whole_event() {
    NewEvent event;
    event.metadata = "metadata";
    event.attributes = {{"colour", "red"}, {"empty", {}}};
    return event;
  }
};

// The end of a callback that the library must survive.
struct Thrown : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class Function>
static void throws(Function&& function) {
  bool thrown = false;
  try {
    function();
  } catch (const Thrown&) {
    thrown = true;
  }
  CHECK(thrown);
}

static void events(const World& w) {
  Event event = w.db.event(w.file);
  CHECK(event.metadata()->view() == "metadata" && event.attribute("colour"));
  event = *w.db.parent(w.file);
  const auto shared = std::make_shared<const Event>(std::move(event));
  CHECK(shared->title() == "root" && !w.db.parent(w.root));
  CHECK(w.db.metadata(w.file)->view() == "metadata" && w.db.read_file(w.file).size() == 3000);
  THROWS(invalid_text, shared->attribute("\xff"));
}

static void cursors(const World& w) {
  EventCursor cursor = w.db.descendants(w.root);
  for (const Event& event : cursor) {
    if (event.kind() == EventKind::plain) break;
  }
  cursor = w.db.children(w.root, Order::time);
  CHECK(cursor.next());
  std::vector<Event> page = cursor.page(10);
  page.erase(page.begin());
  for (EventCursor& other : std::array{w.db.roots(), w.db.roots_titled("root"), w.db.ancestors(w.file)}) {
    CHECK(other.begin()->title() == "root");
  }
  IdCursor ids = w.db.child_ids(w.root);
  CHECK(*ids.begin() == w.file && ids.next());
  RootCursor index = w.db.root_index();
  CHECK(index.next()->title == "root" && index.page(2).empty());
}

static void changes(const World& w) {
  Changes feed = w.db.changes();
  CHECK(feed.next());
  Changes rest = w.db.changes(feed.cursor());
  for (const Event& event : rest) {
    if (event.id() == w.file) break;
  }
  CHECK(feed.page(1).size() == 1);
}

static void batches(const World& w) {
  for (const bool committed : {false, true}) {
    const Batch batch = w.db.batch();
    const Member top = batch.create_root("another");
    batch.append(top, World::whole_event());
    THROWS(parent_not_found, batch.append(EventId()));
    if (committed) CHECK(batch.commit().size() == 2);
  }
}

static void readers(const World& w) {
  FileReader reader = w.db.open_file(w.file);
  std::array<char, 100> part{};
  CHECK(reader.read(part) == part.size());
  THROWS(invalid_argument, reader.seek(Seek::start, -1));
  FileInput input(std::move(reader));
  CHECK(input.get() >= 0);
}

static void writers(const World& w) {
  for (const bool finished : {false, true}) {
    FileOutput output(w.db.file_writer(w.root, World::whole_event()));
    output << "some text";
    if (finished) output.finish();
  }
  FileWriter writer = w.db.file_writer(w.root);
  writer.write("never");
  writer = w.db.file_writer(w.root);
}

static void errors(const World& w) {
  THROWS(event_not_found, w.db.event(EventId()));
  FAILS(no_content, w.db.try_open_file(w.root));
  FAILS(path_not_found, Database::try_open_read_only(folder / "nothing"));
  const CancelToken token;
  token.cancel();
  Control control;
  control.cancel = &token;
  THROWS(cancelled, w.db.put_file(w.root, "some text", {}, control));
}

static void callbacks(const World& w) {
  const std::string message = "a callback that gives up, with a message that takes some room";
  const auto source = [&](void*, std::size_t) -> std::size_t { throw Thrown(message); };
  throws([&] { w.db.put_file(w.root, source); });
  Control control;
  control.progress = [&](const Progress&) { throw Thrown(message); };
  throws([&] { w.db.put_file(w.root, std::istringstream("some text"), {}, control); });
}

static void reports(const World& w) {
  CHECK(w.db.import_path(w.root, folder / "empty").directories == 1);
  CHECK(w.db.export_path(w.directory, folder / "empty").directories == 1);
  CHECK(w.db.backup_to(folder / w.root.str()).segments > 0);
  CHECK(w.db.verify().is_clean);
}

// The database goes first, while everything is half done.
static void databases(const World&) {
  auto db = std::make_unique<Database>(Database::open_in_memory());
  const EventId root = db->create_root("root");
  const EventId file = db->put_file(root, large);
  EventCursor cursor = db->descendants(root);
  const FileReader reader = db->open_file(file);
  const FileWriter writer = db->file_writer(root);
  writer.write(large.substr(5));
  const Batch batch = db->batch();
  batch.put_file(root, large.substr(3));
  const Event event = db->event(file);
  for (const Event& first : cursor) {
    CHECK(first.id() == file);
    db.reset();
    break;
  }
  THROWS(closed, (writer.write("x"), 0));
}

// Of so many rounds one is run: what takes long is run more seldom.
static constexpr struct Kind {
  const char* name;
  void (*round)(const World&);
  unsigned long one_in;
} kinds[] = {
    {"events", events, 2},   {"cursors", cursors, 5},     {"changes", changes, 2},   {"batches", batches, 2},
    {"readers", readers, 1}, {"writers", writers, 4},     {"errors", errors, 4},     {"callbacks", callbacks, 20},
    {"reports", reports, 20}, {"databases", databases, 500},
};

static void run_world(const Kind& kind, unsigned long rounds, bool forget) {
  const World w;
  for (unsigned long round = 0; round < rounds; round += kind.one_in) {
    kind.round(w);
    if (forget) w.db.event(w.root).release();
  }
}

static int run(unsigned long worlds, unsigned long rounds, bool forget) {
  int grew = 0;
  // What is made once and kept is made now.
  for (const Kind& kind : kinds) run_world(kind, 1, forget);
  for (const Kind& kind : kinds) {
    run_world(kind, rounds, forget);
    if (worlds == 1) continue;
    const memory before = memory_now();
    for (unsigned long world = 1; world < worlds; ++world) run_world(kind, rounds, forget);
    grew |= memory_grew(kind.name, (worlds - 1) * rounds / kind.one_in, before);
    if (grew != 0 && forget) break;
  }
  return grew;
}

int main(int count, char** arguments) {
  CHECK(count == 4 || count == 5);
  folder = arguments[1];
  const unsigned long worlds = std::stoul(arguments[2]), rounds = std::stoul(arguments[3]);
  CHECK(worlds > 0 && rounds > 0 && std::filesystem::create_directory(folder / "empty"));
  int grew = 0;
  // The main thread keeps what the library made for it to its end, and there is no one to give that back.
  std::thread([&] { grew = run(worlds, rounds, count == 5); }).join();
  return grew;
}
