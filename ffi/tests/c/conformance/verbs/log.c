/* What the library tells of itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"

static const char *const LEVELS[] = {[OURO_LOG_ERROR] = "error", [OURO_LOG_WARN] = "warn", [OURO_LOG_INFO] = "info",
                                     [OURO_LOG_DEBUG] = "debug"};

/* Adds a part to a list that is a string from malloc. */
static void add(char **list, const char *name, const char *value) {
  size_t old = *list == NULL ? 0 : strlen(*list), len = old + strlen(name) + strlen(value) + 3;
  *list = realloc(*list, len);
  if (*list == NULL) abort();
  snprintf(*list + old, len - old, "%s%s%s%s", old == 0 ? "" : ",", name, *name == 0 ? "" : "=", value);
}

/* On the library's thread; the lists are read when the sink is gone. */
static void sink(void *userdata, const ouro_log_record *record) {
  struct log *log = userdata;
  char time[24];
  snprintf(time, sizeof time, "%llu", (unsigned long long)record->time_ms);
  add(&log->levels, "", LEVELS[record->level]);
  add(&log->times, "", time);
  add(&log->messages, "", record->message);
  for (size_t i = 0; i < record->fields_len; i++) add(&log->fields, record->fields[i].name, record->fields[i].value);
}

static void set_log_sink(struct run *run) {
  int32_t level = OURO_LOG_DEBUG;
  while (level > 0 && strcmp(LEVELS[level], run->statement.words[0]) != 0) level--;
  struct log *log = calloc(1, sizeof *log);
  if (log == NULL) abort();
  ouro_status status = ouro_set_log_sink(level, sink, log, NULL, &run->error);
  if (status != OURO_OK) free(log);
  check(run, status);
  give_handle(run, LOG, log);
}

static void clear_log_sink(struct run *run) {
  (void)run;
  ouro_clear_log_sink();
}

static void give_list(struct run *run, const char *list) { give_text(run, list == NULL ? "" : list); }

static const struct log *log_of(struct run *run) { return handle_at(run, 0, LOG); }
static void levels(struct run *run) { give_list(run, log_of(run)->levels); }
static void times(struct run *run) { give_list(run, log_of(run)->times); }
static void messages(struct run *run) { give_list(run, log_of(run)->messages); }
static void fields(struct run *run) { give_list(run, log_of(run)->fields); }

const struct verb LOG_VERBS[] = {
    {"set_log_sink", 1, 0, set_log_sink},
    {"clear_log_sink", 0, 0, clear_log_sink},
    {"log_record.level", 1, 0, levels},
    {"log_record.time_ms", 1, 0, times},
    {"log_record.message", 1, 0, messages},
    {"log_record.fields", 1, 0, fields},
    {0},
};
