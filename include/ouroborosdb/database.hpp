/// \file
/// The database: opening, making events, asking for them, files and folders in and out, upkeep.

#ifndef OUROBOROSDB_DATABASE_HPP
#define OUROBOROSDB_DATABASE_HPP

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "batch.hpp"
#include "bytes.hpp"
#include "call.hpp"
#include "changes.hpp"
#include "control.hpp"
#include "cursor.hpp"
#include "event.hpp"
#include "event_id.hpp"
#include "file_reader.hpp"
#include "file_writer.hpp"
#include "import_options.hpp"
#include "new_event.hpp"
#include "new_file.hpp"
#include "options.hpp"
#include "report.hpp"
#include "source.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// The version of the library that is loaded, such as `0.1.0`. `OURO_VERSION` is that of the headers.
inline std::string_view version() noexcept { return ouro_version(); }

/// The version of the binary interface of the library that is loaded. The headers are for `OURO_ABI_VERSION`.
inline std::uint32_t abi_version() noexcept { return ouro_abi_version(); }

/// The order of the events under an event.
enum class Order : std::int32_t {
  /// As this store committed them.
  commit = OURO_ORDER_COMMIT,
  /// By time, then by id: the same on every replica.
  time = OURO_ORDER_TIME,
};

/// An open database of event trees. Moved, never copied; threads share it by reference, or by a
/// `std::shared_ptr<Database>` where none of them outlives the others. One that goes is closed; call `close` to hear
/// of its errors.
///
/// Every method but `path` and the questions `is_...` throws `closed` after `close`. "The errors of every write" are
/// `read_only`, `poisoned`, `disk_full`, `io` and `closed`. After fork() the child must not use the database.
class Database : public Owned<ouro_database, ouro_database_free> {
 public:
  using Owned::Owned;

  /// Opens the store at `path` for reading and writing, and makes it where there is none. One process at a time may
  /// have a store open for writing. Throws `path_not_found`, `not_a_store`, `newer_format`, `locked` (the message
  /// names the process), `permission_denied`, `corrupt`, `invalid_argument`.
  static Database open(const std::filesystem::path& path, const Options& options = {}) {
    return try_open(path, options).value();
  }
  /// As `open`, without throwing.
  static Result<Database> try_open(const std::filesystem::path& path, const Options& options = {}) {
    return open_path(ouro_database_open, path, options);
  }

  /// Opens the store at `path` for reading, as of now. Writes nothing, and does not mind a writer. Throws as `open`,
  /// without `locked`.
  static Database open_read_only(const std::filesystem::path& path, const Options& options = {}) {
    return try_open_read_only(path, options).value();
  }
  /// As `open_read_only`, without throwing.
  static Result<Database> try_open_read_only(const std::filesystem::path& path, const Options& options = {}) {
    return open_path(ouro_database_open_read_only, path, options);
  }

  /// Makes an empty database in memory, which is gone when it is closed. Throws `disk_full` where the options leave
  /// it less memory than an empty store takes.
  static Database open_in_memory(const Options& options = {}) { return try_open_in_memory(options).value(); }
  /// As `open_in_memory`, without throwing.
  static Result<Database> try_open_in_memory(const Options& options = {}) {
    const detail::COptions made(options);
    if (!made.c_options()) return made.c_options().error();
    return detail::make<Database>(ouro_database_open_in_memory, &*made.c_options());
  }

  /// Closes the database: refuses new calls with `closed`, waits for running ones (long ones are cancelled and
  /// throw `closed`), makes everything durable, and releases the lock. Closing twice is fine. From within a callback
  /// of the database it returns at once, and the database is closed when the call that runs the callback ends.
  /// Throws the errors of the last sync; the database is closed all the same.
  void close() const { try_close().value(); }
  /// As `close`, without throwing.
  Result<void> try_close() const { return detail::call(ouro_database_close, c_handle()); }

