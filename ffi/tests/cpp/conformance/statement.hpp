// One line of the script, taken apart: nothing is evaluated here.
#ifndef STATEMENT_HPP
#define STATEMENT_HPP

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct Expectation {
  enum class Kind { success, handle, values, error, related };
  Kind kind = Kind::success;
  // The handle, the names of the values, or the code.
  std::vector<std::string> names = {};
  // `==` and its like.
  std::string relation = {};
  // What is compared with, or what the message contains.
  std::optional<std::string> word = {};
};

struct Statement {
  // Which languages run it; all where it is empty.
  std::vector<std::string> languages = {};
  std::string verb = {};
  std::vector<std::string> words = {};
  // Words with `=`: what stands before the first one, and what behind.
  std::vector<std::pair<std::string, std::string>> options = {};
  Expectation expectation = {};

  bool is_for(std::string_view language) const;
  const std::string* option(std::string_view key) const;
};

// The statement of a line; none for an empty line or a comment. Throws Mistake.
std::optional<Statement> parse(const std::string& line);

// The parts of a text between single separators; one empty part for an empty text.
std::vector<std::string> split(std::string_view text, char separator);

// Whether the left is so related to the right. Throws Mistake where that needs numbers.
bool holds(std::string_view relation, std::string_view left, std::string_view right);

#endif
