/* The table of error codes, as the library says it and as the header does. */
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"

/* The header's constants under the names that the library should have for them. */
static const struct {
  ouro_status code;
  const char *name;
} CONSTANTS[] = {
    {OURO_ERROR_INVALID_ARGUMENT, "invalid_argument"},
    {OURO_ERROR_INVALID_ID, "invalid_id"},
    {OURO_ERROR_INVALID_TEXT, "invalid_text"},
    {OURO_ERROR_WRONG_TYPE, "wrong_type"},
    {OURO_ERROR_INVALID_CURSOR, "invalid_cursor"},
    {OURO_ERROR_AMBIGUOUS_ID, "ambiguous_id"},
    {OURO_ERROR_TITLE_TOO_LONG, "title_too_long"},
    {OURO_ERROR_ATTRIBUTE_NAME_TOO_LONG, "attribute_name_too_long"},
    {OURO_ERROR_ATTRIBUTES_TOO_LARGE, "attributes_too_large"},
    {OURO_ERROR_METADATA_TOO_LARGE, "metadata_too_large"},
    {OURO_ERROR_TOO_MANY_FOLLOWS, "too_many_follows"},
    {OURO_ERROR_BATCH_TOO_LARGE, "batch_too_large"},
    {OURO_ERROR_DUPLICATE_ATTRIBUTE, "duplicate_attribute"},
    {OURO_ERROR_EVENT_NOT_FOUND, "event_not_found"},
    {OURO_ERROR_PARENT_NOT_FOUND, "parent_not_found"},
    {OURO_ERROR_INVALID_PARENT, "invalid_parent"},
    {OURO_ERROR_NO_CONTENT, "no_content"},
    {OURO_ERROR_PATH_NOT_FOUND, "path_not_found"},
    {OURO_ERROR_NOT_A_STORE, "not_a_store"},
    {OURO_ERROR_NEWER_FORMAT, "newer_format"},
    {OURO_ERROR_LOCKED, "locked"},
    {OURO_ERROR_PERMISSION_DENIED, "permission_denied"},
    {OURO_ERROR_READ_ONLY, "read_only"},
    {OURO_ERROR_CURSOR_OF_ANOTHER_STORE, "cursor_of_another_store"},
    {OURO_ERROR_ALREADY_EXISTS, "already_exists"},
    {OURO_ERROR_UNSAFE_NAME, "unsafe_name"},
    {OURO_ERROR_NOT_EXPORTABLE, "not_exportable"},
    {OURO_ERROR_NOT_A_BACKUP, "not_a_backup"},
    {OURO_ERROR_CLOSED, "closed"},
    {OURO_ERROR_FINISHED, "finished"},
    {OURO_ERROR_CANCELLED, "cancelled"},
    {OURO_ERROR_POISONED, "poisoned"},
    {OURO_ERROR_SOURCE_FAILED, "source_failed"},
    {OURO_ERROR_IO, "io"},
    {OURO_ERROR_DISK_FULL, "disk_full"},
    {OURO_ERROR_CORRUPT, "corrupt"},
    {OURO_ERROR_INTERNAL, "internal"},
};

/* The header's constant for a name; OURO_OK where it has none. */
static ouro_status constant_of(const char *name) {
  for (size_t i = 0; i < sizeof CONSTANTS / sizeof *CONSTANTS; i++) {
    if (strcmp(CONSTANTS[i].name, name) == 0) return CONSTANTS[i].code;
  }
  return OURO_OK;
}

static void error_code(struct run *run) {
  int64_t number = signed_number_of(run, run->statement.words[0]);
  if (number < INT32_MIN || number > INT32_MAX) give_up(run, "a status has 32 bits");
  const char *name = ouro_error_code_name((ouro_status)number);
  if (name != NULL && constant_of(name) != number) {
    give_up(run, "the header's constant for %s is %d", name, (int)constant_of(name));
  }
  give_optional_text(run, name);
}

/* The library's code for a name, which must be the header's too. */
static ouro_status code_of(struct run *run) {
  const char *name = string_of(run, run->statement.words[0]);
  ouro_status code = ouro_error_code_from_name(name);
  if (code != constant_of(name)) {
    give_up(run, "the library's code for %s is %d, the header's constant is %d", name, (int)code,
            (int)constant_of(name));
  }
  return code;
}

static void number(struct run *run) {
  ouro_status code = code_of(run);
  if (code == OURO_OK) {
    give_none(run);
  } else {
    give_number(run, (uint64_t)code);
  }
}

static void meaning(struct run *run) { give_optional_text(run, ouro_error_code_meaning(code_of(run))); }

const struct verb ERROR_VERBS[] = {
    {"error_code", 1, 0, error_code},
    {"error_code.number", 1, 0, number},
    {"error_code.meaning", 1, 0, meaning},
    {0},
};
