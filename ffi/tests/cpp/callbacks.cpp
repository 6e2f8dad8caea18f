// Callbacks: progress, cancelling, calling back in, and exceptions, which must not pass through the library.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <thread>

#include "check.hpp"

using namespace ouroborosdb;

// Thrown by a callback. It counts itself, so that one that is lost or doubled shows.
struct Mine : std::runtime_error {
  explicit Mine(int given) : std::runtime_error("mine"), number(given) {}
  int number;
};

template <class Call>
static bool throws_mine(int number, Call call) {
  try {
    call();
  } catch (const Mine& mine) {
    return mine.number == number;
  }
  return false;
}

static const std::string content = check_bytes(3'000'000);

static void progress(const Database& db, const EventId& root) {
  Progress last;
  int calls = 0;
  Control control;
  control.progress = [&](const Progress& now) {
    last = now;
    ++calls;
    CHECK(db.stats().roots == 1);
  };
  db.put_file(root, content, {}, control);
  CHECK(calls >= 1 && last.bytes == content.size());
  CHECK(db.verify(control).is_clean && last.bytes > content.size() && last.items > 0);
  db.rebuild_index(control);
  db.batch().put_file(root, content, {}, control);
  CHECK(last.bytes == content.size());
  const IdList ids = db.put_files(root, {{content}, {content}}, control);
  CHECK(last.bytes == 2 * content.size() && last.items == 2);
  std::ostringstream stream;
  CHECK(db.open_file(ids[0]).write_to(stream, control) == content.size() && last.bytes == content.size());
}

static void cancelling(const Database& db, const EventId& root) {
  const CancelToken token;
  CHECK(!token.is_cancelled());
  Control control;
  control.cancel = &token;
  control.progress = [&](const Progress&) { token.cancel(); };
  THROWS(cancelled, db.put_file(root, content, {}, control));
  CHECK(token.is_cancelled());
  control.progress = nullptr;
  FAILS(cancelled, db.try_verify(control));
  FAILS(cancelled, db.try_rebuild_index(control));
  FAILS(cancelled, db.batch().try_put_file(root, content, {}, control));
  FAILS(cancelled, db.try_put_files(root, {{content}}, control));
  std::ostringstream stream;
  FAILS(cancelled, db.open_file(db.put_file(root, content)).try_write_to(stream, control));
  FAILS(cancelled, db.try_import_path(root, "/dev", control));

  // From another thread, while the source has no end.
  const CancelToken other;
  control.cancel = &other;
  std::atomic<bool> reading{false};
  std::thread canceller([&] {
    while (!reading) std::this_thread::yield();
    other.cancel();
  });
  const auto endless = [&](void* buffer, std::size_t capacity) {
    reading = true;
    std::fill_n(static_cast<char*>(buffer), capacity, 'x');
    return capacity;
  };
  FAILS(cancelled, db.try_put_file(root, endless, {}, control));
  FAILS(cancelled, db.try_put_files(root, {{"x"}, {endless}}, control));
  canceller.join();
}

static void sources_that_throw(const Database& db, const EventId& root) {
  const auto events = db.stats().events;
  int calls = 0;
  const auto source = [&](void* buffer, std::size_t capacity) -> std::size_t {
    if (++calls == 2) throw Mine(1);
    std::fill_n(static_cast<char*>(buffer), capacity, 'x');
    return capacity;
  };
  CHECK(throws_mine(1, [&] { db.put_file(root, source); }) && calls == 2);
  calls = 1;
  CHECK(throws_mine(1, [&] { static_cast<void>(db.try_put_file(root, source)); }));
  calls = 1;
  const Batch batch = db.batch();
  CHECK(throws_mine(1, [&] { batch.put_file(root, source); }) && batch.size() == 0);
  // What is no std::exception passes as well.
  try {
    db.put_file(root, [](void*, std::size_t) -> std::size_t { throw 7; });
    CHECK(!"nothing was thrown");
  } catch (int number) {
    CHECK(number == 7);
  }

  struct Failing : std::streambuf {
    int_type underflow() override { throw Mine(2); }
  } buffer;
  std::istream stream(&buffer);
  CHECK(throws_mine(2, [&] { db.put_file(root, stream); }));
  CHECK(db.stats().events == events);
}

