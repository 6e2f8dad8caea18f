/// \file
/// Many events at once.

#ifndef OUROBOROSDB_BATCH_HPP
#define OUROBOROSDB_BATCH_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "call.hpp"
#include "control.hpp"
#include "event.hpp"
#include "event_id.hpp"
#include "new_event.hpp"
#include "options.hpp"
#include "sequence.hpp"
#include "source.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// An event of a batch, which has no id yet: a parent within the batch, and the place of its id in what
/// `Batch::commit` gives. A value.
class Member {
 public:
  /// The member that the C library gave.
  explicit Member(const ouro_member& member) noexcept : member_(member) {}

  /// The position in the batch, from 0.
  std::size_t index() const noexcept { return member_.index; }

  /// The C library's member.
  const ouro_member& c_member() const noexcept { return member_; }

 private:
  ouro_member member_;
};

/// Where a member of a batch hangs: under a stored event, or under an earlier member of the same batch.
class BatchParent {
 public:
  /// Under a stored event.
  BatchParent(const EventId& event) noexcept : parent_(ouro_batch_parent_event(event.c_id())) {}
  /// Under a stored event.
  BatchParent(const Event& event) noexcept : BatchParent(event.id()) {}
  /// Under an earlier member.
  BatchParent(const Member& member) noexcept : parent_(ouro_batch_parent_member(member.c_member())) {}

  /// The C library's parent.
  const ouro_batch_parent& c_parent() const noexcept { return parent_; }

 private:
  ouro_batch_parent parent_;
};

/// Ids that the library gave, in its own memory. It never changes, and threads may share it.
class IdList : public Owned<ouro_id_list, ouro_id_list_free>, public Sequence<IdList, EventId> {
 public:
  using Owned::Owned;

  /// How many ids.
  std::size_t size() const noexcept { return ouro_id_list_len(c_handle()); }
  /// The id at a position, which must be one.
  EventId operator[](std::size_t index) const noexcept { return ouro_id_list_data(c_handle())[index]; }
  /// The id of a member of the batch whose commit gave this list.
  EventId operator[](const Member& member) const noexcept { return (*this)[member.index()]; }
};

/// Events that become visible together or not at all. It holds no lock until `commit`; one that goes before is
/// discarded. Threads may share it.
class Batch : public Owned<ouro_batch, ouro_batch_free> {
 public:
  using Owned::Owned;

  /// Adds a root. Throws `invalid_text`; `title_too_long`; `batch_too_large`; `finished`; `closed`.
  Member create_root(std::string_view title) const { return try_create_root(title).value(); }
  /// As `create_root`, without throwing.
  Result<Member> try_create_root(std::string_view title) const {
    return member(detail::get<ouro_member>(ouro_batch_create_root, c_handle(), title.data(), title.size()));
  }

  /// Adds an event under a stored event or an earlier member. Throws as `Database::append`; `invalid_argument` for a
  /// member of another batch; `batch_too_large`; `finished`. After an error the batch is as it was.
  Member append(const BatchParent& parent, const NewEvent& event = {}) const {
    return try_append(parent, event).value();
  }
  /// As `append`, without throwing.
  Result<Member> try_append(const BatchParent& parent, const NewEvent& event = {}) const {
    const detail::CNewEvent c_event(event);
    return member(detail::get<ouro_member>(ouro_batch_append, c_handle(), parent.c_parent(), c_event.c_event()));
  }

  /// Adds an event that carries what the source gives. The bytes are stored now, the event at the commit. Throws as
  /// `Database::put_file` and `append`. After an error the batch is as it was.
  Member put_file(const BatchParent& parent, const Source& source, const NewEvent& event = {},
                  const Control& control = {}) const {
    return try_put_file(parent, source, event, control).value();
  }
  /// As `put_file`; throws only what the source or `control.progress` throws.
  Result<Member> try_put_file(const BatchParent& parent, const Source& source, const NewEvent& event = {},
                              const Control& control = {}) const {
    detail::CControl c_control(control);
    const detail::CSource c_source(source, c_control.caught());
    if (!c_source.c_source()) return c_source.c_source().error();
    const detail::CNewEvent c_event(event);
    const Result<ouro_member> added =
        detail::get<ouro_member>(ouro_batch_put_file, c_handle(), parent.c_parent(), *c_source.c_source(),
                                 c_event.c_event(), c_control.c_control());
    c_control.caught().rethrow();
    return member(added);
  }

  /// Members so far; 0 once the batch is committed or discarded.
  std::size_t size() const noexcept { return ouro_batch_len(c_handle()); }

  /// Makes all members visible at once, and gives their ids, which `ids[member]` finds. The batch is finished,
  /// whatever the answer; after an error nothing of it is visible. Throws `finished`; `parent_not_found`; and the
  /// errors of every write.
  IdList commit() const { return try_commit().value(); }
  /// As `commit`, without throwing.
  Result<IdList> try_commit() const { return detail::make<IdList>(ouro_batch_commit, c_handle()); }

  /// As `commit`, with a durability of its own: durable, it makes everything that was committed before durable too;
  /// buffered, it waits for no sync. Throws `invalid_argument` for what is neither, after which the batch is as it was.
  IdList commit(Durability durability) const { return try_commit(durability).value(); }
  /// As `commit`, without throwing.
  Result<IdList> try_commit(Durability durability) const {
    return detail::make<IdList>(ouro_batch_commit_with, c_handle(), static_cast<std::int32_t>(durability));
  }

  /// Throws all members away. Throws `finished`; `closed`.
  void discard() const { try_discard().value(); }
  /// As `discard`, without throwing.
  Result<void> try_discard() const { return detail::call(ouro_batch_discard, c_handle()); }

 private:
  static Result<Member> member(const Result<ouro_member>& added) {
    if (!added) return added.error();
    return Member(*added);
  }
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_BATCH_HPP
