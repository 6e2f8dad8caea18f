/// \file
/// How a database is opened.

#ifndef OUROBOROSDB_OPTIONS_HPP
#define OUROBOROSDB_OPTIONS_HPP

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "call.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// When a commit is safe.
enum class Durability : std::int32_t {
  /// It survives power loss when its call returns.
  durable = OURO_DURABILITY_DURABLE,
  /// It survives a crash of the process; `Database::sync` makes it durable.
  buffered = OURO_DURABILITY_BUFFERED,
};

/// How new chunks are compressed.
enum class Compression : std::int32_t {
  /// Not at all.
  none = OURO_COMPRESSION_NONE,
  /// With zstd level 1.
  fast = OURO_COMPRESSION_FAST,
  /// With zstd level 3.
  standard = OURO_COMPRESSION_DEFAULT,
};

namespace detail {

/// The defaults that the C header states.
inline constexpr ouro_options default_options = OURO_OPTIONS_INIT;

}  // namespace detail

/// How a database is opened. Each option has a default that is right for a laptop.
struct Options {
  /// When a commit is safe; default durable.
  Durability durability = static_cast<Durability>(detail::default_options.durability);
  /// How new chunks are compressed; default zstd level 3.
  Compression compression = static_cast<Compression>(detail::default_options.compression);
  /// Writes that would leave less than this many bytes free on the disk are refused with `disk_full`; default 0.
  std::uint64_t minimum_free_bytes = detail::default_options.minimum_free_bytes;
  /// About how large a segment file grows before the next is begun, 64 KiB to 4 GiB; default 256 MiB.
  std::uint64_t segment_bytes = detail::default_options.segment_bytes;
  /// How many bytes a database in memory may take; default without limit.
  std::uint64_t memory_capacity_bytes = detail::default_options.memory_capacity_bytes;
  /// Further folders for the store's segments, on other disks, 64 at most; default none. Each is empty, or does not
  /// exist yet in a folder that does, or is the store's already, wherever it was moved since. The store remembers
  /// them: later they need only be given where they have moved. Segments go to the store's own folder as long as
  /// there is room for a whole one, then to these in their order. Where one is not there, the store opens without it,
  /// and `Stats::missing_paths` counts it. A database in memory takes no notice of them.
  std::vector<std::filesystem::path> paths = {};
  /// About how much memory of its own the database keeps, in bytes, however much is stored, 4 MiB or more: three
  /// quarters for events and pieces of files that were read lately, the rest for what is not in the index yet; default
  /// 64 MiB.
  std::uint64_t memory_limit = detail::default_options.memory_limit;
  /// Whether opening makes the store where there is none; default true.
  bool create = detail::default_options.create != 0;
  /// Whether latencies are measured, which costs a few nanoseconds a call; default true.
  bool latencies = detail::default_options.latencies != 0;
};

namespace detail {

/// Options as the C library takes them, over the defaults of the library that is loaded.
class COptions {
 public:
  explicit COptions(const Options& options) : made_(make(options)) {}
  COptions(const COptions&) = delete;
  COptions& operator=(const COptions&) = delete;

  const Result<ouro_options>& c_options() const noexcept { return made_; }

 private:
  Result<ouro_options> make(const Options& options) {
    ouro_options made = OURO_OPTIONS_INIT;
    const Result<void> initialised = call(ouro_options_init, &made, sizeof made);
    if (!initialised) return initialised.error();
    made.durability = static_cast<std::int32_t>(options.durability);
    made.compression = static_cast<std::int32_t>(options.compression);
    made.minimum_free_bytes = options.minimum_free_bytes;
    made.segment_bytes = options.segment_bytes;
    made.memory_capacity_bytes = options.memory_capacity_bytes;
    made.create = options.create ? 1 : 0;
    made.latencies = options.latencies ? 1 : 0;
    for (const std::filesystem::path& path : options.paths) {
      Result<std::string> text = c_path(path);
      if (!text) return text.error();
      texts_.push_back(*std::move(text));
    }
    for (const std::string& text : texts_) paths_.push_back(text.c_str());
    made.paths = paths_.data();
    made.paths_len = paths_.size();
    made.memory_limit = options.memory_limit;
    return made;
  }

  std::vector<std::string> texts_;
  std::vector<const char*> paths_;
  /// Behind what it lends.
  Result<ouro_options> made_;
};

}  // namespace detail

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_OPTIONS_HPP
