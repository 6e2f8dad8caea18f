/*
 * Reads every entry of an imported folder back and compares it with the original on disk.
 *
 * `read_back STORE EVENT FOLDER`. Descendants come depth first, parents before their children, so the path of the
 * entry at hand is a stack: an entry's parent is always on it.
 */
#define _XOPEN_SOURCE 700

#include <ouroborosdb.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20, DEPTH_MAX = 4096, PAGE_EVENTS = 256 };

static struct {
  unsigned long long files, directories, symlinks, bytes, differences;
} found = {0, 1, 0, 0, 0};

/* The path of the entry at hand; each folder on it ends at a place of its own. */
static char path[PATH_MAX];
static struct {
  ouro_event_id id;
  size_t path_len;
} stack[DEPTH_MAX];
static size_t depth;

static unsigned char stored_block[BLOCK_BYTES], original_block[BLOCK_BYTES];

static void fail(const char *what) {
  fprintf(stderr, "read_back: %s\n", what);
  exit(1);
}

static void check(ouro_status status, ouro_error *error) {
  if (status != OURO_OK) fail(ouro_error_message(error));
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const void *attribute(const ouro_event *event, const char *name, size_t *len) {
  const void *value;
  ouro_error *error;
  check(ouro_event_get_attribute(event, name, strlen(name), &value, len, &error), error);
  if (value == NULL) fail("an entry lacks an attribute");
  return value;
}

static bool same_file(const ouro_database *db, const ouro_event *event) {
  ouro_error *error;
  ouro_file_reader *stored;
  check(ouro_database_open_file(db, ouro_event_get_id(event), &stored, &error), error);
  FILE *original = fopen(path, "rb");
  if (original == NULL) fail(path);
  bool same = true;
  size_t len = BLOCK_BYTES;
  while (same && len == BLOCK_BYTES) {
    check(ouro_file_reader_read(stored, stored_block, BLOCK_BYTES, &len, &error), error);
    size_t original_len = fread(original_block, 1, BLOCK_BYTES, original);
    same = len == original_len && memcmp(stored_block, original_block, len) == 0;
    if (same) found.bytes += len;
  }
  if (ferror(original)) fail(path);
  fclose(original);
  ouro_file_reader_free(stored);
  return same;
}

static bool same_link(const ouro_event *event) {
  size_t len;
  const void *target = attribute(event, "file.target", &len);
  ssize_t original_len = readlink(path, (char *)original_block, BLOCK_BYTES);
  return original_len >= 0 && (size_t)original_len == len && memcmp(original_block, target, len) == 0;
}

/* Whether the entry is what lies at `path`; counts it. */
static bool same(const ouro_database *db, const ouro_event *event) {
  size_t len;
  const char *kind = attribute(event, "file.type", &len);
  if (len == 9 && memcmp(kind, "directory", len) == 0) {
    struct stat original;
    found.directories++;
    return lstat(path, &original) == 0 && S_ISDIR(original.st_mode);
  }
  if (len == 7 && memcmp(kind, "symlink", len) == 0) {
    found.symlinks++;
    return same_link(event);
  }
  found.files++;
  return same_file(db, event);
}

/* Puts the entry's path into `path`, and the entry on the stack. */
static void enter(const ouro_event *event) {
  ouro_event_id parent;
  if (!ouro_event_get_parent(event, &parent)) fail("a descendant has no parent");
  while (memcmp(stack[depth].id.bytes, parent.bytes, sizeof parent.bytes) != 0) {
    if (depth-- == 0) fail("a descendant hangs under none of its ancestors");
  }
  size_t len, at = stack[depth].path_len;
  const void *name = attribute(event, "file.name", &len);
  if (depth + 1 == DEPTH_MAX || at + 1 + len >= sizeof path) fail("a path is too long");
  path[at] = '/';
  memcpy(path + at + 1, name, len);
  path[at + 1 + len] = '\0';
  depth++;
  stack[depth].id = ouro_event_get_id(event);
  stack[depth].path_len = at + 1 + len;
}

int main(int argc, char **argv) {
  if (argc != 4) fail("usage: read_back STORE EVENT FOLDER");
  ouro_error *error;
  check(ouro_event_id_from_hex(argv[2], &stack[0].id, &error), error);
  stack[0].path_len = strlen(argv[3]);
  if (stack[0].path_len >= sizeof path) fail("a path is too long");
  memcpy(path, argv[3], stack[0].path_len + 1);

  double start = seconds();
  ouro_database *db;
  ouro_event_cursor *cursor;
  check(ouro_database_open_read_only(argv[1], NULL, &db, &error), error);
  check(ouro_database_descendants(db, stack[0].id, &cursor, &error), error);
  ouro_event *events[PAGE_EVENTS];
  size_t len;
  do {
    check(ouro_event_cursor_page(cursor, events, PAGE_EVENTS, &len, &error), error);
    for (size_t i = 0; i < len; i++) {
      enter(events[i]);
      if (!same(db, events[i])) {
        found.differences++;
        fprintf(stderr, "differs: %s\n", path);
      }
      ouro_event_free(events[i]);
    }
  } while (len > 0);
  ouro_event_cursor_free(cursor);
  ouro_database_free(db);

  printf("files %llu\ndirectories %llu\nsymlinks %llu\nbytes %llu\ndifferences %llu\nseconds %f\n", found.files,
         found.directories, found.symlinks, found.bytes, found.differences, seconds() - start);
  return 0;
}
