/* What writes, and what fails: batches, file writers, cancelling, errors that are asked for and those that are not. */
#include "world.h"

/* Batches that nobody commits, in each way of not doing so. */
void batches(struct world *w) {
  ouro_batch *batch = NULL;
  ouro_member top, member;
  const ouro_new_event event = whole_event(w);
  for (int discarded = 0; discarded < 2; discarded++) {
    OK(ouro_database_batch(w->database, &batch, ERR));
    OK(ouro_batch_create_root(batch, TEXT("another"), &top, ERR));
    OK(ouro_batch_append(batch, ouro_batch_parent_member(top), &event, &member, ERR));
    ouro_error *error = NULL;
    const ouro_batch_parent unknown = ouro_batch_parent_event(w->unknown);
    CHECK(ouro_batch_append(batch, unknown, &event, &member, &error) == OURO_ERROR_PARENT_NOT_FOUND);
    DROP(error, error);
    if (discarded) OK(ouro_batch_discard(batch, ERR));
    DROP(batch, batch);
  }
}

void id_lists(struct world *w) {
  ouro_batch *batch = NULL;
  ouro_member top, member;
  ouro_id_list *ids = NULL;
  OK(ouro_database_batch(w->database, &batch, ERR));
  OK(ouro_batch_create_root(batch, TEXT("another"), &top, ERR));
  OK(ouro_batch_append(batch, ouro_batch_parent_member(top), NULL, &member, ERR));
  OK(ouro_batch_commit(batch, &ids, ERR));
  CHECK(ouro_id_list_len(ids) == 2);
  DROP(id_list, ids);
  DROP(batch, batch);
}

void file_writers(struct world *w) {
  ouro_file_writer *writer = NULL;
  ouro_event_id id;
  const ouro_new_event event = whole_event(w);
  for (int ended = 0; ended < 3; ended++) {
    OK(ouro_database_file_writer(w->database, w->root, &event, &writer, ERR));
    OK(ouro_file_writer_write(writer, large, 100, ERR));
    if (ended == 1) OK(ouro_file_writer_abort(writer, ERR));
    if (ended == 2) OK(ouro_file_writer_finish(writer, &id, ERR));
    DROP(file_writer, writer);
  }
}

void many_files(struct world *w) {
  ouro_new_file files[20];
  for (size_t i = 0; i < 20; i++) {
    files[i] = (ouro_new_file)OURO_NEW_FILE_INIT;
    files[i].source = ouro_source_bytes(large + i, 3000);
  }
  ouro_id_list *ids = NULL;
  OK(ouro_database_put_files(w->database, w->root, files, 20, NULL, NULL, &ids, ERR));
  CHECK(ouro_id_list_len(ids) == 20);
  DROP(id_list, ids);
  files[19].source = ouro_source_path("nothing/there");
  ouro_error *error = NULL;
  CHECK(ouro_database_put_files(w->database, w->root, files, 20, NULL, NULL, &ids, &error) ==
        OURO_ERROR_PATH_NOT_FOUND);
  DROP(error, error);
}

static void seen(void *userdata, uint64_t bytes, uint64_t items) {
  (void)userdata;
  (void)bytes;
  (void)items;
}

void cancel_tokens(struct world *w) {
  ouro_cancel_token *token = ouro_cancel_token_new();
  DROP(cancel_token, token);
  token = ouro_cancel_token_new();
  ouro_cancel_token_cancel(token);
  ouro_control control = OURO_CONTROL_INIT;
  control.cancel = token;
  control.progress = seen;
  ouro_event_id id;
  ouro_error *error = NULL;
  ouro_source source = ouro_source_bytes(large, 100);
  CHECK(ouro_database_put_file(w->database, w->root, source, NULL, &control, &id, &error) == OURO_ERROR_CANCELLED);
  DROP(error, error);
  DROP(cancel_token, token);
}

static ptrdiff_t failing(void *userdata, void *buffer, size_t capacity) {
  int *calls = userdata;
  if (*calls == 1) return -1;
  *calls = 1;
  memcpy(buffer, large, capacity < 100 ? capacity : 100);
  return capacity < 100 ? (ptrdiff_t)capacity : 100;
}

void errors(struct world *w) {
  ouro_database *d = w->database, *other = NULL;
  ouro_event *event = NULL;
  ouro_event_id id;
  ouro_event_cursor *cursor = NULL;
  ouro_file_reader *reader = NULL;
  ouro_file_writer *writer = NULL;
  ouro_changes *feed = NULL;
  const char *nothing = check_path(folder, "nothing/there");
  FAILS_TWICE(OURO_ERROR_EVENT_NOT_FOUND, ouro_database_event(d, w->unknown, &event, &failed),
              ouro_database_event(d, w->unknown, &event, NULL));
  FAILS_TWICE(OURO_ERROR_PARENT_NOT_FOUND, ouro_database_append(d, w->unknown, NULL, &id, &failed),
              ouro_database_append(d, w->unknown, NULL, &id, NULL));
  FAILS_TWICE(OURO_ERROR_EVENT_NOT_FOUND, ouro_database_descendants(d, w->unknown, &cursor, &failed),
              ouro_database_descendants(d, w->unknown, &cursor, NULL));
  FAILS_TWICE(OURO_ERROR_NO_CONTENT, ouro_database_open_file(d, w->root, &reader, &failed),
              ouro_database_open_file(d, w->root, &reader, NULL));
  FAILS_TWICE(OURO_ERROR_PARENT_NOT_FOUND, ouro_database_file_writer(d, w->unknown, NULL, &writer, &failed),
              ouro_database_file_writer(d, w->unknown, NULL, &writer, NULL));
  FAILS_TWICE(OURO_ERROR_INVALID_CURSOR, ouro_database_changes(d, "no cursor", &feed, &failed),
              ouro_database_changes(d, "no cursor", &feed, NULL));
  FAILS_TWICE(OURO_ERROR_PATH_NOT_FOUND, ouro_database_open_read_only(nothing, NULL, &other, &failed),
              ouro_database_open_read_only(nothing, NULL, &other, NULL));
  int calls = 0, more_calls = 0;
  ouro_source source = ouro_source_callback(failing, &calls), again = ouro_source_callback(failing, &more_calls);
  FAILS_TWICE(OURO_ERROR_SOURCE_FAILED, ouro_database_put_file(d, w->root, source, NULL, NULL, &id, &failed),
              ouro_database_put_file(d, w->root, again, NULL, NULL, &id, NULL));
}
