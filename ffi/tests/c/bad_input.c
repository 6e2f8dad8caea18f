/* What C can get wrong: NULL for every pointer, text that is not UTF-8, ids, paths and lengths that are none,
 * stores that are none or damaged. Nothing crashes, and each mistake has its code. */
#include "check.h"

#include <sys/stat.h>

static ouro_event_id root, unknown = {{1}};

/* Every function that takes a handle, with NULL for it. */
static void no_handle(void) {
  ouro_event_id id;
  ouro_event *event;
  ouro_bytes *bytes;
  ouro_event_cursor *cursor;
  ouro_id_cursor *id_cursor;
  ouro_root_cursor *root_cursor;
  ouro_file_writer *writer;
  ouro_file_reader *reader;
  ouro_batch *batch;
  ouro_changes *changes;
  ouro_import_report *import;
  ouro_export_report *export;
  ouro_backup_report *backup;
  ouro_verify_report *report;
  ouro_id_list *list;
  ouro_member member;
  ouro_stats stats = OURO_STATS_INIT;
  size_t len;
  uint64_t number;
  bool found;
  char buffer[OURO_CHANGE_CURSOR_BYTES];
  const void *value;
  ouro_source source = ouro_source_bytes("x", 1);
  ouro_batch_parent parent = ouro_batch_parent_event(root);
  REFUSES("database", ouro_database_close(NULL, ERR));
  REFUSES("database", ouro_database_create_root(NULL, TEXT("x"), &id, ERR));
  REFUSES("database", ouro_database_ensure_root(NULL, TEXT("x"), &id, ERR));
  REFUSES("database", ouro_database_append(NULL, root, NULL, &id, ERR));
  REFUSES("database", ouro_database_put_file(NULL, root, source, NULL, NULL, &id, ERR));
  REFUSES("database", ouro_database_put_files(NULL, root, NULL, 0, NULL, NULL, &list, ERR));
  REFUSES("database", ouro_database_file_writer(NULL, root, NULL, &writer, ERR));
  REFUSES("database", ouro_database_read_file(NULL, root, &bytes, ERR));
  REFUSES("database", ouro_database_open_file(NULL, root, &reader, ERR));
  REFUSES("database", ouro_database_import_path(NULL, root, "x", NULL, &import, ERR));
  REFUSES("database", ouro_database_import_path_with(NULL, root, "x", NULL, NULL, &import, ERR));
  REFUSES("database", ouro_database_backup_to(NULL, "x", NULL, &backup, ERR));
  REFUSES("database", ouro_database_export_path(NULL, root, "x", NULL, &export, ERR));
  REFUSES("database", ouro_database_event(NULL, root, &event, ERR));
  REFUSES("database", ouro_database_parent(NULL, root, &event, ERR));
  REFUSES("database", ouro_database_metadata(NULL, root, &bytes, ERR));
  REFUSES("database", ouro_database_roots(NULL, &cursor, ERR));
  REFUSES("database", ouro_database_roots_titled(NULL, TEXT("x"), &cursor, ERR));
  REFUSES("database", ouro_database_root_index(NULL, &root_cursor, ERR));
  REFUSES("database", ouro_database_children(NULL, root, OURO_ORDER_COMMIT, &cursor, ERR));
  REFUSES("database", ouro_database_child_ids(NULL, root, OURO_ORDER_COMMIT, &id_cursor, ERR));
  REFUSES("database", ouro_database_ancestors(NULL, root, &cursor, ERR));
  REFUSES("database", ouro_database_descendants(NULL, root, &cursor, ERR));
  REFUSES("database", ouro_database_batch(NULL, &batch, ERR));
  REFUSES("database", ouro_database_changes(NULL, NULL, &changes, ERR));
  REFUSES("database", ouro_database_refresh(NULL, &found, ERR));
  REFUSES("database", ouro_database_sync(NULL, ERR));
  REFUSES("database", ouro_database_stats(NULL, &stats, ERR));
  ouro_latency latency = OURO_LATENCY_INIT;
  REFUSES("database", ouro_database_latency(NULL, OURO_OPERATION_READ, &latency, ERR));
  ouro_bytes *prometheus = NULL;
  REFUSES("database", ouro_database_prometheus(NULL, &prometheus, ERR));
  CHECK(prometheus == NULL);
  REFUSES("database", ouro_database_verify(NULL, NULL, &report, ERR));
  REFUSES("database", ouro_database_rebuild_index(NULL, NULL, ERR));
  REFUSES("event", ouro_event_get_attribute(NULL, TEXT("x"), &value, &len, ERR));
  REFUSES("cursor", ouro_event_cursor_next(NULL, &event, ERR));
  REFUSES("cursor", ouro_event_cursor_page(NULL, &event, 1, &len, ERR));
  REFUSES("cursor", ouro_id_cursor_next(NULL, &id, &found, ERR));
  REFUSES("cursor", ouro_id_cursor_page(NULL, &id, 1, &len, ERR));
  REFUSES("cursor", ouro_root_cursor_next(NULL, &bytes, &id, ERR));
  REFUSES("cursor", ouro_root_cursor_page(NULL, &bytes, &id, 1, &len, ERR));
  REFUSES("batch", ouro_batch_create_root(NULL, TEXT("x"), &member, ERR));
  REFUSES("batch", ouro_batch_append(NULL, parent, NULL, &member, ERR));
  REFUSES("batch", ouro_batch_put_file(NULL, parent, source, NULL, NULL, &member, ERR));
  REFUSES("batch", ouro_batch_commit(NULL, &list, ERR));
  REFUSES("batch", ouro_batch_discard(NULL, ERR));
  REFUSES("writer", ouro_file_writer_write(NULL, "x", 1, ERR));
  REFUSES("writer", ouro_file_writer_finish(NULL, &id, ERR));
  REFUSES("writer", ouro_file_writer_abort(NULL, ERR));
  REFUSES("reader", ouro_file_reader_read(NULL, buffer, 1, &len, ERR));
  REFUSES("reader", ouro_file_reader_read_at(NULL, 0, buffer, 1, &len, ERR));
  REFUSES("reader", ouro_file_reader_seek(NULL, OURO_SEEK_START, 0, &number, ERR));
  REFUSES("changes", ouro_changes_next(NULL, &event, ERR));
  REFUSES("changes", ouro_changes_page(NULL, &event, 1, &len, ERR));
  REFUSES("changes", ouro_changes_watch(NULL, 0, NULL, &event, 1, &len, ERR));
  REFUSES("changes", ouro_changes_cursor(NULL, buffer, ERR));
}

