/* The verbs of the script, a file for each theme of the README's tables. */
#ifndef VERBS_H
#define VERBS_H

#include "run.h"

/* The options that a line may have, by what they are about. */
enum {
  OPENING = 1,
  FIELDS = 2,
  CONTROL = 4,
  ORDER = 8,
  AFTER = 16,
  IMPORT = 32,
  FILES = 64,
};

/* A verb with this many words beside the options. It gives its answer in `run`; nothing is no bytes. */
struct verb {
  const char *name;
  size_t words;
  unsigned options;
  void (*call)(struct run *run);
};

/* Each list ends with a verb that has no name. */
extern const struct verb OPENING_VERBS[];
extern const struct verb TREE_VERBS[];
extern const struct verb EVENT_VERBS[];
extern const struct verb CURSOR_VERBS[];
extern const struct verb FILE_VERBS[];
extern const struct verb BATCH_VERBS[];
extern const struct verb CHANGES_VERBS[];
extern const struct verb FOLDER_VERBS[];
extern const struct verb BACKUP_VERBS[];
extern const struct verb UPKEEP_VERBS[];
extern const struct verb VERIFY_VERBS[];
extern const struct verb CONTROL_VERBS[];
extern const struct verb LOG_VERBS[];
extern const struct verb ERROR_VERBS[];
extern const struct verb SCRIPT_VERBS[];
extern const struct verb DISK_VERBS[];

/* Does what the statement says. */
void verbs_call(struct run *run);
/* Notes what a line that holds has shown to work. */
void verbs_cover(struct run *run);

#endif
