/*
 * Prints every event of a store as one line of text, in commit order: `dump STORE`. dump.rs says what is in a line.
 */
#include <ouroborosdb.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* No divisor of a chunk's length, so that reads begin and end everywhere. */
enum { PIECE_BYTES = 10007, PAGE_EVENTS = 100 };

static void fail(const char *what) {
  fprintf(stderr, "dump: %s\n", what);
  exit(1);
}

static void check(ouro_status status, ouro_error *error) {
  if (status != OURO_OK) fail(ouro_error_message(error));
}

static void print_hex(const void *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) printf("%02x", ((const unsigned char *)bytes)[i]);
}

/* A word of bytes; `-` where they are not there. */
static void print_bytes(const void *bytes, size_t len) {
  putchar(' ');
  if (bytes == NULL) putchar('-');
  print_hex(bytes, bytes == NULL ? 0 : len);
}

static void print_number(bool is_there, uint64_t number) {
  if (is_there) {
    printf(" %" PRIu64, number);
  } else {
    printf(" -");
  }
}

static void print_flag(bool flag) { printf(" %s", flag ? "true" : "false"); }

static void print_follows(const ouro_event *event) {
  size_t len;
  const ouro_event_id *follows = ouro_event_get_follows(event, &len);
  putchar(' ');
  if (len == 0) putchar('-');
  for (size_t i = 0; i < len; i++) {
    if (i > 0) putchar(',');
    print_hex(follows[i].bytes, sizeof follows[i].bytes);
  }
}

static void print_attributes(const ouro_event *event) {
  ouro_attribute attribute;
  putchar(' ');
  if (ouro_event_get_attributes_len(event) == 0) putchar('-');
  for (size_t i = 0; ouro_event_get_attribute_at(event, i, &attribute); i++) {
    if (i > 0) putchar(',');
    print_hex(attribute.name, attribute.name_len);
    putchar('=');
    print_hex(attribute.value, attribute.value_len);
  }
}

/* FNV-1a: Fowler, Noll and Vo; its offset basis and prime for 64 bits. */
static uint64_t hash(const ouro_database *db, ouro_event_id event) {
  static unsigned char piece[PIECE_BYTES];
  ouro_error *error;
  ouro_file_reader *file;
  uint64_t state = UINT64_C(0xcbf29ce484222325);
  size_t len;
  check(ouro_database_open_file(db, event, &file, &error), error);
  do {
    check(ouro_file_reader_read(file, piece, sizeof piece, &len, &error), error);
    for (size_t i = 0; i < len; i++) state = (state ^ piece[i]) * UINT64_C(0x100000001b3);
  } while (len > 0);
  ouro_file_reader_free(file);
  return state;
}

static void print_event(const ouro_database *db, const ouro_event *event) {
  ouro_event_id id = ouro_event_get_id(event), parent;
  print_hex(id.bytes, sizeof id.bytes);
  printf(" %s", ouro_event_kind_name(ouro_event_get_kind(event)));
  bool has_parent = ouro_event_get_parent(event, &parent);
  print_bytes(has_parent ? parent.bytes : NULL, sizeof parent.bytes);
  print_follows(event);

  unsigned char origin[16];
  ouro_event_get_origin(event, origin);
  print_bytes(origin, sizeof origin);
  print_number(true, ouro_event_get_time_ms(event));
  print_number(true, ouro_event_get_time_counter(event));
  print_number(true, ouro_event_get_sequence(event));

  size_t title_len, metadata_len;
  const char *title = ouro_event_get_title(event, &title_len);
  print_bytes(title, title_len);
  print_attributes(event);
  const void *metadata = ouro_event_get_metadata(event, &metadata_len);
  print_bytes(metadata, metadata_len);

  uint64_t expires = 0, content_length = 0;
  bool has_expiry = ouro_event_get_expires_ms(event, &expires);
  print_flag(ouro_event_get_temporary(event));
  print_number(has_expiry, expires);
  print_flag(ouro_event_get_full_text(event));
  bool has_content = ouro_event_get_content_length(event, &content_length);
  print_number(has_content, content_length);
  if (has_content) {
    printf(" %016" PRIx64 "\n", hash(db, id));
  } else {
    printf(" -\n");
  }
}

int main(int argc, char **argv) {
  if (argc != 2) fail("usage: dump STORE");
  ouro_error *error;
  ouro_database *db;
  ouro_changes *changes;
  check(ouro_database_open_read_only(argv[1], NULL, &db, &error), error);
  check(ouro_database_changes(db, NULL, &changes, &error), error);
  ouro_event *events[PAGE_EVENTS];
  size_t len;
  do {
    check(ouro_changes_page(changes, events, PAGE_EVENTS, &len, &error), error);
    for (size_t i = 0; i < len; i++) {
      print_event(db, events[i]);
      ouro_event_free(events[i]);
    }
  } while (len > 0);
  ouro_changes_free(changes);
  ouro_database_free(db);
  if (fflush(stdout) != 0) fail("the output cannot be written");
  return 0;
}
