// What the tests in C++ say of a call: that something holds, that it fails with a code.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "ouroborosdb.hpp"

// A function, not a branch at each place: the sanitizers make branches dear to compile.
inline void check_that(bool holds, const char* file, int line, const char* condition) {
  if (holds) return;
  std::fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
  std::exit(1);
}

#define CHECK(condition) check_that(static_cast<bool>(condition), __FILE__, __LINE__, #condition)

// The call, of the form that throws, throws an Error of this code that says something.
#define THROWS(expected, call)                                                                            \
  do {                                                                                                    \
    bool check_thrown = false;                                                                            \
    try {                                                                                                 \
      static_cast<void>(call);                                                                            \
    } catch (const ouroborosdb::Error& error) {                                                           \
      check_thrown = true;                                                                                \
      check_error(__FILE__, __LINE__, #call, ouroborosdb::ErrorCode::expected, error);                    \
    }                                                                                                     \
    CHECK(check_thrown && #call " throws");                                                               \
  } while (false)

// The call, of the form that does not throw, fails with this code and says something.
#define FAILS(expected, call)                                                                             \
  do {                                                                                                    \
    const auto check_result = (call);                                                                     \
    CHECK(!check_result && !check_result.has_value() && #call " fails");                                  \
    check_error(__FILE__, __LINE__, #call, ouroborosdb::ErrorCode::expected, check_result.error());       \
  } while (false)

inline void check_error(const char* file, int line, const char* call, ouroborosdb::ErrorCode expected,
                        const ouroborosdb::Error& error) {
  const bool whole = error.code() == expected && error.name() == ouroborosdb::name(expected) &&
                     std::string_view(error.what()).size() > 10;
  if (whole) return;
  std::fprintf(stderr, "%s:%d: %s\n  failed with %s: %s\n", file, line, call, std::string(error.name()).c_str(),
               error.what());
  std::exit(1);
}

// Bytes that no two places of a file share: xorshift64.
inline std::string check_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  unsigned long long x = 88172645463325252ULL;
  for (char& byte : bytes) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    byte = static_cast<char>(x);
  }
  return bytes;
}

// A file with this content.
inline void check_write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  CHECK(file.good());
}

#endif
