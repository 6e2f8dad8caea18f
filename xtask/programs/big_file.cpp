// A generated file of any size goes in and comes out, in bounded memory.
//
// `big_file STORE BYTES` reports lines of a name and a value. The file is pulled from a callable and read through a
// reader.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <ouroborosdb.hpp>

using ouroborosdb::Database;
using ouroborosdb::EventId;

constexpr std::size_t block_bytes = std::size_t{1} << 20;
constexpr std::size_t line_bytes = 32;

// The file: blocks of which one half is random and the other text, none like another.
class Generated {
 public:
  explicit Generated(std::uint64_t bytes) : left_(bytes) {}

  // Writes the next bytes, at most `capacity`, and gives how many; 0 at the end.
  std::size_t operator()(void* buffer, std::size_t capacity) {
    if (used_ == block_bytes) next_block();
    const std::size_t left = left_ < block_bytes ? static_cast<std::size_t>(left_) : block_bytes;
    const std::size_t size = std::min({capacity, block_bytes - used_, left});
    std::memcpy(buffer, block_.data() + used_, size);
    used_ += size;
    left_ -= size;
    return size;
  }

 private:
  void next_block() {
    used_ = 0;
    std::uint64_t state = ++number_ * 0x9e3779b97f4a7c15;
    for (std::size_t at = 0; at < block_bytes / 2; at += sizeof state) {
      // xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators".
      state ^= state >> 12;
      state ^= state << 25;
      state ^= state >> 27;
      const std::uint64_t word = state * 0x2545f4914f6cdd1d;
      std::memcpy(block_.data() + at, &word, sizeof word);
    }
    char line[line_bytes + 1];
    std::snprintf(line, sizeof line, "block %010u of the file...\n", static_cast<unsigned>(number_));
    for (std::size_t at = block_bytes / 2; at < block_bytes; at += line_bytes) {
      std::memcpy(block_.data() + at, line, line_bytes);
    }
  }

  std::vector<char> block_ = std::vector<char>(block_bytes);
  std::uint64_t number_ = 0, left_;
  std::size_t used_ = block_bytes;
};

// How many bytes are equal from the start; 0 where one is longer or they differ.
static std::uint64_t compare(const Database& db, const EventId& event, std::uint64_t bytes) {
  const auto reader = db.open_file(event);
  Generated generated(bytes);
  std::vector<char> made(block_bytes), stored(block_bytes);
  std::uint64_t equal = 0;
  for (;;) {
    const std::size_t size = reader.read(stored);
    if (size != generated(made.data(), block_bytes) || std::memcmp(stored.data(), made.data(), size) != 0) return 0;
    equal += size;
    if (size < block_bytes) return generated(made.data(), block_bytes) == 0 ? equal : 0;
  }
}

// The peak of this process's resident memory, mapped files included.
static std::uint64_t peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stoull(line.substr(6));
  }
  throw std::runtime_error("no VmHWM in the status");
}

static void run(const char* store, std::uint64_t bytes) {
  const auto now = std::chrono::steady_clock::now;
  const auto seconds = [&now](auto start) { return std::chrono::duration<double>(now() - start).count(); };
  auto db = Database::open(store);
  const EventId root = db.ensure_root("big file");

  auto start = now();
  const EventId event = db.put_file(root, Generated(bytes));
  std::cout << "put_seconds " << seconds(start) << '\n';

  start = now();
  std::cout << "bytes_equal " << compare(db, event, bytes) << '\n';
  std::cout << "get_seconds " << seconds(start) << '\n';
  db.close();
  std::cout << "peak_kib " << peak_kib() << '\n';
}

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: big_file STORE BYTES\n";
    return 2;
  }
  try {
    run(argv[1], std::stoull(argv[2]));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
