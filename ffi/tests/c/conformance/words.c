#include "words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"

/* More than any script asks for, and little enough to be had. */
#define LENGTH_MAX (512u << 20)

static struct bytes piece(struct run *run, const char *piece);

/* Evaluates the parts of a word between the separators, and joins their values with `between`. */
static struct bytes joined(struct run *run, const char *word, char separator, const char *between,
                           struct bytes (*value)(struct run *run, const char *part)) {
  if (strchr(word, separator) == NULL) return value(run, word);
  struct builder builder = {.pool = &run->pool};
  for (const char *at = word;; builder_text(&builder, between)) {
    const char *end = strchr(at, separator);
    size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
    const char *part = pool_string(&run->pool, (struct bytes){(const unsigned char *)at, len});
    struct bytes bytes = value(run, part);
    builder_add(&builder, bytes.data, bytes.len);
    if (end == NULL) return builder_end(&builder);
    at = end + 1;
  }
}

static struct bytes part(struct run *run, const char *word) { return joined(run, word, '+', "", piece); }

struct bytes evaluate(struct run *run, const char *word) { return joined(run, word, ',', ",", part); }

uint64_t number_of(struct run *run, const char *word) {
  const char *text = string_of(run, word);
  char *end = NULL;
  errno = 0;
  uint64_t number = strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || errno != 0) give_up(run, "`%.60s` is no such number", text);
  return number;
}

int64_t signed_number_of(struct run *run, const char *word) {
  const char *text = string_of(run, word);
  const char *digits = *text == '-' ? text + 1 : text;
  char *end = NULL;
  errno = 0;
  int64_t number = strtoll(text, &end, 10);
  if (*digits < '0' || *digits > '9' || *end != '\0' || errno != 0) {
    give_up(run, "`%.60s` is no such number", text);
  }
  return number;
}

bool bool_of(struct run *run, const char *word) {
  if (strcmp(word, "true") != 0 && strcmp(word, "false") != 0) give_up(run, "`%.60s` is not true or false", word);
  return strcmp(word, "true") == 0;
}

size_t length_of(struct run *run, const char *word) {
  uint64_t number = number_of(run, word);
  if (number > LENGTH_MAX) give_up(run, "there is no room for %" PRIu64, number);
  return (size_t)number;
}

const char *string_of(struct run *run, const char *word) {
  struct bytes value = evaluate(run, word);
  if (value.len > 0 && memchr(value.data, 0, value.len) != NULL) give_up(run, "a string of C's has no NUL within");
  return pool_string(&run->pool, value);
}

const char *path_of(struct run *run, const char *word) {
  const char *path = string_of(run, word);
  return *path == '/' ? path : pool_format(&run->pool, "%s/%s", run->folder, path);
}

ouro_event_id id_of(struct run *run, const char *word) {
  ouro_event_id id;
  check(run, ouro_event_id_from_hex(string_of(run, word), &id, &run->error));
  return id;
}

void *handle_named(struct run *run, const char *name, enum kind kind) {
  const struct handle *handle = names_handle(&run->names, name);
  if (handle == NULL || handle->kind != kind) give_up(run, "`%.60s` is no %s", name, kind_name(kind));
  return handle->object;
}

void *handle_at(struct run *run, size_t index, enum kind kind) {
  return handle_named(run, run->statement.words[index], kind);
}

const char *option_of(const struct run *run, const char *key) {
  for (size_t i = 0; i < run->statement.options_len; i++) {
    if (strcmp(run->statement.options[i].key, key) == 0) return run->statement.options[i].value;
  }
  return NULL;
}

struct bytes read_whole_file(struct run *run, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) give_up_errno(run, path);
  struct builder builder = {.pool = &run->pool};
  unsigned char buffer[65536];
  for (size_t len; (len = fread(buffer, 1, sizeof buffer, file)) > 0;) builder_add(&builder, buffer, len);
  bool whole = !ferror(file);
  fclose(file);
  if (!whole) give_up(run, "%s cannot be read", path);
  return builder_end(&builder);
}