static void progress_that_throws(const Database& db, const EventId& root, const std::filesystem::path& folder) {
  int calls = 0;
  Control control;
  control.progress = [&](const Progress&) {
    ++calls;
    throw Mine(3);
  };
  const auto events = db.stats().events;
  CHECK(throws_mine(3, [&] { db.put_file(root, content, {}, control); }) && calls == 1);
  CHECK(throws_mine(3, [&] { static_cast<void>(db.try_verify(control)); }) && calls == 2);
  CHECK(throws_mine(3, [&] { db.rebuild_index(control); }) && calls == 3);
  CHECK(throws_mine(3, [&] { db.batch().put_file(root, content, {}, control); }) && calls == 4);
  CHECK(db.stats().events - events <= 1 && "a call whose last report throws is done");
  std::filesystem::create_directory(folder / "in");
  check_write(folder / "in" / "file", content);
  const EventId in = db.import_path(root, folder / "in").event;
  CHECK(throws_mine(3, [&] { db.import_path(root, folder / "in", control); }) && calls == 5);
  CHECK(throws_mine(3, [&] { db.export_path(in, folder / "out", control); }) && calls == 6);

  Changes changes = db.changes();
  while (!changes.page(1000).empty()) continue;
  CHECK(throws_mine(3, [&] { changes.watch(1, std::chrono::minutes(1), control); }) && calls == 7);

  // The exception ends a call whose source does not.
  const auto endless = [](void* buffer, std::size_t capacity) {
    std::fill_n(static_cast<char*>(buffer), capacity, 'x');
    return capacity;
  };
  CHECK(throws_mine(3, [&] { db.put_file(root, endless, {}, control); }) && calls == 8);
  CHECK(throws_mine(3, [&] { db.put_files(root, {{"x"}, {endless}}, control); }) && calls == 9);
  const FileReader reader = db.open_file(db.put_file(root, content));
  CHECK(throws_mine(3, [&] { reader.write_to_path(folder / "never", control); }) && calls == 10);
  CHECK(!std::filesystem::exists(folder / "never"));

  // A token that is given is what ends the call.
  const CancelToken token;
  control.cancel = &token;
  CHECK(throws_mine(3, [&] { db.verify(control); }) && token.is_cancelled());
}

static void closing_within() {
  const Database db = Database::open_in_memory();
  const EventId root = db.create_root("root");
  Control control;
  control.progress = [&](const Progress&) { db.close(); };
  const Result<EventId> stored = db.try_put_file(root, content, {}, control);
  CHECK(stored || stored.error().code() == ErrorCode::closed);
  CHECK(db.is_closed());
}

// A sink runs on a thread of the library's: it may call back in, throw, and end itself, and it goes with what it has.
static void log_sink() {
  std::atomic<int> told{0};
  auto kept = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = kept;
  set_log_sink(LogLevel::info, [&told, kept = std::move(kept)](const LogRecord& record) {
    CHECK(record.message == "opened" && record.level == LogLevel::info && record.fields.at(0).first == "store");
    CHECK(*kept == 7);
    if (++told == 1) Database::open_in_memory().close();
    throw Mine(told);
  });
  Database::open_in_memory().close();
  while (told < 2) std::this_thread::yield();
  clear_log_sink();
  CHECK(watched.expired());
  Database::open_in_memory().close();
  CHECK(told == 2);
  CHECK(try_set_log_sink(LogLevel::info, nullptr).error().code() == ErrorCode::invalid_argument);
}

int main(int, char** arguments) {
  const Database db = Database::open_in_memory();
  const EventId root = db.create_root("root");
  progress(db, root);
  cancelling(db, root);
  sources_that_throw(db, root);
  progress_that_throws(db, root, arguments[1]);
  closing_within();
  log_sink();
}
