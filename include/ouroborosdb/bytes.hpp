/// \file
/// Bytes in, bytes out: views of the caller's memory, and memory that the library gave.

#ifndef OUROBOROSDB_BYTES_HPP
#define OUROBOROSDB_BYTES_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

#include "call.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {
namespace detail {

/// Whether memory of this type is bytes.
template <class T>
inline constexpr bool is_byte = std::is_same_v<T, char> || std::is_same_v<T, signed char> ||
                                std::is_same_v<T, unsigned char> || std::is_same_v<T, std::byte>
#if defined(__cpp_char8_t)
                                || std::is_same_v<T, char8_t>
#endif
    ;

/// What a container's elements are: `std::data` of it without the pointer.
template <class Container>
using Element = std::remove_pointer_t<decltype(std::data(std::declval<Container&>()))>;

template <class Container, class = void>
inline constexpr bool holds_bytes = false;
template <class Container>
inline constexpr bool
    holds_bytes<Container, std::void_t<Element<Container>, decltype(std::size(std::declval<Container&>()))>> =
        is_byte<std::remove_cv_t<Element<Container>>>;

/// Whether a container is an array of text, whose NUL at the end does not count.
template <class Container>
inline constexpr bool is_text_array =
    std::is_array_v<Container> && std::is_same_v<std::remove_cv_t<std::remove_extent_t<Container>>, char>;

}  // namespace detail

/// A view of bytes: a pointer and a length, as `std::string_view`. It owns nothing, and must not outlive what it is
/// made of.
class Bytes {
 public:
  /// No bytes.
  constexpr Bytes() noexcept = default;

  /// `size` bytes from `data` on; `data` may be null where there are none.
  Bytes(const void* data, std::size_t size) noexcept : data_(static_cast<const std::uint8_t*>(data)), size_(size) {}

  /// Text that ends with a NUL, which does not count.
  Bytes(const char* text) noexcept : Bytes(text, std::char_traits<char>::length(text)) {}

  /// What has `data()` and `size()` and holds bytes: `std::string`, `std::string_view`, `std::vector`,
  /// `std::array`, `std::span`, `Buffer`, of `char`, `unsigned char` or `std::byte`.
  template <class Container, std::enable_if_t<detail::holds_bytes<const Container> &&
                                                  !detail::is_text_array<Container> &&
                                                  !std::is_same_v<Container, Bytes>,
                                              int> = 0>
  Bytes(const Container& container) noexcept : Bytes(std::data(container), std::size(container)) {}

  /// The first byte; may be null where there are none.
  const std::uint8_t* data() const noexcept { return data_; }
  /// How many bytes.
  std::size_t size() const noexcept { return size_; }
  /// Whether there are none.
  bool empty() const noexcept { return size_ == 0; }
  /// The first byte.
  const std::uint8_t* begin() const noexcept { return data_; }
  /// Behind the last byte.
  const std::uint8_t* end() const noexcept { return data_ + size_; }
  /// The byte at a position, which must be one.
  std::uint8_t operator[](std::size_t index) const noexcept { return data_[index]; }

  /// The same bytes as text.
  std::string_view view() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }
  /// A copy of the bytes.
  std::string str() const { return std::string(view()); }

  /// Whether two views have the same bytes.
  friend bool operator==(Bytes a, Bytes b) noexcept { return a.view() == b.view(); }
  /// Whether two views have other bytes.
  friend bool operator!=(Bytes a, Bytes b) noexcept { return !(a == b); }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A view of memory that a call fills. It owns nothing.
class MutableBytes {
 public:
  /// `size` bytes from `data` on; `data` may be null where there are none.
  MutableBytes(void* data, std::size_t size) noexcept : data_(data), size_(size) {}

  /// What has `data()` and `size()` and holds bytes that may be written; an array with all of its elements.
  template <class Container, std::enable_if_t<detail::holds_bytes<std::remove_reference_t<Container>> &&
                                                  !std::is_const_v<detail::Element<std::remove_reference_t<Container>>>,
                                              int> = 0>
  MutableBytes(Container&& container) noexcept : MutableBytes(std::data(container), std::size(container)) {}

  /// The first byte.
  void* data() const noexcept { return data_; }
  /// How many bytes.
  std::size_t size() const noexcept { return size_; }

 private:
  void* data_;
  std::size_t size_;
};

/// Bytes that the library gave, in its own memory, without a copy. It never changes, and threads may share it.
class Buffer : public Owned<ouro_bytes, ouro_bytes_free> {
 public:
  using Owned::Owned;

  /// The first byte; lent until the buffer goes.
  const std::uint8_t* data() const noexcept { return static_cast<const std::uint8_t*>(ouro_bytes_data(c_handle())); }
  /// How many bytes.
  std::size_t size() const noexcept { return ouro_bytes_len(c_handle()); }
  /// Whether there are none.
  bool empty() const noexcept { return size() == 0; }
  /// The first byte.
  const std::uint8_t* begin() const noexcept { return data(); }
  /// Behind the last byte.
  const std::uint8_t* end() const noexcept { return data() + size(); }
  /// The bytes as text; lent until the buffer goes.
  std::string_view view() const noexcept { return Bytes(data(), size()).view(); }
  /// A copy of the bytes.
  std::string str() const { return std::string(view()); }
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_BYTES_HPP