/* Functions that cannot complain have nothing to say. */
static void getters_of_nothing(void) {
  ouro_event_id id = unknown, zeros = {{0}};
  ouro_attribute attribute;
  size_t len = 7;
  uint64_t number = 7;
  uint8_t origin[16] = {7}, zero_origin[16] = {0};
  ouro_event_id_to_hex(root, NULL);
  CHECK(ouro_error_code(NULL) == OURO_OK && ouro_error_os_code(NULL) == 0);
  CHECK(ouro_error_name(NULL) == NULL && ouro_error_message(NULL) == NULL);
  CHECK(ouro_bytes_data(NULL) == NULL && ouro_bytes_len(NULL) == 0);
  CHECK(ouro_id_list_data(NULL) == NULL && ouro_id_list_len(NULL) == 0);
  ouro_cancel_token_cancel(NULL);
  CHECK(!ouro_cancel_token_is_cancelled(NULL));
  CHECK(ouro_database_is_closed(NULL) && !ouro_database_is_read_only(NULL) && ouro_database_path(NULL) == NULL);
  id = ouro_event_get_id(NULL);
  CHECK(SAME(id, zeros));
  CHECK(ouro_event_get_kind(NULL) == 0 && ouro_event_get_time_ms(NULL) == 0);
  CHECK(ouro_event_get_time_counter(NULL) == 0 && ouro_event_get_sequence(NULL) == 0);
  CHECK(!ouro_event_get_parent(NULL, &id) && !ouro_event_get_parent(NULL, NULL));
  CHECK(ouro_event_get_follows(NULL, &len) == NULL && len == 0);
  ouro_event_get_origin(NULL, origin);
  CHECK(memcmp(origin, zero_origin, sizeof origin) == 0);
  ouro_event_get_origin(NULL, NULL);
  CHECK(ouro_event_get_title(NULL, &len) == NULL && ouro_event_get_title(NULL, NULL) == NULL);
  CHECK(ouro_event_get_attributes_len(NULL) == 0 && !ouro_event_get_attribute_at(NULL, 0, &attribute));
  CHECK(ouro_event_get_metadata(NULL, &len) == NULL && !ouro_event_get_content_length(NULL, &number));
  CHECK(!ouro_event_get_temporary(NULL) && !ouro_event_get_expires_ms(NULL, &number) && number == 0);
  CHECK(!ouro_event_get_full_text(NULL) && ouro_batch_len(NULL) == 0);
  CHECK(ouro_file_writer_length(NULL) == 0 && ouro_file_reader_length(NULL) == 0);
  CHECK(ouro_file_reader_position(NULL) == 0);
  id = ouro_import_report_event(NULL);
  CHECK(SAME(id, zeros));
  CHECK(ouro_import_report_files(NULL) + ouro_import_report_directories(NULL) == 0);
  CHECK(ouro_import_report_symlinks(NULL) + ouro_import_report_bytes(NULL) == 0);
  CHECK(ouro_import_report_skipped_len(NULL) == 0 && ouro_import_report_skipped(NULL, 0) == NULL);
  CHECK(ouro_export_report_files(NULL) + ouro_export_report_directories(NULL) == 0);
  CHECK(ouro_backup_report_sequence(NULL) + ouro_backup_report_segments(NULL) == 0);
  CHECK(ouro_backup_report_bytes_copied(NULL) + ouro_backup_report_bytes_kept(NULL) == 0);
  CHECK(ouro_backup_report_damaged_ranges(NULL) == 0);
  CHECK(ouro_export_report_symlinks(NULL) + ouro_export_report_bytes(NULL) == 0);
  CHECK(!ouro_verify_report_is_clean(NULL) && ouro_verify_report_problems_total(NULL) == 0);
  CHECK(ouro_verify_report_segments(NULL) + ouro_verify_report_bytes(NULL) == 0);
  CHECK(ouro_verify_report_events(NULL) + ouro_verify_report_chunks(NULL) == 0);
  CHECK(ouro_verify_report_problems_len(NULL) == 0 && ouro_verify_report_problem_message(NULL, 0) == NULL);
  CHECK(!ouro_verify_report_problem_event(NULL, 0, &id));
  CHECK(ouro_verify_report_problem_file_name(NULL, 0, &len) == NULL);
  CHECK(!ouro_verify_report_problem_segment(NULL, 0, &number));
  CHECK(!ouro_verify_report_problem_offset(NULL, 0, &number));
  CHECK(!ouro_verify_report_problem_length(NULL, 0, &number));
}

