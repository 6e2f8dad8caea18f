/* Who owns what: handles freed in any order, use after close, outputs after failure, errors nobody asked for. */
#include "check.h"

struct handles {
  ouro_batch *batch;
  ouro_event *event;
  ouro_event_cursor *events;
  ouro_id_cursor *ids;
  ouro_root_cursor *roots;
  ouro_file_writer *writer;
  ouro_file_reader *reader;
  ouro_changes *changes;
  ouro_bytes *bytes;
};

static struct handles every_handle(ouro_database *database, ouro_event_id root) {
  struct handles h;
  ouro_event_id file;
  OK(ouro_database_put_file(database, root, ouro_source_bytes("file", 4), NULL, NULL, &file, ERR));
  OK(ouro_database_batch(database, &h.batch, ERR));
  OK(ouro_database_event(database, root, &h.event, ERR));
  OK(ouro_database_children(database, root, OURO_ORDER_COMMIT, &h.events, ERR));
  OK(ouro_database_child_ids(database, root, OURO_ORDER_COMMIT, &h.ids, ERR));
  OK(ouro_database_root_index(database, &h.roots, ERR));
  OK(ouro_database_file_writer(database, root, NULL, &h.writer, ERR));
  OK(ouro_database_open_file(database, file, &h.reader, ERR));
  OK(ouro_database_changes(database, NULL, &h.changes, ERR));
  OK(ouro_database_read_file(database, file, &h.bytes, ERR));
  return h;
}

/* What hangs on a closed database answers `closed`; snapshots and bytes live on. */
static void answers_closed(struct handles h) {
  ouro_member member;
  ouro_event *event = NULL;
  ouro_bytes *title = NULL;
  ouro_event_id id;
  bool found;
  size_t len;
  uint64_t position;
  char byte;
  ouro_id_list *list = NULL;
  FAILS(OURO_ERROR_CLOSED, ouro_batch_create_root(h.batch, TEXT("x"), &member, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_batch_commit(h.batch, &list, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_batch_discard(h.batch, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_event_cursor_next(h.events, &event, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_event_cursor_page(h.events, &event, 1, &len, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_id_cursor_next(h.ids, &id, &found, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_id_cursor_page(h.ids, &id, 1, &len, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_root_cursor_next(h.roots, &title, &id, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_root_cursor_page(h.roots, &title, &id, 1, &len, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_file_writer_write(h.writer, "x", 1, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_file_writer_finish(h.writer, &id, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_file_writer_abort(h.writer, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_file_reader_read(h.reader, &byte, 1, &len, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_file_reader_read_at(h.reader, 0, &byte, 1, &len, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_file_reader_seek(h.reader, OURO_SEEK_START, 0, &position, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_changes_next(h.changes, &event, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_changes_page(h.changes, &event, 1, &len, ERR));
  LENDS("root", ouro_event_get_title, h.event);
  CHECK(check_bytes(ouro_bytes_data(h.bytes), ouro_bytes_len(h.bytes), "file"));
}

static void free_all(struct handles h) {
  ouro_bytes_free(h.bytes);
  ouro_changes_free(h.changes);
  ouro_file_reader_free(h.reader);
  ouro_file_writer_free(h.writer);
  ouro_root_cursor_free(h.roots);
  ouro_id_cursor_free(h.ids);
  ouro_event_cursor_free(h.events);
  ouro_event_free(h.event);
  ouro_batch_free(h.batch);
}

static void any_order(void) {
  ouro_event_id root, id;
  ouro_database *database = check_memory(&root);
  struct handles before = every_handle(database, root), after = every_handle(database, root);
  free_all(before);
  OK(ouro_database_close(database, ERR));
  answers_closed(after);
  ouro_event *event = NULL;
  ouro_stats stats = OURO_STATS_INIT;
  FAILS(OURO_ERROR_CLOSED, ouro_database_append(database, root, NULL, &id, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_database_event(database, root, &event, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_database_stats(database, &stats, ERR));
  FAILS(OURO_ERROR_CLOSED, ouro_database_sync(database, ERR));
  ouro_database_free(database);
  answers_closed(after);
  free_all(after);
}

/* Freeing the database closes it, whatever still hangs on it: the store can be opened again. */
static void freeing_closes(const char *folder) {
  const char *path = check_path(folder, "store");
  ouro_database *database = NULL;
  ouro_event_id root;
  OK(ouro_database_open(path, NULL, &database, ERR));
  OK(ouro_database_create_root(database, TEXT("root"), &root, ERR));
  struct handles h = every_handle(database, root);
  ouro_database *second = NULL;
  FAILS(OURO_ERROR_LOCKED, ouro_database_open(path, NULL, &second, ERR));
  CHECK(second == NULL);
  ouro_database_free(database);
  answers_closed(h);
  OK(ouro_database_open(path, NULL, &database, ERR));
  free_all(h);
  ouro_database_free(database);
}

static void close_within(void *userdata, uint64_t bytes, uint64_t items) {
  (void)bytes;
  (void)items;
  CHECK(ouro_database_close(userdata, NULL) == OURO_OK);
}

/* A callback may close the database: the call that runs it answers `closed`. */
static void closing_within_a_callback(void) {
  ouro_event_id root, id;
  ouro_database *database = check_memory(&root);
  unsigned char *content = malloc(4000000);
  check_fill(content, 4000000);
  ouro_control control = OURO_CONTROL_INIT;
  control.progress = close_within;
  control.progress_userdata = database;
  ouro_source source = ouro_source_bytes(content, 4000000);
  FAILS(OURO_ERROR_CLOSED, ouro_database_put_file(database, root, source, NULL, &control, &id, ERR));
  free(content);
  ouro_database_free(database);
}

static void outputs_after_failure(void) {
  ouro_event_id root, unknown = {{1}};
  ouro_database *database = check_memory(&root);
  /* Garbage in every output: after a failure it is gone. */
  ouro_event *event = (ouro_event *)&event;
  ouro_bytes *bytes = (ouro_bytes *)&bytes;
  ouro_event_id id = unknown, zeros = {{0}};
  ouro_event_cursor *cursor = (ouro_event_cursor *)&cursor;
  ouro_error *error = (ouro_error *)&error;
  CHECK(ouro_database_event(database, unknown, &event, NULL) == OURO_ERROR_EVENT_NOT_FOUND);
  CHECK(event == NULL);
  CHECK(ouro_database_read_file(database, root, &bytes, NULL) == OURO_ERROR_NO_CONTENT);
  CHECK(bytes == NULL);
  CHECK(ouro_database_append(database, unknown, NULL, &id, NULL) == OURO_ERROR_PARENT_NOT_FOUND);
  CHECK(SAME(id, zeros));
  CHECK(ouro_database_children(database, unknown, OURO_ORDER_TIME, &cursor, NULL) == OURO_ERROR_EVENT_NOT_FOUND);
  CHECK(cursor == NULL);
  CHECK(ouro_database_sync(database, &error) == OURO_OK);
  CHECK(error == NULL);
  ouro_database_free(database);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  any_order();
  freeing_closes(argv[1]);
  closing_within_a_callback();
  outputs_after_failure();
  return 0;
}
