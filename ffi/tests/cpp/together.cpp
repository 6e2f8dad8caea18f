// Batches, the change feed, folders, upkeep, threads.
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "check.hpp"

using namespace ouroborosdb;

static void batches(const Database& db, const EventId& root) {
  const Batch batch = db.batch();
  const Member top = batch.create_root("in a batch");
  const Member child = batch.append(top, {"child"});
  const Member file = batch.put_file(child, "the sea");
  const Member under_event = batch.append(db.event(root));
  CHECK(batch.size() == 4 && top.index() == 0 && under_event.index() == 3);
  FAILS(parent_not_found, db.batch().try_append(EventId()));
  THROWS(invalid_argument, db.batch().append(child));
  const IdList ids = batch.commit();
  CHECK(ids.size() == 4 && !ids.empty() && ids[child] == ids[1] && batch.size() == 0);
  CHECK(db.read_file(ids[file]).view() == "the sea" && db.parent(ids[file])->id() == ids[child]);
  CHECK(std::set<EventId>(ids.begin(), ids.end()).size() == 4 && db.parent(ids[under_event])->id() == root);
  THROWS(finished, batch.commit());
  THROWS(finished, batch.append(root));
  FAILS(finished, batch.try_discard());
  const Batch discarded = db.batch();
  discarded.append(root);
  discarded.discard();
  THROWS(finished, discarded.commit());
  const auto events = db.stats().events;
  db.batch().append(root);
  CHECK(db.stats().events == events && "a batch that goes is discarded");
}

static void change_feed(const Database& db, const EventId& root) {
  Changes changes = db.changes();
  std::size_t count = 0;
  std::string middle;
  for (const Event& event : changes) {
    ++count;
    CHECK(event.sequence() == count && change_cursor_sequence(changes.cursor()) == count);
    if (count == 3) middle = changes.cursor();
  }
  CHECK(count == db.stats().events && !changes.next());
  const EventId added = db.append(root);
  for (const Event& event : changes) CHECK(event.id() == added);
  Changes rest = db.changes(middle);
  CHECK(rest.next()->sequence() == 4 && rest.page(1000).size() == count - 3);
  THROWS(invalid_cursor, db.changes("nonsense"));
  THROWS(invalid_cursor, db.changes(middle + '\0' + "x"));
  FAILS(invalid_cursor, try_change_cursor_sequence(std::string_view("x\0", 2)));
  THROWS(cursor_of_another_store, Database::open_in_memory().changes(middle));
}

static void watched_feed(const std::filesystem::path& folder) {
  using namespace std::chrono_literals;
  const Database db = Database::open(folder / "watched");
  const EventId root = db.create_root("root");
  const Database reader = Database::open_read_only(folder / "watched");
  Changes changes = reader.changes();
  CHECK(changes.watch(10, 1min).at(0).id() == root);
  CHECK(changes.watch(10, 0ms).empty() && changes.watch(10, -1ms).empty() && changes.watch(0, 1min).empty());
  CHECK(!db.refresh() && !reader.refresh());

  std::thread writer([&] { db.append(root); });
  CHECK(changes.watch(10, std::chrono::milliseconds::max()).size() == 1);
  writer.join();
  for (int count = 0; count < 1500; ++count) db.append(root);
  CHECK(reader.refresh() && reader.stats().events == 1502);
  CHECK(changes.watch(2000, 1min).size() == 1024 && changes.watch(2000, 1min).size() == 476);

  const CancelToken token;
  token.cancel();
  Control control;
  control.cancel = &token;
  FAILS(cancelled, changes.try_watch(1, 1min, control));
  std::thread closing([&] { reader.close(); });
  FAILS(closed, changes.try_watch(1, 1min));
  closing.join();
  THROWS(closed, reader.refresh());
}