static void freeing_nothing(void) {
  ouro_error_free(NULL);
  ouro_bytes_free(NULL);
  ouro_id_list_free(NULL);
  ouro_cancel_token_free(NULL);
  ouro_database_free(NULL);
  ouro_event_free(NULL);
  ouro_event_cursor_free(NULL);
  ouro_id_cursor_free(NULL);
  ouro_root_cursor_free(NULL);
  ouro_batch_free(NULL);
  ouro_file_writer_free(NULL);
  ouro_file_reader_free(NULL);
  ouro_changes_free(NULL);
  ouro_import_report_free(NULL);
  ouro_export_report_free(NULL);
  ouro_backup_report_free(NULL);
  ouro_verify_report_free(NULL);
}

/* Every output and every input that is a pointer, with NULL for it, on a database that works. */
static void no_output(ouro_database *database) {
  ouro_source source = ouro_source_bytes("x", 1);
  REFUSES("out", ouro_event_id_from_hex("", NULL, ERR));
  REFUSES("out", ouro_event_id_from_bytes("", 0, NULL, ERR));
  REFUSES("options", ouro_options_init(NULL, sizeof(ouro_options), ERR));
  REFUSES("out", ouro_database_open("x", NULL, NULL, ERR));
  REFUSES("out", ouro_database_open_read_only("x", NULL, NULL, ERR));
  REFUSES("out", ouro_database_open_in_memory(NULL, NULL, ERR));
  REFUSES("out", ouro_database_create_root(database, TEXT("x"), NULL, ERR));
  REFUSES("out", ouro_database_ensure_root(database, TEXT("x"), NULL, ERR));
  REFUSES("out", ouro_database_append(database, root, NULL, NULL, ERR));
  REFUSES("out", ouro_database_put_file(database, root, source, NULL, NULL, NULL, ERR));
  REFUSES("out", ouro_database_put_files(database, root, NULL, 0, NULL, NULL, NULL, ERR));
  REFUSES("out", ouro_database_file_writer(database, root, NULL, NULL, ERR));
  REFUSES("out", ouro_database_read_file(database, root, NULL, ERR));
  REFUSES("out", ouro_database_open_file(database, root, NULL, ERR));
  REFUSES("out", ouro_database_import_path(database, root, "x", NULL, NULL, ERR));
  REFUSES("out", ouro_database_import_path_with(database, root, "x", NULL, NULL, NULL, ERR));
  REFUSES("out", ouro_database_backup_to(database, "x", NULL, NULL, ERR));
  REFUSES("out", ouro_database_export_path(database, root, "x", NULL, NULL, ERR));
  REFUSES("out", ouro_database_event(database, root, NULL, ERR));
  REFUSES("out", ouro_database_parent(database, root, NULL, ERR));
  REFUSES("out", ouro_database_metadata(database, root, NULL, ERR));
  REFUSES("out", ouro_database_roots(database, NULL, ERR));
  REFUSES("out", ouro_database_roots_titled(database, TEXT("x"), NULL, ERR));
  REFUSES("out", ouro_database_root_index(database, NULL, ERR));
  REFUSES("out", ouro_database_children(database, root, OURO_ORDER_COMMIT, NULL, ERR));
  REFUSES("out", ouro_database_child_ids(database, root, OURO_ORDER_COMMIT, NULL, ERR));
  REFUSES("out", ouro_database_ancestors(database, root, NULL, ERR));
  REFUSES("out", ouro_database_descendants(database, root, NULL, ERR));
  REFUSES("out", ouro_database_batch(database, NULL, ERR));
  REFUSES("out", ouro_database_changes(database, NULL, NULL, ERR));
  REFUSES("out", ouro_database_refresh(database, NULL, ERR));
  REFUSES("out", ouro_database_stats(database, NULL, ERR));
  REFUSES("out", ouro_database_latency(database, OURO_OPERATION_READ, NULL, ERR));
  REFUSES("out", ouro_database_prometheus(database, NULL, ERR));
  REFUSES("out", ouro_database_verify(database, NULL, NULL, ERR));
  REFUSES("out", ouro_change_cursor_sequence("", NULL, ERR));
}

