/// \file
/// A file on its way in; and as a `std::ostream`.

#ifndef OUROBOROSDB_FILE_WRITER_HPP
#define OUROBOROSDB_FILE_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <streambuf>
#include <utility>
#include <vector>

#include "bytes.hpp"
#include "call.hpp"
#include "event_id.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// A file on its way in, which the caller pushes. Nothing is visible before `finish`; a writer that goes before is
/// aborted. Threads may share it; each write is taken whole.
class FileWriter : public Owned<ouro_file_writer, ouro_file_writer_free> {
 public:
  using Owned::Owned;

  /// Takes all of the bytes. Throws `finished` after finish or abort, and the errors of every write, after which the
  /// writer is finished.
  void write(Bytes bytes) const { try_write(bytes).value(); }
  /// As `write`, without throwing.
  Result<void> try_write(Bytes bytes) const {
    return detail::call(ouro_file_writer_write, c_handle(), bytes.data(), bytes.size());
  }

  /// Bytes taken so far.
  std::uint64_t length() const noexcept { return ouro_file_writer_length(c_handle()); }

  /// Makes the event, and gives its id. The writer is finished, whatever the answer. Throws `finished`, and the
  /// errors of every write.
  EventId finish() const { return try_finish().value(); }
  /// As `finish`, without throwing.
  Result<EventId> try_finish() const { return detail::get_id(ouro_file_writer_finish, c_handle()); }

  /// Ends the writer without an event. Throws `finished`; `closed`.
  void abort() const { try_abort().value(); }
  /// As `abort`, without throwing.
  Result<void> try_abort() const { return detail::call(ouro_file_writer_abort, c_handle()); }
};

namespace detail {

/// The buffer of a stream over a writer.
class WriterBuffer : public std::streambuf {
 public:
  explicit WriterBuffer(FileWriter writer) : writer_(std::move(writer)) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }

  const FileWriter& writer() const noexcept { return writer_; }
  const std::optional<Error>& error() const noexcept { return error_; }

  /// Gives the writer what the buffer holds. After an error nothing more is given.
  Result<void> flush() {
    const Result<void> written = write(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return written;
  }

 protected:
  int_type overflow(int_type byte) override {
    if (!succeeded(flush())) return traits_type::eof();
    if (traits_type::eq_int_type(byte, traits_type::eof())) return traits_type::not_eof(byte);
    *pptr() = traits_type::to_char_type(byte);
    pbump(1);
    return byte;
  }

  std::streamsize xsputn(const char* from, std::streamsize count) override {
    if (count < static_cast<std::streamsize>(buffer_.size())) return std::streambuf::xsputn(from, count);
    const bool written = succeeded(flush()) && succeeded(write(from, static_cast<std::size_t>(count)));
    return written ? count : 0;
  }

  int sync() override { return succeeded(flush()) ? 0 : -1; }

 private:
  static constexpr std::size_t buffer_bytes = 64 * 1024;

  Result<void> write(const char* from, std::size_t count) {
    if (error_) return *error_;
    if (count == 0) return {};
    Result<void> written = writer_.try_write({from, count});
    if (!written) error_ = written.error();
    return written;
  }

  /// An error is thrown where it can be: the stream sets `badbit`, and throws it on where it is told to.
  static bool succeeded(const Result<void>& written) {
    if constexpr (has_exceptions) {
      if (!written) raise(written.error());
    }
    return written.has_value();
  }

  FileWriter writer_;
  std::optional<Error> error_;
  std::vector<char> buffer_ = std::vector<char>(buffer_bytes);
};

}  // namespace detail

/// A file on its way in as a `std::ostream`. A failure sets `badbit`, and throws the `Error` where the stream's
/// `exceptions()` say so; `finish` fails with it. A stream that goes unfinished leaves no event. One thread at a time.
class FileOutput : public std::ostream {
 public:
  /// Writes to the end of what the writer has taken.
  explicit FileOutput(FileWriter writer) : std::ostream(nullptr), buffer_(std::move(writer)) { rdbuf(&buffer_); }

  /// The writer. Its length leaves out what the stream's buffer holds.
  const FileWriter& writer() const noexcept { return buffer_.writer(); }

  /// Why writing failed; none where it did not. Lent until the stream goes.
  const std::optional<Error>& error() const noexcept { return buffer_.error(); }

  /// Makes the event of all that was written, and gives its id. Throws the first error of the stream, and as
  /// `FileWriter::finish`.
  EventId finish() { return try_finish().value(); }
  /// As `finish`, without throwing.
  Result<EventId> try_finish() {
    const Result<void> flushed = buffer_.flush();
    if (!flushed) return flushed.error();
    return writer().try_finish();
  }

 private:
  detail::WriterBuffer buffer_;
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_FILE_WRITER_HPP
