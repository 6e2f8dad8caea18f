/// \file
/// What a new event carries beside its file.

#ifndef OUROBOROSDB_NEW_EVENT_HPP
#define OUROBOROSDB_NEW_EVENT_HPP

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.hpp"
#include "event.hpp"
#include "event_id.hpp"
#include "options.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// What a new event carries beside its file; nothing is required. Names and bytes are views of the caller's memory,
/// which must last until the call that takes the event returns: give a string that is made on the spot within the
/// call itself, or keep it in a variable.
///
/// In C++20 `db.append(parent, {.metadata = "text/plain", .attributes = {{"place", "Lisbon"}}})`.
struct NewEvent {
  /// Bytes that describe the event, 16 MiB at most; descendants without metadata of their own inherit them. None is
  /// not the same as empty ones.
  std::optional<Bytes> metadata = {};
  /// Named values, 128 KiB together at most.
  std::vector<Attribute> attributes = {};
  /// Events that this one supersedes or joins, 1,024 at most.
  std::vector<EventId> follows = {};
  /// Whether the event may be collected again.
  bool temporary = false;
  /// When a temporary event may be collected, in milliseconds since 1970.
  std::optional<std::uint64_t> expires_ms = {};
  /// Whether full-text search should cover the event.
  bool full_text = false;
  /// When the call that makes the event is safe; as the database was opened unless it is said here. It is no part of
  /// the event. A durable call makes everything that was committed before durable too; a buffered one waits for no
  /// sync. Not for members of a batch, which is durable as a whole: see `Batch::commit`.
  std::optional<Durability> durability = {};
};

namespace detail {

/// A new event as the C library takes it. It lends what the new event lends.
class CNewEvent {
 public:
  explicit CNewEvent(const NewEvent& event) {
    if (event.metadata) {
      // Null would be no metadata, which empty ones are not.
      event_.metadata = event.metadata->data() == nullptr ? "" : static_cast<const void*>(event.metadata->data());
      event_.metadata_len = event.metadata->size();
    }
    attributes_.reserve(event.attributes.size());
    for (const Attribute& attribute : event.attributes) {
      attributes_.push_back(
          {attribute.name.data(), attribute.name.size(), attribute.value.data(), attribute.value.size()});
    }
    event_.attributes = attributes_.data();
    event_.attributes_len = attributes_.size();
    follows_.reserve(event.follows.size());
    for (const EventId& id : event.follows) follows_.push_back(id.c_id());
    event_.follows = follows_.data();
    event_.follows_len = follows_.size();
    event_.has_expires = event.expires_ms.has_value() ? 1 : 0;
    event_.expires_ms = event.expires_ms.value_or(0);
    event_.temporary = event.temporary ? 1 : 0;
    event_.full_text = event.full_text ? 1 : 0;
    event_.has_durability = event.durability.has_value() ? 1 : 0;
    event_.durability = static_cast<std::int32_t>(event.durability.value_or(Durability::durable));
  }
  CNewEvent(const CNewEvent&) = delete;
  CNewEvent& operator=(const CNewEvent&) = delete;

  const ouro_new_event* c_event() const noexcept { return &event_; }

 private:
  ouro_new_event event_ = OURO_NEW_EVENT_INIT;
  std::vector<ouro_attribute> attributes_;
  std::vector<ouro_event_id> follows_;
};

}  // namespace detail

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_NEW_EVENT_HPP