  /// Whether closing has begun; true for a database that was moved from.
  bool is_closed() const noexcept { return ouro_database_is_closed(c_handle()); }

  /// Whether the database was opened read-only.
  bool is_read_only() const noexcept { return ouro_database_is_read_only(c_handle()); }

  /// The store's folder, as it was given; none for a database in memory.
  std::optional<std::filesystem::path> path() const {
    const char* path = ouro_database_path(c_handle());
    if (path == nullptr) return std::nullopt;
    return detail::cpp_path(path);
  }

  /// Makes a new root with this title, which may name several roots. Throws `invalid_text`, `title_too_long`, and
  /// the errors of every write.
  EventId create_root(std::string_view title) const { return try_create_root(title).value(); }
  /// As `create_root`, without throwing.
  Result<EventId> try_create_root(std::string_view title) const {
    return detail::get_id(ouro_database_create_root, c_handle(), title.data(), title.size());
  }

  /// The root whose id follows from the title alone, made where there is none: the same on every replica. Throws as
  /// `create_root`.
  EventId ensure_root(std::string_view title) const { return try_ensure_root(title).value(); }
  /// As `ensure_root`, without throwing.
  Result<EventId> try_ensure_root(std::string_view title) const {
    return detail::get_id(ouro_database_ensure_root, c_handle(), title.data(), title.size());
  }

  /// All roots, in commit order. Throws `closed`.
  EventCursor roots() const { return try_roots().value(); }
  /// As `roots`, without throwing.
  Result<EventCursor> try_roots() const { return detail::make<EventCursor>(ouro_database_roots, c_handle()); }

  /// The roots of this title, in commit order. Throws `invalid_text`; `closed`.
  EventCursor roots_titled(std::string_view title) const { return try_roots_titled(title).value(); }
  /// As `roots_titled`, without throwing.
  Result<EventCursor> try_roots_titled(std::string_view title) const {
    return detail::make<EventCursor>(ouro_database_roots_titled, c_handle(), title.data(), title.size());
  }

  /// The title index: every root with its title, by title. Throws `closed`.
  RootCursor root_index() const { return try_root_index().value(); }
  /// As `root_index`, without throwing.
  Result<RootCursor> try_root_index() const {
    return detail::make<RootCursor>(ouro_database_root_index, c_handle());
  }

  /// Appends an event under `parent`, and gives its id. Throws `parent_not_found`; `invalid_parent` for a permanent
  /// event under a temporary one; `event_not_found` for an id in `follows`; `invalid_text`,
  /// `attribute_name_too_long`, `attributes_too_large`, `metadata_too_large`, `too_many_follows`,
  /// `duplicate_attribute`, `invalid_argument`; and the errors of every write.
  EventId append(const EventId& parent, const NewEvent& event = {}) const { return try_append(parent, event).value(); }
  /// As `append`, without throwing.
  Result<EventId> try_append(const EventId& parent, const NewEvent& event = {}) const {
    const detail::CNewEvent c_event(event);
    return detail::get_id(ouro_database_append, c_handle(), parent.c_id(), c_event.c_event());
  }

  /// Begins a batch: events that become visible together or not at all. Throws `read_only`; `poisoned`; `closed`.
  Batch batch() const { return try_batch().value(); }
  /// As `batch`, without throwing.
  Result<Batch> try_batch() const { return detail::make<Batch>(ouro_database_batch, c_handle()); }

  /// The id of the one event whose id begins with these hexadecimal digits, of which there may be 1 to 128. Throws
  /// `invalid_id` for what is no such text; `event_not_found`; `ambiguous_id` where several events begin so.
  EventId resolve(std::string_view digits) const { return try_resolve(digits).value(); }
  /// As `resolve`, without throwing.
  Result<EventId> try_resolve(std::string_view digits) const {
    const Result<std::string> c_digits = detail::c_digits(digits);
    if (!c_digits) return c_digits.error();
    return detail::get_id(ouro_database_resolve, c_handle(), c_digits->c_str());
  }

