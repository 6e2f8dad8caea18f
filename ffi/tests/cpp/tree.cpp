// Opening, roots, events, walking: through cursors, pages and ranges.
#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>
#if __has_include(<version>)
#include <version>
#endif
#if defined(__cpp_lib_ranges)
#include <ranges>
#endif

#include "check.hpp"

using namespace ouroborosdb;

#if defined(__cpp_lib_ranges)
static_assert(std::ranges::input_range<EventCursor> && std::ranges::input_range<IdCursor>);
static_assert(std::ranges::input_range<RootCursor> && std::ranges::input_range<Changes>);
static_assert(std::ranges::input_range<const EventIds> && std::ranges::input_range<const Attributes>);
static_assert(std::ranges::input_range<const IdList> && std::ranges::contiguous_range<const Bytes>);
#endif

static void opening(const std::filesystem::path& folder) {
  Options options;
  CHECK(options.create && options.segment_bytes == 268435456 && options.durability == Durability::durable);
  CHECK(options.memory_limit == 67108864);
  options.create = false;
  THROWS(path_not_found, Database::open(folder / "store", options));
  FAILS(path_not_found, Database::try_open_read_only(folder / "store"));
  options.create = true;
  options.durability = Durability::buffered;
  options.compression = Compression::none;
  options.segment_bytes = 64 * 1024;
  {
    const Database db = Database::open(folder / "store", options);
    CHECK(db.path() == folder / "store" && !db.is_read_only() && !db.is_closed());
    THROWS(locked, Database::open(folder / "store"));
    db.create_root("kept");
  }
  // The database that went has closed itself.
  const Database db = Database::open_read_only(folder / "store");
  CHECK(db.is_read_only() && db.stats().roots == 1);
  THROWS(read_only, db.create_root("another"));
  THROWS(read_only, db.batch());
  THROWS(read_only, (db.sync(), 0));
  db.close();
  db.close();
  CHECK(db.is_closed());
  THROWS(closed, db.stats());
  options.segment_bytes = 1;
  THROWS(invalid_argument, Database::open(folder / "other", options));
  options = {};
  options.paths = {folder / "second", folder / "third"};
  CHECK(Database::open(folder / "first", options).stats().paths == 3);
  CHECK(Database::open(folder / "third").stats().missing_paths == 0);
  options.paths = {folder / std::string("a\0b", 3)};
  THROWS(invalid_argument, Database::open(folder / "first", options));
  options.paths.assign(65, folder / "none");
  THROWS(invalid_argument, Database::open(folder / "first", options));
  options = {};
  options.memory_capacity_bytes = 1;
  THROWS(disk_full, Database::open_in_memory(options));
  CHECK(!Database::open_in_memory().path());
}

static void events(const Database& db) {
  const EventId root = db.create_root("a title");
  CHECK(db.ensure_root("fixed") == db.ensure_root("fixed") && db.create_root("a title") != root);
  const Event top = db.event(root);
  CHECK(top.id() == root && top.kind() == EventKind::root && name(top.kind()) == "root" && top.title() == "a title");
  CHECK(!top.parent() && !db.parent(root) && !top.metadata() && !top.content_length() && top.attributes().empty());

  NewEvent plain;
  const std::vector<std::uint8_t> value{0, 255};
  plain.metadata = "described";
  plain.attributes = {{"b", value}, {"a", "first"}};
  plain.full_text = true;
  const EventId first = db.append(root, plain);
  NewEvent follower;
  follower.follows = {first, root};
  follower.metadata = Bytes();
  follower.temporary = true;
  follower.expires_ms = 5;
  const Event event = db.event(db.append(top, follower));
  const Event described = db.event(first);

  CHECK(described.kind() == EventKind::plain && described.parent() == root && !described.title());
  CHECK(described.metadata() == Bytes("described") && described.full_text() && !described.temporary());
  CHECK(described.attribute("a") == Bytes("first") && described.attribute("b") == Bytes(value));
  CHECK(!described.attribute("c") && !described.expires_ms() && described.follows().empty());
  THROWS(invalid_text, described.attribute("\xff"));
  FAILS(invalid_text, described.try_attribute("\xff"));
  std::string names;
  for (const Attribute& attribute : described.attributes()) names += attribute.name;
  CHECK(names == "ab" && described.attributes()[1].value == value && described.attributes()[2].name.empty());
  CHECK(described.time_ms() > 1'600'000'000'000 && described.sequence() > top.sequence());
  CHECK(described.origin() == event.origin() && described.origin() != (std::array<std::uint8_t, 16>{}));
  CHECK(described.time_ms() < event.time_ms() || described.time_counter() < event.time_counter());

  CHECK(event.metadata() && event.metadata()->empty() && event.temporary() && event.expires_ms() == 5);
  std::vector<EventId> follows(event.follows().begin(), event.follows().end());
  CHECK(follows.size() == 2 && std::is_sorted(follows.begin(), follows.end()));
  CHECK(std::is_permutation(follows.begin(), follows.end(), follower.follows.begin()));

#if defined(__cpp_designated_initializers)
  const EventId designated = db.append(root, {.metadata = "m", .attributes = {{"a", "1"}}, .full_text = true});
  CHECK(db.event(designated).attribute("a") == Bytes("1") && db.event(designated).full_text());
#endif

  // An event outlives moves and the database.
  auto other = std::make_unique<Database>(Database::open_in_memory());
  Event kept = other->event(other->create_root("gone"));
  const std::string_view title = *kept.title();
  const Event moved = std::move(kept);
  other.reset();
  CHECK(title == "gone" && moved.title() == "gone");

  CHECK(db.metadata(db.append(first))->view() == "described" && !db.metadata(root));
  CHECK(db.metadata(event)->empty() && db.parent(first)->id() == root);
  CHECK(db.resolve(first.str().substr(0, 40)) == first && db.resolve(first.str()) == first);
  THROWS(event_not_found, db.resolve(std::string(128, '0')));
  FAILS(invalid_id, db.try_resolve(""));
  FAILS(invalid_id, db.try_resolve(first.str().substr(0, 40) + '\0'));
  THROWS(event_not_found, db.event(EventId()));
  THROWS(parent_not_found, db.append(EventId()));
  FAILS(event_not_found, db.try_children(EventId()));
  FAILS(event_not_found, db.try_parent(EventId()));
}

