/// \file
/// An event as it was stored.

#ifndef OUROBOROSDB_EVENT_HPP
#define OUROBOROSDB_EVENT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bytes.hpp"
#include "call.hpp"
#include "event_id.hpp"
#include "sequence.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// What an event is for. A later version of the library may give a number that is not among these.
enum class EventKind : std::uint8_t {
  /// An ordinary event.
  plain = OURO_EVENT_KIND_PLAIN,
  /// The top of a tree; it has a title and no parent.
  root = OURO_EVENT_KIND_ROOT,
  /// A named set of keys.
  keyspace = OURO_EVENT_KIND_KEYSPACE,
  /// One key of a keyspace.
  key = OURO_EVENT_KIND_KEY,
  /// A version of a key's value.
  value = OURO_EVENT_KIND_VALUE,
  /// A version that removes a key.
  tombstone = OURO_EVENT_KIND_TOMBSTONE,
  /// A step of a counter or a set.
  operation = OURO_EVENT_KIND_OPERATION,
  /// A version that joins others.
  merge = OURO_EVENT_KIND_MERGE,
  /// Settings that replicate.
  config = OURO_EVENT_KIND_CONFIG,
};

/// The name of a kind, such as `root`; `unknown` for one of a later version.
inline std::string_view name(EventKind kind) noexcept {
  return ouro_event_kind_name(static_cast<std::uint8_t>(kind));
}

/// A named value. A view: it must not outlive what lends it.
struct Attribute {
  /// The name: UTF-8 of 1 to 255 bytes.
  std::string_view name = {};
  /// The value: any bytes.
  Bytes value = {};
};

/// The attributes of an event, ascending by the bytes of their names: a view, which must not outlive the event.
class Attributes : public Sequence<Attributes, Attribute> {
 public:
  /// The attributes of an event of the C library.
  explicit Attributes(const ouro_event* event) noexcept : event_(event) {}

  /// How many attributes.
  std::size_t size() const noexcept { return ouro_event_get_attributes_len(event_); }

  /// The attribute at a position; an empty one behind the end.
  Attribute operator[](std::size_t index) const noexcept {
    ouro_attribute found{};
    if (!ouro_event_get_attribute_at(event_, index, &found)) return {};
    return {std::string_view(found.name, found.name_len), Bytes(found.value, found.value_len)};
  }

 private:
  const ouro_event* event_;
};

/// An event as it was stored: immutable, and independent of the database's life. Moved, never copied; what its
/// getters give as views is lent until it goes. Threads may share it.
class Event : public Owned<ouro_event, ouro_event_free> {
 public:
  using Owned::Owned;

  /// The event's name.
  EventId id() const noexcept { return ouro_event_get_id(c_handle()); }

  /// The event's name: every call that takes an id takes an event.
  operator EventId() const noexcept { return id(); }

  /// What the event is for.
  EventKind kind() const noexcept { return static_cast<EventKind>(ouro_event_get_kind(c_handle())); }

  /// The event that this one hangs under; none for a root.
  std::optional<EventId> parent() const noexcept {
    ouro_event_id out;
    if (!ouro_event_get_parent(c_handle(), &out)) return std::nullopt;
    return EventId(out);
  }

  /// The events that this one supersedes or joins, ascending; lent.
  EventIds follows() const noexcept {
    std::size_t size = 0;
    const ouro_event_id* ids = ouro_event_get_follows(c_handle(), &size);
    return {ids, size};
  }

  /// Who made the event: 16 bytes, drawn anew for each writer session; zeros for derived events.
  std::array<std::uint8_t, OURO_ORIGIN_BYTES> origin() const noexcept {
    std::array<std::uint8_t, OURO_ORIGIN_BYTES> out{};
    ouro_event_get_origin(c_handle(), out.data());
    return out;
  }

  /// When the event was made, in milliseconds since 1970; 0 for derived events.
  std::uint64_t time_ms() const noexcept { return ouro_event_get_time_ms(c_handle()); }

  /// Orders events of one millisecond.
  std::uint16_t time_counter() const noexcept { return ouro_event_get_time_counter(c_handle()); }

  /// This store's own commit order, from 1: not part of the id, and other on each replica.
  std::uint64_t sequence() const noexcept { return ouro_event_get_sequence(c_handle()); }

  /// The title of a root, UTF-8, lent; none for an event that is no root.
  std::optional<std::string_view> title() const noexcept {
    std::size_t size = 0;
    const char* text = ouro_event_get_title(c_handle(), &size);
    if (text == nullptr) return std::nullopt;
    return std::string_view(text, size);
  }

  /// The attributes, ascending by the bytes of their names; lent.
  Attributes attributes() const noexcept { return Attributes(c_handle()); }

  /// The value of the attribute of this name, lent; none where there is none. Throws `invalid_text` for a name
  /// that is not UTF-8.
  std::optional<Bytes> attribute(std::string_view name) const { return try_attribute(name).value(); }
  /// As `attribute`, without throwing.
  Result<std::optional<Bytes>> try_attribute(std::string_view name) const {
    const void* value = nullptr;
    std::size_t size = 0;
    const Result<void> asked =
        detail::call(ouro_event_get_attribute, c_handle(), name.data(), name.size(), &value, &size);
    if (!asked) return asked.error();
    return view(value, size);
  }

  /// The event's own metadata, lent; none where it has none. `Database::metadata` gives inherited metadata.
  std::optional<Bytes> metadata() const noexcept {
    std::size_t size = 0;
    const void* bytes = ouro_event_get_metadata(c_handle(), &size);
    return view(bytes, size);
  }

  /// How many bytes the event's file has; none where it carries no file.
  std::optional<std::uint64_t> content_length() const noexcept {
    std::uint64_t out = 0;
    if (!ouro_event_get_content_length(c_handle(), &out)) return std::nullopt;
    return out;
  }

  /// Whether the event may be collected again.
  bool temporary() const noexcept { return ouro_event_get_temporary(c_handle()); }

  /// When the event expires, in milliseconds since 1970; none where it does not.
  std::optional<std::uint64_t> expires_ms() const noexcept {
    std::uint64_t out = 0;
    if (!ouro_event_get_expires_ms(c_handle(), &out)) return std::nullopt;
    return out;
  }

  /// Whether full-text search should cover the event.
  bool full_text() const noexcept { return ouro_event_get_full_text(c_handle()); }

 private:
  static std::optional<Bytes> view(const void* bytes, std::size_t size) noexcept {
    if (bytes == nullptr) return std::nullopt;
    return Bytes(bytes, size);
  }
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_EVENT_HPP
