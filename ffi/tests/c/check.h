/* What the tests in C say of a call: that it succeeds, that it fails with a code, that something holds. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouroborosdb.h"

/* The last argument of a call within OK or FAILS; each thread has one. */
static _Thread_local ouro_error *check_error;
#define ERR &check_error

#define CHECK(condition)                                                             \
  do {                                                                               \
    if (!(condition)) {                                                              \
      fprintf(stderr, "%s:%d: this does not hold: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                       \
    }                                                                                \
  } while (0)

#define OK(call)                                                                                 \
  do {                                                                                           \
    if ((call) != OURO_OK) {                                                                     \
      fprintf(stderr, "%s:%d: %s\n  failed: %s: %s\n", __FILE__, __LINE__, #call,                \
              ouro_error_name(check_error), ouro_error_message(check_error));                    \
      exit(1);                                                                                   \
    }                                                                                            \
    CHECK(check_error == NULL);                                                                  \
  } while (0)

/* The call fails with this code, in its status and in its error, and says something. */
#define FAILS(expected, call)                                                             \
  do {                                                                                    \
    ouro_status check_status = (call);                                                    \
    if (check_status != (expected)) {                                                     \
      fprintf(stderr, "%s:%d: %s\n  gave %d (%s), not %s\n", __FILE__, __LINE__, #call,   \
              (int)check_status, check_error ? ouro_error_message(check_error) : "no error", #expected); \
      exit(1);                                                                            \
    }                                                                                     \
    CHECK(ouro_error_code(check_error) == (expected));                                    \
    CHECK(strlen(ouro_error_message(check_error)) > 10);                                  \
    CHECK(strcmp(ouro_error_name(check_error), ouro_error_code_name(expected)) == 0);     \
    ouro_error_free(check_error);                                                         \
    check_error = NULL;                                                                   \
  } while (0)

/* As FAILS with invalid_argument, and the message names the parameter. */
#define REFUSES(parameter, call)                                                          \
  do {                                                                                    \
    ouro_status check_status = (call);                                                    \
    if (check_status != OURO_ERROR_INVALID_ARGUMENT ||                                    \
        strstr(ouro_error_message(check_error), parameter) == NULL) {                     \
      fprintf(stderr, "%s:%d: %s\n  gave %d (%s)\n", __FILE__, __LINE__, #call,           \
              (int)check_status, check_error ? ouro_error_message(check_error) : "no error"); \
      exit(1);                                                                            \
    }                                                                                     \
    ouro_error_free(check_error);                                                         \
    check_error = NULL;                                                                   \
  } while (0)

/* A string constant as the pointer and the length that the library takes. */
#define TEXT(constant) (constant), (sizeof(constant) - 1)

#define SAME(a, b) (memcmp(&(a), &(b), sizeof(a)) == 0)

static inline int check_bytes(const void *data, size_t len, const char *expected) {
  return data != NULL && len == strlen(expected) && memcmp(data, expected, len) == 0;
}

/* A getter that lends bytes, whose length goes to its last argument, lends these. */
#define LENDS(expected, getter, handle)                        \
  do {                                                         \
    size_t check_len = 0;                                      \
    const void *check_data = getter(handle, &check_len);       \
    CHECK(check_bytes(check_data, check_len, expected));       \
  } while (0)

/* An empty database in memory, with one root. */
static inline ouro_database *check_memory(ouro_event_id *root) {
  ouro_database *database = NULL;
  OK(ouro_database_open_in_memory(NULL, &database, ERR));
  OK(ouro_database_create_root(database, TEXT("root"), root, ERR));
  return database;
}

/* A path below the scratch folder, in one of a few buffers. */
static inline const char *check_path(const char *folder, const char *name) {
  static char paths[8][4096];
  static unsigned next;
  char *path = paths[next++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

/* A file with this content. */
static inline void check_write(const char *path, const void *data, size_t len) {
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL);
  CHECK(fwrite(data, 1, len, file) == len);
  CHECK(fclose(file) == 0);
}

/* Bytes that no two places of a file share. */
static inline void check_fill(unsigned char *bytes, size_t len) {
  unsigned long long x = 88172645463325252ULL;
  for (size_t i = 0; i < len; i++) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    bytes[i] = (unsigned char)x;
  }
}

#endif
