/// \file
/// Why a call failed: the codes, the exception, and the result of the forms that do not throw.
///
/// Every operation that can fail has two names. `m(...)` gives what it made, and throws an `Error`. `try_m(...)`
/// gives a `Result` of it, and throws nothing of its own; it is the form for programs without exceptions, in which
/// `m(...)` prints the error and ends the program.

#ifndef OUROBOROSDB_ERROR_HPP
#define OUROBOROSDB_ERROR_HPP

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "namespace.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// What kind of failure an `Error` is. The numbers are the C library's, and are never reused. A later version of
/// the library may answer a number that is not among these.
enum class ErrorCode : std::int32_t {
  /// An argument has a value that the operation does not take.
  invalid_argument = OURO_ERROR_INVALID_ARGUMENT,
  /// An event id is not 64 bytes or 128 hexadecimal digits.
  invalid_id = OURO_ERROR_INVALID_ID,
  /// A title or attribute name is not UTF-8 text.
  invalid_text = OURO_ERROR_INVALID_TEXT,
  /// An argument has a type that the operation does not take.
  wrong_type = OURO_ERROR_WRONG_TYPE,
  /// The text of a change cursor is malformed.
  invalid_cursor = OURO_ERROR_INVALID_CURSOR,
  /// The ids of several events begin with the digits given.
  ambiguous_id = OURO_ERROR_AMBIGUOUS_ID,
  /// A title is longer than 64 KiB.
  title_too_long = OURO_ERROR_TITLE_TOO_LONG,
  /// An attribute name is longer than 255 bytes.
  attribute_name_too_long = OURO_ERROR_ATTRIBUTE_NAME_TOO_LONG,
  /// The attributes of an event are larger than 128 KiB together.
  attributes_too_large = OURO_ERROR_ATTRIBUTES_TOO_LARGE,
  /// The metadata of an event is larger than 16 MiB.
  metadata_too_large = OURO_ERROR_METADATA_TOO_LARGE,
  /// An event follows more than 1,024 others.
  too_many_follows = OURO_ERROR_TOO_MANY_FOLLOWS,
  /// A batch is larger than its stated largest size.
  batch_too_large = OURO_ERROR_BATCH_TOO_LARGE,
  /// An event has two attributes of one name.
  duplicate_attribute = OURO_ERROR_DUPLICATE_ATTRIBUTE,
  /// The store holds no event of this id.
  event_not_found = OURO_ERROR_EVENT_NOT_FOUND,
  /// The store holds no event of the id given as parent.
  parent_not_found = OURO_ERROR_PARENT_NOT_FOUND,
  /// An event of this kind may not hang under this parent.
  invalid_parent = OURO_ERROR_INVALID_PARENT,
  /// The event carries no file.
  no_content = OURO_ERROR_NO_CONTENT,
  /// There is nothing at this path.
  path_not_found = OURO_ERROR_PATH_NOT_FOUND,
  /// What is at this path is not a store.
  not_a_store = OURO_ERROR_NOT_A_STORE,
  /// The store was written by a newer version of the library.
  newer_format = OURO_ERROR_NEWER_FORMAT,
  /// Another process has the store open for writing.
  locked = OURO_ERROR_LOCKED,
  /// The operating system does not permit the access.
  permission_denied = OURO_ERROR_PERMISSION_DENIED,
  /// The database was opened read-only.
  read_only = OURO_ERROR_READ_ONLY,
  /// The change cursor was given out by another store.
  cursor_of_another_store = OURO_ERROR_CURSOR_OF_ANOTHER_STORE,
  /// The target of an export exists already.
  already_exists = OURO_ERROR_ALREADY_EXISTS,
  /// The name of a stored folder entry could lead outside the export's folder.
  unsafe_name = OURO_ERROR_UNSAFE_NAME,
  /// The event is not a folder entry.
  not_exportable = OURO_ERROR_NOT_EXPORTABLE,
  not_a_backup = OURO_ERROR_NOT_A_BACKUP,
  /// The database is closed.
  closed = OURO_ERROR_CLOSED,
  /// The writer or batch is finished and takes nothing more.
  finished = OURO_ERROR_FINISHED,
  /// The call was cancelled.
  cancelled = OURO_ERROR_CANCELLED,
  /// A write failed earlier; the database must be reopened before it writes again.
  poisoned = OURO_ERROR_POISONED,
  /// The caller's own source of bytes failed.
  source_failed = OURO_ERROR_SOURCE_FAILED,
  /// The operating system reported an error.
  io = OURO_ERROR_IO,
  /// The disk, or the room that the options leave, is full.
  disk_full = OURO_ERROR_DISK_FULL,
  /// Stored bytes are damaged.
  corrupt = OURO_ERROR_CORRUPT,
  /// A fault of the library itself; please report it.
  internal = OURO_ERROR_INTERNAL,
};

