// Compiled with -fno-exceptions and -fno-rtti: the forms that begin with try_ are all that a program needs.
#include <sstream>

#include "check.hpp"

using namespace ouroborosdb;

static int use(const std::filesystem::path& folder) {
  Result<Database> opened = Database::try_open(folder / "store");
  CHECK(opened);
  const Database db = *std::move(opened);
  const EventId root = *db.try_create_root("root");
  const EventId file = *db.try_put_file(root, std::istringstream("content"));
  CHECK(db.try_read_file(file)->view() == "content");
  FAILS(no_content, db.try_read_file(root));
  FAILS(source_failed, db.try_put_file(root, [](void*, std::size_t) { return Source::failed; }));
  struct Failing : std::streambuf {
    std::streamsize xsgetn(char*, std::streamsize) override { return 0; }
  } buffer;
  std::istream stream(&buffer);
  CHECK(db.try_read_file(*db.try_put_file(root, stream))->empty());

  Result<EventCursor> children = db.try_children(root);
  CHECK(children && children->try_next()->value().id() == file && children->try_page(10)->size() == 1);
  CHECK(!children->try_next()->has_value());
  Control control;
  int calls = 0;
  control.progress = [&](const Progress&) { ++calls; };
  CHECK(db.try_verify(control)->is_clean && calls > 0);
  const Result<IdList> many = db.try_put_files(root, {{"a"}, {std::filesystem::path("/nowhere")}});
  CHECK(!many && many.error().code() == ErrorCode::path_not_found);
  std::ostringstream copy;
  CHECK(*db.try_open_file(file)->try_write_to(copy) == 7 && copy.str() == "content");
  FileInput input(*db.try_open_file(file));
  FileOutput output(*db.try_file_writer(root));
  std::string word;
  CHECK(input >> word && word == "content" && !input.error());
  output << word;
  CHECK(db.try_read_file(*output.try_finish())->view() == "content");
  input.clear();
  input.seekg(0);
  CHECK(db.try_close());
  CHECK(input.get() == -1 && input.error()->code() == ErrorCode::closed);
  FAILS(closed, db.try_stats());
  return 0;
}

// With `value`, a form that would throw is called: the program says why and ends.
int main(int count, char** arguments) {
  if (count == 3 && std::string_view(arguments[2]) == "value") Database::open_in_memory().event(EventId());
  return use(arguments[1]);
}
