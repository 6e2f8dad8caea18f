/* Threads that share every handle; one that cancels another; one that closes under all others; one that waits for what
 * another does. */
#include "check.h"

#include <pthread.h>

#define THREADS 8
#define ROUNDS 50

struct shared {
  ouro_database *database;
  ouro_event_id root;
  ouro_batch *batch;
  ouro_event_cursor *cursor;
  ouro_file_reader *reader;
  ouro_file_writer *writer;
  ouro_cancel_token *token;
  pthread_mutex_t lock;
  int events;
  unsigned char content[100000];
};

static void *work(void *argument) {
  struct shared *shared = argument;
  for (int i = 0; i < ROUNDS; i++) {
    ouro_error *error = NULL;
    ouro_event_id id;
    CHECK(ouro_database_append(shared->database, shared->root, NULL, &id, &error) == OURO_OK);
    ouro_event *event = NULL;
    CHECK(ouro_database_event(shared->database, id, &event, &error) == OURO_OK);
    ouro_event_free(event);
    ouro_member member;
    ouro_batch_parent parent = ouro_batch_parent_event(shared->root);
    CHECK(ouro_batch_append(shared->batch, parent, NULL, &member, &error) == OURO_OK);
    parent = ouro_batch_parent_member(member);
    CHECK(ouro_batch_append(shared->batch, parent, NULL, &member, &error) == OURO_OK);
    unsigned char bytes[100];
    size_t len;
    uint64_t offset = (uint64_t)i * 1000;
    CHECK(ouro_file_reader_read_at(shared->reader, offset, bytes, sizeof bytes, &len, &error) == OURO_OK);
    CHECK(len == sizeof bytes && memcmp(bytes, shared->content + offset, len) == 0);
    CHECK(ouro_file_writer_write(shared->writer, "ten bytes.", 10, &error) == OURO_OK);
    CHECK(ouro_event_cursor_next(shared->cursor, &event, &error) == OURO_OK);
    if (event != NULL) {
      pthread_mutex_lock(&shared->lock);
      shared->events++;
      pthread_mutex_unlock(&shared->lock);
      ouro_event_free(event);
    }
  }
  return NULL;
}

static void together(struct shared *shared) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, work, shared) == 0);
  for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

/* Hands out zeros until it is stopped. */
static ptrdiff_t endless(void *userdata, void *buffer, size_t capacity) {
  (void)userdata;
  memset(buffer, 0, capacity);
  return (ptrdiff_t)capacity;
}

static void *store_endlessly(void *argument) {
  struct shared *shared = argument;
  ouro_control control = OURO_CONTROL_INIT;
  control.cancel = shared->token;
  ouro_event_id id;
  ouro_source source = ouro_source_callback(endless, NULL);
  ouro_status status = ouro_database_put_file(shared->database, shared->root, source, NULL, &control, &id, NULL);
  return (void *)(intptr_t)status;
}

static intptr_t stopped(struct shared *shared, void (*stop)(struct shared *)) {
  pthread_t thread;
  void *status = NULL;
  CHECK(pthread_create(&thread, NULL, store_endlessly, shared) == 0);
  stop(shared);
  CHECK(pthread_join(thread, &status) == 0);
  return (intptr_t)status;
}

static void by_token(struct shared *shared) { ouro_cancel_token_cancel(shared->token); }

static void by_closing(struct shared *shared) {
  CHECK(ouro_database_close(shared->database, NULL) == OURO_OK);
}

/* What a thread that watches the feed was given. */
struct watched {
  ouro_changes *changes;
  ouro_status status;
  size_t len;
};

static void *watch(void *argument) {
  struct watched *watched = argument;
  ouro_event *events[10];
  watched->status = ouro_changes_watch(watched->changes, UINT64_MAX, NULL, events, 10, &watched->len, NULL);
  for (size_t i = 0; i < watched->len; i++) ouro_event_free(events[i]);
  return NULL;
}

/* One waits for what another appends, and is not left waiting by one that closes. */
static void watching(void) {
  ouro_event_id root, id;
  ouro_database *database = check_memory(&root);
  struct watched watched = {0};
  pthread_t thread;
  OK(ouro_database_changes(database, NULL, &watched.changes, ERR));
  watch(&watched);
  CHECK(watched.status == OURO_OK && watched.len == 1);
  CHECK(pthread_create(&thread, NULL, watch, &watched) == 0);
  OK(ouro_database_append(database, root, NULL, &id, ERR));
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(watched.status == OURO_OK && watched.len == 1);
  CHECK(pthread_create(&thread, NULL, watch, &watched) == 0);
  OK(ouro_database_close(database, ERR));
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(watched.status == OURO_ERROR_CLOSED && watched.len == 0);
  ouro_changes_free(watched.changes);
  ouro_database_free(database);
}

int main(void) {
  static struct shared shared = {.lock = PTHREAD_MUTEX_INITIALIZER};
  ouro_event_id file, written;
  shared.database = check_memory(&shared.root);
  check_fill(shared.content, sizeof shared.content);
  ouro_source source = ouro_source_bytes(shared.content, sizeof shared.content);
  for (int i = 0; i < 100; i++) {
    OK(ouro_database_put_file(shared.database, shared.root, source, NULL, NULL, &file, ERR));
  }
  OK(ouro_database_batch(shared.database, &shared.batch, ERR));
  OK(ouro_database_children(shared.database, shared.root, OURO_ORDER_COMMIT, &shared.cursor, ERR));
  OK(ouro_database_open_file(shared.database, file, &shared.reader, ERR));
  OK(ouro_database_file_writer(shared.database, shared.root, NULL, &shared.writer, ERR));
  together(&shared);

  CHECK(shared.events == 100); /* each event went to one thread */
  CHECK(ouro_batch_len(shared.batch) == 2 * THREADS * ROUNDS);
  ouro_id_list *list = NULL;
  OK(ouro_batch_commit(shared.batch, &list, ERR));
  ouro_id_list_free(list);
  CHECK(ouro_file_writer_length(shared.writer) == 10 * THREADS * ROUNDS);
  OK(ouro_file_writer_finish(shared.writer, &written, ERR));
  ouro_stats stats = OURO_STATS_INIT;
  OK(ouro_database_stats(shared.database, &stats, ERR));
  CHECK(stats.events == 1 + 100 + 3 * THREADS * ROUNDS + 1);

  shared.token = ouro_cancel_token_new();
  CHECK(stopped(&shared, by_token) == OURO_ERROR_CANCELLED);
  ouro_cancel_token_free(shared.token);
  shared.token = NULL;
  CHECK(stopped(&shared, by_closing) == OURO_ERROR_CLOSED);

  ouro_file_writer_free(shared.writer);
  ouro_file_reader_free(shared.reader);
  ouro_event_cursor_free(shared.cursor);
  ouro_batch_free(shared.batch);
  ouro_database_free(shared.database);
  watching();
  return 0;
}