static void no_output_of_handles(ouro_database *database) {
  ouro_event *event = NULL;
  ouro_event_cursor *cursor = NULL;
  ouro_id_cursor *ids = NULL;
  ouro_root_cursor *roots = NULL;
  ouro_changes *changes = NULL;
  ouro_batch *batch = NULL;
  ouro_file_writer *writer = NULL;
  ouro_file_reader *reader = NULL;
  ouro_bytes *title = NULL;
  ouro_event_id id, file;
  const void *value;
  size_t len;
  bool found;
  ouro_batch_parent parent = ouro_batch_parent_event(root);
  ouro_source source = ouro_source_bytes("x", 1);
  OK(ouro_database_put_file(database, root, source, NULL, NULL, &file, ERR));
  OK(ouro_database_event(database, root, &event, ERR));
  REFUSES("value", ouro_event_get_attribute(event, TEXT("x"), NULL, &len, ERR));
  REFUSES("value_len", ouro_event_get_attribute(event, TEXT("x"), &value, NULL, ERR));
  REFUSES("name", ouro_event_get_attribute(event, NULL, 1, &value, &len, ERR));
  FAILS(OURO_ERROR_INVALID_TEXT, ouro_event_get_attribute(event, TEXT("\xff"), &value, &len, ERR));
  CHECK(ouro_event_get_title(event, NULL) == NULL && ouro_event_get_follows(event, NULL) == NULL);
  CHECK(!ouro_event_get_attribute_at(event, 0, NULL) && !ouro_event_get_parent(event, NULL));
  CHECK(!ouro_event_get_content_length(event, NULL) && !ouro_event_get_expires_ms(event, NULL));
  ouro_event_get_origin(event, NULL);
  ouro_event_free(event);
  OK(ouro_database_roots(database, &cursor, ERR));
  REFUSES("out", ouro_event_cursor_next(cursor, NULL, ERR));
  REFUSES("events", ouro_event_cursor_page(cursor, NULL, 1, &len, ERR));
  REFUSES("len", ouro_event_cursor_page(cursor, &event, 1, NULL, ERR));
  ouro_event_cursor_free(cursor);
  OK(ouro_database_child_ids(database, root, OURO_ORDER_COMMIT, &ids, ERR));
  REFUSES("out", ouro_id_cursor_next(ids, NULL, &found, ERR));
  REFUSES("found", ouro_id_cursor_next(ids, &id, NULL, ERR));
  REFUSES("ids", ouro_id_cursor_page(ids, NULL, 1, &len, ERR));
  REFUSES("len", ouro_id_cursor_page(ids, &id, 1, NULL, ERR));
  ouro_id_cursor_free(ids);
  OK(ouro_database_root_index(database, &roots, ERR));
  REFUSES("title", ouro_root_cursor_next(roots, NULL, &id, ERR));
  REFUSES("root", ouro_root_cursor_next(roots, &title, NULL, ERR));
  REFUSES("titles", ouro_root_cursor_page(roots, NULL, &id, 1, &len, ERR));
  REFUSES("roots", ouro_root_cursor_page(roots, &title, NULL, 1, &len, ERR));
  REFUSES("len", ouro_root_cursor_page(roots, &title, &id, 1, NULL, ERR));
  ouro_root_cursor_free(roots);
  OK(ouro_database_changes(database, NULL, &changes, ERR));
  REFUSES("out", ouro_changes_next(changes, NULL, ERR));
  REFUSES("events", ouro_changes_page(changes, NULL, 1, &len, ERR));
  REFUSES("len", ouro_changes_page(changes, &event, 1, NULL, ERR));
  REFUSES("events", ouro_changes_watch(changes, 0, NULL, NULL, 1, &len, ERR));
  REFUSES("len", ouro_changes_watch(changes, 0, NULL, &event, 1, NULL, ERR));
  REFUSES("out", ouro_changes_cursor(changes, NULL, ERR));
  ouro_changes_free(changes);
  OK(ouro_database_batch(database, &batch, ERR));
  REFUSES("out", ouro_batch_create_root(batch, TEXT("x"), NULL, ERR));
  REFUSES("out", ouro_batch_append(batch, parent, NULL, NULL, ERR));
  REFUSES("out", ouro_batch_put_file(batch, parent, source, NULL, NULL, NULL, ERR));
  REFUSES("out", ouro_batch_commit(batch, NULL, ERR));
  ouro_batch_free(batch);
  OK(ouro_database_file_writer(database, root, NULL, &writer, ERR));
  REFUSES("bytes", ouro_file_writer_write(writer, NULL, 1, ERR));
  REFUSES("out", ouro_file_writer_finish(writer, NULL, ERR));
  ouro_file_writer_free(writer);
  OK(ouro_database_open_file(database, file, &reader, ERR));
  REFUSES("len", ouro_file_reader_read(reader, &found, 1, NULL, ERR));
  REFUSES("buffer", ouro_file_reader_read(reader, NULL, 1, &len, ERR));
  REFUSES("len", ouro_file_reader_read_at(reader, 0, &found, 1, NULL, ERR));
  REFUSES("buffer", ouro_file_reader_read_at(reader, 0, NULL, 1, &len, ERR));
  ouro_file_reader_free(reader);
}