  /// The event of this id. Throws `event_not_found`; `corrupt`; `io`; `closed`; as all that ask for an event.
  Event event(const EventId& id) const { return try_event(id).value(); }
  /// As `event`, without throwing.
  Result<Event> try_event(const EventId& id) const {
    return detail::make<Event>(ouro_database_event, c_handle(), id.c_id());
  }

  /// The event that this one hangs under; none for a root. Throws as `event`.
  std::optional<Event> parent(const EventId& event) const { return try_parent(event).value(); }
  /// As `parent`, without throwing.
  Result<std::optional<Event>> try_parent(const EventId& event) const {
    return detail::find<Event>(ouro_database_parent, c_handle(), event.c_id());
  }

  /// The metadata of the event: its own, else that of its nearest ancestor that has some; none where none has.
  /// Throws as `event`.
  std::optional<Buffer> metadata(const EventId& event) const { return try_metadata(event).value(); }
  /// As `metadata`, without throwing.
  Result<std::optional<Buffer>> try_metadata(const EventId& event) const {
    return detail::find<Buffer>(ouro_database_metadata, c_handle(), event.c_id());
  }

  /// The events directly under this one. Throws as `event`.
  EventCursor children(const EventId& event, Order order = Order::commit) const {
    return try_children(event, order).value();
  }
  /// As `children`, without throwing.
  Result<EventCursor> try_children(const EventId& event, Order order = Order::commit) const {
    return detail::make<EventCursor>(ouro_database_children, c_handle(), event.c_id(),
                                     static_cast<std::int32_t>(order));
  }

  /// The ids of the events directly under this one, without reading them. Throws as `event`.
  IdCursor child_ids(const EventId& event, Order order = Order::commit) const {
    return try_child_ids(event, order).value();
  }
  /// As `child_ids`, without throwing.
  Result<IdCursor> try_child_ids(const EventId& event, Order order = Order::commit) const {
    return detail::make<IdCursor>(ouro_database_child_ids, c_handle(), event.c_id(), static_cast<std::int32_t>(order));
  }

  /// The events above this one, nearest first, a root last. Throws as `event`.
  EventCursor ancestors(const EventId& event) const { return try_ancestors(event).value(); }
  /// As `ancestors`, without throwing.
  Result<EventCursor> try_ancestors(const EventId& event) const {
    return detail::make<EventCursor>(ouro_database_ancestors, c_handle(), event.c_id());
  }

  /// All events under this one: parents before their children, children in commit order, depth first. Throws as
  /// `event`.
  EventCursor descendants(const EventId& event) const { return try_descendants(event).value(); }
  /// As `descendants`, without throwing.
  Result<EventCursor> try_descendants(const EventId& event) const {
    return detail::make<EventCursor>(ouro_database_descendants, c_handle(), event.c_id());
  }

  /// Stores a file under `parent`: an event that carries what the source gives, read to its end, once, in bounded
  /// memory; gives the event's id. Where the source fails nothing is stored but chunks that nothing refers to.
  /// `control` counts bytes. Throws what the source throws; `source_failed`; `path_not_found`, `permission_denied`
  /// or `io` for a path that cannot be opened; `cancelled`; and as `append`.
  EventId put_file(const EventId& parent, const Source& source, const NewEvent& event = {},
                   const Control& control = {}) const {
    return try_put_file(parent, source, event, control).value();
  }
  /// As `put_file`; throws only what the source or `control.progress` throws.
  Result<EventId> try_put_file(const EventId& parent, const Source& source, const NewEvent& event = {},
                               const Control& control = {}) const {
    detail::CControl c_control(control);
    const detail::CSource c_source(source, c_control.caught());
    if (!c_source.c_source()) return c_source.c_source().error();
    const detail::CNewEvent c_event(event);
    Result<EventId> stored = detail::get_id(ouro_database_put_file, c_handle(), parent.c_id(), *c_source.c_source(),
                                            c_event.c_event(), c_control.c_control());
    c_control.caught().rethrow();
    return stored;
  }

