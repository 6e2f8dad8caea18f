/* What the rounds share: the database that they work on, and dropping handles. */
#ifndef LEAKS_WORLD_H
#define LEAKS_WORLD_H

#include "../check.h"

/* More than a file writer keeps back, so that chunks are stored before the end. */
#define LARGE_BYTES 300000

/* Every type that has a function to free it. */
#define HANDLES(X)                                                                                               \
  X(error) X(event) X(bytes) X(id_list) X(event_cursor) X(id_cursor) X(root_cursor) X(changes) X(batch)          \
  X(file_writer) X(file_reader) X(cancel_token) X(import_report) X(export_report) X(backup_report)         \
  X(verify_report) X(database)

#define HANDLE_NUMBER(handle) HANDLE_##handle,
enum handle { HANDLES(HANDLE_NUMBER) HANDLE_COUNT };

extern unsigned char large[LARGE_BYTES];
extern const char *folder;
extern unsigned long dropped[HANDLE_COUNT];
/* The kind of handle that is never freed; HANDLE_COUNT where all are. */
extern enum handle forgotten;

/* Frees a handle, unless its kind is the forgotten one. */
#define DROP(kind, handle)                                                 \
  do {                                                                     \
    dropped[HANDLE_##kind]++;                                              \
    if (forgotten != HANDLE_##kind) ouro_##kind##_free(handle);            \
  } while (0)

/* The call, which gives its error to `failed`, fails with this code; so it does without giving any. */
#define FAILS_TWICE(expected, call, silent_call)      \
  do {                                                \
    ouro_error *failed = NULL;                        \
    CHECK((call) == (expected) && failed != NULL);    \
    DROP(error, failed);                              \
    CHECK((silent_call) == (expected));               \
  } while (0)

/* What a round works on. */
struct world {
  ouro_database *database;
  ouro_event_id root, file, folder, unknown;
};

struct world world_open(void);

/* A new event with all that one can have. */
ouro_new_event whole_event(const struct world *w);

/* The store that `damaged_stores` opens. */
void make_damaged(void);

/* A round of each kind: reading.c */
void events(struct world *w);
void bytes(struct world *w);
void event_cursors(struct world *w);
void id_cursors(struct world *w);
void root_cursors(struct world *w);
void changes(struct world *w);
void file_readers(struct world *w);

/* writing.c */
void cancel_tokens(struct world *w);
void many_files(struct world *w);
void batches(struct world *w);
void id_lists(struct world *w);
void errors(struct world *w);
void file_writers(struct world *w);

/* reports.c */
void verify_reports(struct world *w);
void export_reports(struct world *w);
void backup_reports(struct world *w);
void import_reports(struct world *w);

/* databases.c */
void databases(struct world *w);
void full_databases(struct world *w);
void abandoned_databases(struct world *w);
void stores(struct world *w);
void damaged_stores(struct world *w);

#endif
