/// \file
/// How an import goes about it.

#ifndef OUROBOROSDB_IMPORT_OPTIONS_HPP
#define OUROBOROSDB_IMPORT_OPTIONS_HPP

#include <cstdint>
#include <optional>

#include "options.hpp"

namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {

/// How `Database::import_path` goes about it.
struct ImportOptions {
  /// When the import is safe; as the database was opened unless it is said here.
  std::optional<Durability> durability = {};
};

namespace detail {

/// Options of an import as the C library takes them.
inline ouro_import_options c_import_options(const ImportOptions& options) {
  ouro_import_options made = OURO_IMPORT_OPTIONS_INIT;
  made.has_durability = options.durability.has_value() ? 1 : 0;
  made.durability = static_cast<std::int32_t>(options.durability.value_or(Durability::durable));
  return made;
}

}  // namespace detail

}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_IMPORT_OPTIONS_HPP
