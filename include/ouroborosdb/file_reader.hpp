/// \file
/// A stored file, open for reading; and as a `std::istream`.

#ifndef OUROBOROSDB_FILE_READER_HPP
#define OUROBOROSDB_FILE_READER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <limits>
#include <optional>
#include <ostream>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

#include "bytes.hpp"
#include "call.hpp"
#include "control.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// What a new position is counted from.
enum class Seek : std::int32_t {
  /// The beginning of the file.
  start = OURO_SEEK_START,
  /// The position.
  current = OURO_SEEK_CURRENT,
  /// The end of the file.
  end = OURO_SEEK_END,
};

/// A stored file, open for reading; every byte is checked when it is read. Threads may share it; they share its
/// position too, which `read_at` leaves alone.
class FileReader : public Owned<ouro_file_reader, ouro_file_reader_free> {
 public:
  using Owned::Owned;

  /// Length of the file in bytes.
  std::uint64_t length() const noexcept { return ouro_file_reader_length(c_handle()); }

  /// Where the next read begins.
  std::uint64_t position() const noexcept { return ouro_file_reader_position(c_handle()); }

  /// Fills the buffer from the position on, which advances, and gives how many bytes: fewer than the buffer holds
  /// only at the end, 0 there. Throws `corrupt`, naming the event and the damaged place; `io`; `closed`.
  std::size_t read(MutableBytes buffer) const { return try_read(buffer).value(); }
  /// As `read`, without throwing.
  Result<std::size_t> try_read(MutableBytes buffer) const {
    return detail::get<std::size_t>(ouro_file_reader_read, c_handle(), buffer.data(), buffer.size());
  }

  /// Fills the buffer from `offset` on, and gives how many bytes: fewer than the buffer holds only at the end. The
  /// position stays. Throws as `read`.
  std::size_t read_at(std::uint64_t offset, MutableBytes buffer) const { return try_read_at(offset, buffer).value(); }
  /// As `read_at`, without throwing.
  Result<std::size_t> try_read_at(std::uint64_t offset, MutableBytes buffer) const {
    return detail::get<std::size_t>(ouro_file_reader_read_at, c_handle(), offset, buffer.data(), buffer.size());
  }

  /// Moves the position by `offset` bytes from the beginning, the position or the end, and gives the new one. Past
  /// the end is allowed; reads there give nothing. Throws `invalid_argument` before the beginning and beyond 64
  /// bits; `closed`.
  std::uint64_t seek(Seek from, std::int64_t offset) const { return try_seek(from, offset).value(); }
  /// As `seek`, without throwing.
  Result<std::uint64_t> try_seek(Seek from, std::int64_t offset) const {
    return detail::get<std::uint64_t>(ouro_file_reader_seek, c_handle(), static_cast<std::int32_t>(from), offset);
  }

  /// Writes the file to the stream, from the position on to the end, and gives how many bytes that were. The position
  /// advances with what was written, also where the call fails. The bytes go to the stream's buffer; where that takes
  /// no more the stream's `badbit` is set. `control` counts bytes. Throws `io` where the stream fails; what the stream
  /// or `control.progress` throws; `cancelled`; as `read`.
  std::uint64_t write_to(std::ostream& stream, const Control& control = {}) const {
    return try_write_to(stream, control).value();
  }
  /// As `write_to`; throws only what the stream or `control.progress` throws.
  Result<std::uint64_t> try_write_to(std::ostream& stream, const Control& control = {}) const;

  /// As `write_to` for a stream, to an open descriptor, which stays open. Throws `disk_full` or `io` where it takes no
  /// more.
  std::uint64_t write_to_descriptor(int descriptor, const Control& control = {}) const {
    return try_write_to_descriptor(descriptor, control).value();
  }
  /// As `write_to_descriptor`; throws only what `control.progress` throws.
  Result<std::uint64_t> try_write_to_descriptor(int descriptor, const Control& control = {}) const {
    detail::CControl c_control(control);
    Result<std::uint64_t> written = detail::get<std::uint64_t>(ouro_file_reader_write_to_descriptor, c_handle(),
                                                               descriptor, c_control.c_control());
    c_control.caught().rethrow();
    return written;
  }

  /// As `write_to` for a stream, to a new file at `path`. Where it fails no file is left there. Throws `already_exists`
  /// where there is something at the path, be it a symbolic link; `path_not_found` where its folder is missing;
  /// `permission_denied`; `invalid_argument` for a path in the store's own folder; `disk_full`; `io`.
  std::uint64_t write_to_path(const std::filesystem::path& path, const Control& control = {}) const {
    return try_write_to_path(path, control).value();
  }
  /// As `write_to_path`; throws only what `control.progress` throws.
  Result<std::uint64_t> try_write_to_path(const std::filesystem::path& path, const Control& control = {}) const {
    const Result<std::string> c_path = detail::c_path(path);
    if (!c_path) return c_path.error();
    detail::CControl c_control(control);
    Result<std::uint64_t> written = detail::get<std::uint64_t>(ouro_file_reader_write_to_path, c_handle(),
                                                               c_path->c_str(), c_control.c_control());
    c_control.caught().rethrow();
    return written;
  }
};

namespace detail {

/// A stream as the C library gives a file to, for one call.
struct StreamTarget {
  std::ostream& stream;
  Caught& caught;

