#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "ouroborosdb.h"

struct named_value {
  struct named_value *next;
  struct bytes name, value;
};

struct named_handle {
  struct named_handle *next;
  const char *name;
  struct handle handle;
};

static const char *const KINDS[] = {
    [DATABASE] = "database",
    [EVENT] = "event",
    [BATCH] = "batch",
    [MEMBER] = "member",
    [FILE_WRITER] = "file writer",
    [FILE_READER] = "file reader",
    [EVENT_CURSOR] = "event cursor",
    [ID_CURSOR] = "id cursor",
    [ROOT_CURSOR] = "root cursor",
    [CHANGES] = "changes",
    [CANCEL_TOKEN] = "cancel token",
    [PROGRESS] = "progress",
    [STATS] = "stats",
    [IMPORT_REPORT] = "import report",
    [BACKUP_REPORT] = "backup report",
    [EXPORT_REPORT] = "export report",
    [VERIFY_REPORT] = "verify report",
    [LOG] = "log",
};

const char *kind_name(enum kind kind) { return KINDS[kind]; }

void handle_free(struct handle handle) {
  switch (handle.kind) {
    case DATABASE: ouro_database_free(handle.object); break;
    case EVENT: ouro_event_free(handle.object); break;
    case BATCH: ouro_batch_free(handle.object); break;
    case FILE_WRITER: ouro_file_writer_free(handle.object); break;
    case FILE_READER: ouro_file_reader_free(handle.object); break;
    case EVENT_CURSOR: ouro_event_cursor_free(handle.object); break;
    case ID_CURSOR: ouro_id_cursor_free(handle.object); break;
    case ROOT_CURSOR: ouro_root_cursor_free(handle.object); break;
    case CHANGES: ouro_changes_free(handle.object); break;
    case CANCEL_TOKEN: ouro_cancel_token_free(handle.object); break;
    case IMPORT_REPORT: ouro_import_report_free(handle.object); break;
    case BACKUP_REPORT: ouro_backup_report_free(handle.object); break;
    case EXPORT_REPORT: ouro_export_report_free(handle.object); break;
    case VERIFY_REPORT: ouro_verify_report_free(handle.object); break;
    case LOG: {
      struct log *log = handle.object;
      free(log->levels), free(log->times), free(log->messages), free(log->fields), free(log);
      break;
    }
    case MEMBER:
    case PROGRESS:
    case STATS: free(handle.object); break;
  }
}

const struct bytes *names_value(const struct names *names, struct bytes name) {
  for (struct named_value *value = names->values; value != NULL; value = value->next) {
    if (bytes_equal(value->name, name)) return &value->value;
  }
  return NULL;
}

void names_set_value(struct names *names, struct bytes name, struct bytes value) {
  struct named_value *named = pool_take(&names->pool, sizeof *named);
  named->name = pool_copy(&names->pool, name.data, name.len);
  named->value = pool_copy(&names->pool, value.data, value.len);
  /* It hides an older one of its name. */
  named->next = names->values;
  names->values = named;
}

const struct handle *names_handle(const struct names *names, const char *name) {
  for (struct named_handle *handle = names->handles; handle != NULL; handle = handle->next) {
    if (strcmp(handle->name, name) == 0) return &handle->handle;
  }
  return NULL;
}

void names_set_handle(struct names *names, const char *name, struct handle handle) {
  names_free_handle(names, name);
  struct named_handle *named = pool_take(&names->pool, sizeof *named);
  named->name = pool_string(&names->pool, bytes_of_text(name));
  named->handle = handle;
  named->next = names->handles;
  names->handles = named;
}

bool names_free_handle(struct names *names, const char *name) {
  for (struct named_handle **at = &names->handles; *at != NULL; at = &(*at)->next) {
    if (strcmp((*at)->name, name) == 0) {
      handle_free((*at)->handle);
      *at = (*at)->next;
      return true;
    }
  }
  return false;
}

static void turn_round(struct names *names) {
  struct named_handle *turned = NULL;
  while (names->handles != NULL) {
    struct named_handle *handle = names->handles;
    names->handles = handle->next;
    handle->next = turned;
    turned = handle;
  }
  names->handles = turned;
}

void names_free(struct names *names, bool oldest_first) {
  if (oldest_first) turn_round(names);
  for (struct named_handle *handle = names->handles; handle != NULL; handle = handle->next) {
    handle_free(handle->handle);
  }
  pool_empty(&names->pool);
  names->values = NULL;
  names->handles = NULL;
}
