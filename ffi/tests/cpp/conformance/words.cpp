#include "words.hpp"

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>

#include "statement.hpp"

static std::string unescape(std::string_view literal) {
  if (literal.empty() || literal.back() != '"') throw Mistake("a literal does not end");
  literal.remove_suffix(1);
  std::string bytes;
  for (std::size_t at = 0; at < literal.size(); ++at) {
    if (literal[at] == '"') throw Mistake("a quote in a literal is written \\x22");
    if (literal[at] != '\\') {
      bytes += literal[at];
      continue;
    }
    unsigned value = 0;
    const char* digits = literal.data() + at + 2;
    const char* end = literal.data() + std::min(at + 4, literal.size());
    const bool escape = literal.substr(at, 2) == "\\x" && end - digits == 2;
    if (!escape || std::from_chars(digits, end, value, 16).ptr != end) throw Mistake("an escape is \\xNN");
    bytes += static_cast<char>(value);
    at += 3;
  }
  return bytes;
}

// xorshift64 of Marsaglia (2003), triple 13, 7, 17.
static std::string random(std::uint64_t state, std::size_t length) {
  std::string bytes;
  bytes.reserve(length + 8);
  while (bytes.size() < length) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(state >> shift & 0xff);
  }
  bytes.resize(length);
  return bytes;
}

static std::string invented_ids(std::size_t count) {
  std::string list;
  for (std::size_t number = 1; number <= count; ++number) {
    const std::string digits = std::to_string(number);
    list += (number == 1 ? "" : ",") + std::string(128 - digits.size(), '0') + digits;
  }
  return list;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Mistake("reading " + path.string() + " failed");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string brief(std::string_view bytes) {
  std::string text = "`";
  for (const char character : bytes.substr(0, 300)) {
    const auto byte = static_cast<unsigned char>(character);
    constexpr std::string_view digits = "0123456789abcdef";
    if (byte >= 0x20 && byte < 0x7f) {
      text += character;
    } else {
      text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return text + "` (" + std::to_string(bytes.size()) + " bytes)";
}

std::string Words::evaluate(std::string_view word) const {
  std::string value;
  bool first = true;
  for (const std::string& one : split(word, ',')) {
    if (!first) value += ',';
    first = false;
    value += part(one);
  }
  return value;
}

std::string Words::part(std::string_view part) const {
  std::string value;
  for (const std::string& one : split(part, '+')) value += piece(one);
  return value;
}

std::string Words::piece(std::string_view piece) const {
  if (piece.empty()) throw Mistake("`` is no word");
  if (piece[0] == '$') {
    const auto found = values_.find(piece.substr(1));
    if (found == values_.end()) throw Mistake("there is no value `" + std::string(piece) + "`");
    return found->second;
  }
  if (piece[0] == '"') return unescape(piece.substr(1));
  if (const std::size_t colon = piece.find(':'); colon != std::string_view::npos) {
    return generate(piece.substr(0, colon), piece.substr(colon + 1));
  }
  constexpr std::string_view bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  if (piece.find_first_not_of(bare) != std::string_view::npos) throw Mistake("`" + std::string(piece) + "` is no word");
  return std::string(piece);
}

std::string Words::generate(std::string_view generator, std::string_view arguments) const {
  if (generator == "zeros") return std::string(number<std::size_t>(arguments), '\0');
  if (generator == "ids") return invented_ids(number<std::size_t>(arguments));
  if (generator == "slice") return slice(arguments);
  if (generator == "path") return path(arguments).native();
  if (generator == "file") return read_file(path(arguments));
  if (generator == "pid" && arguments.empty()) return std::to_string(::getpid());
  const std::size_t colon = arguments.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view first = arguments.substr(0, colon), second = arguments.substr(colon + 1);
    if (generator == "repeat" && first.size() == 1) return std::string(number<std::size_t>(second), first[0]);
    if (generator == "random") return random(number<std::uint64_t>(first), number<std::size_t>(second));
  }
  throw Mistake("there is no generator `" + std::string(generator) + "` of `" + std::string(arguments) + "`");
}

std::string Words::slice(std::string_view arguments) const {
  const std::size_t first = arguments.find(':');
  const std::size_t second = first == std::string_view::npos ? first : arguments.find(':', first + 1);
  if (second == std::string_view::npos) throw Mistake("slice:START:LENGTH:PIECE");
  const auto start = number<std::size_t>(arguments.substr(0, first));
  const auto length = number<std::size_t>(arguments.substr(first + 1, second - first - 1));
  const std::string value = piece(arguments.substr(second + 1));
  if (start > value.size() || length > value.size() - start) {
    throw Mistake(std::to_string(value.size()) + " bytes have no such slice");
  }
  return value.substr(start, length);
}
