// Files in and out: every kind of source, the reader, the writer, and both as streams.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <sstream>
#include <vector>

#include "check.hpp"

using namespace ouroborosdb;

static const std::string content = check_bytes(300'000);

static void sources(const Database& db, const EventId& root, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "caf\xff";
  check_write(path, content);
  const auto holds = [&](const EventId& id, std::string_view expected) { return db.read_file(id).view() == expected; };
  CHECK(holds(db.put_file(root, content), content));
  CHECK(holds(db.put_file(root, "literal"), "literal") && holds(db.put_file(root, Bytes()), ""));
  CHECK(holds(db.put_file(root, std::vector<std::uint8_t>(3, 'x')), "xxx"));
  CHECK(holds(db.put_file(root, path), content));

  std::ifstream stream(path, std::ios::binary);
  stream.seekg(100);
  CHECK(holds(db.put_file(root, stream), content.substr(100)) && stream.good());
  CHECK(holds(db.put_file(root, std::istringstream("a stream")), "a stream"));
  std::istringstream strict("a stream that throws at its end");
  strict.exceptions(std::ios::failbit | std::ios::eofbit | std::ios::badbit);
  CHECK(holds(db.put_file(root, strict), "a stream that throws at its end"));
  std::ifstream missing(folder / "missing");
  THROWS(source_failed, db.put_file(root, missing));

  const int descriptor = ::open(path.c_str(), O_RDONLY);
  CHECK(descriptor >= 0 && holds(db.put_file(root, Source::descriptor(descriptor)), content));
  CHECK(::close(descriptor) == 0);

  std::size_t at = 0;
  const auto read = [&at](void* buffer, std::size_t capacity) {
    const std::size_t count = content.copy(static_cast<char*>(buffer), std::min<std::size_t>(capacity, 999), at);
    at += count;
    return count;
  };
  CHECK(holds(db.put_file(root, read), content));
  THROWS(source_failed, db.put_file(root, [](void*, std::size_t) { return Source::failed; }));
  THROWS(source_failed, db.put_file(root, [](void*, std::size_t capacity) { return capacity + 1; }));
  THROWS(invalid_argument, db.put_file(root, Source::Read()));

  THROWS(path_not_found, db.put_file(root, folder / "missing"));
  FAILS(path_not_found, db.try_put_file(root, folder / "missing"));
  THROWS(invalid_argument, db.put_file(root, Source::descriptor(-1)));
  NewEvent named;
  named.attributes = {{"name", "log"}};
  CHECK(db.event(db.put_file(root, content, named)).content_length() == content.size());
}

static void reading(const Database& db, const EventId& root) {
  const EventId file = db.put_file(root, content);
  const Buffer whole = db.read_file(file);
  CHECK(whole.size() == content.size() && whole.str() == content && !whole.empty());
  CHECK(Bytes(whole) == content && std::string(whole.begin(), whole.end()) == content);
  const Buffer none = db.read_file(db.put_file(root, ""));
  CHECK(none.empty() && none.data() != nullptr && none.view().empty());
  THROWS(no_content, db.read_file(root));
  THROWS(no_content, db.open_file(root));
  THROWS(event_not_found, db.read_file(EventId()));

  const FileReader reader = db.open_file(file);
  std::vector<std::byte> part(1000);
  CHECK(reader.length() == content.size() && reader.position() == 0);
  CHECK(reader.read(part) == 1000 && Bytes(part) == content.substr(0, 1000) && reader.position() == 1000);
  CHECK(reader.seek(Seek::end, -10) == content.size() - 10);
  CHECK(reader.read(part) == 10 && reader.read(part) == 0);
  CHECK(reader.read_at(5, part) == 1000 && Bytes(part) == content.substr(5, 1000));
  CHECK(reader.position() == content.size() && reader.seek(Seek::start, 7) == 7);
  CHECK(reader.seek(Seek::current, 3) == 10 && *reader.try_read({part.data(), 2}) == 2);
  THROWS(invalid_argument, reader.seek(Seek::start, -1));
  THROWS(invalid_argument, reader.seek(static_cast<Seek>(9), 0));
  CHECK(reader.read_at(1'000'000, part) == 0);
}

static void input_stream(const Database& db, const EventId& file) {
  FileInput input(db.open_file(file));
  CHECK(std::string(std::istreambuf_iterator<char>(input), {}) == content);
  input.clear();
  std::string part(10'000, '\0');
  CHECK(input.seekg(100) && input.tellg() == 100 && input.get() == static_cast<unsigned char>(content[100]));
  CHECK(input.read(part.data(), 10'000) && part == content.substr(101, 10'000) && input.tellg() == 10'101);
  CHECK(!input.seekg(std::numeric_limits<std::streamoff>::min(), std::ios::cur));
  input.clear();
  CHECK(input.seekg(-5, std::ios::cur) && input.tellg() == 10'096 && input.peek() >= 0);
  CHECK(input.seekg(-3, std::ios::end) && input.read(part.data(), 9).gcount() == 3 && input.eof());
  CHECK(part.substr(0, 3) == content.substr(content.size() - 3) && !input.error());
  input.clear();
  CHECK(!input.seekg(-1) && input.reader().length() == content.size());
  input.clear();
  CHECK(input.seekg(0) && input.rdbuf()->in_avail() == static_cast<std::streamsize>(content.size()));
}

static EventId output_stream(const Database& db, const EventId& root) {
  FileOutput output(db.file_writer(root));
  output << "number " << 42 << std::flush;
  CHECK(output.good() && output.writer().length() == 9);
  output.write(content.data(), static_cast<std::streamsize>(content.size()));
  for (const char character : content) output.put(character);
  output << "end";
  const EventId id = output.finish();
  CHECK(db.read_file(id).view() == "number 42" + content + content + "end");
  FAILS(finished, output.try_finish());
  { FileOutput dropped(db.file_writer(root)); dropped << "never"; }
  return id;
}

static void writing(const Database& db, const EventId& root) {
  const FileWriter writer = db.file_writer(root);
  writer.write("one ");
  writer.write(std::string("two"));
  writer.write({});
  CHECK(writer.length() == 7);
  CHECK(db.read_file(writer.finish()).view() == "one two");
  THROWS(finished, writer.finish());
  THROWS(finished, (writer.write("x"), 0));
  const FileWriter aborted = db.file_writer(root);
  aborted.write("x");
  aborted.abort();
  FAILS(finished, aborted.try_abort());
  FAILS(finished, aborted.try_finish());
  FAILS(parent_not_found, db.try_file_writer(EventId()));
}

// Many at once, from every kind of source.
static void many(const Database& db, const EventId& root, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "many\xff";
  check_write(path, content);
  const EventId aside = db.append(root);
  std::istringstream stream(content);
  int left = 3;
  NewEvent named;
  named.metadata = "m";
  const int descriptor = ::open(path.c_str(), O_RDONLY);
  std::vector<NewFile> files{{"literal"}, {path, named}, {stream}, {Source::descriptor(descriptor), {}, aside}};
  files.push_back({[&left](void* buffer, std::size_t) {
    return std::string("z").copy(static_cast<char*>(buffer), left-- > 0 ? 1 : 0);
  }});
  const IdList ids = db.put_files(root, files);
  CHECK(ids.size() == 5 && db.read_file(ids[0]).view() == "literal" && db.read_file(ids[4]).view() == "zzz");
  for (std::size_t whole = 1; whole < 4; ++whole) CHECK(db.read_file(ids[whole]).view() == content);
  CHECK(db.event(ids[3]).parent() == aside && db.event(ids[4]).parent() == root);
  CHECK(*db.event(ids[1]).metadata() == "m" && ::close(descriptor) == 0);
  CHECK(db.put_files(root, {}).empty());
  PutFilesOptions buffered;
  buffered.durability = Durability::buffered;
  CHECK(db.put_files(root, {{"a"}, {"b"}}, {}, buffered).size() == 2);

  const std::uint64_t events = db.stats().events;
  THROWS(source_failed, db.put_files(root, {{"good"}, {[](void*, std::size_t) { return Source::failed; }}}));
  THROWS(path_not_found, db.put_files(root, {{folder / "missing"}}));
  THROWS(invalid_argument, db.put_files(root, {{folder}}));
  THROWS(invalid_argument, db.put_files(root, {{"good"}, {Source::Read()}}));
  const auto failed = db.try_put_files(root, {{"good"}, {Source::Read()}});
  CHECK(!failed && std::string_view(failed.error().what()).substr(0, 10) == "files[1]: ");
  FAILS(parent_not_found, db.try_put_files(EventId(), {{"good"}}));
  try {
    db.put_files(root, {{"good"}, {[](void*, std::size_t) -> std::size_t { throw 7; }}});
    CHECK(false);
  } catch (int thrown) {
    CHECK(thrown == 7);
  }
  CHECK(db.stats().events == events);
}

// A stream that takes a few bytes, and then no more.
struct Narrow : std::streambuf {
  std::streamsize room = 1000;
  std::streamsize xsputn(const char*, std::streamsize count) override {
    const std::streamsize taken = std::min(count, room);
    room -= taken;
    return taken;
  }
};

static void out_again(const Database& db, const EventId& file, const std::filesystem::path& folder) {
  const FileReader reader = db.open_file(file);
  std::ostringstream stream;
  CHECK(reader.write_to(stream) == content.size() && stream.str() == content && reader.write_to(stream) == 0);
  std::uint64_t seen = 0;
  Control watch;
  watch.progress = [&seen](const Progress& now) { seen = now.bytes; };
  const std::filesystem::path path = folder / "out\xff";
  CHECK(reader.seek(Seek::start, 5) == 5 && reader.write_to_path(path, watch) == content.size() - 5);
  CHECK(seen == content.size() - 5 && std::filesystem::file_size(path) == content.size() - 5);
  THROWS(already_exists, reader.write_to_path(path));
  FAILS(path_not_found, reader.try_write_to_path(folder / "no" / "where"));
  CHECK(reader.seek(Seek::end, -7) == content.size() - 7);
  int ends[2];
  char rest[7];
  CHECK(::pipe(ends) == 0 && reader.write_to_descriptor(ends[1]) == 7 && ::read(ends[0], rest, 7) == 7);
  CHECK(std::string(rest, 7) == content.substr(content.size() - 7) && ::close(ends[0]) == 0 && ::close(ends[1]) == 0);
  THROWS(invalid_argument, reader.write_to_descriptor(-1));

  CHECK(reader.seek(Seek::start, 0) == 0);
  Narrow narrow;
  std::ostream failing(&narrow), nowhere(nullptr);
  THROWS(io, reader.write_to(failing));
  CHECK(failing.bad() && reader.position() == 1000);
  FAILS(io, reader.try_write_to(failing));
  FAILS(io, reader.try_write_to(nowhere));
  // A stream that is told to throw throws its own exception.
  narrow.room = 0;
  failing.clear();
  failing.exceptions(std::ios::badbit);
  try {
    reader.write_to(failing);
    CHECK(false);
  } catch (const std::ios_base::failure&) {
    CHECK(reader.position() == 1000);
  }
}

// What was read past the buffer is not in it: a byte that is put back would have been another one.
static void put_back(const Database& db, const EventId& file) {
  FileInput input(db.open_file(file));
  std::vector<char> bytes(100000);
  CHECK(input.get() == static_cast<unsigned char>(content[0]));
  CHECK(input.unget() && input.get() == static_cast<unsigned char>(content[0]));
  CHECK(input.read(bytes.data(), 100000) && std::equal(bytes.begin(), bytes.end(), content.begin() + 1));
  CHECK(!input.unget());
  input.clear();
  CHECK(input.tellg() == 100001 && input.get() == static_cast<unsigned char>(content[100001]));
}

// A stream over what was closed says so: by its state, by its error, and by throwing where it is told to.
static void broken_streams(const Database& db, const EventId& root, const EventId& file) {
  FileInput input(db.open_file(file)), strict(db.open_file(file));
  FileOutput output(db.file_writer(root));
  output << "never";
  db.close();
  CHECK(input.get() == std::char_traits<char>::eof() && input.bad() && input.error()->code() == ErrorCode::closed);
  strict.exceptions(std::ios::badbit);
  THROWS(closed, strict.get());
  CHECK(!output.flush() && output.bad() && output.error()->code() == ErrorCode::closed);
  output.clear();
  CHECK(!(output << content));
  THROWS(closed, output.finish());
}

int main(int, char** arguments) {
  const Database db = Database::open_in_memory();
  const EventId root = db.create_root("files");
  sources(db, root, arguments[1]);
  reading(db, root);
  const EventId file = db.put_file(root, content);
  input_stream(db, file);
  put_back(db, file);
  output_stream(db, root);
  many(db, root, arguments[1]);
  out_again(db, file, arguments[1]);
  writing(db, root);
  broken_streams(db, root, file);
}
