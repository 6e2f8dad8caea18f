#include "statement.hpp"

#include <algorithm>
#include <array>

#include "mistake.hpp"

static constexpr std::array<std::string_view, 7> relations{"==", "!=", "<", "<=", ">", ">=", "~"};

static bool is_relation(std::string_view word) {
  return std::find(relations.begin(), relations.end(), word) != relations.end();
}

bool Statement::is_for(std::string_view language) const {
  return languages.empty() || std::find(languages.begin(), languages.end(), language) != languages.end();
}

const std::string* Statement::option(std::string_view key) const {
  for (const auto& [other, value] : options) {
    if (other == key) return &value;
  }
  return nullptr;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(separator, at);
    parts.emplace_back(text.substr(at, end - at));
    if (end == std::string_view::npos) return parts;
    at = end + 1;
  }
}

static Expectation values(const std::string& word) {
  Expectation made{Expectation::Kind::values};
  for (const std::string& name : split(word, ',')) {
    if (name.size() < 2 || name[0] != '$') throw Mistake("the expectation is malformed");
    made.names.push_back(name.substr(1));
  }
  return made;
}

static Expectation expectation(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  if (words.size() == 2 && is_relation(words[0])) return {Expectation::Kind::related, {}, words[0], words[1]};
  if (words.size() < 2 || words[0] != "->") throw Mistake("the expectation is malformed");
  const std::string& target = words[1];
  if (target[0] == '!' && (words.size() == 2 || (words.size() == 4 && words[2] == "~"))) {
    Expectation made{Expectation::Kind::error, {target.substr(1)}};
    if (words.size() == 4) made.word = words[3];
    return made;
  }
  if (words.size() != 2) throw Mistake("the expectation is malformed");
  if (target[0] == '$') return values(target);
  return {Expectation::Kind::handle, {target}};
}

std::optional<Statement> parse(const std::string& line) {
  if (line.empty() || line[0] == '#') return std::nullopt;
  const auto is_ascii = [](char character) { return static_cast<unsigned char>(character) < 128; };
  if (line.size() > 1000 || !std::all_of(line.begin(), line.end(), is_ascii)) {
    throw Mistake("a line is ASCII and has 1,000 bytes at most");
  }
  std::vector<std::string> words = split(line, ' ');
  if (std::find(words.begin(), words.end(), "") != words.end()) {
    throw Mistake("words are separated by single spaces");
  }
  Statement made;
  if (words[0].front() == '[' && words[0].back() == ']') {
    made.languages = split(std::string_view(words[0]).substr(1, words[0].size() - 2), ',');
    words.erase(words.begin());
  }
  const auto expected =
      std::find_if(words.begin(), words.end(), [](const auto& word) { return word == "->" || is_relation(word); });
  made.expectation = expectation({expected, words.end()});
  words.erase(expected, words.end());
  if (words.empty()) throw Mistake("there is no verb");
  made.verb = words[0];
  for (std::size_t index = 1; index < words.size(); ++index) {
    const std::size_t equals = words[index].find('=');
    if (equals == std::string::npos) {
      made.words.push_back(words[index]);
    } else {
      made.options.emplace_back(words[index].substr(0, equals), words[index].substr(equals + 1));
    }
  }
  return made;
}

namespace {

// A decimal number of any length.
struct Number {
  bool negative = false;
  std::string_view digits;

  explicit Number(std::string_view text) : digits(text) {
    negative = !digits.empty() && digits[0] == '-';
    if (negative) digits.remove_prefix(1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
      throw Mistake(std::string(text.substr(0, 60)) + " is no number");
    }
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    negative = negative && !digits.empty();
  }

  // Less than 0, 0 or more than 0, as this is less than the other, equal, or more.
  int compare(const Number& other) const {
    if (negative != other.negative) return negative ? -1 : 1;
    const int longer = digits.size() == other.digits.size() ? digits.compare(other.digits)
                       : digits.size() < other.digits.size() ? -1
                                                              : 1;
    return negative ? -longer : longer;
  }
};

}  // namespace

bool holds(std::string_view relation, std::string_view left, std::string_view right) {
  if (relation == "==") return left == right;
  if (relation == "!=") return left != right;
  if (relation == "~") return left.find(right) != std::string_view::npos;
  const int order = Number(left).compare(Number(right));
  if (relation == "<") return order < 0;
  if (relation == "<=") return order <= 0;
  return relation == ">" ? order > 0 : order >= 0;
}
