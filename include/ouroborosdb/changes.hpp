/// \file
/// The change feed.

#ifndef OUROBOROSDB_CHANGES_HPP
#define OUROBOROSDB_CHANGES_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "call.hpp"
#include "control.hpp"
#include "cursor.hpp"
#include "event.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

namespace detail {

struct ChangePages {
  using Handle = ouro_changes;
  using Item = Event;
  /// One: what was read ahead would be behind the place that `Changes::cursor` names.
  static constexpr std::size_t read_ahead = 1;
  static void free(Handle* handle) noexcept { ouro_changes_free(handle); }

  static Result<std::optional<Event>> next(Handle* handle) { return find<Event>(ouro_changes_next, handle); }
  static Result<void> page(Handle* handle, std::size_t limit, std::vector<Event>& items) {
    return page_of_events(ouro_changes_page, handle, limit, items);
  }
};

/// The text of a change cursor as the C library takes it; `invalid_cursor` for one with a NUL inside.
inline Result<std::string> c_change_cursor(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return Error(ErrorCode::invalid_cursor, "the change cursor has a NUL byte inside; pass the text that was given");
  }
  return std::string(text);
}

}  // namespace detail

/// The events behind a place in the change feed, in commit order. It ends at the last durable event; asked again
/// later, by `next`, `page` or another loop, it goes on from there. One thread at a time.
class Changes : public Cursor<detail::ChangePages> {
 public:
  using Cursor::Cursor;

  /// As `page`, but where there are no events yet it waits for them, at most for `timeout`, which may be
  /// `std::chrono::milliseconds::max()`. A database that was opened read-only looks at what its writer has committed
  /// meanwhile, in whichever process that is; it looks once where it may not wait at all. At most 1,024 at once.
  /// `control.progress` is told that nothing has come yet, with zeros. Throws as `page`; `cancelled`; `closed` within a
  /// moment of another thread's closing the database.
  std::vector<Event> watch(std::size_t limit, std::chrono::milliseconds timeout, const Control& control = {}) {
    return try_watch(limit, timeout, control).value();
  }
  /// As `watch`; throws only what `control.progress` throws.
  Result<std::vector<Event>> try_watch(std::size_t limit, std::chrono::milliseconds timeout,
                                       const Control& control = {}) {
    if (has_read_ahead()) return try_page(limit);
    const auto timeout_ms = static_cast<std::uint64_t>(std::max<std::chrono::milliseconds::rep>(timeout.count(), 0));
    std::vector<Event> events;
    detail::CControl c_control(control);
    const Result<void> watched =
        detail::fill_with_events(ouro_changes_watch, std::min(limit, detail::page_items_max), events, c_handle(),
                                 timeout_ms, c_control.c_control());
    c_control.caught().rethrow();
    if (!watched) return watched.error();
    return events;
  }

  /// The text of the place behind the last event given out: keep it to go on later, in `Database::changes`. Throws
  /// `closed`.
  std::string cursor() const { return try_cursor().value(); }
  /// As `cursor`, without throwing.
  Result<std::string> try_cursor() const {
    char text[OURO_CHANGE_CURSOR_BYTES];
    const Result<void> asked = detail::call(ouro_changes_cursor, c_handle(), static_cast<char*>(text));
    if (!asked) return asked.error();
    return std::string(text);
  }
};

/// As `change_cursor_sequence`, without throwing.
inline Result<std::uint64_t> try_change_cursor_sequence(std::string_view cursor) {
  const Result<std::string> text = detail::c_change_cursor(cursor);
  if (!text) return text.error();
  return detail::get<std::uint64_t>(ouro_change_cursor_sequence, text->c_str());
}

/// The sequence number of the last event before the place that the text of a change cursor names; 0 at the
/// beginning. Throws `invalid_cursor`.
inline std::uint64_t change_cursor_sequence(std::string_view cursor) {
  return try_change_cursor_sequence(cursor).value();
}

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_CHANGES_HPP
