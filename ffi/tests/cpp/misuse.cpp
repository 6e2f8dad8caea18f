// What a caller may do wrong in C++ only: handles that were moved from, NULs inside paths and text, views of nothing.
#include <array>
#include <memory>
#include <vector>

#include "check.hpp"

using namespace ouroborosdb;

// Every method of a handle that was moved from answers; none of them crashes.
static void moved_from() {
  Database db = Database::open_in_memory();
  const EventId root = db.create_root("root");
  Event event = db.event(root);
  Batch batch = db.batch();
  FileWriter writer = db.file_writer(root);
  FileReader reader = db.open_file(db.put_file(root, "x"));
  EventCursor cursor = db.roots();
  IdCursor ids = db.child_ids(root);
  RootCursor index = db.root_index();
  Changes changes = db.changes();
  Buffer buffer = db.read_file(db.put_file(root, "x"));
  CancelToken token;
  const Event event2 = std::move(event);
  const Batch batch2 = std::move(batch);
  const FileWriter writer2 = std::move(writer);
  const FileReader reader2 = std::move(reader);
  const EventCursor cursor2 = std::move(cursor);
  const IdCursor ids2 = std::move(ids);
  const RootCursor index2 = std::move(index);
  const Changes changes2 = std::move(changes);
  const Buffer buffer2 = std::move(buffer);
  const CancelToken token2 = std::move(token);
  const Database db2 = std::move(db);

  CHECK(event.id() == EventId() && !event.title() && event.attributes().empty() && event.follows().empty());
  CHECK(!event.metadata() && !event.parent() && event.origin()[0] == 0 && event.attributes()[0].name.empty());
  THROWS(invalid_argument, event.attribute("x"));
  CHECK(batch.size() == 0 && reader.length() == 0 && reader.position() == 0 && writer.length() == 0);
  THROWS(invalid_argument, batch.append(root));
  THROWS(invalid_argument, batch.commit());
  char byte;
  THROWS(invalid_argument, reader.read({&byte, 1}));
  THROWS(invalid_argument, (writer.write("x"), 0));
  THROWS(invalid_argument, cursor.next());
  THROWS(invalid_argument, cursor.begin());
  THROWS(invalid_argument, ids.page(1));
  THROWS(invalid_argument, index.page(1));
  THROWS(invalid_argument, index.next());
  THROWS(invalid_argument, changes.cursor());
  CHECK(buffer.size() == 0 && buffer.view().empty() && buffer.empty());
  token.cancel();
  CHECK(!token.is_cancelled() && !token2.is_cancelled());
  CHECK(db.is_closed() && !db.is_read_only() && !db.path());
  THROWS(invalid_argument, db.stats());
  THROWS(invalid_argument, db.create_root("x"));
  THROWS(invalid_argument, (db.close(), 0));
  FAILS(invalid_argument, db.try_put_file(root, "x"));
  THROWS(invalid_argument, FileInput(std::move(reader)).reader().read({&byte, 1}));

  Database self = Database::open_in_memory();
  Database& same = self;
  self = std::move(same);
  CHECK(!self.is_closed() && self.stats().events == 0 && "moving onto itself changes nothing");
}

static void text_and_paths(const Database& db, const EventId& root) {
  const std::filesystem::path nul(std::string("nul\0name", 8));
  for (const Error& error : {Database::try_open(nul).error(), Database::try_open_read_only(nul).error(),
                             db.try_put_file(root, nul).error(), db.try_import_path(root, nul).error(),
                             db.try_export_path(root, nul).error(), db.try_backup_to(nul).error()}) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    CHECK(std::string_view(error.what()).find("NUL") != std::string_view::npos);
  }
  // Titles and names may have NULs, and views need not end with one.
  const std::string title("a\0b", 3);
  CHECK(db.event(db.create_root(title)).title() == title);
  CHECK(db.event(db.create_root(std::string_view("title").substr(0, 3))).title() == "tit");
  CHECK(db.event(db.create_root(std::string_view())).title() == "");
  THROWS(invalid_text, db.create_root("\xff"));
  THROWS(title_too_long, db.ensure_root(std::string(65537, 'x')));

  NewEvent event;
  event.attributes = {{{}, "value"}};
  THROWS(invalid_argument, db.append(root, event));
  event.attributes = {{"same", {}}, {"same", {}}};
  THROWS(duplicate_attribute, db.append(root, event));
  event.attributes = {{"\xff", {}}};
  THROWS(invalid_text, db.append(root, event));
  event.attributes = {{"empty", {}}};
  CHECK(db.event(db.append(root, event)).attribute("empty") == Bytes());
  event = {};
  for (std::uint8_t number = 0; event.follows.size() < 1025; ++number) {
    std::array<std::uint8_t, 64> bytes{};
    bytes[0] = number;
    bytes[1] = static_cast<std::uint8_t>(event.follows.size() / 256);
    event.follows.push_back(EventId::from_bytes(bytes));
  }
  THROWS(too_many_follows, db.append(root, event));
  event = {};
  event.expires_ms = 5;
  THROWS(invalid_argument, db.append(root, event));
  event = {};
  event.durability = static_cast<Durability>(9);
  THROWS(invalid_argument, db.append(root, event));
  ImportOptions importing;
  importing.durability = static_cast<Durability>(-1);
  THROWS(invalid_argument, db.import_path(root, "x", {}, importing));
  const Batch batch = db.batch();
  THROWS(invalid_argument, batch.commit(static_cast<Durability>(2)));
  event.durability = Durability::durable;
  THROWS(invalid_argument, batch.append(root, event));
  CHECK(batch.commit(Durability::buffered).size() == 0);
  THROWS(invalid_argument, db.children(root, static_cast<Order>(9)));
  Options options;
  options.durability = static_cast<Durability>(9);
  THROWS(invalid_argument, Database::open_in_memory(options));
  options = {};
  options.memory_limit = 4 * 1024 * 1024 - 1;
  THROWS(invalid_argument, Database::open_in_memory(options));
}

// Handles may go in any order.
static void any_order() {
  auto db = std::make_unique<Database>(Database::open_in_memory());
  const EventId root = db->create_root("root");
  EventCursor cursor = db->roots();
  const FileReader reader = db->open_file(db->put_file(root, "x"));
  const FileWriter writer = db->file_writer(root);
  const Batch batch = db->batch();
  const Changes changes = db->changes();
  const Buffer bytes = db->read_file(db->put_file(root, "kept"));
  db.reset();
  char byte;
  THROWS(closed, cursor.next());
  THROWS(closed, reader.read({&byte, 1}));
  THROWS(closed, (writer.write("x"), 0));
  THROWS(closed, batch.append(root));
  CHECK(bytes.view() == "kept");
}

// A handle goes to C and back.
static void c_handles() {
  ouro_database* raw = Database::open_in_memory().release();
  CHECK(!ouro_database_is_closed(raw));
  const Database db(raw);
  CHECK(db.c_handle() == raw && db.stats().events == 0);
}

int main() {
  moved_from();
  const Database db = Database::open_in_memory();
  text_and_paths(db, db.create_root("root"));
  any_order();
  c_handles();
}