static void no_input(ouro_database *database) {
  ouro_event_id id;
  ouro_event_cursor *cursor;
  ouro_import_report *import;
  ouro_export_report *export;
  ouro_backup_report *backup;
  ouro_database *other;
  uint64_t number;
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  ouro_attribute attribute = {NULL, 1, "v", 1};
  REFUSES("text", ouro_event_id_from_hex(NULL, &id, ERR));
  REFUSES("bytes", ouro_event_id_from_bytes(NULL, 64, &id, ERR));
  REFUSES("path", ouro_database_open(NULL, NULL, &other, ERR));
  REFUSES("path", ouro_database_open_read_only(NULL, NULL, &other, ERR));
  REFUSES("title", ouro_database_create_root(database, NULL, 1, &id, ERR));
  REFUSES("title", ouro_database_ensure_root(database, NULL, 1, &id, ERR));
  REFUSES("title", ouro_database_roots_titled(database, NULL, 1, &cursor, ERR));
  REFUSES("path", ouro_database_import_path(database, root, NULL, NULL, &import, ERR));
  REFUSES("path", ouro_database_import_path_with(database, root, NULL, NULL, NULL, &import, ERR));
  REFUSES("path", ouro_database_backup_to(database, NULL, NULL, &backup, ERR));
  REFUSES("path", ouro_database_export_path(database, root, NULL, NULL, &export, ERR));
  REFUSES("cursor", ouro_change_cursor_sequence(NULL, &number, ERR));
  ouro_source sources[] = {
      ouro_source_bytes(NULL, 1), ouro_source_path(NULL), ouro_source_descriptor(-1),
      ouro_source_callback(NULL, NULL), {0, 0, NULL, 0, NULL, NULL},
  };
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    REFUSES("source", ouro_database_put_file(database, root, sources[i], NULL, NULL, &id, ERR));
  }
  event.metadata_len = 1;
  REFUSES("metadata", ouro_database_append(database, root, &event, &id, ERR));
  event.metadata_len = 0, event.attributes_len = 1;
  REFUSES("attributes", ouro_database_append(database, root, &event, &id, ERR));
  event.attributes = &attribute;
  REFUSES("name", ouro_database_append(database, root, &event, &id, ERR));
  attribute = (ouro_attribute){"n", 1, NULL, 1};
  REFUSES("value", ouro_database_append(database, root, &event, &id, ERR));
  event.attributes_len = 0, event.follows_len = 1;
  REFUSES("follows", ouro_database_append(database, root, &event, &id, ERR));
}

