// Prints every event of a store as one line of text, in commit order: `dump STORE`. dump.rs says what is in a line.
#include <array>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include <ouroborosdb.hpp>

using ouroborosdb::Bytes;
using ouroborosdb::Database;
using ouroborosdb::Event;

// No divisor of a chunk's length, so that reads begin and end everywhere.
constexpr std::size_t piece_bytes = 10007;

static std::string hex(Bytes bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

static std::string or_dash(const std::optional<Bytes>& bytes) { return bytes ? hex(*bytes) : "-"; }

static std::string or_dash(std::optional<std::uint64_t> number) { return number ? std::to_string(*number) : "-"; }

static std::string follows(const Event& event) {
  std::string text;
  for (const auto& id : event.follows()) text += (text.empty() ? "" : ",") + id.str();
  return text.empty() ? "-" : text;
}

static std::string attributes(const Event& event) {
  std::string text;
  for (const auto& [name, value] : event.attributes()) {
    text += (text.empty() ? "" : ",") + hex(name) + '=' + hex(value);
  }
  return text.empty() ? "-" : text;
}

// FNV-1a: Fowler, Noll and Vo; its offset basis and prime for 64 bits.
static std::string hash(const Database& db, const Event& event) {
  if (!event.content_length()) return "-";
  const auto file = db.open_file(event);
  std::array<std::uint8_t, piece_bytes> piece;
  std::uint64_t state = 0xcbf29ce484222325;
  while (const std::size_t size = file.read(piece)) {
    for (std::size_t at = 0; at < size; ++at) state = (state ^ piece[at]) * 0x100000001b3;
  }
  std::array<std::uint8_t, 8> big_endian;
  for (std::uint8_t& byte : big_endian) {
    byte = static_cast<std::uint8_t>(state >> 56);
    state <<= 8;
  }
  return hex(big_endian);
}

static void print(const Database& db, const Event& event) {
  const auto parent = event.parent();
  const auto title = event.title();
  std::cout << event.id().str() << ' ' << name(event.kind()) << ' ' << (parent ? parent->str() : "-") << ' '
            << follows(event) << ' ' << hex(event.origin()) << ' ' << event.time_ms() << ' ' << event.time_counter()
            << ' ' << event.sequence() << ' ' << (title ? hex(*title) : "-") << ' ' << attributes(event) << ' '
            << or_dash(event.metadata()) << ' ' << event.temporary() << ' ' << or_dash(event.expires_ms()) << ' '
            << event.full_text() << ' ' << or_dash(event.content_length()) << ' ' << hash(db, event) << '\n';
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: dump STORE\n";
    return 2;
  }
  try {
    std::cout.exceptions(std::ios::badbit | std::ios::failbit);
    std::cout << std::boolalpha;
    const auto db = Database::open_read_only(argv[1]);
    for (const auto& event : db.changes()) print(db, event);
    std::cout.flush();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
