/* The names of a script file: values and handles. They own what they name. */
#ifndef NAMES_H
#define NAMES_H

#include "bytes.h"
#include "ouroborosdb.h"

enum kind {
  DATABASE,
  EVENT,
  BATCH,
  MEMBER,
  FILE_WRITER,
  FILE_READER,
  EVENT_CURSOR,
  ID_CURSOR,
  ROOT_CURSOR,
  CHANGES,
  CANCEL_TOKEN,
  PROGRESS,
  STATS,
  IMPORT_REPORT,
  BACKUP_REPORT,
  EXPORT_REPORT,
  VERIFY_REPORT,
  LOG,
};

/* What a handle points to: the library's object, or for MEMBER, STATS, PROGRESS and LOG a struct from malloc. */
struct handle {
  enum kind kind;
  void *object;
};

/* What the function saw that watched a call: a PROGRESS. */
struct watched {
  uint64_t calls, bytes, items;
};

/* Figures, and the latencies beside them: a STATS. */
enum { OPERATIONS = OURO_OPERATION_PUT_FILES + 1 };
struct figures {
  ouro_stats stats;
  ouro_latency latencies[OPERATIONS];
};

/* What a sink was told, as lists: a LOG. The texts are from malloc, or NULL. */
struct log {
  char *levels, *times, *messages, *fields;
};

struct names {
  struct pool pool;
  struct named_value *values;
  /* The youngest first. */
  struct named_handle *handles;
};

const char *kind_name(enum kind kind);
void handle_free(struct handle handle);

/* NULL where there is none. */
const struct bytes *names_value(const struct names *names, struct bytes name);
void names_set_value(struct names *names, struct bytes name, struct bytes value);

/* NULL where there is none. */
const struct handle *names_handle(const struct names *names, const char *name);
/* Frees the handle that has this name already. */
void names_set_handle(struct names *names, const char *name, struct handle handle);
/* False where there is none. */
bool names_free_handle(struct names *names, const char *name);
/* Frees everything: what was made of a database before it, or after it. */
void names_free(struct names *names, bool oldest_first);

#endif