static void wrong_lengths(ouro_database *database) {
  ouro_event_id id;
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  REFUSES("title", ouro_database_create_root(database, "x", SIZE_MAX, &id, ERR));
  FAILS(OURO_ERROR_INVALID_ID, ouro_event_id_from_bytes("x", 1, &id, ERR));
  FAILS(OURO_ERROR_INVALID_ID, ouro_event_id_from_hex("", &id, ERR));
  FAILS(OURO_ERROR_INVALID_ID, ouro_event_id_from_hex("\xff\xfe", &id, ERR));
  event.follows = &root, event.follows_len = SIZE_MAX / 2;
  REFUSES("follows", ouro_database_append(database, root, &event, &id, ERR));
  /* A pointer that cannot point to such a struct. */
  char storage[sizeof event + 1];
  REFUSES("new_event", ouro_database_append(database, root, (void *)(storage + ((uintptr_t)storage % 2 == 0)), &id, ERR));
}

static void wrong_text_and_limits(ouro_database *database) {
  ouro_event_id id, many[1025];
  ouro_event_cursor *cursor;
  ouro_batch *batch = NULL;
  ouro_member member;
  char *large = calloc(17, 1 << 20);
  FAILS(OURO_ERROR_INVALID_TEXT, ouro_database_create_root(database, TEXT("a\xff"), &id, ERR));
  FAILS(OURO_ERROR_INVALID_TEXT, ouro_database_ensure_root(database, TEXT("\xed\xa0\x80"), &id, ERR));
  FAILS(OURO_ERROR_INVALID_TEXT, ouro_database_roots_titled(database, TEXT("\xc0\x80"), &cursor, ERR));
  FAILS(OURO_ERROR_TITLE_TOO_LONG, ouro_database_create_root(database, large, 65537, &id, ERR));
  OK(ouro_database_batch(database, &batch, ERR));
  FAILS(OURO_ERROR_INVALID_TEXT, ouro_batch_create_root(batch, TEXT("\xff"), &member, ERR));
  REFUSES("title", ouro_batch_create_root(batch, NULL, 1, &member, ERR));
  ouro_batch_free(batch);

  ouro_attribute pair[] = {{"n", 1, "v", 1}, {"n", 1, "w", 1}};
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  event.attributes = pair, event.attributes_len = 2;
  FAILS(OURO_ERROR_DUPLICATE_ATTRIBUTE, ouro_database_append(database, root, &event, &id, ERR));
  event.attributes_len = 1, pair[0].name = "\xff";
  FAILS(OURO_ERROR_INVALID_TEXT, ouro_database_append(database, root, &event, &id, ERR));
  pair[0].name = large, pair[0].name_len = 256;
  FAILS(OURO_ERROR_ATTRIBUTE_NAME_TOO_LONG, ouro_database_append(database, root, &event, &id, ERR));
  pair[0].name_len = 0;
  FAILS(OURO_ERROR_INVALID_ARGUMENT, ouro_database_append(database, root, &event, &id, ERR));
  pair[0].name_len = 1, pair[0].value = large, pair[0].value_len = 128 * 1024;
  FAILS(OURO_ERROR_ATTRIBUTES_TOO_LARGE, ouro_database_append(database, root, &event, &id, ERR));
  event.attributes_len = 0, event.metadata = large, event.metadata_len = (16 << 20) + 1;
  FAILS(OURO_ERROR_METADATA_TOO_LARGE, ouro_database_append(database, root, &event, &id, ERR));
  event.metadata = NULL, event.metadata_len = 0;
  for (int i = 0; i < 1025; i++) many[i] = (ouro_event_id){{(uint8_t)i, (uint8_t)(i >> 8)}};
  event.follows = many, event.follows_len = 1025;
  FAILS(OURO_ERROR_TOO_MANY_FOLLOWS, ouro_database_append(database, root, &event, &id, ERR));
  event.follows_len = 1;
  FAILS(OURO_ERROR_EVENT_NOT_FOUND, ouro_database_append(database, root, &event, &id, ERR));
  FAILS(OURO_ERROR_PARENT_NOT_FOUND, ouro_database_append(database, unknown, NULL, &id, ERR));
  free(large);
}

