// Values: ids, bytes, errors, results; and what every type of the headers can be used as.
#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <type_traits>
#include <unordered_set>
#include <vector>
#if __has_include(<version>)
#include <version>
#endif
#if defined(__cpp_lib_span)
#include <span>
#endif

#include "check.hpp"

using namespace ouroborosdb;

template <class... Handles>
constexpr bool are_handles = ((std::is_nothrow_move_constructible_v<Handles> &&
                               std::is_nothrow_move_assignable_v<Handles> &&
                               !std::is_copy_constructible_v<Handles> && !std::is_copy_assignable_v<Handles>) &&
                              ...);
static_assert(are_handles<Database, Event, Batch, IdList, Buffer, EventCursor, IdCursor, RootCursor, Changes,
                          FileReader, FileWriter, CancelToken>);

template <class... Values>
constexpr bool are_values =
    ((std::is_copy_constructible_v<Values> && std::is_copy_assignable_v<Values> &&
      std::is_nothrow_move_constructible_v<Values>) &&
     ...);
static_assert(are_values<EventId, Bytes, Attribute, Member, BatchParent, Error, Options, Progress, RootEntry, Stats,
                         BackupReport, ExportReport, ImportReport, VerifyReport, Problem, NewEvent>);
static_assert(std::is_base_of_v<std::runtime_error, Error> && std::is_nothrow_copy_constructible_v<Error>);
static_assert(std::is_trivially_copyable_v<EventId> && sizeof(EventId) == 64 && std::is_trivially_copyable_v<Bytes>);
// An id is made of bytes or text by name only; what is no bytes is not taken for bytes.
static_assert(!std::is_convertible_v<std::string, EventId> && !std::is_convertible_v<Bytes, EventId>);
static_assert(!std::is_convertible_v<std::vector<int>, Bytes> && !std::is_convertible_v<int, Bytes>);
static_assert(!std::is_convertible_v<std::filesystem::path, Bytes>);
static_assert(!std::is_convertible_v<const std::string&, MutableBytes>);
static_assert(!std::is_convertible_v<std::string_view, MutableBytes>);

static void ids() {
  const std::string hex = std::string(126, '0') + "aF";
  const EventId id = EventId::from_hex(hex);
  CHECK(id.str() == std::string(126, '0') + "af");
  CHECK(id.bytes()[63] == 0xaf && id.bytes()[0] == 0);
  CHECK(EventId::from_bytes(id.bytes()) == id);
  CHECK(*EventId::try_from_hex(id.str()) == id);
  const EventId zero;
  CHECK(zero != id && zero < id && id > zero && zero <= id && id >= zero && !(id < zero));
  CHECK(zero.str() == std::string(128, '0'));
  const EventId copy = id;
  CHECK(copy == id);
  std::array<std::uint8_t, 64> bytes{};
  bytes[0] = 0x80;
  const EventId high = EventId::from_bytes(bytes);
  CHECK(std::set<EventId>({high, id, zero}) == std::set<EventId>({zero, id, high}) && id < high);
  const std::unordered_set<EventId> hashed{zero, id, high, id};
  CHECK(hashed.size() == 3 && hashed.count(high) == 1);

  for (const std::string& text : {std::string(), std::string("ab"), hex + "0", std::string(128, 'g'), hex.substr(1),
                                  hex.substr(0, 127) + '\0', hex + '\0', hex + '\0' + "x"}) {
    THROWS(invalid_id, EventId::from_hex(text));
    FAILS(invalid_id, EventId::try_from_hex(text));
  }
  THROWS(invalid_id, EventId::from_bytes("short"));
  FAILS(invalid_id, EventId::try_from_bytes(Bytes()));
  THROWS(invalid_id, EventId::from_bytes(std::string(65, 'x')));
}

static std::size_t size_of(Bytes bytes) { return bytes.size(); }

