#include "null.h"

#include <string.h>

#include "../answer.h"
#include "../words.h"

/* Freeing NULL is allowed for all. */
static void free_null(void) {
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
  ouro_backup_report_free(NULL);
  ouro_export_report_free(NULL);
  ouro_verify_report_free(NULL);
}

/* What the call answers; `database` and its root are as good as any. */
static ouro_status call(struct run *run, const char *name, ouro_database *database, ouro_event_id root) {
  ouro_event_id id;
  if (strcmp(name, "open_path") == 0) {
    ouro_database *none = NULL;
    return ouro_database_open(NULL, NULL, &none, &run->error);
  }
  if (strcmp(name, "open_out") == 0) {
    return ouro_database_open(path_of(run, "never_made"), NULL, NULL, &run->error);
  }
  if (strcmp(name, "create_root_database") == 0) return ouro_database_create_root(NULL, "x", 1, &id, &run->error);
  if (strcmp(name, "create_root_title") == 0) {
    return ouro_database_create_root(database, NULL, 1, &id, &run->error);
  }
  /* A parent is passed by value: what can be NULL is the text that its id is made of. */
  if (strcmp(name, "append_parent") == 0) return ouro_event_id_from_hex(NULL, &id, &run->error);
  if (strcmp(name, "put_file_bytes") == 0) {
    return ouro_database_put_file(database, root, ouro_source_bytes(NULL, 1), NULL, NULL, &id, &run->error);
  }
  if (strcmp(name, "read_file_out") == 0) return ouro_database_read_file(database, root, NULL, &run->error);
  if (strcmp(name, "event_out") == 0) return ouro_database_event(database, root, NULL, &run->error);
  run->problem = "there is no such call to pass NULL to";
  return OURO_OK;
}

void pass_null(struct run *run) {
  if (strcmp(run->statement.words[0], "free") == 0) {
    free_null();
    return;
  }
  ouro_database *database = NULL;
  ouro_event_id root;
  check(run, ouro_database_open_in_memory(NULL, &database, &run->error));
  ouro_status status = ouro_database_create_root(database, "root", 4, &root, &run->error);
  if (status == OURO_OK) status = call(run, run->statement.words[0], database, root);
  ouro_database_free(database);
  check(run, status);
}
