/// \file
/// Cursors: events, ids and roots, one after another, in pages, or as a range.

#ifndef OUROBOROSDB_CURSOR_HPP
#define OUROBOROSDB_CURSOR_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bytes.hpp"
#include "call.hpp"
#include "event.hpp"
#include "event_id.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

namespace detail {

/// The most that is asked of the C library at once, whatever limit a caller names.
inline constexpr std::size_t page_items_max = 1024;

}  // namespace detail

/// What is common to all cursors: one element at a time, a page at a time, and a range.
///
/// `Pages` knows the C functions of one kind of cursor. Programs name `EventCursor`, `IdCursor`, `RootCursor` and
/// `Changes`.
///
/// A cursor is used by one thread at a time: the range reads ahead, into the cursor.
template <class Pages>
class Cursor : public Owned<typename Pages::Handle, Pages::free> {
  using Base = Owned<typename Pages::Handle, Pages::free>;

 public:
  /// What the cursor gives.
  using Item = typename Pages::Item;
  using Base::Base;

  /// The next element; none at the end. Throws `closed`, and `corrupt` for an event that cannot be read: the cursor
  /// goes on behind it.
  std::optional<Item> next() { return try_next().value(); }
  /// As `next`, without throwing.
  Result<std::optional<Item>> try_next() {
    if (!ahead_.empty()) return std::optional<Item>(take_ahead());
    if (held_) return take_held();
    return Pages::next(this->c_handle());
  }

  /// The next elements, at most `limit`; none at the end. Throws as `next`, once the elements before are given out.
  std::vector<Item> page(std::size_t limit) { return try_page(limit).value(); }
  /// As `page`, without throwing.
  Result<std::vector<Item>> try_page(std::size_t limit) {
    std::vector<Item> items;
    while (items.size() < limit && !ahead_.empty()) items.push_back(take_ahead());
    while (items.size() < limit) {
      if (held_ && items.empty()) return take_held();
      if (held_) break;
      const std::size_t before = items.size();
      Result<void> filled = Pages::page(this->c_handle(), std::min(limit - before, detail::page_items_max), items);
      if (!filled && items.empty()) return filled.error();
      if (!filled) held_ = filled.error();
      if (items.size() == before) break;
    }
    return items;
  }

  /// The place of an element of the range. It must not outlive the cursor, nor the cursor be moved meanwhile.
  class iterator {
   public:
    /// One pass.
    using iterator_category = std::input_iterator_tag;
    /// What it gives.
    using value_type = Item;
    /// A number of elements.
    using difference_type = std::ptrdiff_t;
    /// What it points to.
    using pointer = Item*;
    /// What it refers to.
    using reference = Item&;

    /// The end.
    iterator() noexcept = default;
    /// The next element of a cursor.
    explicit iterator(Cursor* cursor) : cursor_(cursor) { ++*this; }

    /// The element, which may be moved out; it goes when the iterator advances.
    Item& operator*() const noexcept { return *cursor_->current_; }
    /// The element, which goes when the iterator advances.
    Item* operator->() const noexcept { return &*cursor_->current_; }
    /// Advances. Throws as `next`; the range then goes on behind what could not be read when `begin()` is called
    /// again.
    iterator& operator++() {
      Cursor* cursor = std::exchange(cursor_, nullptr);
      if (cursor->advance().value()) cursor_ = cursor;
      return *this;
    }
    /// Advances, and gives nothing: the element before is gone.
    void operator++(int) { ++*this; }

    /// Whether both have come to the end.
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.cursor_ == b.cursor_; }
    /// Whether only one has come to the end.
    friend bool operator!=(const iterator& a, const iterator& b) noexcept { return !(a == b); }

   private:
    Cursor* cursor_ = nullptr;
  };

  /// The elements that were not given out yet, read in pages: `for (Event& event : cursor)`. A loop that is left
  /// early loses nothing; `next`, `page` and another loop go on where it stopped. Throws as `next`.
  iterator begin() { return iterator(this); }
  /// Behind the last element.
  iterator end() noexcept { return iterator(); }

 protected:
  /// Whether something was read and not given out.
  bool has_read_ahead() const noexcept { return !ahead_.empty() || held_.has_value(); }

 private:
  friend class iterator;

  Item take_ahead() {
    Item item = std::move(ahead_.back());
    ahead_.pop_back();
    return item;
  }

  Error take_held() {
    Error error = *held_;
    held_.reset();
    return error;
  }

  /// Makes the next element the current one, and says whether there is one.
  Result<bool> advance() {
    current_.reset();
    if (ahead_.empty()) {
      if (held_) return take_held();
      // One page of the library's, which is bounded in bytes as well.
      Result<void> filled = Pages::page(this->c_handle(), Pages::read_ahead, ahead_);
      if (!filled && ahead_.empty()) return filled.error();
      if (!filled) held_ = filled.error();
      std::reverse(ahead_.begin(), ahead_.end());
    }
    if (ahead_.empty()) return false;
    current_.emplace(take_ahead());
    return true;
  }

  /// What was read and not given out, the last first.
  std::vector<Item> ahead_;
  /// Where an iterator stands.
  std::optional<Item> current_;
  /// Why reading stopped behind what was given out.
  std::optional<Error> held_;
};