static int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/* A literal without its first quote. */
static struct bytes literal(struct run *run, const char *text) {
  struct builder builder = {.pool = &run->pool};
  size_t len = strlen(text);
  if (len == 0 || text[len - 1] != '"') give_up(run, "a literal does not end");
  for (size_t at = 0; at < len - 1; at++) {
    unsigned char byte = (unsigned char)text[at];
    if (byte == '\\') {
      int high = at + 3 < len && text[at + 1] == 'x' ? hex_digit(text[at + 2]) : -1;
      int low = high >= 0 ? hex_digit(text[at + 3]) : -1;
      if (low < 0) give_up(run, "an escape is \\xNN");
      byte = (unsigned char)(16 * high + low);
      at += 3;
    } else if (byte == '"') {
      give_up(run, "a quote in a literal is written \\x22");
    }
    builder_add(&builder, &byte, 1);
  }
  return builder_end(&builder);
}

/* xorshift64 of Marsaglia (2003), triple 13, 7, 17. */
static struct bytes random_bytes(struct run *run, uint64_t state, size_t len) {
  unsigned char *bytes = pool_take(&run->pool, len);
  for (size_t at = 0; at < len; at++) {
    if (at % 8 == 0) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
    }
    bytes[at] = (unsigned char)(state >> 8 * (at % 8));
  }
  return (struct bytes){bytes, len};
}

static struct bytes invented_ids(struct run *run, size_t count) {
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < count; i++) {
    list_add(&list, i, pool_format(&run->pool, "%0128zu", i + 1), 128);
  }
  return builder_end(&list);
}

/* What stands before the colon, which must be there; `rest` goes on behind it. */
static const char *until_colon(struct run *run, const char **rest) {
  const char *colon = strchr(*rest, ':');
  if (colon == NULL) give_up(run, "a generator has too few parts");
  size_t len = (size_t)(colon - *rest);
  const char *part = pool_string(&run->pool, (struct bytes){(const unsigned char *)*rest, len});
  *rest = colon + 1;
  return part;
}

static struct bytes slice(struct run *run, const char *rest) {
  uint64_t start = number_of(run, until_colon(run, &rest));
  uint64_t len = number_of(run, until_colon(run, &rest));
  struct bytes value = piece(run, rest);
  if (start > value.len || len > value.len - start) give_up(run, "%zu bytes have no such slice", value.len);
  return (struct bytes){value.data + start, (size_t)len};
}

static struct bytes generate(struct run *run, const char *generator, const char *rest) {
  if (strcmp(generator, "zeros") == 0) {
    size_t len = length_of(run, rest);
    return (struct bytes){pool_take(&run->pool, len), len};
  }
  if (strcmp(generator, "repeat") == 0) {
    const char *character = until_colon(run, &rest);
    if (strlen(character) != 1) give_up(run, "repeat:C:N");
    size_t len = length_of(run, rest);
    return (struct bytes){memset(pool_take(&run->pool, len), *character, len), len};
  }
  if (strcmp(generator, "random") == 0) {
    uint64_t seed = number_of(run, until_colon(run, &rest));
    return random_bytes(run, seed, length_of(run, rest));
  }
  if (strcmp(generator, "ids") == 0) return invented_ids(run, length_of(run, rest));
  if (strcmp(generator, "slice") == 0) return slice(run, rest);
  if (strcmp(generator, "path") == 0) return bytes_of_text(path_of(run, rest));
  if (strcmp(generator, "file") == 0) return read_whole_file(run, path_of(run, rest));
  if (strcmp(generator, "pid") == 0 && *rest == '\0') {
    return bytes_of_text(pool_format(&run->pool, "%ld", (long)getpid()));
  }
  give_up(run, "there is no generator `%.60s`", generator);
}

static bool is_bare(const char *piece) {
  size_t len = strspn(piece, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/");
  return len > 0 && piece[len] == '\0';
}

static struct bytes piece(struct run *run, const char *piece) {
  if (*piece == '$') {
    const struct bytes *value = names_value(&run->names, bytes_of_text(piece + 1));
    if (value == NULL) give_up(run, "there is no value `%.60s`", piece);
    return *value;
  }
  if (*piece == '"') return literal(run, piece + 1);
  if (strchr(piece, ':') != NULL) {
    const char *generator = until_colon(run, &piece);
    return generate(run, generator, piece);
  }
  if (!is_bare(piece)) give_up(run, "`%.60s` is no word", piece);
  return bytes_of_text(piece);
}
