#include "disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>

namespace fs = std::filesystem;

// Throws the system's error of a call that failed.
static void must(int result, const fs::path& path) {
  if (result != 0) throw std::system_error(errno, std::generic_category(), path.string());
}

static std::string kind(const fs::path& path) {
  const fs::file_status status = fs::symlink_status(path);
  if (!fs::exists(status)) return "none";
  if (fs::is_directory(status)) return "directory";
  if (fs::is_symlink(status)) return "symlink";
  return fs::is_regular_file(status) ? "file" : "other";
}

std::vector<std::string> sorted_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().native());
  }
  std::sort(names.begin(), names.end());
  return names;
}

static std::string list(const fs::path& folder) {
  std::string text;
  for (const std::string& name : sorted_names(folder)) text += (text.empty() ? "" : ",") + name;
  return text;
}

static void add_entry(const fs::path& top, const fs::path& inside, std::string& text) {
  const fs::path path = inside.empty() ? top : top / inside;
  struct stat found;
  must(::lstat(path.c_str(), &found), path);
  const std::string type = kind(path);
  std::string content;
  if (type == "symlink") content = fs::read_symlink(path).native();
  if (type == "file") content = read_file(path);
  text += inside.native() + '\0' + type + ' ' + std::to_string(found.st_mode & 07777) + ' ' +
          std::to_string(found.st_mtim.tv_sec) + '.' + std::to_string(found.st_mtim.tv_nsec) + ' ' +
          std::to_string(content.size()) + ':' + content + '\n';
  if (type != "directory") return;
  for (const std::string& name : sorted_names(path)) add_entry(top, inside / name, text);
}

std::string snapshot(const fs::path& path) {
  std::string text;
  add_entry(path, {}, text);
  return text;
}

static void copy_tree(const fs::path& from, const fs::path& to) {
  const std::string type = kind(from);
  if (type == "symlink") return fs::create_symlink(fs::read_symlink(from), to);
  if (type != "directory") return fs::copy_file(from, to, fs::copy_options::overwrite_existing), void();
  fs::create_directory(to);
  for (const std::string& name : sorted_names(from)) copy_tree(from / name, to / name);
  fs::permissions(to, fs::status(from).permissions());
}

// Makes a file writable, also where its mode says that nobody writes to it.
static void make_writable(const fs::path& path) {
  fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
}

static void set_mtime(const fs::path& path, std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t rest = (nanoseconds % second + second) % second;
  const struct timespec time = {(nanoseconds - rest) / second, rest};
  const struct timespec times[2] = {time, time};
  must(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), path);
}

static void write(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) throw Mistake("writing " + path.string() + " failed");
}

static void overwrite(const fs::path& path, std::int64_t offset, const std::string& bytes) {
  make_writable(path);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(offset, offset < 0 ? std::ios::end : std::ios::beg);
  file << bytes;
  file.close();
  if (!file) throw Mistake("overwriting in " + path.string() + " failed");
}

static std::optional<std::string> one(std::string_view verb, const fs::path& path) {
  if (verb == "make_folder") return fs::create_directories(path), "";
  if (verb == "fifo") return must(::mkfifo(path.c_str(), 0700), path), "";
  if (verb == "remove" && kind(path) == "none") throw Mistake("there is no " + path.string());
  if (verb == "remove") return fs::remove_all(path), "";
  if (verb == "kind") return kind(path);
  if (verb == "size") return std::to_string(fs::file_size(path));
  if (verb == "list") return list(path);
  if (verb == "snapshot") return snapshot(path);
  return std::nullopt;
}

static std::optional<std::string> two(const Words& words, std::string_view verb, const fs::path& path,
                                      const std::string& word) {
  if (verb == "hard_link") return fs::create_hard_link(words.path(word), path), "";
  if (verb == "copy") return copy_tree(path, words.path(word)), "";
  if (verb == "rename") return fs::rename(path, words.path(word)), "";
  if (verb == "write") return write(path, words.evaluate(word)), "";
  if (verb == "symlink") return fs::create_symlink(words.evaluate(word), path), "";
  if (verb == "truncate") return make_writable(path), fs::resize_file(path, words.number<std::uintmax_t>(word)), "";
  if (verb == "set_mtime") return set_mtime(path, words.number<std::int64_t>(word)), "";
  if (verb == "chmod") {
    const std::string digits = words.evaluate(word);
    if (digits.find_first_not_of("01234567") != std::string::npos) throw Mistake("a mode is octal");
    return must(::chmod(path.c_str(), static_cast<mode_t>(std::stoul(digits, nullptr, 8))), path), "";
  }
  return std::nullopt;
}

std::optional<std::string> call_disk(const Words& words, const Statement& statement) {
  if (statement.verb.compare(0, 3, "fs.") != 0 || !statement.options.empty()) return std::nullopt;
  const std::string verb = statement.verb.substr(3);
  const std::vector<std::string>& given = statement.words;
  if (given.size() == 1) return one(verb, words.path(given[0]));
  if (given.size() == 2) return two(words, verb, words.path(given[0]), given[1]);
  if (given.size() != 3 || verb != "overwrite") return std::nullopt;
  overwrite(words.path(given[0]), words.number<std::int64_t>(given[1]), words.evaluate(given[2]));
  return "";
}