/* Opening what is no store, and one that is damaged: verify names the file. */
static void stores(const char *folder) {
  ouro_database *database = NULL;
  check_write(check_path(folder, "file"), "x", 1);
  CHECK(mkdir(check_path(folder, "folder"), 0755) == 0);
  check_write(check_path(folder, "folder/file"), "x", 1);
  FAILS(OURO_ERROR_NOT_A_STORE, ouro_database_open(check_path(folder, "file"), NULL, &database, ERR));
  FAILS(OURO_ERROR_NOT_A_STORE, ouro_database_open(check_path(folder, "folder"), NULL, &database, ERR));
  ouro_options options = OURO_OPTIONS_INIT;
  options.create = false;
  FAILS(OURO_ERROR_PATH_NOT_FOUND, ouro_database_open(check_path(folder, "none"), &options, &database, ERR));
  CHECK(database == NULL);
}

/* How much is written: behind that stand the zeros of the room that an open store has reserved. */
static long segment_length(FILE *file) {
  CHECK(fseek(file, 0, SEEK_END) == 0);
  long length = ftell(file);
  while (length > 0) {
    CHECK(fseek(file, length - 1, SEEK_SET) == 0);
    if (fgetc(file) != 0) break;
    length--;
  }
  return length;
}

/* Turns over one byte of each kilobyte: whatever stands there is damaged. */
static void damage(const char *path) {
  CHECK(chmod(path, 0600) == 0);
  FILE *file = fopen(path, "r+b");
  CHECK(file != NULL);
  long length = segment_length(file);
  for (long at = 20000; at < length - 2000; at += 1024) {
    CHECK(fseek(file, at, SEEK_SET) == 0);
    int byte = fgetc(file);
    CHECK(fseek(file, at, SEEK_SET) == 0);
    CHECK(fputc(byte ^ 1, file) != EOF);
  }
  CHECK(fclose(file) == 0);
}