namespace detail {

/// Calls a function that fills an array with events, the last of its arguments but for the error, and takes them over.
template <class Function, class... Args>
Result<void> fill_with_events(Function* function, std::size_t limit, std::vector<Event>& items, Args... args) {
  // Before the call, so that nothing can fail while the events are nobody's.
  if (items.capacity() - items.size() < limit) items.reserve(std::max(items.size() + limit, 2 * items.capacity()));
  std::array<ouro_event*, page_items_max> events;
  std::size_t count = 0;
  Result<void> read = call(function, args..., events.data(), limit, &count);
  for (std::size_t index = 0; index < count; ++index) items.emplace_back(events[index]);
  return read;
}

/// A page of a cursor's events.
template <class Function, class C>
Result<void> page_of_events(Function* function, C* cursor, std::size_t limit, std::vector<Event>& items) {
  return fill_with_events(function, limit, items, cursor);
}

struct EventPages {
  using Handle = ouro_event_cursor;
  using Item = Event;
  static constexpr std::size_t read_ahead = 128;
  static void free(Handle* handle) noexcept { ouro_event_cursor_free(handle); }

  static Result<std::optional<Event>> next(Handle* handle) { return find<Event>(ouro_event_cursor_next, handle); }
  static Result<void> page(Handle* handle, std::size_t limit, std::vector<Event>& items) {
    return page_of_events(ouro_event_cursor_page, handle, limit, items);
  }
};

struct IdPages {
  using Handle = ouro_id_cursor;
  using Item = EventId;
  static constexpr std::size_t read_ahead = page_items_max;
  static void free(Handle* handle) noexcept { ouro_id_cursor_free(handle); }

  static Result<std::optional<EventId>> next(Handle* handle) {
    ouro_event_id id;
    const Result<bool> found = get<bool>(ouro_id_cursor_next, handle, &id);
    if (!found) return found.error();
    return *found ? std::optional<EventId>(id) : std::nullopt;
  }
  static Result<void> page(Handle* handle, std::size_t limit, std::vector<EventId>& items) {
    std::array<ouro_event_id, page_items_max> ids;
    std::size_t count = 0;
    Result<void> read = call(ouro_id_cursor_page, handle, ids.data(), limit, &count);
    items.insert(items.end(), ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(count));
    return read;
  }
};

}  // namespace detail

/// A root of the title index.
struct RootEntry {
  /// The title, UTF-8.
  std::string title;
  /// The root.
  EventId root;
};

namespace detail {

struct RootPages {
  using Handle = ouro_root_cursor;
  using Item = RootEntry;
  static constexpr std::size_t read_ahead = 128;
  static void free(Handle* handle) noexcept { ouro_root_cursor_free(handle); }

  static Result<std::optional<RootEntry>> next(Handle* handle) {
    ouro_bytes* title = nullptr;
    ouro_event_id root;
    const Result<void> read = call(ouro_root_cursor_next, handle, &title, &root);
    if (!read) return read.error();
    const Buffer buffer(title);
    if (title == nullptr) return std::optional<RootEntry>();
    return std::optional<RootEntry>(RootEntry{buffer.str(), root});
  }
  static Result<void> page(Handle* handle, std::size_t limit, std::vector<RootEntry>& items) {
    std::array<ouro_bytes*, page_items_max> titles;
    std::array<ouro_event_id, page_items_max> roots;
    std::size_t count = 0;
    Result<void> read = call(ouro_root_cursor_page, handle, titles.data(), roots.data(), limit, &count);
    // Owned at once, so that all are freed where there is no memory for the copies.
    std::vector<std::unique_ptr<ouro_bytes, void (*)(ouro_bytes*)>> owned;
    owned.reserve(count);
    for (std::size_t index = 0; index < count; ++index) owned.emplace_back(titles[index], ouro_bytes_free);
    for (std::size_t index = 0; index < count; ++index) {
      const char* text = static_cast<const char*>(ouro_bytes_data(titles[index]));
      items.push_back(RootEntry{std::string(text, ouro_bytes_len(titles[index])), roots[index]});
    }
    return read;
  }
};

}  // namespace detail

/// Events, one after another, as of the moment the cursor was made. One thread at a time.
using EventCursor = Cursor<detail::EventPages>;

/// Ids of events, one after another, as of the moment the cursor was made. One thread at a time.
using IdCursor = Cursor<detail::IdPages>;

/// Roots with their titles, ascending by the bytes of the title, as of the moment the cursor was made. One thread at
/// a time.
using RootCursor = Cursor<detail::RootPages>;

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_CURSOR_HPP
