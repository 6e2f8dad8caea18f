// Reads every entry of an imported folder back and compares it with the original on disk.
//
// `read_back STORE EVENT FOLDER`. Descendants come depth first, parents before their children, so the path of the entry
// at hand is a stack: an entry's parent is always on it.
#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <ouroborosdb.hpp>

namespace fs = std::filesystem;
using ouroborosdb::Bytes;
using ouroborosdb::Database;
using ouroborosdb::Event;
using ouroborosdb::EventId;

constexpr std::size_t block_bytes = std::size_t{1} << 20;

struct Found {
  std::uint64_t files = 0, directories = 1, symlinks = 0, bytes = 0, differences = 0;
};

static std::string attribute(const Event& event, const char* name) {
  const auto value = event.attribute(name);
  if (!value) throw std::runtime_error(std::string("an entry lacks the attribute ") + name);
  return std::string(value->view());
}

static bool same_file(const Database& db, const Event& event, const fs::path& path, Found& found) {
  static std::vector<char> stored_block(block_bytes), original_block(block_bytes);
  const auto stored = db.open_file(event);
  std::ifstream original(path, std::ios::binary);
  if (!original) throw std::runtime_error("cannot open " + path.string());
  std::size_t size = block_bytes;
  while (size == block_bytes) {
    size = stored.read(stored_block);
    original.read(original_block.data(), static_cast<std::streamsize>(block_bytes));
    if (original.bad()) throw std::runtime_error("cannot read " + path.string());
    if (static_cast<std::size_t>(original.gcount()) != size) return false;
    if (std::memcmp(stored_block.data(), original_block.data(), size) != 0) return false;
    found.bytes += size;
  }
  return true;
}

// Whether the entry is what lies at the path; counts it.
static bool same(const Database& db, const Event& event, const fs::path& path, Found& found) {
  std::error_code ignored;
  const std::string type = attribute(event, "file.type");
  if (type == "directory") {
    ++found.directories;
    return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
  }
  if (type == "symlink") {
    ++found.symlinks;
    return fs::read_symlink(path, ignored).native() == attribute(event, "file.target");
  }
  ++found.files;
  return same_file(db, event, path, found);
}

static Found read_back(const fs::path& store, const EventId& top, const fs::path& folder) {
  Found found;
  const auto db = Database::open_read_only(store);
  std::vector<std::pair<EventId, fs::path>> stack{{top, folder}};
  for (const auto& event : db.descendants(top)) {
    while (!stack.empty() && stack.back().first != event.parent()) stack.pop_back();
    if (stack.empty()) throw std::runtime_error("a descendant hangs under none of its ancestors");
    const fs::path path = stack.back().second / attribute(event, "file.name");
    if (!same(db, event, path, found)) {
      ++found.differences;
      std::cerr << "differs: " << path.native() << '\n';
    }
    stack.emplace_back(event.id(), path);
  }
  return found;
}

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: read_back STORE EVENT FOLDER\n";
    return 2;
  }
  try {
    const auto start = std::chrono::steady_clock::now();
    const Found found = read_back(argv[1], EventId::from_hex(argv[2]), argv[3]);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::cout << "files " << found.files << "\ndirectories " << found.directories << "\nsymlinks " << found.symlinks
              << "\nbytes " << found.bytes << "\ndifferences " << found.differences << "\nseconds " << seconds.count()
              << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
