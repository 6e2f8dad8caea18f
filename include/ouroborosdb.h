/**
 * \file
 * OuroborosDB: an embedded database of event trees. An event is immutable, is named by the SHA-512 of its content,
 * hangs under one parent, and can carry a file of any size.
 *
 * Made by `cargo xtask header` from ffi/src; changes to this file are lost. Link with -louroborosdb.
 *
 * CALLS. A function that can fail returns an `ouro_status`: OURO_OK, which is 0, or a constant OURO_ERROR_... Its
 * last parameter is where an error object with a message goes; it may be NULL. An object is made only when the
 * call fails, and is freed with `ouro_error_free`; otherwise NULL is written. Outputs come before it. They are set
 * to NULL, 0 or false first, and written only when the call succeeds. "Errors:" in a function's description leaves
 * out the prefix OURO_ERROR_, and what every function may answer: INVALID_ARGUMENT for NULL where something is
 * needed, and CLOSED. Functions without a status give NULL, 0 or false for a handle that is NULL.
 *
 * MEMORY. Handles are opaque and owned by whoever got them: each type has a function `..._free`, which takes NULL.
 * They may be freed in any order; what hangs on a closed database answers CLOSED. A pointer that is "lent" is valid
 * until the handle that lent it is freed. What is passed in need only live until the call returns; the library
 * copies what it keeps. No pointer of the library's is ever given to `free`.
 *
 * BYTES AND TEXT. Bytes are a pointer and a length; the pointer may be NULL where the length is 0. Titles and names
 * of attributes are such bytes too, and must be UTF-8. Paths, hexadecimal ids and change cursors are strings that
 * end with a NUL; paths may hold any other bytes.
 *
 * STRUCTS THAT GROW (`ouro_options`, `ouro_new_event`, `ouro_new_file`, `ouro_put_files_options`,
 * `ouro_import_options`, `ouro_control`, `ouro_stats`, `ouro_latency`) begin with their own size. Set them to
 * OURO_..._INIT, then the fields that matter. A program goes on working with later versions of the library.
 *
 * THREADS. Every handle may be used by several threads at once; a call that waits for another does so inside the
 * library. Only freeing a handle must be the last thing that is done with it, by one thread. An error object, an
 * `ouro_bytes`, an event and a report never change. After fork() the child must not use the handles of its parent.
 *
 * CALLBACKS run on the thread that made the call, only during the call, with no lock of the library held: they may
 * call the library, and may even close the database. They must return: no longjmp and no C++ exception may leave
 * one. The sink of `ouro_set_log_sink` alone runs on a thread of the library's.
 */


#ifndef OUROBOROSDB_H
#define OUROBOROSDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The version of this header; `ouro_version` gives that of the library.
#define OURO_VERSION "0.1.0"

/// The defaults of `ouro_options`.
#define OURO_OPTIONS_INIT \
  { sizeof(ouro_options), OURO_DURABILITY_DURABLE, OURO_COMPRESSION_DEFAULT, 0, 268435456, UINT64_MAX, 1, 1, { 0 }, \
    NULL, 0, 67108864 }

/// The defaults of `ouro_new_event`.
#define OURO_NEW_EVENT_INIT { sizeof(ouro_new_event), NULL, 0, NULL, 0, NULL, 0, 0, 0, 0, 0, 0, 0 }

/// The defaults of `ouro_import_options`.
#define OURO_IMPORT_OPTIONS_INIT { sizeof(ouro_import_options), 0, 0, { 0 } }

/// The defaults of `ouro_new_file`.
#define OURO_NEW_FILE_INIT { sizeof(ouro_new_file), { 0, -1, NULL, 0, NULL, NULL }, NULL, NULL }

/// The defaults of `ouro_put_files_options`.
#define OURO_PUT_FILES_OPTIONS_INIT { sizeof(ouro_put_files_options), 0, 0, { 0 } }

/// The defaults of `ouro_control`.
#define OURO_CONTROL_INIT { sizeof(ouro_control), NULL, NULL, NULL }

