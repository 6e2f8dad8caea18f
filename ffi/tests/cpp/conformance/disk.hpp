// Set-up in the file system: the verbs that begin with `fs.`.
#ifndef DISK_HPP
#define DISK_HPP

#include <optional>
#include <string>

#include "statement.hpp"
#include "words.hpp"

// What a verb gives; none for one that is not of these. Throws Mistake and std::system_error.
std::optional<std::string> call_disk(const Words& words, const Statement& statement);

// Every entry's path, type, mode, time, and target or content: equal for equal trees only.
std::string snapshot(const std::filesystem::path& path);

// The names in a folder, sorted by their bytes.
std::vector<std::string> sorted_names(const std::filesystem::path& folder);

#endif