  /// Stores many files, each under `parent` or a parent of its own, and gives their ids in the order of the files. All
  /// processors work on them, however small each file is. All become visible at once or none does, in one batch, whose
  /// limits hold: 1,048,576 files, and 64 MiB for their events, in which the bytes of the files do not count. `control`
  /// counts bytes and files. Throws as `put_file`, in messages led by which file they concern, as `files[3]`;
  /// `batch_too_large`; `invalid_argument` for a path that is no file. Nothing is stored then but chunks that nothing
  /// refers to.
  IdList put_files(const EventId& parent, const std::vector<NewFile>& files, const Control& control = {},
                   const PutFilesOptions& options = {}) const {
    return try_put_files(parent, files, control, options).value();
  }
  /// As `put_files`; throws only what a source or `control.progress` throws.
  Result<IdList> try_put_files(const EventId& parent, const std::vector<NewFile>& files, const Control& control = {},
                               const PutFilesOptions& options = {}) const {
    detail::CControl c_control(control);
    const detail::CNewFiles c_files(files, c_control.caught());
    if (c_files.error()) return *c_files.error();
    const ouro_put_files_options c_options = detail::c_put_files_options(options);
    Result<IdList> stored = detail::make<IdList>(ouro_database_put_files, c_handle(), parent.c_id(), c_files.data(),
                                                 c_files.size(), &c_options, c_control.c_control());
    c_control.caught().rethrow();
    return stored;
  }

  /// A writer for a file that the caller pushes. The event is made by `FileWriter::finish`. Throws as `append`.
  FileWriter file_writer(const EventId& parent, const NewEvent& event = {}) const {
    return try_file_writer(parent, event).value();
  }
  /// As `file_writer`, without throwing.
  Result<FileWriter> try_file_writer(const EventId& parent, const NewEvent& event = {}) const {
    const detail::CNewEvent c_event(event);
    return detail::make<FileWriter>(ouro_database_file_writer, c_handle(), parent.c_id(), c_event.c_event());
  }

  /// The whole file that an event carries, every byte checked. Throws `event_not_found`; `no_content`; `corrupt`,
  /// naming the event and the damaged place; `io` where there is not enough memory for it.
  Buffer read_file(const EventId& event) const { return try_read_file(event).value(); }
  /// As `read_file`, without throwing.
  Result<Buffer> try_read_file(const EventId& event) const {
    return detail::make<Buffer>(ouro_database_read_file, c_handle(), event.c_id());
  }

  /// Opens the file that an event carries. A range reads only the chunks that it touches. Throws `event_not_found`;
  /// `no_content`; `corrupt`.
  FileReader open_file(const EventId& event) const { return try_open_file(event).value(); }
  /// As `open_file`, without throwing.
  Result<FileReader> try_open_file(const EventId& event) const {
    return detail::make<FileReader>(ouro_database_open_file, c_handle(), event.c_id());
  }

  /// Stores a folder, a file or a symbolic link under `parent`. Each entry becomes an event under its folder's event,
  /// with its name, type, mode and time as attributes. Devices, sockets and pipes are skipped and reported.
  /// `control` counts bytes and entries. Throws `path_not_found`, `permission_denied` or `io`, naming the path, where
  /// an entry cannot be read: nothing of the import is visible then; `cancelled`; `parent_not_found`; what
  /// `control.progress` throws; and the errors of every write.
  ImportReport import_path(const EventId& parent, const std::filesystem::path& path, const Control& control = {},
                           const ImportOptions& options = {}) const {
    return try_import_path(parent, path, control, options).value();
  }
  /// As `import_path`; throws only what `control.progress` throws.
  Result<ImportReport> try_import_path(const EventId& parent, const std::filesystem::path& path,
                                       const Control& control = {}, const ImportOptions& options = {}) const {
    const Result<std::string> c_path = detail::c_path(path);
    if (!c_path) return c_path.error();
    const ouro_import_options c_options = detail::c_import_options(options);
    detail::CControl c_control(control);
    const Result<detail::OwnedImport> report =
        detail::make<detail::OwnedImport>(ouro_database_import_path_with, c_handle(), parent.c_id(), c_path->c_str(),
                                          &c_options, c_control.c_control());
    c_control.caught().rethrow();
    if (!report) return report.error();
    return detail::import_report(report->c_handle());
  }

