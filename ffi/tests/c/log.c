/* The log: a sink that calls back in, is replaced, is cleared, and what becomes of its userdata. */
#include <pthread.h>

#include "check.h"

/* What sinks and their ends count, under a lock: they run on threads of the library. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int told, freed;

static int read_of(const int *count) {
  pthread_mutex_lock(&lock);
  int read = *count;
  pthread_mutex_unlock(&lock);
  return read;
}

static void add_to(int *count) {
  pthread_mutex_lock(&lock);
  *count += 1;
  pthread_mutex_unlock(&lock);
}

static void on_free(void *userdata) {
  CHECK(userdata == &lock);
  add_to(&freed);
}

/* Uses the library, and ends itself. */
static void sink(void *userdata, const ouro_log_record *record) {
  CHECK(userdata == &lock && record->struct_size == sizeof *record);
  CHECK(record->level >= OURO_LOG_ERROR && record->level <= OURO_LOG_DEBUG && record->time_ms > 0);
  CHECK(strlen(record->message) > 0 && record->fields_len > 0);
  CHECK(strcmp(record->fields[0].name, "store") == 0 && strlen(record->fields[0].value) > 0);
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  ouro_database_free(database);
  ouro_clear_log_sink();
  add_to(&told);
}

static void set(int32_t level) { OK(ouro_set_log_sink(level, sink, &lock, on_free, ERR)); }

int main(void) {
  ouro_event_id root;
  ouro_clear_log_sink();
  set(OURO_LOG_DEBUG);
  set(OURO_LOG_INFO);
  ouro_database *database = check_memory(&root);
  ouro_database_free(database);
  /* The sink has cleared itself, so clearing does not wait for it. */
  while (read_of(&told) == 0 || read_of(&freed) < 2) sched_yield();
  int by_then = read_of(&told);

  /* Told to nobody. */
  ouro_database_free(check_memory(&root));
  set(OURO_LOG_ERROR);
  ouro_database_free(check_memory(&root));
  ouro_clear_log_sink();
  CHECK(read_of(&told) == by_then && read_of(&freed) == 3);

  /* The userdata is given back where it fails too. */
  int32_t levels[] = {0, 5, -1, INT32_MAX};
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
    REFUSES("level", ouro_set_log_sink(levels[i], sink, &lock, on_free, ERR));
  }
  REFUSES("sink", ouro_set_log_sink(OURO_LOG_INFO, NULL, &lock, on_free, ERR));
  CHECK(read_of(&freed) == 8);
  OK(ouro_set_log_sink(OURO_LOG_INFO, sink, &lock, NULL, ERR));
  ouro_clear_log_sink();
  CHECK(read_of(&freed) == 8);
  return 0;
}
