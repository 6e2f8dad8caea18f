/// \file
/// What every other header of this folder begins with: the C header, and the name of the inline namespace.
///
/// The classes are compiled into the programs that use them, so their namespace carries a version, and whether
/// exceptions are enabled: objects of translation units that would not fit each other do not link.

#ifndef OUROBOROSDB_NAMESPACE_HPP
#define OUROBOROSDB_NAMESPACE_HPP

#include "../ouroborosdb.h"

/// \def OUROBOROSDB_INLINE_NAMESPACE
/// The inline namespace that everything is in; programs leave it out.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define OUROBOROSDB_INLINE_NAMESPACE v1
#else
#define OUROBOROSDB_INLINE_NAMESPACE v1_without_exceptions
#endif

/// The C++ face of OuroborosDB.
namespace ouroborosdb {
inline namespace OUROBOROSDB_INLINE_NAMESPACE {
namespace detail {

/// Whether this translation unit is compiled with exceptions.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
inline constexpr bool has_exceptions = true;
#else
inline constexpr bool has_exceptions = false;
#endif

static_assert(OURO_ABI_VERSION == 1, "ouroborosdb.h is of another version than the headers in ouroborosdb/");

}  // namespace detail
}  // namespace OUROBOROSDB_INLINE_NAMESPACE
}  // namespace ouroborosdb

#endif  // OUROBOROSDB_NAMESPACE_HPP
