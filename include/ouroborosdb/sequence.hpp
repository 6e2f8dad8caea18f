/// \file
/// What makes a class with `size()` and `operator[]` something to iterate over.

#ifndef OUROBOROSDB_SEQUENCE_HPP
#define OUROBOROSDB_SEQUENCE_HPP

#include <cstddef>
#include <iterator>

#include "namespace.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {
/// `begin()`, `end()` and `empty()` of a `View` whose elements are given by value. An iterator must not outlive the
/// object that gave it.
template <class View, class Item>
class Sequence {
 public:
  /// The place of an element.
  class iterator {
   public:
    /// One pass.
    using iterator_category = std::input_iterator_tag;
    /// What it gives.
    using value_type = Item;
    /// A number of elements.
    using difference_type = std::ptrdiff_t;
    /// None: elements are given by value.
    using pointer = void;
    /// What it gives, by value.
    using reference = Item;

    /// A place in nothing.
    iterator() noexcept = default;
    /// The place of an index.
    iterator(const View* view, std::size_t index) noexcept : view_(view), index_(index) {}

    /// The element.
    Item operator*() const noexcept { return (*view_)[index_]; }
    /// Advances.
    iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    /// Advances, and gives the place before.
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++index_;
      return before;
    }
    /// Whether the places are the same.
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.index_ == b.index_; }
    /// Whether the places differ.
    friend bool operator!=(const iterator& a, const iterator& b) noexcept { return a.index_ != b.index_; }

   private:
    const View* view_ = nullptr;
    std::size_t index_ = 0;
  };

  /// The first element.
  iterator begin() const noexcept { return {self(), 0}; }
  /// Behind the last element.
  iterator end() const noexcept { return {self(), self()->size()}; }
  /// Whether there are no elements.
  bool empty() const noexcept { return self()->size() == 0; }

 private:
  const View* self() const noexcept { return static_cast<const View*>(this); }
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_SEQUENCE_HPP
