// The conformance script, run through the C++ headers. `conformance/README.md` specifies its language.
//
// Called with a scratch folder and the script's files. Fails by saying the file, the line, what was expected and what
// came, and by ending with 1.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "coverage.hpp"
#include "disk.hpp"
#include "ouroborosdb/error.hpp"
#include "verb.hpp"

using Kind = Expectation::Kind;

static const Verbs& verbs() {
  static const Verbs all = [] {
    Verbs made;
    add_tree_verbs(made);
    add_file_verbs(made);
    return made;
  }();
  return all;
}

static Outcome call(Names& names, const Statement& statement) {
  if (std::optional<std::string> given = call_disk(names, statement)) return *std::move(given);
  const auto found = verbs().find(statement.verb);
  if (found == verbs().end() || found->second.words != statement.words.size()) {
    const std::string count = std::to_string(statement.words.size());
    throw Mistake("there is no verb `" + statement.verb + "` with " + count + " words");
  }
  for (const auto& [key, value] : statement.options) {
    if (std::string_view(found->second.options).find(" " + key + " ") == std::string_view::npos) {
      throw Mistake("`" + statement.verb + "` has no option `" + key + "`");
    }
  }
  return found->second.call(names, statement);
}

static bool is_operation(const std::string& verb) {
  return verb != "free" && verb.compare(0, 3, "fs.") != 0 && verb.compare(0, 7, "script.") != 0;
}

// Notes what a statement that succeeded has shown to work.
static void mark(const Statement& statement, Coverage& coverage) {
  if (is_operation(statement.verb)) coverage.operation(statement.verb);
  for (const auto& [key, value] : statement.options) {
    if (key == "order" || key == "after" || key == "cancel" || key == "cancel_within" || key == "file") continue;
    if (key == "under" || key == "call_durability") {
      coverage.operation(key == "under" ? "new_file.under" : "put_files_options.durability");
      continue;
    }
    const bool opens = statement.verb.compare(0, 4, "open") == 0;
    const bool imports = statement.verb == "import_path";
    coverage.operation((key == "progress" ? "control."
                        : opens           ? "options."
                        : imports         ? "import_options."
                                          : "new_event.") +
                       key);
  }
}

static std::string show(const Outcome& outcome) {
  return outcome.handle ? outcome.handle->kind() : brief(outcome.bytes);
}

static void keep_values(Names& names, const std::vector<std::string>& targets, const std::string& bytes) {
  if (targets.size() == 1) return names.set_value(targets[0], bytes);
  const std::vector<std::string> parts = split(bytes, ',');
  if (parts.size() != targets.size()) {
    throw Mistake("expected " + std::to_string(targets.size()) + " parts, got " + std::to_string(parts.size()) + ": " +
                  brief(bytes));
  }
  for (std::size_t index = 0; index < parts.size(); ++index) names.set_value(targets[index], parts[index]);
}

// Throws Mistake where what a statement gave is not what it expects.
static void check(Names& names, const Expectation& expected, Outcome outcome) {
  switch (expected.kind) {
    case Kind::success:
      return;
    case Kind::error:
      throw Mistake("expected " + expected.names[0] + ", got " + show(outcome));
    case Kind::handle:
      if (!outcome.handle) throw Mistake("expected a handle, got " + show(outcome));
      return names.set_handle(expected.names[0], std::move(outcome.handle));
    case Kind::values:
    case Kind::related:
      if (outcome.handle) throw Mistake("expected bytes, got " + show(outcome));
  }
  if (expected.kind == Kind::values) return keep_values(names, expected.names, outcome.bytes);
  const std::string word = names.evaluate(*expected.word);
  if (holds(expected.relation, outcome.bytes, word)) return;
  throw Mistake("expected " + expected.relation + " " + brief(word) + ", got " + brief(outcome.bytes));
}

// Throws Mistake where an error is not the one that a statement expects.
static void check_error(const Names& names, const Expectation& expected, const ouroborosdb::Error& error) {
  const std::string got = std::to_string(number(error.code())) + ", " + std::string(error.name()) + ": " + error.what();
  if (expected.kind != Kind::error) throw Mistake("expected success, got " + got);
  if (error.name() != expected.names[0] || error.code() != ouroborosdb::error_code_from_name(expected.names[0])) {
    throw Mistake("expected " + expected.names[0] + ", got " + got);
  }
  const std::string word = expected.word ? names.evaluate(*expected.word) : "";
  const std::string_view message = error.what();
  if (message.empty() || message.find(word) == std::string_view::npos) {
    throw Mistake("the message does not contain " + brief(word) + ": " + std::string(message));
  }
}

static void run_line(const std::string& line, Names& names, Coverage& coverage) {
  const std::optional<Statement> statement = parse(line);
  if (!statement || !statement->is_for("cpp")) return;
  std::optional<Outcome> outcome;
  try {
    outcome.emplace(call(names, *statement));
  } catch (const ouroborosdb::Error& error) {
    check_error(names, statement->expectation, error);
    coverage.code(statement->expectation.names[0]);
  }
  if (outcome) {
    check(names, statement->expectation, *std::move(outcome));
    mark(*statement, coverage);
  }
  if (statement->option("cancel") != nullptr || statement->option("cancel_within") != nullptr) {
    coverage.operation("control.cancel");
  }
}

// Runs a file in a folder of its own; whether it ran to its end.
static bool run_file(const std::filesystem::path& file, const std::filesystem::path& folder, Coverage& coverage) {
  std::filesystem::create_directory(folder);
  Names names(folder);
  std::ifstream script(file);
  if (!script) {
    std::fprintf(stderr, "%s cannot be read\n", file.c_str());
    return false;
  }
  std::string line;
  for (int number = 1; std::getline(script, line); ++number) {
    try {
      run_line(line, names, coverage);
    } catch (const std::exception& problem) {
      std::fprintf(stderr, "%s:%d: %s\n    %s\n", file.c_str(), number, line.c_str(), problem.what());
      return false;
    }
  }
  coverage.passed(file.filename().string());
  return true;
}

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: conformance SCRATCH FILE...\n");
    return 2;
  }
  Coverage coverage;
  bool good = true;
  for (int index = 2; index < count; ++index) {
    const std::filesystem::path folder = std::filesystem::path(arguments[1]) / std::to_string(index);
    good = run_file(arguments[index], folder, coverage) && good;
  }
  return coverage.write() && good ? 0 : 1;
}
