/* The tour. The same program in every language prints the same text, `expected.txt`.
 *
 * Run it with the path of a folder that does not exist yet:
 * `cc -I include examples/quickstart.c -L target/debug -louroborosdb -o quickstart && ./quickstart /tmp/tour`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouroborosdb.h"

#define LINES 100000
#define LINE_BYTES 12

static ouro_error *error;

/* Ends the program where a call failed, with what the library says. */
#define CHECK(call)                                           \
  do {                                                        \
    if ((call) != OURO_OK) {                                  \
      fprintf(stderr, "%s\n", ouro_error_message(error));     \
      return 1;                                               \
    }                                                         \
  } while (0)

/* A new event with one attribute. It points to `attribute`, which must live as long. */
static ouro_new_event with(ouro_attribute *attribute, const char *name, const char *value) {
  *attribute = (ouro_attribute){name, strlen(name), value, strlen(value)};
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  event.attributes = attribute;
  event.attributes_len = 1;
  return event;
}

/* `LINES` numbered lines. The caller frees them. */
static char *make_log(void) {
  char *log = malloc(LINES * LINE_BYTES + 1);
  for (int number = 0; log != NULL && number < LINES; number++) {
    snprintf(log + number * LINE_BYTES, LINE_BYTES + 1, "line %06d\n", number);
  }
  return log;
}

/* Stores the log and reads it back; gives the event that it hangs under. */
static int store(ouro_database *db, const char *log, ouro_event_id *trip) {
  size_t log_len = LINES * LINE_BYTES, len;
  ouro_event_id diary, file;
  ouro_bytes *bytes, *metadata;
  ouro_file_reader *reader;
  char line[LINE_BYTES - 1];
  ouro_attribute place, name;
  ouro_new_event lisbon = with(&place, "place", "Lisbon"), named = with(&name, "name", "log");
  lisbon.metadata = "text/plain";
  lisbon.metadata_len = 10;

  /* README: begin */
  CHECK(ouro_database_ensure_root(db, "diary", 5, &diary, &error)); /* this title has this id on every machine */
  CHECK(ouro_database_append(db, diary, &lisbon, trip, &error));    /* `lisbon` carries metadata, an attribute */
  ouro_source source = ouro_source_bytes(log, log_len);             /* or a path, a descriptor, a callback */
  CHECK(ouro_database_put_file(db, *trip, source, &named, NULL, &file, &error)); /* durable now */
  CHECK(ouro_database_read_file(db, file, &bytes, &error));                      /* each byte checked */
  CHECK(ouro_database_open_file(db, file, &reader, &error));
  CHECK(ouro_file_reader_seek(reader, OURO_SEEK_START, 77777 * 12, NULL, &error)); /* reads only what it needs */
  CHECK(ouro_file_reader_read(reader, line, sizeof line, &len, &error));
  CHECK(ouro_database_metadata(db, file, &metadata, &error)); /* inherited from the trip */
  /* README: end */

  int equal = ouro_bytes_len(bytes) == log_len && memcmp(ouro_bytes_data(bytes), log, log_len) == 0;
  printf("read back: %zu bytes, %s\n", ouro_bytes_len(bytes), equal ? "equal" : "different");
  printf("range: %.*s\n", (int)len, line);
  printf("inherited metadata: %.*s\n", (int)ouro_bytes_len(metadata), (const char *)ouro_bytes_data(metadata));
  ouro_bytes_free(metadata);
  ouro_file_reader_free(reader);
  ouro_bytes_free(bytes);
  return 0;
}

/* Stores the log again, two events at once, and asks for a file that is not there. */
static int store_more(ouro_database *db, const char *log, ouro_event_id trip) {
  ouro_stats before = OURO_STATS_INIT, after = OURO_STATS_INIT;
  ouro_attribute attribute;
  ouro_new_event new_event = with(&attribute, "name", "copy");
  ouro_event_id copy;
  CHECK(ouro_database_stats(db, &before, &error));
  ouro_source source = ouro_source_bytes(log, LINES * LINE_BYTES);
  CHECK(ouro_database_put_file(db, trip, source, &new_event, NULL, &copy, &error));
  CHECK(ouro_database_stats(db, &after, &error));
  printf("new chunks of the copy: %llu\n", (unsigned long long)(after.chunks - before.chunks));

  ouro_batch *batch;
  ouro_member day, photo;
  ouro_id_list *ids;
  CHECK(ouro_database_batch(db, &batch, &error));
  new_event = with(&attribute, "name", "day 1");
  CHECK(ouro_batch_append(batch, ouro_batch_parent_event(trip), &new_event, &day, &error));
  new_event = with(&attribute, "name", "photo");
  source = ouro_source_bytes("the sea", 7);
  CHECK(ouro_batch_put_file(batch, ouro_batch_parent_member(day), source, &new_event, NULL, &photo, &error));
  CHECK(ouro_batch_commit(batch, &ids, &error));
  printf("batch: %zu events\n", ouro_id_list_len(ids));
  ouro_id_list_free(ids);
  ouro_batch_free(batch);

  ouro_bytes *bytes;
  if (ouro_database_read_file(db, trip, &bytes, &error) != OURO_OK) {
    printf("error: %s\n", ouro_error_name(error));
    ouro_error_free(error);
  }
  return 0;
}

/* Lists what hangs under the trip, and checks everything. */
static int list(ouro_database *db, ouro_event_id trip) {
  ouro_event_cursor *children;
  ouro_event *child;
  CHECK(ouro_database_children(db, trip, OURO_ORDER_COMMIT, &children, &error));
  for (;;) {
    CHECK(ouro_event_cursor_next(children, &child, &error));
    if (child == NULL) break;
    const void *name;
    size_t name_len;
    uint64_t length;
    CHECK(ouro_event_get_attribute(child, "name", 4, &name, &name_len, &error));
    ouro_event_get_content_length(child, &length); /* 0 where it carries no file */
    printf("child: %.*s, %llu bytes\n", (int)name_len, (const char *)name, (unsigned long long)length);
    ouro_event_free(child);
  }
  ouro_event_cursor_free(children);

  ouro_verify_report *report;
  CHECK(ouro_database_verify(db, NULL, &report, &error));
  printf("verified: %llu events, %llu problems\n", (unsigned long long)ouro_verify_report_events(report),
         (unsigned long long)ouro_verify_report_problems_total(report));
  ouro_verify_report_free(report);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: quickstart FOLDER\n");
    return 2;
  }
  char *log = make_log();
  if (log == NULL) return 1;
  ouro_database *db;
  ouro_event_id trip;
  CHECK(ouro_database_open(argv[1], NULL, &db, &error));
  int failed = store(db, log, &trip) || store_more(db, log, trip);
  CHECK(ouro_database_close(db, &error));
  ouro_database_free(db);
  if (failed) return 1;

  CHECK(ouro_database_open(argv[1], NULL, &db, &error));
  failed = list(db, trip);
  CHECK(ouro_database_close(db, &error));
  ouro_database_free(db);
  free(log);
  return failed;
}
