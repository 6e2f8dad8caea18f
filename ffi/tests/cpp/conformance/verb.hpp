// A verb of the script, and what it gives.
#ifndef VERB_HPP
#define VERB_HPP

#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "names.hpp"
#include "statement.hpp"

// What a verb gives: a handle, or where there is none, bytes.
struct Outcome {
  Outcome(std::string given) : bytes(std::move(given)) {}
  Outcome(const char* given) : bytes(given) {}
  template <class T, std::enable_if_t<kind_of<T> != nullptr, int> = 0>
  Outcome(T&& given) : handle(std::make_unique<HandleOf<T>>(std::move(given))) {}

  std::string bytes;
  std::unique_ptr<Handle> handle;
};

// A verb: how many words it takes, which options, and what it does.
struct Verb {
  std::size_t words;
  // Names of options with a space around each.
  const char* options;
  Outcome (*call)(Names&, const Statement&);
};
using Verbs = std::map<std::string, Verb>;

// The verbs of databases, roots, events, cursors and errors, and the script's own.
void add_tree_verbs(Verbs& verbs);

// The verbs of files, batches, folders, upkeep, control and the log.
void add_file_verbs(Verbs& verbs);

#endif