static void bytes_in() {
  const std::byte raw[3] = {std::byte{1}, std::byte{2}, std::byte{3}};
  CHECK(size_of("text") == 4 && size_of(std::string("a\0b", 3)) == 3 && size_of(std::string_view("ab")) == 2);
  CHECK(size_of(std::vector<std::byte>(5)) == 5 && size_of(std::vector<std::uint8_t>(6)) == 6);
  CHECK(size_of(std::vector<char>(7)) == 7 && size_of(std::array<std::uint8_t, 8>{}) == 8 && size_of(raw) == 3);
  CHECK(size_of({raw, 2}) == 2 && size_of({}) == 0 && size_of({nullptr, 0}) == 0 && size_of("") == 0);
  const Bytes three(raw, 3);
  CHECK(three[2] == 3 && three.view() == "\1\2\3" && three.str() == "\1\2\3" && !three.empty());
  CHECK(std::vector<std::uint8_t>(three.begin(), three.end()) == std::vector<std::uint8_t>({1, 2, 3}));
  CHECK(three == Bytes("\1\2\3") && three != Bytes("\1\2") && Bytes() == Bytes("") && Bytes().view().empty());
  CHECK(three == "\1\2\3" && three == std::string("\1\2\3") && three == raw);

  char text[16];
  std::vector<std::byte> vector(9);
  CHECK(MutableBytes(text).size() == 16 && MutableBytes(vector).size() == 9 && MutableBytes(text, 4).size() == 4);
#if defined(__cpp_lib_span)
  std::span<std::byte> span(vector);
  CHECK(size_of(span) == 9 && size_of(std::as_bytes(span)) == 9 && MutableBytes(span).data() == vector.data());
  const std::span<const std::uint8_t> back(three);
  CHECK(back.size() == 3 && back[1] == 2);
  CHECK(size_of(u8"\u00e9") == 3);  // an array of char8_t is not text: with its NUL
#endif
}

static void errors() {
  const std::int32_t first = OURO_ERROR_INVALID_ARGUMENT;
  CHECK(error_code_from_number(first) == ErrorCode::invalid_argument && number(ErrorCode::internal) == 901);
  CHECK(!error_code_from_number(0) && !error_code_from_number(-1) && !error_code_from_number(100));
  CHECK(error_code_from_name("closed") == ErrorCode::closed);
  CHECK(!error_code_from_name("clo") && !error_code_from_name(""));
  CHECK(!error_code_from_name(std::string_view("closed\0", 7)));
  CHECK(name(ErrorCode::parent_not_found) == "parent_not_found" && meaning(ErrorCode::closed).size() > 10);
  CHECK(name(static_cast<ErrorCode>(7)).empty() && meaning(static_cast<ErrorCode>(7)).empty());
  const Error error(ErrorCode::io, "a message", 5);
  const Error copy = error;
  CHECK(copy.code() == ErrorCode::io && copy.what() == std::string("a message") && copy.os_code() == 5);
  CHECK(copy.name() == "io");

  const Result<Database> missing = Database::try_open("/dev/null/store");
  CHECK(!missing && missing.error().os_code() == ENOTDIR);
  CHECK(std::string_view(missing.error().what()).find("/dev/null/store") != std::string_view::npos);
}

static void results() {
  Result<std::string> good = std::string("yes");
  CHECK(good && good.has_value() && *good == "yes" && good->size() == 3 && good.value() == "yes");
  good->append("!");
  const std::string moved = std::move(good).value();
  CHECK(moved == "yes!");
  Result<std::string> bad = Error(ErrorCode::io, "it did not work");
  CHECK(!bad && bad.error().code() == ErrorCode::io);
  THROWS(io, bad.value());
  THROWS(io, std::move(bad).value());
  const Result<void> done;
  done.value();
  CHECK(done);
  const Result<void> failed = Error(ErrorCode::closed, "it is closed");
  FAILS(closed, failed);
  THROWS(closed, (failed.value(), 0));
}

int main() {
  CHECK(version() == OURO_VERSION && abi_version() == OURO_ABI_VERSION);
  ids();
  bytes_in();
  errors();
  results();
}