  /// Writes a stored folder, file or symbolic link to `path`, which must not exist, or be an empty folder. `control`
  /// counts bytes and entries. Throws `event_not_found`; `not_exportable` for an event that is no folder entry;
  /// `already_exists`; `unsafe_name` for a stored name that could lead elsewhere; `cancelled`; `corrupt`; `io`, naming
  /// the path; what `control.progress` throws. What was written before an error stays.
  ExportReport export_path(const EventId& event, const std::filesystem::path& path,
                           const Control& control = {}) const {
    return try_export_path(event, path, control).value();
  }
  /// As `export_path`; throws only what `control.progress` throws.
  Result<ExportReport> try_export_path(const EventId& event, const std::filesystem::path& path,
                                       const Control& control = {}) const {
    const Result<std::string> c_path = detail::c_path(path);
    if (!c_path) return c_path.error();
    detail::CControl c_control(control);
    const Result<detail::OwnedExport> report = detail::make<detail::OwnedExport>(
        ouro_database_export_path, c_handle(), event.c_id(), c_path->c_str(), c_control.c_control());
    c_control.caught().rethrow();
    if (!report) return report.error();
    return detail::export_report(report->c_handle());
  }

  /// The durable events after a place in the change feed, in commit order. `after` is what `Changes::cursor` gave,
  /// none for the beginning. Throws `invalid_cursor`; `cursor_of_another_store`; `closed`.
  Changes changes(std::optional<std::string_view> after = std::nullopt) const { return try_changes(after).value(); }
  /// As `changes`, without throwing.
  Result<Changes> try_changes(std::optional<std::string_view> after = std::nullopt) const {
    if (!after) return detail::make<Changes>(ouro_database_changes, c_handle(), static_cast<const char*>(nullptr));
    const Result<std::string> cursor = detail::c_change_cursor(*after);
    if (!cursor) return cursor.error();
    return detail::make<Changes>(ouro_database_changes, c_handle(), cursor->c_str());
  }

  /// Sees what a writer has committed since this database was opened read-only, or refreshed, in this process or
  /// another, and says whether there are new events. A database that is open for writing sees everything as it comes,
  /// and answers no. Cursors that are open go on seeing what they saw; new ones, and the change feed, see what is new.
  /// Throws `corrupt`, `io`; then it goes on seeing what it saw. `closed`.
  bool refresh() const { return try_refresh().value(); }
  /// As `refresh`, without throwing.
  Result<bool> try_refresh() const { return detail::get<bool>(ouro_database_refresh, c_handle()); }

  /// Makes everything that was committed durable. Throws `read_only`; `io`, after which the database takes no more
  /// writes; `poisoned`; `closed`.
  void sync() const { try_sync().value(); }
  /// As `sync`, without throwing.
  Result<void> try_sync() const { return detail::call(ouro_database_sync, c_handle()); }

  /// Figures as of now. Throws `closed`.
  Stats stats() const { return try_stats().value(); }
  /// As `stats`, without throwing.
  Result<Stats> try_stats() const {
    ouro_stats c_stats = OURO_STATS_INIT;
    const Result<void> asked = detail::call(ouro_database_stats, c_handle(), &c_stats);
    if (!asked) return asked.error();
    Stats stats = detail::stats(c_stats);
    for (std::int32_t kind = 0; ouro_operation_name(kind) != nullptr; ++kind) {
      ouro_latency c_latency = OURO_LATENCY_INIT;
      const Result<void> measured = detail::call(ouro_database_latency, c_handle(), kind, &c_latency);
      if (!measured) return measured.error();
      stats.latencies.push_back(detail::latency(ouro_operation_name(kind), c_latency));
    }
    return stats;
  }

