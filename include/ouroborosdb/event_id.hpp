/// \file
/// The name of an event.

#ifndef OUROBOROSDB_EVENT_ID_HPP
#define OUROBOROSDB_EVENT_ID_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "bytes.hpp"
#include "call.hpp"
#include "sequence.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

namespace detail {

/// Hexadecimal digits as the C library takes them; `invalid_id` for a text with a NUL inside, which C would cut short.
inline Result<std::string> c_digits(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return Error(ErrorCode::invalid_id, "an event id is hexadecimal digits; this text has a NUL byte inside");
  }
  return std::string(text);
}

}  // namespace detail

/// The name of an event: the SHA-512 of its canonical encoding. A value: copied, ordered by its bytes, and a key of
/// maps, ordered and unordered.
class EventId {
 public:
  /// Bytes of an id.
  static constexpr std::size_t byte_count = OURO_EVENT_ID_BYTES;

  /// 64 zeros, which name no event.
  EventId() noexcept : id_{} {}
  /// The id that the C library gave.
  EventId(const ouro_event_id& id) noexcept : id_(id) {}

  /// The id with these 128 hexadecimal digits of either case. Throws `invalid_id` for other text.
  static EventId from_hex(std::string_view text) { return try_from_hex(text).value(); }
  /// As `from_hex`, without throwing.
  static Result<EventId> try_from_hex(std::string_view text) {
    const Result<std::string> digits = detail::c_digits(text);
    if (!digits) return digits.error();
    return of(detail::get<ouro_event_id>(ouro_event_id_from_hex, digits->c_str()));
  }

  /// The id with these bytes. Throws `invalid_id` unless there are 64.
  static EventId from_bytes(Bytes bytes) { return try_from_bytes(bytes).value(); }
  /// As `from_bytes`, without throwing.
  static Result<EventId> try_from_bytes(Bytes bytes) {
    return of(detail::get<ouro_event_id>(ouro_event_id_from_bytes, bytes.data(), bytes.size()));
  }

  /// The 64 bytes.
  std::array<std::uint8_t, byte_count> bytes() const noexcept {
    std::array<std::uint8_t, byte_count> copy;
    std::memcpy(copy.data(), id_.bytes, byte_count);
    return copy;
  }

  /// The id as 128 lower-case hexadecimal digits.
  std::string str() const {
    char text[OURO_EVENT_ID_HEX_BYTES];
    ouro_event_id_to_hex(id_, text);
    return text;
  }

  /// The C library's id.
  const ouro_event_id& c_id() const noexcept { return id_; }

  /// Whether the ids are the same.
  friend bool operator==(const EventId& a, const EventId& b) noexcept { return a.compare(b) == 0; }
  /// Whether the ids differ.
  friend bool operator!=(const EventId& a, const EventId& b) noexcept { return a.compare(b) != 0; }
  /// Whether `a` comes before `b`, byte by byte.
  friend bool operator<(const EventId& a, const EventId& b) noexcept { return a.compare(b) < 0; }
  /// Whether `a` comes behind `b`, byte by byte.
  friend bool operator>(const EventId& a, const EventId& b) noexcept { return a.compare(b) > 0; }
  /// Whether `a` does not come behind `b`.
  friend bool operator<=(const EventId& a, const EventId& b) noexcept { return a.compare(b) <= 0; }
  /// Whether `a` does not come before `b`.
  friend bool operator>=(const EventId& a, const EventId& b) noexcept { return a.compare(b) >= 0; }

 private:
  static Result<EventId> of(const Result<ouro_event_id>& id) {
    if (!id) return id.error();
    return EventId(*id);
  }
  int compare(const EventId& other) const noexcept { return std::memcmp(id_.bytes, other.id_.bytes, byte_count); }

  ouro_event_id id_;
};

namespace detail {

/// Calls a function that gives an id.
template <class Function, class... Args>
Result<EventId> get_id(Function* function, Args... args) {
  const Result<ouro_event_id> id = get<ouro_event_id>(function, args...);
  if (!id) return id.error();
  return EventId(*id);
}

}  // namespace detail

/// Ids that an event lends: a view, which must not outlive it. Its elements are given by value.
class EventIds : public Sequence<EventIds, EventId> {
 public:
  /// The ids that the C library lent.
  EventIds(const ouro_event_id* ids, std::size_t size) noexcept : ids_(ids), size_(size) {}

  /// How many ids.
  std::size_t size() const noexcept { return size_; }
  /// The id at a position, which must be one.
  EventId operator[](std::size_t index) const noexcept { return ids_[index]; }

 private:
  const ouro_event_id* ids_;
  std::size_t size_;
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

namespace std {

/// An id is the output of a hash function: its first bytes are as good a hash as any.
template <>
struct hash<ouroborosdb::EventId> {
  /// The hash of an id.
  size_t operator()(const ouroborosdb::EventId& id) const noexcept {
    size_t value;
    memcpy(&value, id.c_id().bytes, sizeof value);
    return value;
  }
};

}  // namespace std

#endif  // OUROBOROSDB_EVENT_ID_HPP
