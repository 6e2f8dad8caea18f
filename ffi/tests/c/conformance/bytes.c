#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRIEF_BYTES_MAX 300

struct piece {
  struct piece *before;
  max_align_t content[];
};

void *pool_take(struct pool *pool, size_t len) {
  struct piece *piece = len < SIZE_MAX / 2 ? calloc(1, sizeof(struct piece) + len) : NULL;
  if (piece == NULL) {
    fprintf(stderr, "there is no memory for %zu bytes\n", len);
    exit(1);
  }
  piece->before = pool->last;
  pool->last = piece;
  return piece->content;
}

void pool_empty(struct pool *pool) {
  while (pool->last != NULL) {
    struct piece *piece = pool->last;
    pool->last = piece->before;
    free(piece);
  }
}

struct bytes pool_copy(struct pool *pool, const void *data, size_t len) {
  unsigned char *copy = pool_take(pool, len);
  if (len > 0) memcpy(copy, data, len);
  return (struct bytes){copy, len};
}

char *pool_string(struct pool *pool, struct bytes bytes) {
  char *string = pool_take(pool, bytes.len + 1);
  if (bytes.len > 0) memcpy(string, bytes.data, bytes.len);
  return string;
}

char *pool_format(struct pool *pool, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int len = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (len < 0) abort();
  char *text = pool_take(pool, (size_t)len + 1);
  va_start(arguments, format);
  vsnprintf(text, (size_t)len + 1, format, arguments);
  va_end(arguments);
  return text;
}

void builder_add(struct builder *builder, const void *data, size_t len) {
  if (len > builder->capacity - builder->len) {
    size_t capacity = 2 * (builder->capacity + len);
    unsigned char *larger = pool_take(builder->pool, capacity);
    if (builder->len > 0) memcpy(larger, builder->data, builder->len);
    builder->data = larger;
    builder->capacity = capacity;
  }
  if (len > 0) memcpy(builder->data + builder->len, data, len);
  builder->len += len;
}

void builder_text(struct builder *builder, const char *text) { builder_add(builder, text, strlen(text)); }

struct bytes builder_end(const struct builder *builder) {
  return pool_copy(builder->pool, builder->data, builder->len);
}

struct bytes bytes_of_text(const char *text) {
  return (struct bytes){(const unsigned char *)text, strlen(text)};
}

bool bytes_equal(struct bytes a, struct bytes b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool bytes_contain(struct bytes whole, struct bytes part) {
  for (size_t at = 0; at + part.len <= whole.len; at++) {
    if (bytes_equal((struct bytes){whole.data + at, part.len}, part)) return true;
  }
  return false;
}

int bytes_compare(struct bytes a, struct bytes b) {
  size_t shared = a.len < b.len ? a.len : b.len;
  int order = shared > 0 ? memcmp(a.data, b.data, shared) : 0;
  if (order != 0) return order;
  return a.len < b.len ? -1 : a.len > b.len;
}

struct bytes bytes_next_part(struct bytes *rest) {
  const unsigned char *comma = rest->len > 0 ? memchr(rest->data, ',', rest->len) : NULL;
  struct bytes part = {rest->data, comma ? (size_t)(comma - rest->data) : rest->len};
  *rest = comma ? (struct bytes){comma + 1, rest->len - part.len - 1} : (struct bytes){NULL, 0};
  return part;
}

const char *bytes_brief(struct pool *pool, struct bytes bytes) {
  struct builder builder = {.pool = pool};
  for (size_t at = 0; at < bytes.len && at < BRIEF_BYTES_MAX; at++) {
    unsigned char byte = bytes.data[at];
    if (byte >= 0x20 && byte < 0x7f) {
      builder_add(&builder, &byte, 1);
    } else {
      builder_text(&builder, pool_format(pool, "\\x%02x", byte));
    }
  }
  return pool_format(pool, "`%s` (%zu bytes)", pool_string(pool, builder_end(&builder)), bytes.len);
}
