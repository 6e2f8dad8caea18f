// What a call costs in C++: `bench FOLDER GETS APPENDS READS`, the calls of a slice. docs/benchmarks.md.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <ouroborosdb.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using ouroborosdb::Database;
using ouroborosdb::EventId;

constexpr std::size_t EVENTS = 10'000, FILES = 16, FILE_BYTES = 1 << 20, SLICES = 5;

// What was read goes here, so that nothing is read for nothing.
static volatile std::uint64_t seen;

/// Appends an event whose encoding has 117 bytes.
static EventId append_small(const Database& db, const EventId& root, std::size_t number) {
  std::array<char, 17> name{};
  std::snprintf(name.data(), name.size(), "event %010u", static_cast<unsigned>(number));
  ouroborosdb::NewEvent event;
  event.attributes = {{"name", std::string_view(name.data(), 16)}};
  return db.append(root, event);
}

/// Prints the median over the slices of the nanoseconds of a call; the first slice, a warm-up, does not count.
template <typename Call>
static void measure(const char* name, const char* count_text, Call call) {
  std::array<double, SLICES> slices{};
  const std::size_t count = std::stoul(count_text);
  for (std::size_t slice = 0; slice <= SLICES; ++slice) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < count; ++at) call(slice * count + at);
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
    if (slice > 0) slices[slice - 1] = time.count() / static_cast<double>(count);
  }
  std::sort(slices.begin(), slices.end());
  std::printf("%s %.1f\n", name, slices[SLICES / 2]);
}

static void run(char** argv) {
  ouroborosdb::Options options;
  options.durability = ouroborosdb::Durability::buffered;
  const auto db = Database::open(argv[1], options);
  const auto root = db.ensure_root("bench");
  std::mt19937_64 random(1);
  std::vector<EventId> ids, files;
  for (std::size_t i = 0; i < EVENTS; ++i) ids.push_back(append_small(db, root, i));
  std::shuffle(ids.begin(), ids.end(), random);
  measure("get.cpp", argv[2], [&](std::size_t at) { seen = db.event(ids[at % EVENTS]).sequence(); });
  measure("append.cpp", argv[3], [&](std::size_t at) { seen = append_small(db, root, at).bytes()[0]; });
  for (std::size_t i = 0; i < FILES; ++i) {
    std::vector<std::uint8_t> bytes(FILE_BYTES);
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
    files.push_back(db.put_file(root, bytes));
  }
  measure("read_1m.cpp", argv[4], [&](std::size_t at) {
    const auto bytes = db.read_file(files[at % FILES]);
    if (bytes.size() != FILE_BYTES) throw std::runtime_error("a file has another length");
    seen = bytes.data()[FILE_BYTES - 1];
  });
  db.close();
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  try {
    run(argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