static void folders(const Database& db, const EventId& root, const std::filesystem::path& folder) {
  const std::filesystem::path in = folder / "in";
  std::filesystem::create_directories(in / "below");
  check_write(in / "below" / "caf\xff", "content");
  std::filesystem::create_symlink("target", in / "link");
  CHECK(::mkfifo((in / "pipe").c_str(), 0600) == 0);
  const ImportReport report = db.import_path(root, in);
  CHECK(report.files == 1 && report.directories == 2 && report.symlinks == 1 && report.bytes == 7);
  CHECK(report.skipped == std::vector<std::filesystem::path>({in / "pipe"}));
  CHECK(db.event(report.event).attribute("file.name") == Bytes("in"));
  const ExportReport exported = db.export_path(report.event, folder / "out");
  CHECK(exported.files == 1 && exported.directories == 2 && exported.symlinks == 1 && exported.bytes == 7);
  CHECK(std::filesystem::file_size(folder / "out" / "below" / "caf\xff") == 7);
  CHECK(std::filesystem::read_symlink(folder / "out" / "link") == "target");
  THROWS(already_exists, db.export_path(report.event, folder / "out"));
  THROWS(not_exportable, db.export_path(root, folder / "other"));
  THROWS(path_not_found, db.import_path(root, folder / "missing"));
  const BackupReport copied = db.backup_to(folder / "copy");
  CHECK(copied.segments == 1 && copied.bytes_copied > 0 && copied.bytes_kept == 0 && copied.damaged_ranges == 0);
  CHECK(db.backup_to(folder / "copy").bytes_kept == copied.bytes_copied);
  CHECK(Database::open_read_only(folder / "copy").event(report.event).sequence() <= copied.sequence);
  THROWS(not_a_backup, db.backup_to(in));
}

static void upkeep(const std::filesystem::path& folder) {
  Options options;
  options.compression = Compression::none;
  EventId file;
  {
    const Database db = Database::open(folder / "store", options);
    NewEvent named;
    named.attributes = {{"file.name", "damaged"}};
    file = db.put_file(db.create_root("root"), "needle" + check_bytes(100'000), named);
    db.sync();
    const Stats stats = db.stats();
    CHECK(stats.events == 2 && stats.roots == 1 && stats.content_bytes == 100'006 && stats.chunk_bytes >= 100'006);
    CHECK(stats.sequence == 2 && stats.durable_sequence == 2 && stats.segments == 1 && stats.stored_bytes > 100'006);
    CHECK(stats.chunks >= 1 && stats.damaged_ranges == 0);
    const VerifyReport clean = db.verify();
    CHECK(clean.is_clean && clean.events == 2 && clean.segments == 1 && clean.bytes > 100'006 && clean.chunks >= 1);
    CHECK(clean.problems_total == 0 && clean.problems.empty());
    db.rebuild_index();
    db.close();
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "store")) {
    if (!entry.is_regular_file()) continue;
    std::fstream segment(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(segment), {});
    const std::size_t at = bytes.find("needle");
    if (at == std::string::npos) continue;
    segment.clear();
    segment.seekp(static_cast<std::streamoff>(at)).put('N');
  }
  const Database db = Database::open_read_only(folder / "store");
  THROWS(corrupt, db.read_file(file));
  const VerifyReport report = db.verify();
  CHECK(!report.is_clean && report.problems_total >= 1 && report.problems.size() == report.problems_total);
  bool named = false;
  for (const Problem& problem : report.problems) {
    named = named || (problem.event == file && problem.file_name == "damaged");
    CHECK(problem.message.size() > 10);
    if (problem.offset) CHECK(problem.segment && *problem.offset > 0);
    if (problem.length) CHECK(*problem.length > 0);
  }
  CHECK(named);
}

// Threads share what is const: the database, a batch, a reader, a token.
static void threads() {
  const Database db = Database::open_in_memory();
  const EventId root = db.create_root("root");
  const FileReader reader = db.open_file(db.put_file(root, check_bytes(100'000)));
  const Batch batch = db.batch();
  std::atomic<std::size_t> read{0};
  std::vector<std::thread> running;
  for (int number = 0; number < 4; ++number) {
    running.emplace_back([&] {
      std::string part(100, '\0');
      for (int round = 0; round < 25; ++round) {
        db.append(root, {std::to_string(round)});
        batch.append(root);
        read += reader.read_at(static_cast<std::uint64_t>(round), part);
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  CHECK(read == 10'000 && batch.commit().size() == 100 && db.stats().events == 202);
}

int main(int, char** arguments) {
  const Database db = Database::open_in_memory();
  const EventId root = db.create_root("root");
  batches(db, root);
  change_feed(db, root);
  watched_feed(arguments[1]);
  folders(db, root, arguments[1]);
  upkeep(arguments[1]);
  threads();
}