static void cursors(const Database& db) {
  const EventId parent = db.create_root("many");
  std::vector<EventId> ids;
  {
    const Batch batch = db.batch();
    for (int index = 0; index < 3000; ++index) batch.append(parent, {std::to_string(index)});
    const IdList list = batch.commit();
    ids.assign(list.begin(), list.end());
  }
  std::size_t at = 0;
  for (const Event& event : db.children(parent)) CHECK(event.id() == ids[at++]);
  CHECK(at == ids.size());
  IdCursor all = db.child_ids(parent);
  CHECK(std::equal(all.begin(), all.end(), ids.begin()));
  CHECK(!all.next() && all.page(3).empty() && all.begin() == all.end());
  CHECK(db.child_ids(parent).page(10'000) == ids && db.child_ids(parent, Order::time).page(1).size() == 1);
  CHECK(db.children(parent).page(2500).size() == 2500 && db.children(parent).page(0).empty());

  // A range that is left, `next` and `page` go on from each other; a moved cursor goes on as well.
  EventCursor cursor = db.children(parent);
  for (const Event& event : cursor) {
    if (event.id() == ids[9]) break;
  }
  CHECK(cursor.next()->id() == ids[10]);
  EventCursor moved = std::move(cursor);
  const std::vector<Event> page = moved.page(500);
  CHECK(page.size() == 500 && page[0].id() == ids[11] && page[499].id() == ids[510]);
  CHECK(moved.begin()->id() == ids[511] && moved.try_next()->value().id() == ids[512]);
  std::vector<Event> taken;
  for (Event& event : moved) taken.push_back(std::move(event));
  CHECK(taken.size() == ids.size() - 513 && taken.back().id() == ids.back());

  const EventId leaf = db.append(ids[5]);
  std::vector<EventId> above;
  for (const Event& event : db.ancestors(leaf)) above.push_back(event);
  CHECK(above == std::vector<EventId>({ids[5], parent}));
  EventCursor below = db.descendants(parent);
  CHECK(std::distance(below.begin(), below.end()) == 3001);

  db.create_root("zz");
  std::vector<std::string> titles;
  for (const RootEntry& entry : db.root_index()) {
    titles.push_back(entry.title);
    CHECK(db.event(entry.root).title() == entry.title);
  }
  CHECK(titles.size() == db.stats().roots && std::is_sorted(titles.begin(), titles.end()) && titles.back() == "zz");
  RootCursor index = db.root_index();
  CHECK(index.next()->title == titles[0] && index.page(100).size() == titles.size() - 1 && !index.next());
  EventCursor titled = db.roots_titled("a title");
  CHECK(std::distance(titled.begin(), titled.end()) == 2);
  CHECK(db.roots().page(100).size() == titles.size());
  THROWS(invalid_text, db.roots_titled("\xff"));
#if defined(__cpp_lib_ranges)
  auto lengths = db.children(parent) | std::views::take(12) |
                 std::views::transform([](const Event& event) { return event.metadata()->size(); });
  std::size_t sum = 0;
  for (const std::size_t length : lengths) sum += length;
  CHECK(sum == 14);
  CHECK(std::ranges::count_if(db.children(parent), [](const Event& event) { return event.full_text(); }) == 0);
#endif

  IdCursor closing = db.child_ids(parent);
  CHECK(closing.next() == ids[0]);
  db.close();
  THROWS(closed, closing.next());
  THROWS(closed, closing.page(1));
  THROWS(closed, closing.begin());
  FAILS(closed, closing.try_next());
}

int main(int, char** arguments) {
  opening(arguments[1]);
  const Database db = Database::open_in_memory();
  events(db);
  cursors(db);
}
