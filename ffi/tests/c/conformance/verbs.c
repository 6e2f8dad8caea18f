#include "verbs.h"

#include <string.h>

#include "answer.h"

static const struct verb *const THEMES[] = {
    OPENING_VERBS, TREE_VERBS,   EVENT_VERBS,  CURSOR_VERBS,  FILE_VERBS,  BATCH_VERBS,  CHANGES_VERBS,
    FOLDER_VERBS,  BACKUP_VERBS, UPKEEP_VERBS, VERIFY_VERBS, CONTROL_VERBS, LOG_VERBS,    ERROR_VERBS,
    SCRIPT_VERBS, DISK_VERBS,
};

/* Options, and the operation that a call with one shows to work; NULL where that is the call itself. */
static const struct {
  const char *key;
  unsigned about;
  const char *operation;
} OPTIONS[] = {
    {"durability", OPENING, "options.durability"},
    {"compression", OPENING, "options.compression"},
    {"minimum_free_bytes", OPENING, "options.minimum_free_bytes"},
    {"segment_bytes", OPENING, "options.segment_bytes"},
    {"memory_capacity_bytes", OPENING, "options.memory_capacity_bytes"},
    {"paths", OPENING, "options.paths"},
    {"memory_limit", OPENING, "options.memory_limit"},
    {"create", OPENING, "options.create"},
    {"latencies", OPENING, "options.latencies"},
    {"metadata", FIELDS, "new_event.metadata"},
    {"attribute", FIELDS, "new_event.attribute"},
    {"follows", FIELDS, "new_event.follows"},
    {"temporary", FIELDS, "new_event.temporary"},
    {"expires_ms", FIELDS, "new_event.expires_ms"},
    {"full_text", FIELDS, "new_event.full_text"},
    {"durability", FIELDS, "new_event.durability"},
    {"durability", IMPORT, "import_options.durability"},
    {"cancel", CONTROL, "control.cancel"},
    {"cancel_within", CONTROL, "control.cancel"},
    {"progress", CONTROL, "control.progress"},
    {"file", FILES, NULL},
    {"under", FILES, "new_file.under"},
    {"call_durability", FILES, "put_files_options.durability"},
    {"order", ORDER, NULL},
    {"after", AFTER, NULL},
};

#define OPTIONS_LEN (sizeof OPTIONS / sizeof *OPTIONS)

/* The place of an option of this verb in the table; its end for none. */
static size_t find_option(const struct verb *verb, const char *key) {
  size_t at = 0;
  while (at < OPTIONS_LEN && ((OPTIONS[at].about & verb->options) == 0 || strcmp(OPTIONS[at].key, key) != 0)) at++;
  return at;
}

static const struct verb *find_verb(const struct statement *statement) {
  for (size_t theme = 0; theme < sizeof THEMES / sizeof *THEMES; theme++) {
    for (const struct verb *verb = THEMES[theme]; verb->name != NULL; verb++) {
      if (verb->words == statement->words_len && strcmp(verb->name, statement->verb) == 0) return verb;
    }
  }
  return NULL;
}

void verbs_call(struct run *run) {
  const struct statement *statement = &run->statement;
  const struct verb *verb = find_verb(statement);
  if (verb == NULL) give_up(run, "there is no verb `%.60s` with %zu words", statement->verb, statement->words_len);
  for (size_t i = 0; i < statement->options_len; i++) {
    if (find_option(verb, statement->options[i].key) == OPTIONS_LEN) {
      give_up(run, "`%s` has no option `%.60s`", verb->name, statement->options[i].key);
    }
  }
  verb->call(run);
}

static bool is_operation(const char *verb) {
  return strcmp(verb, "free") != 0 && strncmp(verb, "fs.", 3) != 0 && strncmp(verb, "script.", 7) != 0;
}

void verbs_cover(struct run *run) {
  const struct statement *statement = &run->statement;
  bool succeeded = run->answer != FAILED;
  if (!succeeded) {
    coverage_add(run->coverage, "code", statement->target);
  } else if (is_operation(statement->verb)) {
    coverage_add(run->coverage, "op", statement->verb);
  }
  const struct verb *verb = find_verb(statement);
  for (size_t i = 0; i < statement->options_len; i++) {
    size_t option = find_option(verb, statement->options[i].key);
    bool counts = succeeded || OPTIONS[option].about == CONTROL;
    if (counts && OPTIONS[option].operation != NULL) coverage_add(run->coverage, "op", OPTIONS[option].operation);
  }
}