static void damaged_store(const char *folder) {
  static unsigned char content[400000];
  check_fill(content, sizeof content);
  ouro_database *database = NULL;
  ouro_event_id top, file, named;
  ouro_attribute name = {TEXT("file.name"), TEXT("sea.jpg")};
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  event.attributes = &name, event.attributes_len = 1;
  OK(ouro_database_open(check_path(folder, "damaged"), NULL, &database, ERR));
  OK(ouro_database_create_root(database, TEXT("top"), &top, ERR));
  ouro_source source = ouro_source_bytes(content, sizeof content);
  OK(ouro_database_put_file(database, top, source, &event, NULL, &file, ERR));
  damage(check_path(folder, "damaged/segments/00000001.segment"));

  ouro_verify_report *report = NULL;
  OK(ouro_database_verify(database, NULL, &report, ERR));
  CHECK(!ouro_verify_report_is_clean(report) && ouro_verify_report_problems_total(report) > 0);
  bool found = false, placed = false;
  for (size_t i = 0; i < ouro_verify_report_problems_len(report); i++) {
    uint64_t segment, offset, length;
    size_t len;
    CHECK(strlen(ouro_verify_report_problem_message(report, i)) > 5);
    placed |= ouro_verify_report_problem_segment(report, i, &segment) &&
              ouro_verify_report_problem_offset(report, i, &offset) &&
              ouro_verify_report_problem_length(report, i, &length) && length > 0;
    if (ouro_verify_report_problem_event(report, i, &named) && SAME(named, file)) {
      const void *text = ouro_verify_report_problem_file_name(report, i, &len);
      CHECK(check_bytes(text, len, "sea.jpg"));
      found = true;
    }
  }
  CHECK(found && placed);
  CHECK(ouro_verify_report_problem_message(report, 1000000) == NULL);
  ouro_verify_report_free(report);
  ouro_bytes *bytes = NULL;
  FAILS(OURO_ERROR_CORRUPT, ouro_database_read_file(database, file, &bytes, ERR));
  ouro_database_free(database);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  ouro_database *database = check_memory(&root);
  no_handle();
  getters_of_nothing();
  freeing_nothing();
  no_output(database);
  no_output_of_handles(database);
  no_input(database);
  wrong_lengths(database);
  wrong_text_and_limits(database);
  stores(argv[1]);
  damaged_store(argv[1]);
  ouro_verify_report *report = NULL;
  OK(ouro_database_verify(database, NULL, &report, ERR)); /* none of it left anything behind */
  CHECK(ouro_verify_report_is_clean(report) && ouro_verify_report_events(report) == 2);
  ouro_verify_report_free(report);
  ouro_database_free(database);
  return 0;
}
