/// \file
/// Where the bytes of a file come from.

#ifndef OUROBOROSDB_SOURCE_HPP
#define OUROBOROSDB_SOURCE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "bytes.hpp"
#include "call.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// Where the bytes of a file come from. Methods that take one take bytes, a `std::filesystem::path`, a
/// `std::istream` or a callable directly, and a descriptor by `Source::descriptor`. Bytes and streams are not copied,
/// and must last until the call that takes the source returns.
class Source {
 public:
  /// Writes the next bytes of a file to `buffer`, at most `capacity`, and returns how many; 0 at the end. What it
  /// throws leaves the method that took the source. It may call the database.
  using Read = std::function<std::size_t(void* buffer, std::size_t capacity)>;

  /// What a `Read` returns where it cannot go on, and does not throw: the call then fails with `source_failed`.
  static constexpr std::size_t failed = std::numeric_limits<std::size_t>::max();

  /// The file is these bytes: everything that `Bytes` is made of.
  template <class T, std::enable_if_t<std::is_convertible_v<const T&, Bytes>, int> = 0>
  Source(const T& bytes) : from_(Bytes(bytes)) {}

  /// The file is the one at this path. Text is bytes, not a path.
  template <class T, std::enable_if_t<std::is_same_v<T, std::filesystem::path>, int> = 0>
  Source(const T& path) : from_(path) {}

  /// The file is what the stream gives from its position to its end, taken from its buffer; the stream's state bits
  /// stay. A stream that has failed is refused with `source_failed`.
  Source(std::istream& stream) : from_(&stream) {}
  /// As for a stream that has a name.
  Source(std::istream&& stream) : from_(&stream) {}

  /// The file is what this callable gives, which is called as a `Read`.
  template <class T, std::enable_if_t<std::is_invocable_r_v<std::size_t, T&, void*, std::size_t> &&
                                          !std::is_convertible_v<const T&, Bytes>,
                                      int> = 0>
  Source(T callable) : from_(Read(std::move(callable))) {}

  /// The file is what an open descriptor gives from its position to its end. The descriptor stays open.
  static Source descriptor(int number) { return Source(Descriptor{number}); }

  /// Where the bytes come from: one of the five.
  struct Descriptor {
    /// The open descriptor.
    int number;
  };
  /// Where the bytes come from: one of the five.
  using From = std::variant<Bytes, std::filesystem::path, std::istream*, Read, Descriptor>;
  /// Where the bytes come from.
  const From& from() const noexcept { return from_; }

 private:
  explicit Source(Descriptor descriptor) : from_(descriptor) {}

  From from_;
};

namespace detail {

/// A source as the C library takes it, for one call. It lends what the source lends.
class CSource {
 public:
  CSource(const Source& source, Caught& caught) : caught_(caught), source_(make(source.from())) {}
  CSource(const CSource&) = delete;
  CSource& operator=(const CSource&) = delete;

  const Result<ouro_source>& c_source() const noexcept { return source_; }

 private:
  Result<ouro_source> make(const Source::From& from) {
    if (const auto* bytes = std::get_if<Bytes>(&from)) return ouro_source_bytes(bytes->data(), bytes->size());
    if (const auto* descriptor = std::get_if<Source::Descriptor>(&from)) {
      return ouro_source_descriptor(descriptor->number);
    }
    if (const auto* path = std::get_if<std::filesystem::path>(&from)) {
      Result<std::string> text = c_path(*path);
      if (!text) return text.error();
      path_ = *std::move(text);
      return ouro_source_path(path_.c_str());
    }
    if (const auto* stream = std::get_if<std::istream*>(&from)) {
      stream_ = *stream;
      if (stream_->fail()) return Error(ErrorCode::source_failed, "the stream has failed before anything was read");
      return ouro_source_callback(&CSource::read_stream, this);
    }
    read_ = std::get_if<Source::Read>(&from);
    if (!*read_) return Error(ErrorCode::invalid_argument, "the source is an empty std::function");
    return ouro_source_callback(&CSource::read_callable, this);
  }

  static std::ptrdiff_t read_callable(void* userdata, void* buffer, std::size_t capacity) noexcept {
    CSource& self = *static_cast<CSource*>(userdata);
    std::size_t count = Source::failed;
    // One that throws has not come to where `count` is set; one that fails says so by a count that is too large.
    self.caught_.run([&] { count = (*self.read_)(buffer, capacity); });
    return count > capacity ? -1 : static_cast<std::ptrdiff_t>(count);
  }

  static std::ptrdiff_t read_stream(void* userdata, void* buffer, std::size_t capacity) noexcept {
    CSource& self = *static_cast<CSource*>(userdata);
    const auto wanted = static_cast<std::streamsize>(capacity);
    std::streamsize count = -1;
    if constexpr (has_exceptions) {
      // Not `read`, which throws at the end of a stream that is told to throw where it fails.
      self.caught_.run([&] { count = self.stream_->rdbuf()->sgetn(static_cast<char*>(buffer), wanted); });
    } else {
      // The stream catches what its buffer throws, which a program without exceptions cannot.
      self.stream_->read(static_cast<char*>(buffer), wanted);
      if (!self.stream_->bad()) count = self.stream_->gcount();
    }
    return static_cast<std::ptrdiff_t>(count);
  }

  Caught& caught_;
  std::string path_;
  std::istream* stream_ = nullptr;
  const Source::Read* read_ = nullptr;
  Result<ouro_source> source_;
};

}  // namespace detail

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_SOURCE_HPP