  static std::ptrdiff_t write(void* userdata, const void* bytes, std::size_t length) noexcept {
    StreamTarget& self = *static_cast<StreamTarget*>(userdata);
    std::streamsize count = 0;
    // Not `write`, which says only whether all went well.
    self.caught.run([&] {
      count = self.stream.rdbuf()->sputn(static_cast<const char*>(bytes), static_cast<std::streamsize>(length));
      if (count <= 0) self.stream.setstate(std::ios_base::badbit);
    });
    return count > 0 ? static_cast<std::ptrdiff_t>(count) : -1;
  }
};

}  // namespace detail

inline Result<std::uint64_t> FileReader::try_write_to(std::ostream& stream, const Control& control) const {
  if (!stream.good() || stream.rdbuf() == nullptr) {
    return Error(ErrorCode::io, "the stream has failed before anything was written");
  }
  detail::CControl c_control(control);
  detail::StreamTarget target{stream, c_control.caught()};
  Result<std::uint64_t> written =
      detail::get<std::uint64_t>(ouro_file_reader_write_to_callback, c_handle(), &detail::StreamTarget::write,
                                 static_cast<void*>(&target), c_control.c_control());
  c_control.caught().rethrow();
  return written;
}

namespace detail {

/// The buffer of a stream over a reader. `gptr` to `egptr` are the bytes before the reader's own position.
class ReaderBuffer : public std::streambuf {
 public:
  explicit ReaderBuffer(FileReader reader) : reader_(std::move(reader)) {}

  const FileReader& reader() const noexcept { return reader_; }
  const std::optional<Error>& error() const noexcept { return error_; }

 protected:
  int_type underflow() override {
    if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
    const std::size_t count = read(buffer_.data(), buffer_.size());
    setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
    return count == 0 ? traits_type::eof() : traits_type::to_int_type(*gptr());
  }

  std::streamsize xsgetn(char* to, std::streamsize wanted) override {
    const std::streamsize ahead = std::min<std::streamsize>(egptr() - gptr(), wanted);
    traits_type::copy(to, gptr(), static_cast<std::size_t>(ahead));
    setg(eback(), gptr() + ahead, egptr());
    // Straight to where the bytes go: they need not pass through the buffer.
    const std::size_t beyond = read(to + ahead, static_cast<std::size_t>(wanted - ahead));
    // What is before the position then is not in the buffer: putting a byte back fails, and gives no other one.
    if (beyond > 0) setg(buffer_.data(), buffer_.data(), buffer_.data());
    return ahead + static_cast<std::streamsize>(beyond);
  }

  std::streamsize showmanyc() override {
    const std::uint64_t length = reader_.length(), position = reader_.position();
    return length > position ? static_cast<std::streamsize>(length - position) : -1;
  }

  pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode which) override {
    if ((which & std::ios_base::in) == 0) return pos_type(off_type(-1));
    // The reader is ahead of the stream by what the buffer still holds.
    const off_type ahead = egptr() - gptr();
    if (from == std::ios_base::cur) {
      // Asking for the position, which is no reason to read again what the buffer holds.
      if (offset == 0) return pos_type(static_cast<off_type>(reader_.position()) - ahead);
      if (offset < std::numeric_limits<off_type>::min() + ahead) return pos_type(off_type(-1));
      offset -= ahead;
    }
    const Seek seek = from == std::ios_base::beg ? Seek::start : from == std::ios_base::cur ? Seek::current : Seek::end;
    const Result<std::uint64_t> position = reader_.try_seek(seek, offset);
    if (!position) return pos_type(off_type(-1));
    setg(buffer_.data(), buffer_.data(), buffer_.data());
    return pos_type(static_cast<off_type>(*position));
  }

  pos_type seekpos(pos_type position, std::ios_base::openmode which) override {
    return seekoff(off_type(position), std::ios_base::beg, which);
  }

 private:
  static constexpr std::size_t buffer_bytes = 64 * 1024;

  /// An error ends the stream: thrown, it sets `badbit`; kept, it tells the end from a failure without exceptions.
  std::size_t read(char* to, std::size_t wanted) {
    if (wanted == 0) return 0;
    const Result<std::size_t> count = reader_.try_read({to, wanted});
    if (count) return *count;
    error_ = count.error();
    if constexpr (has_exceptions) raise(count.error());
    return 0;
  }

  FileReader reader_;
  std::optional<Error> error_;
  std::vector<char> buffer_ = std::vector<char>(buffer_bytes);
};

}  // namespace detail

/// A stored file as a `std::istream`, with seeking. A failure sets `badbit`, and throws the `Error` where the stream's
/// `exceptions()` say so; without exceptions it looks like the end of the file. `error()` tells. One thread at a time.
class FileInput : public std::istream {
 public:
  /// Reads from the reader's position on.
  explicit FileInput(FileReader reader) : std::istream(nullptr), buffer_(std::move(reader)) { rdbuf(&buffer_); }

  /// The reader. Its position is ahead of the stream's, which `tellg` gives.
  const FileReader& reader() const noexcept { return buffer_.reader(); }

  /// Why reading failed; none where it did not. Lent until the stream goes.
  const std::optional<Error>& error() const noexcept { return buffer_.error(); }

 private:
  detail::ReaderBuffer buffer_;
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_FILE_READER_HPP
