/// \file
/// How the other headers call the C library: handles that free themselves, errors that become `Error`, and the
/// exceptions of callers that must not pass through the library.

#ifndef OUROBOROSDB_CALL_HPP
#define OUROBOROSDB_CALL_HPP

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "error.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {
/// A C handle that frees itself: moved, never copied. One that was moved from holds NULL, for which every call
/// answers `invalid_argument`.
template <class C, void (*Free)(C*)>
class Owned {
 public:
  /// The C library's type.
  using Handle = C;

  /// Takes a handle of the C library over.
  explicit Owned(C* handle) noexcept : handle_(handle) {}

  /// The handle, lent until this object goes.
  C* c_handle() const noexcept { return handle_.get(); }

  /// Gives the handle to the caller, who frees it.
  C* release() noexcept { return handle_.release(); }

 private:
  struct Freeing {
    void operator()(C* handle) const noexcept { Free(handle); }
  };
  std::unique_ptr<C, Freeing> handle_;
};

namespace detail {

/// The place for the error object of one call.
class Failing {
 public:
  Failing() noexcept = default;
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  ~Failing() { ouro_error_free(error_); }

  ouro_error** place() noexcept { return &error_; }

  Error error(ouro_status status) const {
    if (error_ == nullptr) return Error(static_cast<ErrorCode>(status), "the library gave no message");
    const auto code = static_cast<ErrorCode>(ouro_error_code(error_));
    return Error(code, ouro_error_message(error_), ouro_error_os_code(error_));
  }

 private:
  ouro_error* error_ = nullptr;
};

/// Calls a function that gives nothing.
template <class Function, class... Args>
Result<void> call(Function* function, Args... args) {
  Failing failing;
  const ouro_status status = function(args..., failing.place());
  if (status != OURO_OK) return failing.error(status);
  return {};
}

/// Calls a function that gives a value of a C type.
template <class C, class Function, class... Args>
Result<C> get(Function* function, Args... args) {
  C out{};
  Failing failing;
  const ouro_status status = function(args..., &out, failing.place());
  if (status != OURO_OK) return failing.error(status);
  return out;
}

/// Calls a function that gives a handle, which becomes a `T`.
template <class T, class Function, class... Args>
Result<T> make(Function* function, Args... args) {
  typename T::Handle* handle = nullptr;
  Failing failing;
  const ouro_status status = function(args..., &handle, failing.place());
  if (status != OURO_OK) return failing.error(status);
  return T(handle);
}

/// Calls a function that gives a handle, or NULL where there is nothing to give.
template <class T, class Function, class... Args>
Result<std::optional<T>> find(Function* function, Args... args) {
  typename T::Handle* handle = nullptr;
  Failing failing;
  const ouro_status status = function(args..., &handle, failing.place());
  if (status != OURO_OK) return failing.error(status);
  if (handle == nullptr) return std::optional<T>();
  return std::optional<T>(std::in_place, handle);
}

/// A path as the C library takes it; `invalid_argument` for one with a NUL inside, which C would cut short.
inline Result<std::string> c_path(const std::filesystem::path& path) {
#if defined(_WIN32)
  const auto text = path.u8string();
  std::string bytes(text.begin(), text.end());
#else
  std::string bytes = path.native();
#endif
  if (bytes.find('\0') != std::string::npos) {
    return Error(ErrorCode::invalid_argument, "the path has a NUL byte inside; no path of the system can have one");
  }
  return bytes;
}

/// A path that the C library gave.
inline std::filesystem::path cpp_path(const char* path) {
#if defined(_WIN32)
  return std::filesystem::u8path(path);
#else
  return std::filesystem::path(path);
#endif
}

/// Keeps what a caller's function throws while the library runs it, until the library has returned.
class Caught {
 public:
  /// Runs a function, and says whether it came to its end.
  template <class Function>
  bool run(Function&& function) noexcept {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    try {
      function();
      return true;
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
#else
    function();
    return true;
#endif
  }

  /// Whether a function threw.
  bool any() const noexcept { return thrown_ != nullptr; }

  /// Throws on what a function threw.
  void rethrow() {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
#endif
  }

 private:
  std::exception_ptr thrown_;
};

}  // namespace detail
}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_CALL_HPP