/// The number of a code, the same in every language.
constexpr std::int32_t number(ErrorCode code) noexcept { return static_cast<std::int32_t>(code); }

/// The stable name of a code, such as `parent_not_found`; empty for a number that is none.
inline std::string_view name(ErrorCode code) noexcept {
  const char* text = ouro_error_code_name(number(code));
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// What a code means, in one line; empty for a number that is none.
inline std::string_view meaning(ErrorCode code) noexcept {
  const char* text = ouro_error_code_meaning(number(code));
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// The code of this number, if it is one.
inline std::optional<ErrorCode> error_code_from_number(std::int32_t number) noexcept {
  if (ouro_error_code_name(number) == nullptr) return std::nullopt;
  return static_cast<ErrorCode>(number);
}

/// The code of this name, if it is one.
inline std::optional<ErrorCode> error_code_from_name(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return std::nullopt;
  const ouro_status code = ouro_error_code_from_name(std::string(name).c_str());
  if (code == OURO_OK) return std::nullopt;
  return static_cast<ErrorCode>(code);
}

/// Why a call failed. `what()` is one line of UTF-8 that says what happened and what to do. It never changes, and
/// threads may share it.
class Error : public std::runtime_error {
 public:
  /// An error with this code, message, and error number of the operating system.
  Error(ErrorCode code, const std::string& message, std::int32_t os_code = 0)
      : std::runtime_error(message), code_(code), os_code_(os_code) {}

  /// What kind of failure it is.
  ErrorCode code() const noexcept { return code_; }

  /// The stable name of the code, such as `parent_not_found`. It lives as long as the program.
  std::string_view name() const noexcept { return ouroborosdb::name(code_); }

  /// The operating system's error number (`errno`), 0 where it reported none.
  std::int32_t os_code() const noexcept { return os_code_; }

 private:
  ErrorCode code_;
  std::int32_t os_code_;
};

namespace detail {

/// Throws the error. Without exceptions there is nothing to throw: it is printed, and the program ends.
[[noreturn]] inline void raise(const Error& error) {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw error;
#else
  std::fprintf(stderr, "ouroborosdb: %s; call the form of the method that begins with try_\n", error.what());
  std::abort();
#endif
}

}  // namespace detail

/// What a call gave, or why it failed. The value of a failed call, and the error of one that succeeded, must not
/// be asked for, but by `value()`, which throws the error.
template <class T>
class [[nodiscard]] Result {
 public:
  /// A call that gave this.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  /// A call that failed.
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  /// Whether the call succeeded.
  bool has_value() const noexcept { return state_.index() == 0; }
  /// Whether the call succeeded.
  explicit operator bool() const noexcept { return has_value(); }

  /// What the call gave. Throws its error if it failed.
  T& value() & {
    check();
    return **this;
  }
  /// What the call gave. Throws its error if it failed.
  const T& value() const& {
    check();
    return **this;
  }
  /// What the call gave, moved out. Throws its error if it failed.
  T value() && {
    check();
    return std::move(**this);
  }

  /// What the call gave; only of one that succeeded.
  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  /// What the call gave; only of one that succeeded.
  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
  /// What the call gave; only of one that succeeded.
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  /// What the call gave; only of one that succeeded.
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  /// What the call gave; only of one that succeeded.
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

  /// Why the call failed; only of one that failed. Lent until the result goes.
  const Error& error() const noexcept { return *std::get_if<1>(&state_); }

 private:
  void check() const {
    if (!has_value()) detail::raise(error());
  }

  std::variant<T, Error> state_;
};

/// Whether a call that gives nothing succeeded, or why it failed.
template <>
class [[nodiscard]] Result<void> {
 public:
  /// A call that succeeded.
  Result() noexcept = default;
  /// A call that failed.
  Result(Error error) : error_(std::move(error)) {}

  /// Whether the call succeeded.
  bool has_value() const noexcept { return !error_.has_value(); }
  /// Whether the call succeeded.
  explicit operator bool() const noexcept { return has_value(); }

  /// Throws the error of a call that failed.
  void value() const {
    if (error_) detail::raise(*error_);
  }

  /// Why the call failed; only of one that failed. Lent until the result goes.
  const Error& error() const noexcept { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_ERROR_HPP
