/* Handles of every kind, opened and dropped in whatever state they are in, so often that one that is kept shows.
 *
 *   leaks FOLDER WORLDS ROUNDS [FORGOTTEN]
 *
 * For each kind: WORLDS databases in memory, ROUNDS rounds in each. More than one world are measured, from the second
 * on: what the process holds at the end must not be more. One world is for valgrind, which counts by itself. Handles
 * of the kind FORGOTTEN are never freed: the measures that are taken here must find it, and end the program.
 *
 * At the end it prints how many handles of each kind were dropped.
 */
#include <pthread.h>
#include <sys/stat.h>

#include "../support/memory.h"
#include "leaks/world.h"

#define HANDLE_NAME(handle) #handle,
static const char *const handle_names[] = {HANDLES(HANDLE_NAME)};

unsigned char large[LARGE_BYTES];
const char *folder;
unsigned long dropped[HANDLE_COUNT];
enum handle forgotten = HANDLE_COUNT;

ouro_new_event whole_event(const struct world *w) {
  static const ouro_attribute attributes[] = {{TEXT("colour"), TEXT("red")}, {TEXT("empty"), NULL, 0}};
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  event.metadata = "metadata";
  event.metadata_len = 8;
  event.attributes = attributes;
  event.attributes_len = 2;
  event.follows = &w->root;
  event.follows_len = 1;
  return event;
}

struct world world_open(void) {
  struct world w = {.unknown = {{1}}};
  ouro_import_report *report = NULL;
  w.database = check_memory(&w.root);
  const ouro_new_event event = whole_event(&w);
  OK(ouro_database_put_file(w.database, w.root, ouro_source_bytes(large, 3000), &event, NULL, &w.file, ERR));
  OK(ouro_database_import_path(w.database, w.root, check_path(folder, "empty"), NULL, &report, ERR));
  w.folder = ouro_import_report_event(report);
  ouro_import_report_free(report);
  return w;
}

/* Of so many rounds one is run: what takes long is run more seldom, what drops several handles too. */
static const struct kind {
  const char *name;
  void (*round)(struct world *);
  unsigned long one_in;
} kinds[] = {
  {"events", events, 2},
  {"bytes", bytes, 2},
  {"event cursors", event_cursors, 5},
  {"id cursors", id_cursors, 2},
  {"root cursors", root_cursors, 2},
  {"changes", changes, 2},
  {"file readers", file_readers, 1},
  {"cancel tokens", cancel_tokens, 2},
  {"batches", batches, 2},
  {"verify reports", verify_reports, 10},
  {"export reports", export_reports, 10},
  {"backup reports", backup_reports, 10},
  {"import reports", import_reports, 10},
  {"id lists", id_lists, 1},
  {"errors", errors, 10},
  {"many files", many_files, 100},
  {"file writers", file_writers, 3},
  {"databases", databases, 20},
  {"full databases", full_databases, 500},
  {"abandoned databases", abandoned_databases, 500},
  {"stores", stores, 1000},
  {"damaged stores", damaged_stores, 1000},
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static void run_world(const struct kind *kind, unsigned long rounds) {
  struct world w = world_open();
  for (unsigned long round = 0; round < rounds; round += kind->one_in) kind->round(&w);
  DROP(database, w.database);
}

struct task {
  unsigned long worlds, rounds;
  int grew;
};

static void *run(void *userdata) {
  struct task *task = userdata;
  make_damaged();
  /* What is made once and kept is made now. */
  for (size_t at = 0; at < KIND_COUNT; at++) run_world(&kinds[at], 1);
  for (size_t at = 0; at < KIND_COUNT; at++) {
    run_world(&kinds[at], task->rounds);
    if (task->worlds == 1) continue;
    const struct memory before = memory_now();
    for (unsigned long world = 1; world < task->worlds; world++) run_world(&kinds[at], task->rounds);
    task->grew |= memory_grew(kinds[at].name, (task->worlds - 1) * task->rounds / kinds[at].one_in, before);
    if (task->grew && forgotten != HANDLE_COUNT) break;
  }
  return NULL;
}

int main(int argc, char **argv) {
  CHECK(argc == 4 || argc == 5);
  folder = argv[1];
  struct task task = {.worlds = strtoul(argv[2], NULL, 10), .rounds = strtoul(argv[3], NULL, 10)};
  CHECK(task.worlds > 0 && task.rounds > 0);
  if (argc == 5) {
    forgotten = 0;
    while (forgotten < HANDLE_COUNT && strcmp(argv[4], handle_names[forgotten]) != 0) forgotten++;
    CHECK(forgotten < HANDLE_COUNT);
  }
  check_fill(large, LARGE_BYTES);
  CHECK(mkdir(check_path(folder, "empty"), 0755) == 0 && mkdir(check_path(folder, "in"), 0755) == 0);
  CHECK(mkfifo(check_path(folder, "in/pipe"), 0600) == 0);
  /* The main thread keeps what the library made for it to its end, and there is no one to give that back. */
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, run, &task) == 0 && pthread_join(thread, NULL) == 0);
  for (size_t at = 0; at < HANDLE_COUNT; at++) printf("dropped %s %lu\n", handle_names[at], dropped[at]);
  return task.grew;
}
