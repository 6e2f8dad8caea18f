/* Databases: in memory and on the disk, closed and abandoned, full and damaged. */
#include <fcntl.h>
#include <unistd.h>

#include "world.h"

/* The database goes while everything is half done, and before what hangs on it. */
static void abandon(ouro_database *database, ouro_event_id root) {
  ouro_event_id file;
  ouro_event_cursor *cursor = NULL;
  ouro_event *event = NULL;
  ouro_file_writer *writer = NULL;
  ouro_file_reader *reader = NULL;
  ouro_batch *batch = NULL;
  ouro_member member;
  ouro_changes *feed = NULL;
  size_t len;
  OK(ouro_database_put_file(database, root, ouro_source_bytes(large, LARGE_BYTES / 2), NULL, NULL, &file, ERR));
  OK(ouro_database_descendants(database, root, &cursor, ERR));
  OK(ouro_event_cursor_next(cursor, &event, ERR));
  OK(ouro_database_file_writer(database, root, NULL, &writer, ERR));
  OK(ouro_file_writer_write(writer, large, LARGE_BYTES, ERR));
  OK(ouro_database_open_file(database, file, &reader, ERR));
  OK(ouro_file_reader_read(reader, large, 10, &len, ERR));
  OK(ouro_database_batch(database, &batch, ERR));
  ouro_source source = ouro_source_bytes(large + 7, LARGE_BYTES / 3);
  OK(ouro_batch_put_file(batch, ouro_batch_parent_event(root), source, NULL, NULL, &member, ERR));
  OK(ouro_database_changes(database, NULL, &feed, ERR));
  if (forgotten == HANDLE_database) OK(ouro_database_close(database, ERR));
  DROP(database, database);
  ouro_event *other = NULL;
  CHECK(ouro_changes_next(feed, &other, NULL) == OURO_ERROR_CLOSED);
  CHECK(ouro_file_writer_write(writer, "x", 1, NULL) == OURO_ERROR_CLOSED);
  DROP(changes, feed);
  DROP(batch, batch);
  DROP(file_reader, reader);
  DROP(file_writer, writer);
  DROP(event_cursor, cursor);
  DROP(event, event);
}

void databases(struct world *w) {
  (void)w;
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  DROP(database, database);
  database = check_memory(&root);
  OK(ouro_database_close(database, ERR));
  DROP(database, database);
  ouro_options options = OURO_OPTIONS_INIT;
  options.memory_capacity_bytes = 10;
  CHECK(ouro_database_open_in_memory(&options, &database, NULL) == OURO_ERROR_DISK_FULL);
}

/* A write that finds no room leaves a database that takes no more. */
void full_databases(struct world *w) {
  (void)w;
  ouro_database *database = NULL;
  ouro_event_id root, id;
  ouro_options options = OURO_OPTIONS_INIT;
  options.memory_capacity_bytes = LARGE_BYTES / 2;
  OK(ouro_database_open_in_memory(&options, &database, ERR));
  OK(ouro_database_create_root(database, TEXT("root"), &root, ERR));
  ouro_source source = ouro_source_bytes(large, LARGE_BYTES);
  CHECK(ouro_database_put_file(database, root, source, NULL, NULL, &id, NULL) == OURO_ERROR_DISK_FULL);
  DROP(database, database);
}

void abandoned_databases(struct world *w) {
  (void)w;
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  abandon(database, root);
}

void stores(struct world *w) {
  (void)w;
  ouro_database *database = NULL, *second = NULL;
  ouro_event_id root;
  ouro_options options = OURO_OPTIONS_INIT;
  options.durability = OURO_DURABILITY_BUFFERED;
  const char *path = check_path(folder, "store");
  OK(ouro_database_open(path, &options, &database, ERR));
  OK(ouro_database_ensure_root(database, TEXT("root"), &root, ERR));
  CHECK(ouro_database_open(path, NULL, &second, NULL) == OURO_ERROR_LOCKED);
  OK(ouro_database_open_read_only(path, NULL, &second, ERR));
  ouro_event *event = NULL;
  OK(ouro_database_event(second, root, &event, ERR));
  DROP(event, event);
  DROP(database, second);
  OK(ouro_database_rebuild_index(database, NULL, ERR));
  ouro_event_id file;
  OK(ouro_database_put_file(database, root, ouro_source_bytes(large, 5000), NULL, NULL, &file, ERR));
  abandon(database, root);
}

/* A store with a flipped byte in its file. */
void damaged_stores(struct world *w) {
  (void)w;
  ouro_database *database = NULL;
  ouro_verify_report *report = NULL;
  ouro_bytes *content = NULL;
  ouro_event_id root;
  ouro_event_cursor *cursor = NULL;
  ouro_event *event = NULL;
  OK(ouro_database_open_read_only(check_path(folder, "damaged"), NULL, &database, ERR));
  OK(ouro_database_verify(database, NULL, &report, ERR));
  CHECK(ouro_verify_report_problems_len(report) > 0 && ouro_verify_report_problem_message(report, 0) != NULL);
  DROP(verify_report, report);
  OK(ouro_database_roots(database, &cursor, ERR));
  OK(ouro_event_cursor_next(cursor, &event, ERR));
  root = ouro_event_get_id(event);
  DROP(event, event);
  DROP(event_cursor, cursor);
  OK(ouro_database_children(database, root, OURO_ORDER_COMMIT, &cursor, ERR));
  OK(ouro_event_cursor_next(cursor, &event, ERR));
  ouro_error *error = NULL;
  CHECK(ouro_database_read_file(database, ouro_event_get_id(event), &content, &error) == OURO_ERROR_CORRUPT);
  DROP(error, error);
  DROP(event, event);
  DROP(event_cursor, cursor);
  DROP(database, database);
}

void make_damaged(void) {
  ouro_database *database = NULL;
  ouro_event_id root, file;
  OK(ouro_database_open(check_path(folder, "damaged"), NULL, &database, ERR));
  OK(ouro_database_create_root(database, TEXT("root"), &root, ERR));
  OK(ouro_database_put_file(database, root, ouro_source_bytes(large, 30000), NULL, NULL, &file, ERR));
  ouro_database_free(database);
  const int segment = open(check_path(folder, "damaged/segments/00000001.segment"), O_RDWR);
  unsigned char byte;
  CHECK(segment >= 0 && pread(segment, &byte, 1, 10000) == 1);
  byte ^= 1;
  CHECK(pwrite(segment, &byte, 1, 10000) == 1 && close(segment) == 0);
}
