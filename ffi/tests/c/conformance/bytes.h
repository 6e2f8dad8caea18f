/* Bytes, and the memory that they are in.
 *
 * A pool gives memory that is given back all at once: a line of the script has one, so nothing that evaluates or
 * calls has anything to free, wherever it stops. Every piece is an allocation of its own and of the exact size, so
 * the sanitizers see a library that reads beyond what it was given. Without memory the program ends. */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
  const unsigned char *data;
  size_t len;
};

struct pool {
  struct piece *last;
};

/* Zeros; never NULL, also for no bytes. */
void *pool_take(struct pool *pool, size_t len);
void pool_empty(struct pool *pool);
struct bytes pool_copy(struct pool *pool, const void *data, size_t len);
/* With a NUL at the end, which a string of the C library's needs and `struct bytes` does not have. */
char *pool_string(struct pool *pool, struct bytes bytes);
char *pool_format(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes that are put together piece by piece. */
struct builder {
  struct pool *pool;
  unsigned char *data;
  size_t len, capacity;
};

void builder_add(struct builder *builder, const void *data, size_t len);
void builder_text(struct builder *builder, const char *text);
/* What is within, in memory of its exact size. */
struct bytes builder_end(const struct builder *builder);

struct bytes bytes_of_text(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_contain(struct bytes whole, struct bytes part);
/* Below, at or above 0, by the bytes. */
int bytes_compare(struct bytes a, struct bytes b);
/* The part before the next comma; `rest` goes on behind it, and its data is NULL when there was none. */
struct bytes bytes_next_part(struct bytes *rest);
/* For people: the beginning, with everything escaped that is not plain. */
const char *bytes_brief(struct pool *pool, struct bytes bytes);

#endif
