/// \file
/// OuroborosDB for C++17: an embedded database of event trees. An event is immutable, is named by the SHA-512 of its
/// content, hangs under one parent, and can carry a file of any size.
///
/// Only headers, over ouroborosdb.h; link with -louroborosdb. Everything is in the namespace `ouroborosdb`; begin with
/// `Database::open`.
///
/// CALLS. A method that can fail throws an `Error`, whose `code()` says why. Its twin with the prefix `try_` gives a
/// `Result` instead, and works in programs that are compiled without exceptions. "Throws" in a method's description
/// leaves out what every one may throw: `closed`, and `invalid_argument` for a handle that was moved from. Memory
/// that the standard library does not get is `std::bad_alloc`, as everywhere.
///
/// HANDLES (`Database`, `Event`, `Batch`, `Buffer`, cursors, ...) are moved, never copied, and free themselves, in any
/// order; what hangs on a closed database throws `closed`. Ids, members, options and reports are values.
///
/// BYTES AND TEXT go in as `Bytes` and `std::string_view`, which lend: they must last until the call returns. They come
/// out in a `Buffer`, which owns the library's memory, or as views of an event, which last as long as it.
///
/// THREADS. What is `const` may be called by several threads at once; what is not, by one at a time.
///
/// CALLBACKS run on the thread that made the call, only during the call, with no lock held; they may call the
/// database, and even close it. What they throw is kept while the library runs, and leaves the method that was called.
/// The sink of `set_log_sink` alone runs on a thread of the library's.

#ifndef OUROBOROSDB_HPP
#define OUROBOROSDB_HPP

#include "ouroborosdb/batch.hpp"
#include "ouroborosdb/bytes.hpp"
#include "ouroborosdb/changes.hpp"
#include "ouroborosdb/control.hpp"
#include "ouroborosdb/cursor.hpp"
#include "ouroborosdb/database.hpp"
#include "ouroborosdb/error.hpp"
#include "ouroborosdb/event.hpp"
#include "ouroborosdb/event_id.hpp"
#include "ouroborosdb/file_reader.hpp"
#include "ouroborosdb/file_writer.hpp"
#include "ouroborosdb/import_options.hpp"
#include "ouroborosdb/log.hpp"
#include "ouroborosdb/new_event.hpp"
#include "ouroborosdb/new_file.hpp"
#include "ouroborosdb/options.hpp"
#include "ouroborosdb/report.hpp"
#include "ouroborosdb/source.hpp"

#endif  // OUROBOROSDB_HPP
