/* What reads: events, bytes, cursors, the change feed, file readers; each left where it stands. */
#include "world.h"

void events(struct world *w) {
  ouro_event *event = NULL;
  size_t len;
  const void *value;
  ouro_attribute attribute;
  OK(ouro_database_event(w->database, w->file, &event, ERR));
  LENDS("metadata", ouro_event_get_metadata, event);
  CHECK(ouro_event_get_follows(event, &len) != NULL && len == 1);
  CHECK(ouro_event_get_attribute_at(event, 1, &attribute) && attribute.value_len == 0);
  OK(ouro_event_get_attribute(event, TEXT("colour"), &value, &len, ERR));
  ouro_error *error = NULL;
  CHECK(ouro_event_get_attribute(event, "\xff", 1, &value, &len, &error) == OURO_ERROR_INVALID_TEXT);
  DROP(error, error);
  DROP(event, event);
  OK(ouro_database_parent(w->database, w->file, &event, ERR));
  LENDS("root", ouro_event_get_title, event);
  DROP(event, event);
  OK(ouro_database_parent(w->database, w->root, &event, ERR));
  CHECK(event == NULL);
}

void bytes(struct world *w) {
  ouro_bytes *found = NULL;
  OK(ouro_database_read_file(w->database, w->file, &found, ERR));
  CHECK(ouro_bytes_len(found) == 3000);
  DROP(bytes, found);
  OK(ouro_database_metadata(w->database, w->file, &found, ERR));
  CHECK(ouro_bytes_len(found) == 8);
  DROP(bytes, found);
  OK(ouro_database_metadata(w->database, w->root, &found, ERR));
  CHECK(found == NULL);
}

/* Drops a cursor that nothing was read from, or one event, or that and a page. */
static void drop_half_read(ouro_event_cursor *cursor, int calls) {
  ouro_event *page[4];
  ouro_event *event = NULL;
  size_t len = 0;
  if (calls > 0) {
    OK(ouro_event_cursor_next(cursor, &event, ERR));
    DROP(event, event);
  }
  if (calls > 1) OK(ouro_event_cursor_page(cursor, page, 4, &len, ERR));
  for (size_t at = 0; at < len; at++) DROP(event, page[at]);
  DROP(event_cursor, cursor);
}

void event_cursors(struct world *w) {
  ouro_event_cursor *cursor = NULL;
  OK(ouro_database_roots(w->database, &cursor, ERR));
  drop_half_read(cursor, 1);
  OK(ouro_database_roots_titled(w->database, TEXT("root"), &cursor, ERR));
  drop_half_read(cursor, 0);
  OK(ouro_database_children(w->database, w->root, OURO_ORDER_TIME, &cursor, ERR));
  drop_half_read(cursor, 1);
  OK(ouro_database_ancestors(w->database, w->file, &cursor, ERR));
  drop_half_read(cursor, 2);
  OK(ouro_database_descendants(w->database, w->root, &cursor, ERR));
  drop_half_read(cursor, 2);
}

void id_cursors(struct world *w) {
  ouro_id_cursor *cursor = NULL;
  ouro_event_id id;
  bool found;
  size_t len;
  OK(ouro_database_child_ids(w->database, w->root, OURO_ORDER_COMMIT, &cursor, ERR));
  OK(ouro_id_cursor_next(cursor, &id, &found, ERR));
  OK(ouro_id_cursor_page(cursor, &id, 1, &len, ERR));
  DROP(id_cursor, cursor);
  OK(ouro_database_child_ids(w->database, w->root, OURO_ORDER_TIME, &cursor, ERR));
  DROP(id_cursor, cursor);
}

void root_cursors(struct world *w) {
  ouro_root_cursor *cursor = NULL;
  ouro_bytes *titles[2] = {NULL};
  ouro_event_id roots[2];
  size_t len = 0;
  OK(ouro_database_root_index(w->database, &cursor, ERR));
  OK(ouro_root_cursor_next(cursor, titles, roots, ERR));
  DROP(bytes, titles[0]);
  DROP(root_cursor, cursor);
  OK(ouro_database_root_index(w->database, &cursor, ERR));
  OK(ouro_root_cursor_page(cursor, titles, roots, 2, &len, ERR));
  CHECK(len == 1);
  DROP(bytes, titles[0]);
  DROP(root_cursor, cursor);
}

void changes(struct world *w) {
  ouro_changes *feed = NULL;
  ouro_event *page[2] = {NULL};
  size_t len = 0;
  char text[OURO_CHANGE_CURSOR_BYTES];
  OK(ouro_database_changes(w->database, NULL, &feed, ERR));
  OK(ouro_changes_next(feed, page, ERR));
  DROP(event, page[0]);
  OK(ouro_changes_cursor(feed, text, ERR));
  DROP(changes, feed);
  OK(ouro_database_changes(w->database, text, &feed, ERR));
  OK(ouro_changes_page(feed, page, 2, &len, ERR));
  for (size_t at = 0; at < len; at++) DROP(event, page[at]);
  DROP(changes, feed);
}

void file_readers(struct world *w) {
  ouro_file_reader *reader = NULL;
  unsigned char buffer[100];
  size_t len;
  ouro_error *error = NULL;
  OK(ouro_database_open_file(w->database, w->file, &reader, ERR));
  OK(ouro_file_reader_read(reader, buffer, sizeof buffer, &len, ERR));
  OK(ouro_file_reader_read_at(reader, 2900, buffer, sizeof buffer, &len, ERR));
  OK(ouro_file_reader_seek(reader, OURO_SEEK_END, -100, NULL, ERR));
  CHECK(ouro_file_reader_seek(reader, OURO_SEEK_START, -1, NULL, &error) == OURO_ERROR_INVALID_ARGUMENT);
  DROP(error, error);
  DROP(file_reader, reader);
}
