/// \file
/// A file that is stored together with others.

#ifndef OUROBOROSDB_NEW_FILE_HPP
#define OUROBOROSDB_NEW_FILE_HPP

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "call.hpp"
#include "event_id.hpp"
#include "new_event.hpp"
#include "options.hpp"
#include "source.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// A file for `Database::put_files`. What the source and the event lend must last until the call returns.
///
/// `db.put_files(parent, {{"some bytes"}, {std::filesystem::path("log.txt")}})`.
struct NewFile {
  /// Where its bytes come from. What is at a path must be a file, and no device or pipe: open these. No descriptor may
  /// be that of two files: they are read at once. Streams and callables are read on the thread that makes the call.
  Source source;
  /// What its event carries beside it. No durability, which is the call's.
  NewEvent event = {};
  /// The event that it hangs under; the one that the call names unless it is said here.
  std::optional<EventId> parent = {};
};

/// How `Database::put_files` goes about it.
struct PutFilesOptions {
  /// When the call is safe; as the database was opened unless it is said here.
  std::optional<Durability> durability = {};
};

namespace detail {

/// Options as the C library takes them.
inline ouro_put_files_options c_put_files_options(const PutFilesOptions& options) {
  ouro_put_files_options made = OURO_PUT_FILES_OPTIONS_INIT;
  made.has_durability = options.durability.has_value() ? 1 : 0;
  made.durability = static_cast<std::int32_t>(options.durability.value_or(Durability::durable));
  return made;
}

/// Files as the C library takes them, for one call. They lend what the files lend.
class CNewFiles {
 public:
  CNewFiles(const std::vector<NewFile>& files, Caught& caught) {
    files_.reserve(files.size());
    for (const NewFile& file : files) {
      const Result<ouro_source>& source = sources_.emplace_back(file.source, caught).c_source();
      if (!source) {
        const std::string which = "files[" + std::to_string(files_.size()) + "]: ";
        error_ = Error(source.error().code(), which + source.error().what());
        return;
      }
      ouro_new_file made = OURO_NEW_FILE_INIT;
      made.source = *source;
      made.new_event = events_.emplace_back(file.event).c_event();
      if (file.parent) made.parent = &file.parent->c_id();
      files_.push_back(made);
    }
  }
  CNewFiles(const CNewFiles&) = delete;
  CNewFiles& operator=(const CNewFiles&) = delete;

  /// What is wrong with a source before anything is called.
  const std::optional<Error>& error() const noexcept { return error_; }
  const ouro_new_file* data() const noexcept { return files_.data(); }
  std::size_t size() const noexcept { return files_.size(); }

 private:
  // Deques: their elements stay where they are.
  std::deque<CSource> sources_;
  std::deque<CNewEvent> events_;
  std::vector<ouro_new_file> files_;
  std::optional<Error> error_;
};

}  // namespace detail

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_NEW_FILE_HPP