  /// All figures in the text format of Prometheus, for an application to serve, each database under a path of its own.
  /// Throws `closed`.
  std::string prometheus() const { return try_prometheus().value(); }
  /// As `prometheus`, without throwing.
  Result<std::string> try_prometheus() const {
    const Result<Buffer> text = detail::make<Buffer>(ouro_database_prometheus, c_handle());
    if (!text) return text.error();
    return text->str();
  }

  /// Reads and checks everything. Damage is no error: the report names it. `control` counts bytes and records.
  /// Throws `cancelled`; `io`; `closed`; what `control.progress` throws.
  VerifyReport verify(const Control& control = {}) const { return try_verify(control).value(); }
  /// As `verify`; throws only what `control.progress` throws.
  Result<VerifyReport> try_verify(const Control& control = {}) const {
    detail::CControl c_control(control);
    const Result<detail::OwnedVerify> report =
        detail::make<detail::OwnedVerify>(ouro_database_verify, c_handle(), c_control.c_control());
    c_control.caught().rethrow();
    if (!report) return report.error();
    return detail::verify_report(report->c_handle());
  }

  /// Makes `path` a consistent copy of the database, as of one sequence number, while writers go on. The copy is a
  /// store, and opens at once. `path` names a folder that does not exist, is empty, or holds an earlier backup of this
  /// database, finished or cut short; then only what is new is copied. `control` counts bytes and segments. Throws
  /// `not_a_backup` where something else is at `path`; `locked` where someone writes to it; `path_not_found` where the
  /// folder that it is to be in does not exist; `cancelled`, `disk_full`, `io`, `permission_denied`, after which
  /// calling again goes on; `corrupt` where a segment is missing; `closed`; what `control.progress` throws.
  BackupReport backup_to(const std::filesystem::path& path, const Control& control = {}) const {
    return try_backup_to(path, control).value();
  }
  /// As `backup_to`; throws only what `control.progress` throws.
  Result<BackupReport> try_backup_to(const std::filesystem::path& path, const Control& control = {}) const {
    const Result<std::string> c_path = detail::c_path(path);
    if (!c_path) return c_path.error();
    detail::CControl c_control(control);
    const Result<detail::OwnedBackup> report = detail::make<detail::OwnedBackup>(
        ouro_database_backup_to, c_handle(), c_path->c_str(), c_control.c_control());
    c_control.caught().rethrow();
    if (!report) return report.error();
    return detail::backup_report(report->c_handle());
  }

  /// Makes the index anew from the segments. No answer changes; writers wait meanwhile. `control` counts bytes and
  /// records. Throws as `verify`.
  void rebuild_index(const Control& control = {}) const { try_rebuild_index(control).value(); }
  /// As `rebuild_index`; throws only what `control.progress` throws.
  Result<void> try_rebuild_index(const Control& control = {}) const {
    detail::CControl c_control(control);
    Result<void> rebuilt = detail::call(ouro_database_rebuild_index, c_handle(), c_control.c_control());
    c_control.caught().rethrow();
    return rebuilt;
  }

 private:
  template <class Function>
  static Result<Database> open_path(Function* function, const std::filesystem::path& path, const Options& options) {
    const Result<std::string> c_path = detail::c_path(path);
    if (!c_path) return c_path.error();
    const detail::COptions made(options);
    if (!made.c_options()) return made.c_options().error();
    return detail::make<Database>(function, c_path->c_str(), &*made.c_options());
  }
};

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_DATABASE_HPP