/// The defaults of `ouro_stats`.
#define OURO_STATS_INIT \
  { sizeof(ouro_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/// The defaults of `ouro_latency`.
#define OURO_LATENCY_INIT { sizeof(ouro_latency), 0, 0, 0, 0, 0, 0, 0, 0 }


/// Major version of the library that this header belongs to.
#define OURO_VERSION_MAJOR 0

/// Minor version of the library that this header belongs to.
#define OURO_VERSION_MINOR 1

/// Patch version of the library that this header belongs to.
#define OURO_VERSION_PATCH 0

/// Version of the binary interface: a program that was built with one number runs with every library of that
/// number.
#define OURO_ABI_VERSION 1

/// Bytes of an id.
#define OURO_EVENT_ID_BYTES 64

/// Bytes of an id as text with its final NUL.
#define OURO_EVENT_ID_HEX_BYTES 129

/// A commit survives power loss when its call returns.
#define OURO_DURABILITY_DURABLE 0

/// A commit survives a crash of the process; `ouro_database_sync` makes it durable.
#define OURO_DURABILITY_BUFFERED 1

/// New chunks are not compressed.
#define OURO_COMPRESSION_NONE 0

/// New chunks are compressed with zstd level 1.
#define OURO_COMPRESSION_FAST 1

/// New chunks are compressed with zstd level 3.
#define OURO_COMPRESSION_DEFAULT 2

/// Children come as this store committed them.
#define OURO_ORDER_COMMIT 0

/// Children come by time, then by id: the same on every replica.
#define OURO_ORDER_TIME 1

/// An ordinary event.
#define OURO_EVENT_KIND_PLAIN 0

/// The top of a tree; it has a title and no parent.
#define OURO_EVENT_KIND_ROOT 1

/// A named set of keys.
#define OURO_EVENT_KIND_KEYSPACE 2

/// One key of a keyspace.
#define OURO_EVENT_KIND_KEY 3

/// A version of a key's value.
#define OURO_EVENT_KIND_VALUE 4

/// A version that removes a key.
#define OURO_EVENT_KIND_TOMBSTONE 5

/// A step of a counter or a set.
#define OURO_EVENT_KIND_OPERATION 6

/// A version that joins others.
#define OURO_EVENT_KIND_MERGE 7

/// Settings that replicate.
#define OURO_EVENT_KIND_CONFIG 8

/// Bytes of an event's origin.
#define OURO_ORIGIN_BYTES 16

/// Seek from the beginning of the file.
#define OURO_SEEK_START 0

/// Seek from the position.
#define OURO_SEEK_CURRENT 1

/// Seek from the end of the file.
#define OURO_SEEK_END 2

/// Bytes of a change cursor's text with its final NUL.
#define OURO_CHANGE_CURSOR_BYTES 67

/// Appending an event, and making a root.
#define OURO_OPERATION_APPEND 0

/// Storing a file, and finishing a file writer.
#define OURO_OPERATION_PUT_FILE 1

/// Committing a batch.
#define OURO_OPERATION_BATCH_COMMIT 2

/// Asking for an event.
#define OURO_OPERATION_EVENT 3

/// Reading a whole file.
#define OURO_OPERATION_READ_FILE 4

/// Reading some of an open file.
#define OURO_OPERATION_READ 5

/// Reading and checking one chunk of a file.
#define OURO_OPERATION_READ_CHUNK 6

/// Fetching the next up to 128 events or ids of a cursor.
#define OURO_OPERATION_CURSOR_PAGE 7

/// Making the log durable, once for all commits that wait for it.
#define OURO_OPERATION_SYNC 8

/// Looking at what a writer has committed since.
#define OURO_OPERATION_REFRESH 9

/// Storing many files at once, and importing.
#define OURO_OPERATION_PUT_FILES 10

/// Something is lost or does not work: damage, a write that failed.
#define OURO_LOG_ERROR 1

/// Someone should know: a lock conflict, a torn tail after a crash, an index that is made anew.
#define OURO_LOG_WARN 2

/// A database was opened.
#define OURO_LOG_INFO 3

/// Upkeep: segments, parts of the index, closing.
#define OURO_LOG_DEBUG 4

/// What a backup came to.
typedef struct ouro_backup_report ouro_backup_report;

/// Events that become visible together or not at all. It holds no lock until `ouro_batch_commit`; freed before,
/// it is discarded. Threads may share it.
typedef struct ouro_batch ouro_batch;

/// Bytes that the library gave: a file, metadata, a title. Owned: `ouro_bytes_free`.
typedef struct ouro_bytes ouro_bytes;

/// Cancels the calls that it is given to, which then answer `OURO_ERROR_CANCELLED`. It stays cancelled. It may be
/// freed while calls that hold it run.
typedef struct ouro_cancel_token ouro_cancel_token;

/// The events behind a place in the change feed, in commit order. It ends at the last durable event, and goes on
/// from there when it is asked again later. Threads may share it; each event goes to one of them.
typedef struct ouro_changes ouro_changes;

/// An open database of event trees. Threads may share it.
typedef struct ouro_database ouro_database;

/// Why a call failed. Owned by whoever asked for it: `ouro_error_free`.
typedef struct ouro_error ouro_error;

/// An event as it was stored: immutable, and independent of the database's life. What its getters give is lent
/// until it is freed. The getters begin with `ouro_event_get_`, since `ouro_event_id` is a type.
typedef struct ouro_event ouro_event;

/// Events, one after another, as of the moment the cursor was made. Threads may share it; each event goes to one
/// of them.
typedef struct ouro_event_cursor ouro_event_cursor;

/// What an export wrote.
typedef struct ouro_export_report ouro_export_report;

/// A stored file, open for reading; every byte is checked when it is read. Threads may share it; they share its
/// position too, which `ouro_file_reader_read_at` leaves alone.
typedef struct ouro_file_reader ouro_file_reader;

/// A file on its way in. Nothing is visible before `ouro_file_writer_finish`; freed before, it is aborted. Threads
/// may share it; each write is taken whole.
typedef struct ouro_file_writer ouro_file_writer;

/// Ids of events, one after another, as of the moment the cursor was made. Threads may share it; each id goes to
/// one of them.
typedef struct ouro_id_cursor ouro_id_cursor;

/// Ids that the library gave. Owned: `ouro_id_list_free`.
typedef struct ouro_id_list ouro_id_list;

/// What an import stored.
typedef struct ouro_import_report ouro_import_report;

/// Roots with their titles, ascending by the bytes of the title, as of the moment the cursor was made.
typedef struct ouro_root_cursor ouro_root_cursor;

/// What verify found. The problems are numbered from 0; the first 10,000 are listed.
typedef struct ouro_verify_report ouro_verify_report;

/// What a call answers: `OURO_OK`, or one of the numbers `OURO_ERROR_...`.
typedef int32_t ouro_status;

/// The name of an event: the SHA-512 of its canonical encoding. Compare two with `memcmp`.
typedef struct ouro_event_id {
  /// The bytes.
  uint8_t bytes[64];
} ouro_event_id;

/// How a database is opened. Begin with `OURO_OPTIONS_INIT` or `ouro_options_init`, which set the defaults.
typedef struct ouro_options {
  /// The size of this struct.
  size_t struct_size;
  /// `OURO_DURABILITY_...`; default durable.
  int32_t durability;
  /// `OURO_COMPRESSION_...`; default zstd level 3.
  int32_t compression;
  /// Writes that would leave less than this many bytes free on the disk are refused with
  /// `OURO_ERROR_DISK_FULL`; default 0.
  uint64_t minimum_free_bytes;
  /// About how large a segment file grows before the next is begun, 64 KiB to 4 GiB; default 256 MiB.
  uint64_t segment_bytes;
  /// How many bytes a database in memory may take; default `UINT64_MAX`, without limit.
  uint64_t memory_capacity_bytes;
  /// Whether opening makes the store where there is none, 1 or 0; default 1.
  uint8_t create;
  /// Whether the latencies of `ouro_database_latency` are measured, 1 or 0; default 1.
  uint8_t latencies;
  /// Zero.
  uint8_t reserved[6];
  /// Further folders for the store's segments, on other disks. Each is empty, or does not exist yet in a folder
  /// that does, or is the store's already, wherever it was moved since. The store remembers them: later they need
  /// only be given where they have moved. Segments go to the store's own folder as long as there is room for a
  /// whole one, then to these in their order. Where one is not there, the store opens without it, and
  /// `missing_paths` of `ouro_stats` counts it. NULL where there are none. A database in memory takes no notice of
  /// them.
  const char *const *paths;
  /// How many folders, 64 at most.
  size_t paths_len;
  /// About how much memory of its own the database keeps, in bytes, however much is stored, 4 MiB or more: three
  /// quarters for events and pieces of files that were read lately, the rest for what is not in the index on the disk
  /// yet; default 64 MiB. Files on their way in or out take some MiB more for each processor.
  uint64_t memory_limit;
} ouro_options;

/// Writes the next bytes of a file to `buffer`, at most `capacity`, and returns how many; 0 at the end of the
/// file, a negative number where it cannot go on: the call then answers `OURO_ERROR_SOURCE_FAILED`. It runs on
/// the calling thread, only during the call, under no lock. It may call the library; it must not throw.
typedef ptrdiff_t (*ouro_read_fn)(void *userdata, void *buffer, size_t capacity);

/// Where the bytes of a file come from. Made by `ouro_source_bytes`, `ouro_source_path`,
/// `ouro_source_descriptor` or `ouro_source_callback`; its fields are the library's own. It owns nothing: what it
/// was made of must last until the call that takes it returns.
typedef struct ouro_source {
  /// Which of the four it is.
  int32_t kind;
  /// The descriptor.
  int descriptor;
  /// The bytes or the path.
  const void *data;
  /// How many bytes.
  size_t data_len;
  /// The function.
  ouro_read_fn read;
  /// What the function is given.
  void *userdata;
} ouro_source;

/// A named value. The name is UTF-8 of 1 to 255 bytes, the value any bytes.
typedef struct ouro_attribute {
  /// The name, without a NUL at its end.
  const char *name;
  /// Bytes of the name.
  size_t name_len;
  /// The value.
  const void *value;
  /// Bytes of the value.
  size_t value_len;
} ouro_attribute;

/// What a new event carries beside its file; nothing is required. Begin with `OURO_NEW_EVENT_INIT`. The library
/// copies what it needs before the call returns.
typedef struct ouro_new_event {
  /// The size of this struct.
  size_t struct_size;
  /// Bytes that describe the event, 16 MiB at most; descendants without metadata of their own inherit them.
  /// NULL where there are none, which is not the same as empty ones.
  const void *metadata;
  /// Bytes of the metadata.
  size_t metadata_len;
  /// Named values, 128 KiB together at most.
  const struct ouro_attribute *attributes;
  /// How many attributes.
  size_t attributes_len;
  /// Events that this one supersedes or joins, 1,024 at most.
  const struct ouro_event_id *follows;
  /// How many events.
  size_t follows_len;
  /// When a temporary event may be collected, in milliseconds since 1970; counts if `has_expires` is 1.
  uint64_t expires_ms;
  /// Whether `expires_ms` counts, 1 or 0.
  uint8_t has_expires;
  /// Whether the event may be collected again, 1 or 0.
  uint8_t temporary;
  /// Whether full-text search should cover the event, 1 or 0.
  uint8_t full_text;
  /// Whether `durability` counts, 1 or 0; otherwise the call is as safe as the database was opened to be.
  uint8_t has_durability;
  /// When the call that makes the event is safe, `OURO_DURABILITY_...`; counts if `has_durability` is 1. It is no part
  /// of the event. A durable call makes everything that was committed before durable too; a buffered one waits for no
  /// sync. Not for members of a batch, which is durable as a whole: see `ouro_batch_commit_with`.
  int32_t durability;
} ouro_new_event;

/// Is told how far a long call has come: bytes, and items where the call counts any. It runs on the calling
/// thread, only during the call, under no lock, about 20 times a second at most and once at the end. It may call
/// the library.
typedef void (*ouro_progress_fn)(void *userdata, uint64_t bytes, uint64_t items);

/// How a long call is cancelled and watched. Begin with `OURO_CONTROL_INIT`.
typedef struct ouro_control {
  /// The size of this struct.
  size_t struct_size;
  /// Cancels the call; may be NULL.
  const struct ouro_cancel_token *cancel;
  /// Watches the call; may be NULL.
  ouro_progress_fn progress;
  /// What `progress` is given.
  void *progress_userdata;
} ouro_control;

/// A file for `ouro_database_put_files`. Begin with `OURO_NEW_FILE_INIT`, then set the source.
typedef struct ouro_new_file {
  /// The size of this struct.
  size_t struct_size;
  /// Where its bytes come from. What is at a path must be a file, and no device or pipe: open these. No descriptor may
  /// be that of two files: they are read at once. A function is called as everywhere, on the thread that makes the call,
  /// for one file after the other.
  struct ouro_source source;
  /// The event that it hangs under; NULL: the one that the call names.
  const struct ouro_event_id *parent;
  /// What its event carries beside it; NULL: nothing. No durability, which is the call's.
  const struct ouro_new_event *new_event;
} ouro_new_file;

/// How `ouro_database_put_files` goes about it. Begin with `OURO_PUT_FILES_OPTIONS_INIT`.
typedef struct ouro_put_files_options {
  /// The size of this struct.
  size_t struct_size;
  /// When the call is safe, `OURO_DURABILITY_...`; counts if `has_durability` is 1.
  int32_t durability;
  /// Whether `durability` counts, 1 or 0; otherwise the call is as safe as the database was opened to be.
  uint8_t has_durability;
  /// Zero.
  uint8_t reserved[3];
} ouro_put_files_options;

/// How `ouro_database_import_path_with` goes about it. Begin with `OURO_IMPORT_OPTIONS_INIT`.
typedef struct ouro_import_options {
  /// The size of this struct.
  size_t struct_size;
  /// When the import is safe, `OURO_DURABILITY_...`; counts if `has_durability` is 1.
  int32_t durability;
  /// Whether `durability` counts, 1 or 0; otherwise the import is as safe as the database was opened to be.
  uint8_t has_durability;
  /// Zero.
  uint8_t reserved[3];
} ouro_import_options;

/// Figures of an open database, as of one moment. Begin with `OURO_STATS_INIT`.
typedef struct ouro_stats {
  /// The size of this struct.
  size_t struct_size;
  /// Events that are stored.
  uint64_t events;
  /// Roots among them.
  uint64_t roots;
  /// Different chunks, and lists of chunks.
  uint64_t chunks;
  /// Bytes of all files, counted as often as they are carried by an event.
  uint64_t content_bytes;
  /// Bytes of all different chunks, before compression.
  uint64_t chunk_bytes;
  /// Bytes of the segments.
  uint64_t stored_bytes;
  /// Segment files.
  uint64_t segments;
  /// Sequence number of the last event; 0 for an empty store.
  uint64_t sequence;
  /// Sequence number of the last event that survives power loss.
  uint64_t durable_sequence;
  /// Stretches of the segments that could not be read when the store was opened.
  uint64_t damaged_ranges;
  /// Parts of the index on the disk.
  uint64_t index_tiers;
  /// Bytes of these parts.
  uint64_t index_tier_bytes;
  /// Events and chunks in these parts.
  uint64_t index_tier_entries;
  /// Events and chunks that the index has in memory only.
  uint64_t index_memory_entries;
  /// Events that were asked for and found among those that were read lately, since the database was opened.
  uint64_t event_cache_hits;
  /// Events that were asked for and had to be read from the segments, or are not there.
  uint64_t event_cache_misses;
  /// Batches that were written since the database was opened.
  uint64_t commits;
  /// How often the log was made durable for commits since.
  uint64_t syncs;
  /// How often a reader looked at what its writer committed.
  uint64_t refreshes;
  /// How long opening took, recovery included, in nanoseconds.
  uint64_t open_ns;
  /// Bytes that are kept for a full disk; 0 while the store is small.
  uint64_t reserve_bytes;
  /// Folders that the store is in, its own among them; 1 for a database in memory.
  uint64_t paths;
  /// Those of them that were not there when the store was opened; verify says why.
  uint64_t missing_paths;
} ouro_stats;

/// One member of a batch: a parent within it, and the place of its id in what `ouro_batch_commit` gives.
typedef struct ouro_member {
  /// The batch; the library's own.
  uint64_t batch;
  /// The position in the batch, from 0.
  size_t index;
} ouro_member;

/// Where a member of a batch hangs. Made by `ouro_batch_parent_event` or `ouro_batch_parent_member`.
typedef struct ouro_batch_parent {
  /// Whether it is a member; the library's own.
  uint64_t is_member;
  /// The member.
  struct ouro_member member;
  /// The event.
  struct ouro_event_id event;
} ouro_batch_parent;

/// Takes the next bytes of a file, `len` of them, and returns how many it took, at least one; 0 or a negative number where
/// it cannot go on: the call then answers `OURO_ERROR_IO`. It runs on the calling thread, only during the call, under no
/// lock. It may call the library; it must not throw.
typedef ptrdiff_t (*ouro_write_fn)(void *userdata, const void *bytes, size_t len);

/// How long the calls of one kind took since the database was opened. Times are in nanoseconds; percentiles are at
/// most a 32nd too large. Begin with `OURO_LATENCY_INIT`.
typedef struct ouro_latency {
  /// The size of this struct.
  size_t struct_size;
  /// Calls: those that were measured, times `one_in`.
  uint64_t count;
  /// Of how many calls one is measured: of what is quick not each is. 0 where none is, since the options say so.
  uint64_t one_in;
  /// All calls together, as far as those that were measured tell.
  uint64_t sum_ns;
  /// Half of the calls took no longer.
  uint64_t p50_ns;
  /// 90 % of the calls took no longer.
  uint64_t p90_ns;
  /// 99 % of the calls took no longer.
  uint64_t p99_ns;
  /// 99.9 % of the calls took no longer.
  uint64_t p999_ns;
  /// The longest of those that were measured.
  uint64_t max_ns;
} ouro_latency;

/// What something happened to. Both end with a NUL; neither is NULL.
typedef struct ouro_log_field {
  /// The name, in `snake_case`; "store" is the store's folder.
  const char *name;
  /// The value: decimal digits, "true" or "false", or text.
  const char *value;
} ouro_log_field;

/// One thing that the library tells. Lent to the sink for the length of its call.
typedef struct ouro_log_record {
  /// The size of this struct, as the library has it: fields behind it are not there.
  size_t struct_size;
  /// `OURO_LOG_...`.
  int32_t level;
  /// Zero.
  uint8_t reserved[4];
  /// When it was told, in milliseconds since 1970.
  uint64_t time_ms;
  /// What happened, the same words each time; ends with a NUL.
  const char *message;
  /// What it happened to.
  const struct ouro_log_field *fields;
  /// How many fields there are.
  size_t fields_len;
} ouro_log_record;

/// Is told a record: on a thread of the library's, one record after the other, under no lock. It may call the library.
typedef void (*ouro_log_fn)(void *userdata, const struct ouro_log_record *record);

/// Gets back what a sink was given.
typedef void (*ouro_log_free_fn)(void *userdata);

/// The call succeeded.
#define OURO_OK 0

/// An argument has a value that the operation does not take.
#define OURO_ERROR_INVALID_ARGUMENT 101

/// An event id is not 64 bytes or 128 hexadecimal digits.
#define OURO_ERROR_INVALID_ID 102

/// A title or attribute name is not UTF-8 text.
#define OURO_ERROR_INVALID_TEXT 103

/// An argument has a type that the operation does not take.
#define OURO_ERROR_WRONG_TYPE 104

/// The text of a change cursor is malformed.
#define OURO_ERROR_INVALID_CURSOR 105

/// The ids of several events begin with the digits given.
#define OURO_ERROR_AMBIGUOUS_ID 106

/// A title is longer than 64 KiB.
#define OURO_ERROR_TITLE_TOO_LONG 201

/// An attribute name is longer than 255 bytes.
#define OURO_ERROR_ATTRIBUTE_NAME_TOO_LONG 202

/// The attributes of an event are larger than 128 KiB together.
#define OURO_ERROR_ATTRIBUTES_TOO_LARGE 203

/// The metadata of an event is larger than 16 MiB.
#define OURO_ERROR_METADATA_TOO_LARGE 204

/// An event follows more than 1,024 others.
#define OURO_ERROR_TOO_MANY_FOLLOWS 205

/// A batch is larger than its stated largest size.
#define OURO_ERROR_BATCH_TOO_LARGE 206

/// An event has two attributes of one name.
#define OURO_ERROR_DUPLICATE_ATTRIBUTE 207

/// The store holds no event of this id.
#define OURO_ERROR_EVENT_NOT_FOUND 301

/// The store holds no event of the id given as parent.
#define OURO_ERROR_PARENT_NOT_FOUND 302

/// An event of this kind may not hang under this parent.
#define OURO_ERROR_INVALID_PARENT 303

/// The event carries no file.
#define OURO_ERROR_NO_CONTENT 304

/// There is nothing at this path.
#define OURO_ERROR_PATH_NOT_FOUND 401

/// What is at this path is not a store.
#define OURO_ERROR_NOT_A_STORE 402

/// The store was written by a newer version of the library.
#define OURO_ERROR_NEWER_FORMAT 403

/// Another process has the store open for writing.
#define OURO_ERROR_LOCKED 404

/// The operating system does not permit the access.
#define OURO_ERROR_PERMISSION_DENIED 405

/// The database was opened read-only.
#define OURO_ERROR_READ_ONLY 406

/// The change cursor was given out by another store.
#define OURO_ERROR_CURSOR_OF_ANOTHER_STORE 407

/// The target of an export exists already.
#define OURO_ERROR_ALREADY_EXISTS 408

/// The name of a stored folder entry could lead outside the export's folder.
#define OURO_ERROR_UNSAFE_NAME 409

/// The event is not a folder entry.
#define OURO_ERROR_NOT_EXPORTABLE 410

/// The target of a backup holds something else than a backup of this store.
#define OURO_ERROR_NOT_A_BACKUP 411

/// The database is closed.
#define OURO_ERROR_CLOSED 501

/// The writer or batch is finished and takes nothing more.
#define OURO_ERROR_FINISHED 502

/// The call was cancelled.
#define OURO_ERROR_CANCELLED 503

/// A write failed earlier; the database must be reopened before it writes again.
#define OURO_ERROR_POISONED 504

/// The caller's own source of bytes failed.
#define OURO_ERROR_SOURCE_FAILED 505

/// The operating system reported an error.
#define OURO_ERROR_IO 601

/// The disk, or the room that the options leave, is full.
#define OURO_ERROR_DISK_FULL 602

/// Stored bytes are damaged.
#define OURO_ERROR_CORRUPT 603

/// A fault of the library itself; please report it.
#define OURO_ERROR_INTERNAL 901

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/// The version of the library that is loaded, such as `0.1.0`. It is never freed.
const char *ouro_version(void);

/// The version of the binary interface of the library that is loaded; compare it with `OURO_ABI_VERSION`.
uint32_t ouro_abi_version(void);

/// The code of the error, the same as the status of the call; `OURO_OK` for NULL.
ouro_status ouro_error_code(const struct ouro_error *error);

/// The stable name of the error's code, such as `parent_not_found`. It is never freed; NULL for NULL.
const char *ouro_error_name(const struct ouro_error *error);

/// What happened and what to do, for people: one line of UTF-8. Lent until the error is freed; NULL for NULL.
const char *ouro_error_message(const struct ouro_error *error);

/// The operating system's error number (`errno`), 0 where it reported none.
int32_t ouro_error_os_code(const struct ouro_error *error);

/// Frees the error. NULL is allowed.
void ouro_error_free(struct ouro_error *error);

/// The stable name of a code, NULL for a number that is none. It is never freed.
const char *ouro_error_code_name(ouro_status code);

/// What a code means, in one line; NULL for a number that is none. It is never freed.
const char *ouro_error_code_meaning(ouro_status code);

/// The code of a stable name; `OURO_OK` for NULL and for a name that is none.
ouro_status ouro_error_code_from_name(const char *name);

/// Writes the id as 128 lower-case hexadecimal digits and a NUL.
void ouro_event_id_to_hex(struct ouro_event_id id, char out[129]);

/// The id with these 128 hexadecimal digits of either case; `OURO_ERROR_INVALID_ID` for other text.
ouro_status ouro_event_id_from_hex(const char *text, struct ouro_event_id *out, struct ouro_error **error);

/// The id with these bytes; `OURO_ERROR_INVALID_ID` unless there are 64.
ouro_status ouro_event_id_from_bytes(const void *bytes,
                                     size_t bytes_len,
                                     struct ouro_event_id *out,
                                     struct ouro_error **error);

/// The bytes, lent until the handle is freed; not NULL even where there are none; NULL for NULL.
const void *ouro_bytes_data(const struct ouro_bytes *bytes);

/// How many bytes there are; 0 for NULL.
size_t ouro_bytes_len(const struct ouro_bytes *bytes);

/// Frees the bytes. NULL is allowed.
void ouro_bytes_free(struct ouro_bytes *bytes);

/// The ids, lent until the list is freed; not NULL even where there are none; NULL for NULL.
const struct ouro_event_id *ouro_id_list_data(const struct ouro_id_list *list);

/// How many ids there are; 0 for NULL.
size_t ouro_id_list_len(const struct ouro_id_list *list);

/// Frees the list. NULL is allowed.
void ouro_id_list_free(struct ouro_id_list *list);

/// A new token that is not cancelled: `ouro_cancel_token_free`.
struct ouro_cancel_token *ouro_cancel_token_new(void);

/// Cancels the calls that hold this token, and those that will get it. From any thread.
void ouro_cancel_token_cancel(const struct ouro_cancel_token *token);

/// Whether the token was cancelled; false for NULL.
bool ouro_cancel_token_is_cancelled(const struct ouro_cancel_token *token);

/// Frees the token. NULL is allowed.
void ouro_cancel_token_free(struct ouro_cancel_token *token);

/// Sets the defaults. `struct_size` is `sizeof(ouro_options)`.
ouro_status ouro_options_init(struct ouro_options *options, size_t struct_size, struct ouro_error **error);

/// The file is these bytes. They may be NULL where there are none.
struct ouro_source ouro_source_bytes(const void *bytes, size_t bytes_len);

/// The file is the one at this path.
struct ouro_source ouro_source_path(const char *path);

/// The file is what an open descriptor gives from its position to its end. The descriptor stays open.
struct ouro_source ouro_source_descriptor(int descriptor);

/// The file is what this function gives.
struct ouro_source ouro_source_callback(ouro_read_fn read, void *userdata);

/// Opens the store at `path` for reading and writing, and makes it where there is none. One process at a time
/// may have a store open for writing. `options` may be NULL.
///
/// Errors: `PATH_NOT_FOUND`, `NOT_A_STORE`, `NEWER_FORMAT`, `LOCKED` (the message names the process),
/// `PERMISSION_DENIED`, `CORRUPT`, `INVALID_ARGUMENT`.
ouro_status ouro_database_open(const char *path,
                               const struct ouro_options *options,
                               struct ouro_database **out,
                               struct ouro_error **error);

/// Opens the store at `path` for reading, as of now. Writes nothing, and does not mind a writer. `options`
/// may be NULL.
///
/// Errors: as `ouro_database_open`, without `LOCKED`.
ouro_status ouro_database_open_read_only(const char *path,
                                         const struct ouro_options *options,
                                         struct ouro_database **out,
                                         struct ouro_error **error);

/// Makes an empty database in memory, which is gone when it is closed. `options` may be NULL.
///
/// Errors: `DISK_FULL` where the options leave it less memory than an empty store takes.
ouro_status ouro_database_open_in_memory(const struct ouro_options *options,
                                         struct ouro_database **out,
                                         struct ouro_error **error);

/// Closes the database: refuses new calls with `CLOSED`, waits for running ones (long ones are cancelled and
/// answer `CLOSED`), makes everything durable, and releases the lock. The handle, and those made of it, are
/// still to be freed. Closing twice is fine. From within a callback of the database it returns at once, and
/// the database is closed when the call that runs the callback ends.
///
/// Errors: those of the last sync. The database is closed all the same.
ouro_status ouro_database_close(const struct ouro_database *database, struct ouro_error **error);

/// Whether closing has begun; true for NULL.
bool ouro_database_is_closed(const struct ouro_database *database);

/// Whether the database was opened read-only; false for NULL.
bool ouro_database_is_read_only(const struct ouro_database *database);

/// The store's folder, as it was given; NULL for a database in memory, and for NULL. Lent until the database
/// is freed.
const char *ouro_database_path(const struct ouro_database *database);

/// Closes the database, if `ouro_database_close` has not, and frees it. NULL is allowed. Handles made of it
/// may be freed before or after.
void ouro_database_free(struct ouro_database *database);

/// Makes a new root with this title, which may name several roots.
///
/// Errors: `INVALID_TEXT`, `TITLE_TOO_LONG`, and those of every write: `READ_ONLY`, `POISONED`, `DISK_FULL`,
/// `IO`, `CLOSED`.
ouro_status ouro_database_create_root(const struct ouro_database *database,
                                      const char *title,
                                      size_t title_len,
                                      struct ouro_event_id *out,
                                      struct ouro_error **error);

/// The root whose id follows from the title alone, made where there is none: the same on every replica.
///
/// Errors: as `ouro_database_create_root`.
ouro_status ouro_database_ensure_root(const struct ouro_database *database,
                                      const char *title,
                                      size_t title_len,
                                      struct ouro_event_id *out,
                                      struct ouro_error **error);

/// Appends an event under `parent`. `new_event` may be NULL, for an event that carries nothing.
///
/// Errors: `PARENT_NOT_FOUND`; `INVALID_PARENT` for a permanent event under a temporary one;
/// `EVENT_NOT_FOUND` for an id in `follows`; `INVALID_TEXT`, `ATTRIBUTE_NAME_TOO_LONG`,
/// `ATTRIBUTES_TOO_LARGE`, `METADATA_TOO_LARGE`, `TOO_MANY_FOLLOWS`, `DUPLICATE_ATTRIBUTE`,
/// `INVALID_ARGUMENT`; and those of every write.
ouro_status ouro_database_append(const struct ouro_database *database,
                                 struct ouro_event_id parent,
                                 const struct ouro_new_event *new_event,
                                 struct ouro_event_id *out,
                                 struct ouro_error **error);

/// Makes `path` a consistent copy of the database, as of one sequence number, while writers go on. The copy is a
/// store, and opens at once. `path` names a folder that does not exist, is empty, or holds an earlier backup of
/// this database, finished or cut short; then only what is new is copied. What was copied is read back, and its
/// checksums are checked. A backup that something was written to is one no more. `control`, which counts bytes and
/// segments, those that were there among them, may be NULL.
///
/// Errors: `NOT_A_BACKUP` where something else is at `path`; `LOCKED` where someone writes to it;
/// `PATH_NOT_FOUND` where the folder that it is to be in does not exist; `CORRUPT` where a segment is missing;
/// `CANCELLED`, `DISK_FULL`, `IO` or `PERMISSION_DENIED`, after which calling again goes on where this one ended;
/// `CLOSED`.
ouro_status ouro_database_backup_to(const struct ouro_database *database,
                                    const char *path,
                                    const struct ouro_control *control,
                                    struct ouro_backup_report **out,
                                    struct ouro_error **error);

/// Stores a file under `parent`: an event that carries what the source gives, read to its end, once, in
/// bounded memory. Where the source fails nothing is stored but chunks that nothing refers to. `new_event`
/// and `control`, which counts bytes, may be NULL.
///
/// Errors: `SOURCE_FAILED`; `PATH_NOT_FOUND`, `PERMISSION_DENIED` or `IO` for a path that cannot be opened;
/// `CANCELLED`; and those of `ouro_database_append`.
ouro_status ouro_database_put_file(const struct ouro_database *database,
                                   struct ouro_event_id parent,
                                   struct ouro_source source,
                                   const struct ouro_new_event *new_event,
                                   const struct ouro_control *control,
                                   struct ouro_event_id *out,
                                   struct ouro_error **error);

/// Stores many files, each under `parent` or a parent of its own, and gives their ids in the order of the files. All
/// processors work on them, however small each file is. All become visible at once or none does, in one batch, whose
/// limits hold: 1,048,576 files, and 64 MiB for their events, in which the bytes of the files do not count. `options` and
/// `control`, which counts bytes and files, may be NULL; `files` where there are none.
///
/// Errors: those of `ouro_database_put_file`, led by which file they concern, as `files[3]`; `BATCH_TOO_LARGE`;
/// `INVALID_ARGUMENT` for a path that is no file; `CANCELLED`. Nothing is stored then but chunks that nothing refers to.
ouro_status ouro_database_put_files(const struct ouro_database *database,
                                    struct ouro_event_id parent,
                                    const struct ouro_new_file *files,
                                    size_t files_len,
                                    const struct ouro_put_files_options *options,
                                    const struct ouro_control *control,
                                    struct ouro_id_list **out,
                                    struct ouro_error **error);

/// A writer for a file that the caller pushes. The event is made by `ouro_file_writer_finish`. `new_event`
/// may be NULL.
///
/// Errors: those of `ouro_database_append`.
ouro_status ouro_database_file_writer(const struct ouro_database *database,
                                      struct ouro_event_id parent,
                                      const struct ouro_new_event *new_event,
                                      struct ouro_file_writer **out,
                                      struct ouro_error **error);

/// The whole file that an event carries, every byte checked.
///
/// Errors: `EVENT_NOT_FOUND`; `NO_CONTENT`; `CORRUPT`, naming the event and the damaged place; `IO` where
/// there is not enough memory for it.
ouro_status ouro_database_read_file(const struct ouro_database *database,
                                    struct ouro_event_id event,
                                    struct ouro_bytes **out,
                                    struct ouro_error **error);

/// Opens the file that an event carries. A range reads only the chunks that it touches.
///
/// Errors: `EVENT_NOT_FOUND`; `NO_CONTENT`; `CORRUPT`.
ouro_status ouro_database_open_file(const struct ouro_database *database,
                                    struct ouro_event_id event,
                                    struct ouro_file_reader **out,
                                    struct ouro_error **error);

/// Stores a folder, a file or a symbolic link under `parent`. Each entry becomes an event under its folder's
/// event, with its name, type, mode and time as attributes. Devices, sockets and pipes are skipped and
/// reported. `control`, which counts bytes and entries, may be NULL.
///
/// Errors: `PATH_NOT_FOUND`, `PERMISSION_DENIED` or `IO`, naming the path, where an entry cannot be read:
/// nothing of the import is visible then; `CANCELLED`; `PARENT_NOT_FOUND`; and those of every write.
ouro_status ouro_database_import_path(const struct ouro_database *database,
                                      struct ouro_event_id parent,
                                      const char *path,
                                      const struct ouro_control *control,
                                      struct ouro_import_report **out,
                                      struct ouro_error **error);

/// As `ouro_database_import_path`, with options. `options` and `control` may be NULL.
///
/// Errors: those of `ouro_database_import_path`.
ouro_status ouro_database_import_path_with(const struct ouro_database *database,
                                           struct ouro_event_id parent,
                                           const char *path,
                                           const struct ouro_import_options *options,
                                           const struct ouro_control *control,
                                           struct ouro_import_report **out,
                                           struct ouro_error **error);

/// Writes a stored folder, file or symbolic link to `path`, which must not exist, or be an empty folder.
/// `control`, which counts bytes and entries, may be NULL.
///
/// Errors: `EVENT_NOT_FOUND`; `NOT_EXPORTABLE` for an event that is no folder entry; `ALREADY_EXISTS`;
/// `UNSAFE_NAME` for a stored name that could lead elsewhere; `CANCELLED`; `CORRUPT`; `IO`, naming the path.
/// What was written before an error stays.
ouro_status ouro_database_export_path(const struct ouro_database *database,
                                      struct ouro_event_id event,
                                      const char *path,
                                      const struct ouro_control *control,
                                      struct ouro_export_report **out,
                                      struct ouro_error **error);

/// The id of the one event whose id begins with these hexadecimal digits, of which there may be 1 to 128.
///
/// Errors: `INVALID_ID` for what is no such text; `EVENT_NOT_FOUND`; `AMBIGUOUS_ID` where several events begin so;
/// `CLOSED`.
ouro_status ouro_database_resolve(const struct ouro_database *database,
                                  const char *digits,
                                  struct ouro_event_id *out,
                                  struct ouro_error **error);

/// The event of this id.
///
/// Errors: `EVENT_NOT_FOUND`; `CORRUPT`; `IO`; `CLOSED`; as all that ask for an event.
ouro_status ouro_database_event(const struct ouro_database *database,
                                struct ouro_event_id id,
                                struct ouro_event **out,
                                struct ouro_error **error);

/// The event that this one hangs under; NULL for a root, with `OURO_OK`.
///
/// Errors: as `ouro_database_event`.
ouro_status ouro_database_parent(const struct ouro_database *database,
                                 struct ouro_event_id event,
                                 struct ouro_event **out,
                                 struct ouro_error **error);

/// The metadata of the event: its own, else that of its nearest ancestor that has some; NULL where none has,
/// with `OURO_OK`.
///
/// Errors: as `ouro_database_event`.
ouro_status ouro_database_metadata(const struct ouro_database *database,
                                   struct ouro_event_id event,
                                   struct ouro_bytes **out,
                                   struct ouro_error **error);

/// All roots, in commit order.
///
/// Errors: `CLOSED`.
ouro_status ouro_database_roots(const struct ouro_database *database,
                                struct ouro_event_cursor **out,
                                struct ouro_error **error);

/// The roots of this title, in commit order.
///
/// Errors: `INVALID_TEXT`; `CLOSED`.
ouro_status ouro_database_roots_titled(const struct ouro_database *database,
                                       const char *title,
                                       size_t title_len,
                                       struct ouro_event_cursor **out,
                                       struct ouro_error **error);

/// The title index: every root with its title, by title.
///
/// Errors: `CLOSED`.
ouro_status ouro_database_root_index(const struct ouro_database *database,
                                     struct ouro_root_cursor **out,
                                     struct ouro_error **error);

/// The events directly under this one, in one of the orders `OURO_ORDER_...`.
///
/// Errors: as `ouro_database_event`; `INVALID_ARGUMENT` for another order.
ouro_status ouro_database_children(const struct ouro_database *database,
                                   struct ouro_event_id event,
                                   int32_t order,
                                   struct ouro_event_cursor **out,
                                   struct ouro_error **error);

/// The ids of the events directly under this one, without reading them.
///
/// Errors: as `ouro_database_children`.
ouro_status ouro_database_child_ids(const struct ouro_database *database,
                                    struct ouro_event_id event,
                                    int32_t order,
                                    struct ouro_id_cursor **out,
                                    struct ouro_error **error);

/// The events above this one, nearest first, a root last.
///
/// Errors: as `ouro_database_event`.
ouro_status ouro_database_ancestors(const struct ouro_database *database,
                                    struct ouro_event_id event,
                                    struct ouro_event_cursor **out,
                                    struct ouro_error **error);

/// All events under this one: parents before their children, children in commit order, depth first.
///
/// Errors: as `ouro_database_event`.
ouro_status ouro_database_descendants(const struct ouro_database *database,
                                      struct ouro_event_id event,
                                      struct ouro_event_cursor **out,
                                      struct ouro_error **error);

/// Begins a batch: events that become visible together or not at all.
///
/// Errors: `READ_ONLY`; `POISONED`; `CLOSED`.
ouro_status ouro_database_batch(const struct ouro_database *database,
                                struct ouro_batch **out,
                                struct ouro_error **error);

/// The durable events after a place in the change feed, in commit order; `after` is the text of a cursor,
/// NULL for the beginning.
///
/// Errors: `INVALID_CURSOR`; `CURSOR_OF_ANOTHER_STORE`; `CLOSED`.
ouro_status ouro_database_changes(const struct ouro_database *database,
                                  const char *after,
                                  struct ouro_changes **out,
                                  struct ouro_error **error);

/// Sees what a writer has committed since this database was opened read-only, or refreshed, in this process or
/// another; `out` gets whether there are new events. A database that is open for writing sees everything as it
/// comes, and answers no. Cursors that are open go on seeing what they saw; new ones, and the change feed, see
/// what is new.
///
/// Errors: `CORRUPT`; `IO`; then it goes on seeing what it saw. `CLOSED`.
ouro_status ouro_database_refresh(const struct ouro_database *database,
                                  bool *out,
                                  struct ouro_error **error);

/// Makes everything that was committed durable.
///
/// Errors: `READ_ONLY`; `IO`, after which the database takes no more writes; `POISONED`; `CLOSED`.
ouro_status ouro_database_sync(const struct ouro_database *database, struct ouro_error **error);

/// Figures as of now. `out` begins with `OURO_STATS_INIT`, and is all zeros but for its size on failure.
///
/// Errors: `INVALID_ARGUMENT` for a `struct_size` that is none; `CLOSED`.
ouro_status ouro_database_stats(const struct ouro_database *database,
                                struct ouro_stats *out,
                                struct ouro_error **error);

/// All figures in the text format of Prometheus, for an application to serve; `out` gets UTF-8 text. Serve each
/// database under a path of its own: the texts of two make no whole.
///
/// Errors: `CLOSED`.
ouro_status ouro_database_prometheus(const struct ouro_database *database,
                                     struct ouro_bytes **out,
                                     struct ouro_error **error);

/// Reads and checks everything. Damage is no error: the report names it. `control`, which counts bytes and
/// records, may be NULL.
///
/// Errors: `CANCELLED`; `IO`; `CLOSED`.
ouro_status ouro_database_verify(const struct ouro_database *database,
                                 const struct ouro_control *control,
                                 struct ouro_verify_report **out,
                                 struct ouro_error **error);

/// Makes the index anew from the segments. No answer changes; writers wait meanwhile. `control`, which counts
/// bytes and records, may be NULL.
///
/// Errors: as `ouro_database_verify`.
ouro_status ouro_database_rebuild_index(const struct ouro_database *database,
                                        const struct ouro_control *control,
                                        struct ouro_error **error);

/// The event's name; zeros for NULL.
struct ouro_event_id ouro_event_get_id(const struct ouro_event *event);

/// What the event is for: `OURO_EVENT_KIND_...`, or a number of a later version of the library; 0 for NULL.
uint8_t ouro_event_get_kind(const struct ouro_event *event);

/// The name of a kind, such as `root`; `unknown` for one of a later version. It is never freed.
const char *ouro_event_kind_name(uint8_t kind);

/// Whether the event hangs under another one, whose id goes to `out`; false and zeros for a root.
bool ouro_event_get_parent(const struct ouro_event *event, struct ouro_event_id *out);

/// The events that this one supersedes or joins, ascending; how many goes to `len`. Lent; NULL for NULL.
const struct ouro_event_id *ouro_event_get_follows(const struct ouro_event *event, size_t *len);

/// Who made the event: 16 bytes, drawn anew for each writer session; zeros for derived events and for NULL.
void ouro_event_get_origin(const struct ouro_event *event, uint8_t out[16]);

/// When the event was made, in milliseconds since 1970; 0 for derived events and for NULL.
uint64_t ouro_event_get_time_ms(const struct ouro_event *event);

/// Orders events of one millisecond; 0 for NULL.
uint16_t ouro_event_get_time_counter(const struct ouro_event *event);

/// This store's own commit order, from 1: not part of the id, and other on each replica; 0 for NULL.
uint64_t ouro_event_get_sequence(const struct ouro_event *event);

/// The title of a root, UTF-8 without a NUL at its end, and its length. Lent; NULL for an event that is no
/// root.
const char *ouro_event_get_title(const struct ouro_event *event, size_t *len);

/// How many attributes the event has; 0 for NULL.
size_t ouro_event_get_attributes_len(const struct ouro_event *event);

/// Whether the event has an attribute of this number, from 0, ascending by the bytes of the names. Its name
/// and value are lent.
bool ouro_event_get_attribute_at(const struct ouro_event *event, size_t index, struct ouro_attribute *out);

/// The value of the attribute of this name, lent; NULL where there is none, with `OURO_OK`.
///
/// Errors: `INVALID_TEXT` for a name that is not UTF-8.
ouro_status ouro_event_get_attribute(const struct ouro_event *event,
                                     const char *name,
                                     size_t name_len,
                                     const void **value,
                                     size_t *value_len,
                                     struct ouro_error **error);

/// The event's own metadata and its length. Lent; NULL where it has none. `ouro_database_metadata` gives
/// inherited metadata.
const void *ouro_event_get_metadata(const struct ouro_event *event, size_t *len);

/// Whether the event carries a file, whose length in bytes goes to `out`.
bool ouro_event_get_content_length(const struct ouro_event *event, uint64_t *out);

/// Whether the event may be collected again; false for NULL.
bool ouro_event_get_temporary(const struct ouro_event *event);

/// Whether the event expires, and when, in milliseconds since 1970.
bool ouro_event_get_expires_ms(const struct ouro_event *event, uint64_t *out);

/// Whether full-text search should cover the event; false for NULL.
bool ouro_event_get_full_text(const struct ouro_event *event);

/// Frees the event. NULL is allowed.
void ouro_event_free(struct ouro_event *event);

/// The next event, which the caller frees; NULL at the end, with `OURO_OK`.
///
/// Errors: `CORRUPT` for an event that cannot be read, the cursor goes on behind it; `CLOSED`.
ouro_status ouro_event_cursor_next(const struct ouro_event_cursor *cursor,
                                   struct ouro_event **out,
                                   struct ouro_error **error);

/// The next events, at most `capacity`, each of which the caller frees; how many goes to `len`, 0 at the end.
///
/// Errors: as `ouro_event_cursor_next`; an unreadable event is reported once those before it are given out.
ouro_status ouro_event_cursor_page(const struct ouro_event_cursor *cursor,
                                   struct ouro_event **events,
                                   size_t capacity,
                                   size_t *len,
                                   struct ouro_error **error);

/// Frees the cursor. NULL is allowed.
void ouro_event_cursor_free(struct ouro_event_cursor *cursor);

/// Whether there is a next id, in `found`, and the id. At the end `found` is false, with `OURO_OK`.
///
/// Errors: `CLOSED`.
ouro_status ouro_id_cursor_next(const struct ouro_id_cursor *cursor,
                                struct ouro_event_id *out,
                                bool *found,
                                struct ouro_error **error);

/// The next ids, at most `capacity`; how many goes to `len`, 0 at the end.
///
/// Errors: `CLOSED`.
ouro_status ouro_id_cursor_page(const struct ouro_id_cursor *cursor,
                                struct ouro_event_id *ids,
                                size_t capacity,
                                size_t *len,
                                struct ouro_error **error);

/// Frees the cursor. NULL is allowed.
void ouro_id_cursor_free(struct ouro_id_cursor *cursor);

/// The next title, which the caller frees, and the id of its root; the title is NULL at the end, with
/// `OURO_OK`.
///
/// Errors: `CLOSED`.
ouro_status ouro_root_cursor_next(const struct ouro_root_cursor *cursor,
                                  struct ouro_bytes **title,
                                  struct ouro_event_id *root,
                                  struct ouro_error **error);

/// The next titles, at most `capacity`, each of which the caller frees, and the ids of their roots; how many
/// goes to `len`, 0 at the end.
///
/// Errors: `CLOSED`.
ouro_status ouro_root_cursor_page(const struct ouro_root_cursor *cursor,
                                  struct ouro_bytes **titles,
                                  struct ouro_event_id *roots,
                                  size_t capacity,
                                  size_t *len,
                                  struct ouro_error **error);

/// Frees the cursor. NULL is allowed.
void ouro_root_cursor_free(struct ouro_root_cursor *cursor);

/// The copy holds the events up to this sequence number; 0 for none, and for NULL.
uint64_t ouro_backup_report_sequence(const struct ouro_backup_report *report);

/// Segments of the copy; 0 for NULL.
uint64_t ouro_backup_report_segments(const struct ouro_backup_report *report);

/// Bytes of segments that were copied by this call; 0 for NULL.
uint64_t ouro_backup_report_bytes_copied(const struct ouro_backup_report *report);

/// Bytes of segments that were there from earlier calls; 0 for NULL.
uint64_t ouro_backup_report_bytes_kept(const struct ouro_backup_report *report);

/// Stretches among the copied ones that cannot be read; 0 for NULL. They are damaged in the store that was
/// copied as well, or on the way from it: `ouro_database_verify` there tells.
uint64_t ouro_backup_report_damaged_ranges(const struct ouro_backup_report *report);

/// Frees the report. NULL is allowed.
void ouro_backup_report_free(struct ouro_backup_report *report);

/// Under a stored event.
struct ouro_batch_parent ouro_batch_parent_event(struct ouro_event_id event);

/// Under an earlier member of the same batch.
struct ouro_batch_parent ouro_batch_parent_member(struct ouro_member member);

/// Adds a root.
///
/// Errors: `INVALID_TEXT`; `TITLE_TOO_LONG`; `BATCH_TOO_LARGE`; `FINISHED`; `CLOSED`.
ouro_status ouro_batch_create_root(const struct ouro_batch *batch,
                                   const char *title,
                                   size_t title_len,
                                   struct ouro_member *out,
                                   struct ouro_error **error);

/// Adds an event under a stored event or an earlier member. `new_event` may be NULL.
///
/// Errors: those of `ouro_database_append`; `INVALID_ARGUMENT` for a member of another batch;
/// `BATCH_TOO_LARGE`; `FINISHED`. After an error the batch is as it was.
ouro_status ouro_batch_append(const struct ouro_batch *batch,
                              struct ouro_batch_parent parent,
                              const struct ouro_new_event *new_event,
                              struct ouro_member *out,
                              struct ouro_error **error);

/// Adds an event that carries what the source gives. The bytes are stored now, the event at the commit.
/// `new_event` and `control`, which counts bytes, may be NULL.
///
/// Errors: those of `ouro_database_put_file` and of `ouro_batch_append`. After an error the batch is as it
/// was.
ouro_status ouro_batch_put_file(const struct ouro_batch *batch,
                                struct ouro_batch_parent parent,
                                struct ouro_source source,
                                const struct ouro_new_event *new_event,
                                const struct ouro_control *control,
                                struct ouro_member *out,
                                struct ouro_error **error);

/// Members so far; 0 once the batch is committed or discarded, and for NULL.
size_t ouro_batch_len(const struct ouro_batch *batch);

/// Makes all members visible at once, and gives their ids by `ouro_member.index`. The batch is finished,
/// whatever the answer; after an error nothing of it is visible.
///
/// Errors: `FINISHED`; `PARENT_NOT_FOUND`; and those of every write.
ouro_status ouro_batch_commit(const struct ouro_batch *batch,
                              struct ouro_id_list **out,
                              struct ouro_error **error);

/// As `ouro_batch_commit`, with a durability of its own, which is one of `OURO_DURABILITY_...`: durable, it makes
/// everything that was committed before durable too; buffered, it waits for no sync.
///
/// Errors: those of `ouro_batch_commit`; `INVALID_ARGUMENT` for another `durability`, after which the batch is as it was.
ouro_status ouro_batch_commit_with(const struct ouro_batch *batch,
                                   int32_t durability,
                                   struct ouro_id_list **out,
                                   struct ouro_error **error);

/// Throws all members away.
///
/// Errors: `FINISHED`; `CLOSED`.
ouro_status ouro_batch_discard(const struct ouro_batch *batch, struct ouro_error **error);

/// Frees the batch. What was not committed is discarded. NULL is allowed.
void ouro_batch_free(struct ouro_batch *batch);

/// Takes all of the bytes.
///
/// Errors: `FINISHED` after finish or abort; those of every write, after which the writer is finished.
ouro_status ouro_file_writer_write(const struct ouro_file_writer *writer,
                                   const void *bytes,
                                   size_t bytes_len,
                                   struct ouro_error **error);

/// Bytes taken so far; 0 for NULL.
uint64_t ouro_file_writer_length(const struct ouro_file_writer *writer);

/// Makes the event, and gives its id. The writer is finished, whatever the answer.
///
/// Errors: `FINISHED`; those of every write.
ouro_status ouro_file_writer_finish(const struct ouro_file_writer *writer,
                                    struct ouro_event_id *out,
                                    struct ouro_error **error);

/// Ends the writer without an event.
///
/// Errors: `FINISHED`; `CLOSED`.
ouro_status ouro_file_writer_abort(const struct ouro_file_writer *writer, struct ouro_error **error);

/// Frees the writer. What was not finished is aborted. NULL is allowed.
void ouro_file_writer_free(struct ouro_file_writer *writer);

/// Length of the file in bytes; 0 for NULL.
uint64_t ouro_file_reader_length(const struct ouro_file_reader *reader);

/// Where the next read begins; 0 for NULL.
uint64_t ouro_file_reader_position(const struct ouro_file_reader *reader);

/// Fills the buffer from the position on, which advances; how many bytes goes to `len`: fewer than `capacity`
/// only at the end, 0 there.
///
/// Errors: `CORRUPT`, naming the event and the damaged place; `IO`; `CLOSED`.
ouro_status ouro_file_reader_read(const struct ouro_file_reader *reader,
                                  void *buffer,
                                  size_t capacity,
                                  size_t *len,
                                  struct ouro_error **error);

/// Fills the buffer from `offset` on; the position stays. How many bytes goes to `len`: fewer than `capacity`
/// only at the end.
///
/// Errors: as `ouro_file_reader_read`.
ouro_status ouro_file_reader_read_at(const struct ouro_file_reader *reader,
                                     uint64_t offset,
                                     void *buffer,
                                     size_t capacity,
                                     size_t *len,
                                     struct ouro_error **error);

/// Moves the position by `offset` from the beginning, the position or the end (`OURO_SEEK_...`), and gives
/// the new one. Past the end is allowed; reads there give nothing. `position` may be NULL.
///
/// Errors: `INVALID_ARGUMENT` before the beginning, beyond 64 bits, and for another `whence`; `CLOSED`.
ouro_status ouro_file_reader_seek(const struct ouro_file_reader *reader,
                                  int32_t whence,
                                  int64_t offset,
                                  uint64_t *position,
                                  struct ouro_error **error);

/// Writes the file to an open descriptor, from the position on to the end; how many bytes that were goes to `written`.
/// The position advances with what was written, also where the call fails. The descriptor stays open. `control`, which
/// counts bytes, and `written` may be NULL.
///
/// Errors: `DISK_FULL` or `IO` where the descriptor takes no more; `CANCELLED`; as `ouro_file_reader_read`.
ouro_status ouro_file_reader_write_to_descriptor(const struct ouro_file_reader *reader,
                                                 int descriptor,
                                                 const struct ouro_control *control,
                                                 uint64_t *written,
                                                 struct ouro_error **error);

/// Writes the file to a new file at `path`, from the position on to the end, as `ouro_file_reader_write_to_descriptor`
/// does. Where it fails no file is left at the path.
///
/// Errors: `ALREADY_EXISTS` where there is something at the path, be it a symbolic link; `PATH_NOT_FOUND` where its
/// folder is missing; `PERMISSION_DENIED`; `INVALID_ARGUMENT` for a path in the store's own folder; `DISK_FULL`; `IO`;
/// `CANCELLED`; as `ouro_file_reader_read`.
ouro_status ouro_file_reader_write_to_path(const struct ouro_file_reader *reader,
                                           const char *path,
                                           const struct ouro_control *control,
                                           uint64_t *written,
                                           struct ouro_error **error);

/// Gives the file to a function, from the position on to the end, as `ouro_file_reader_write_to_descriptor` does.
///
/// Errors: `IO` where the function takes no more; `CANCELLED`; as `ouro_file_reader_read`.
ouro_status ouro_file_reader_write_to_callback(const struct ouro_file_reader *reader,
                                               ouro_write_fn write,
                                               void *userdata,
                                               const struct ouro_control *control,
                                               uint64_t *written,
                                               struct ouro_error **error);

/// Frees the reader. NULL is allowed.
void ouro_file_reader_free(struct ouro_file_reader *reader);

/// The next event, which the caller frees; NULL where there is none yet, with `OURO_OK`.
///
/// Errors: `CORRUPT` for an event that cannot be read, the feed goes on behind it; `CLOSED`.
ouro_status ouro_changes_next(const struct ouro_changes *changes,
                              struct ouro_event **out,
                              struct ouro_error **error);

/// The next events, at most `capacity`, each of which the caller frees; how many goes to `len`, 0 where there
/// are none yet.
///
/// Errors: as `ouro_changes_next`.
ouro_status ouro_changes_page(const struct ouro_changes *changes,
                              struct ouro_event **events,
                              size_t capacity,
                              size_t *len,
                              struct ouro_error **error);

/// As `ouro_changes_page`, but where there are no events yet it waits for them, at most `timeout_ms` milliseconds;
/// `UINT64_MAX` is without end. A database that was opened read-only looks at what its writer has committed
/// meanwhile, in whichever process that is; it looks once where it may not wait at all. `control` may be NULL; its
/// function is told that nothing has come yet, with zeros.
///
/// Errors: as `ouro_changes_next`; `CANCELLED`; `CLOSED` within a moment of another thread's closing the database.
ouro_status ouro_changes_watch(const struct ouro_changes *changes,
                               uint64_t timeout_ms,
                               const struct ouro_control *control,
                               struct ouro_event **events,
                               size_t capacity,
                               size_t *len,
                               struct ouro_error **error);

/// The text of the place behind the last event given out, with a NUL: keep it to go on later, in
/// `ouro_database_changes`.
ouro_status ouro_changes_cursor(const struct ouro_changes *changes, char out[67], struct ouro_error **error);

/// The sequence number of the last event before the place that this text names; 0 at the beginning.
///
/// Errors: `INVALID_CURSOR`.
ouro_status ouro_change_cursor_sequence(const char *cursor, uint64_t *out, struct ouro_error **error);

/// Frees the changes. NULL is allowed.
void ouro_changes_free(struct ouro_changes *changes);

/// The event of the folder, file or symbolic link that was named; zeros for NULL.
struct ouro_event_id ouro_import_report_event(const struct ouro_import_report *report);

/// Files, each name of a hard link counted; 0 for NULL.
uint64_t ouro_import_report_files(const struct ouro_import_report *report);

/// Folders, with the one that was named; 0 for NULL.
uint64_t ouro_import_report_directories(const struct ouro_import_report *report);

/// Symbolic links; 0 for NULL.
uint64_t ouro_import_report_symlinks(const struct ouro_import_report *report);

/// Bytes of all files together, as they were read; 0 for NULL.
uint64_t ouro_import_report_bytes(const struct ouro_import_report *report);

/// How many entries were left out: devices, sockets, pipes, and the folder of the store itself.
size_t ouro_import_report_skipped_len(const struct ouro_import_report *report);

/// The path of an entry that was left out, by its number from 0; it begins with the path that was named. Lent
/// until the report is freed; NULL where there is none.
const char *ouro_import_report_skipped(const struct ouro_import_report *report, size_t index);

/// Frees the report. NULL is allowed.
void ouro_import_report_free(struct ouro_import_report *report);

/// Files; 0 for NULL.
uint64_t ouro_export_report_files(const struct ouro_export_report *report);

/// Folders, with the one that was named; 0 for NULL.
uint64_t ouro_export_report_directories(const struct ouro_export_report *report);

/// Symbolic links; 0 for NULL.
uint64_t ouro_export_report_symlinks(const struct ouro_export_report *report);

/// Bytes of all files together; 0 for NULL.
uint64_t ouro_export_report_bytes(const struct ouro_export_report *report);

/// Frees the report. NULL is allowed.
void ouro_export_report_free(struct ouro_export_report *report);

/// The name of a kind of operation, `OURO_OPERATION_...`, such as "append"; NULL for a number that is none. The
/// numbers begin with 0 and have no gaps, so that NULL ends a walk through them.
const char *ouro_operation_name(int32_t operation);

/// How long the calls of one kind, `OURO_OPERATION_...`, took since the database was opened. `out` begins with
/// `OURO_LATENCY_INIT`, and is all zeros but for its size on failure.
///
/// Errors: `INVALID_ARGUMENT` for a kind that there is none of, or a `struct_size` that is none; `CLOSED`.
ouro_status ouro_database_latency(const struct ouro_database *database,
                                  int32_t operation,
                                  struct ouro_latency *out,
                                  struct ouro_error **error);

/// Whether nothing is wrong; false for NULL.
bool ouro_verify_report_is_clean(const struct ouro_verify_report *report);

/// Segments that were read; 0 for NULL.
uint64_t ouro_verify_report_segments(const struct ouro_verify_report *report);

/// Bytes that were read; 0 for NULL.
uint64_t ouro_verify_report_bytes(const struct ouro_verify_report *report);

/// Events that were checked; 0 for NULL.
uint64_t ouro_verify_report_events(const struct ouro_verify_report *report);

/// Chunks and lists that were checked; 0 for NULL.
uint64_t ouro_verify_report_chunks(const struct ouro_verify_report *report);

/// How many problems there are; 0 for NULL.
uint64_t ouro_verify_report_problems_total(const struct ouro_verify_report *report);

/// How many problems are listed.
size_t ouro_verify_report_problems_len(const struct ouro_verify_report *report);

/// Whether the event that a problem concerns is known, and its id.
bool ouro_verify_report_problem_event(const struct ouro_verify_report *report,
                                      size_t index,
                                      struct ouro_event_id *out);

/// The attribute `file.name` of the event that a problem concerns, raw bytes, and its length. Lent until the
/// report is freed; NULL where there is none.
const void *ouro_verify_report_problem_file_name(const struct ouro_verify_report *report,
                                                 size_t index,
                                                 size_t *len);

/// Whether the segment that a problem concerns is known, and its number.
bool ouro_verify_report_problem_segment(const struct ouro_verify_report *report, size_t index, uint64_t *out);

/// Whether it is known where in the segment a problem is, and that place.
bool ouro_verify_report_problem_offset(const struct ouro_verify_report *report, size_t index, uint64_t *out);

/// Whether it is known how many bytes from there a problem concerns, and their number.
bool ouro_verify_report_problem_length(const struct ouro_verify_report *report, size_t index, uint64_t *out);

/// What is wrong, for people. Lent until the report is freed; NULL for a number that is none.
const char *ouro_verify_report_problem_message(const struct ouro_verify_report *report, size_t index);

/// Frees the report. NULL is allowed.
void ouro_verify_report_free(struct ouro_verify_report *report);

/// Has `sink` called with what the library tells from now on, up to `level` (`OURO_LOG_...`), of all databases of this
/// process. Never content, titles, metadata or attributes: ids, numbers and paths of stores.
///
/// Whoever tells never waits for the sink: 1,024 records wait for it at most, what does not fit is counted, and the
/// count is told. It takes the place of an earlier sink, which may still be running when this returns; call
/// `ouro_clear_log_sink` first where this matters. `userdata_free`, which may be NULL, is called once with `userdata`
/// when the sink is not called any more: also where this fails. A child of fork() hears nothing until it sets a sink.
///
/// Errors: `INVALID_ARGUMENT` for a level that there is none of; `IO` where no thread can be started.
/// may be called from other threads.
ouro_status ouro_set_log_sink(int32_t level,
                              ouro_log_fn sink,
                              void *userdata,
                              ouro_log_free_fn userdata_free,
                              struct ouro_error **error);

/// Ends the sink: what was told so far is delivered first, and when this returns the sink is not called any more. From
/// within the sink it returns at once, and the sink ends after what waits for it. Do not hold a lock that the sink may
/// wait for. Does nothing where there is no sink.
void ouro_clear_log_sink(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* OUROBOROSDB_H */
