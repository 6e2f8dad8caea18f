/* Files in from every source and out in every way; a source that fails; cancelling and watching. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LENGTH 1000000

static unsigned char content[LENGTH];

/* Hands out `content` in uneven pieces; at `stop` it returns `answer` instead. */
struct stream {
  size_t at, stop;
  ptrdiff_t answer;
  ouro_database *database;
  int calls;
};

static ptrdiff_t next(void *userdata, void *buffer, size_t capacity) {
  struct stream *stream = userdata;
  if (stream->at >= stream->stop) return stream->answer;
  size_t len = 1 + stream->at % 7777;
  if (len > capacity) len = capacity;
  if (len > stream->stop - stream->at) len = stream->stop - stream->at;
  memcpy(buffer, content + stream->at, len);
  stream->at += len;
  return (ptrdiff_t)len;
}

/* More than there was room for: the library must not believe it. */
static ptrdiff_t too_much(void *userdata, void *buffer, size_t capacity) {
  (void)userdata;
  memset(buffer, 1, capacity);
  return (ptrdiff_t)capacity + 1;
}

static void same(ouro_database *database, ouro_event_id id) {
  ouro_bytes *bytes = NULL;
  OK(ouro_database_read_file(database, id, &bytes, ERR));
  CHECK(ouro_bytes_len(bytes) == LENGTH && memcmp(ouro_bytes_data(bytes), content, LENGTH) == 0);
  ouro_bytes_free(bytes);
}

static void sources(ouro_database *database, ouro_event_id root, const char *folder) {
  const char *path = check_path(folder, "content \xff");
  check_write(path, content, LENGTH);
  ouro_event_id id;
  ouro_stats before = OURO_STATS_INIT, after = OURO_STATS_INIT;
  OK(ouro_database_put_file(database, root, ouro_source_bytes(content, LENGTH), NULL, NULL, &id, ERR));
  same(database, id);
  OK(ouro_database_stats(database, &before, ERR));
  OK(ouro_database_put_file(database, root, ouro_source_path(path), NULL, NULL, &id, ERR));
  same(database, id);
  int descriptor = open(path, O_RDONLY);
  CHECK(descriptor >= 0);
  OK(ouro_database_put_file(database, root, ouro_source_descriptor(descriptor), NULL, NULL, &id, ERR));
  same(database, id);
  CHECK(close(descriptor) == 0); /* it was left open */
  struct stream stream = {.stop = LENGTH};
  OK(ouro_database_put_file(database, root, ouro_source_callback(next, &stream), NULL, NULL, &id, ERR));
  same(database, id);
  OK(ouro_database_stats(database, &after, ERR));
  CHECK(before.chunks == after.chunks && after.events == before.events + 3);
  OK(ouro_database_put_file(database, root, ouro_source_bytes(NULL, 0), NULL, NULL, &id, ERR));
  ouro_event *event = NULL;
  uint64_t length = 7;
  OK(ouro_database_event(database, id, &event, ERR));
  CHECK(ouro_event_get_content_length(event, &length) && length == 0);
  ouro_event_free(event);
}

static void failing_sources(ouro_database *database, ouro_event_id root, const char *folder) {
  ouro_event_id id;
  ouro_stats before = OURO_STATS_INIT, after = OURO_STATS_INIT;
  OK(ouro_database_stats(database, &before, ERR));
  struct stream stream = {.stop = LENGTH / 2, .answer = -5};
  ouro_source source = ouro_source_callback(next, &stream);
  FAILS(OURO_ERROR_SOURCE_FAILED, ouro_database_put_file(database, root, source, NULL, NULL, &id, ERR));
  source = ouro_source_callback(too_much, NULL);
  FAILS(OURO_ERROR_SOURCE_FAILED, ouro_database_put_file(database, root, source, NULL, NULL, &id, ERR));
  source = ouro_source_path(check_path(folder, "nothing"));
  ouro_status status = ouro_database_put_file(database, root, source, NULL, NULL, &id, ERR);
  CHECK(status == OURO_ERROR_PATH_NOT_FOUND && strstr(ouro_error_message(check_error), "nothing"));
  ouro_error_free(check_error);
  check_error = NULL;
  /* A descriptor that is open, but not for reading. */
  int descriptor = open(check_path(folder, "written"), O_WRONLY | O_CREAT, 0600);
  status = ouro_database_put_file(database, root, ouro_source_descriptor(descriptor), NULL, NULL, &id, ERR);
  CHECK(status == OURO_ERROR_SOURCE_FAILED && ouro_error_os_code(check_error) == EBADF);
  ouro_error_free(check_error);
  check_error = NULL;
  CHECK(close(descriptor) == 0);
  OK(ouro_database_stats(database, &after, ERR));
  CHECK(before.events == after.events);
}

static void writer(ouro_database *database, ouro_event_id root) {
  ouro_file_writer *writer = NULL;
  ouro_event_id id;
  OK(ouro_database_file_writer(database, root, NULL, &writer, ERR));
  for (size_t at = 0; at < LENGTH; at += 100000) {
    OK(ouro_file_writer_write(writer, content + at, 100000, ERR));
  }
  CHECK(ouro_file_writer_length(writer) == LENGTH);
  OK(ouro_file_writer_finish(writer, &id, ERR));
  same(database, id);
  FAILS(OURO_ERROR_FINISHED, ouro_file_writer_write(writer, "x", 1, ERR));
  FAILS(OURO_ERROR_FINISHED, ouro_file_writer_finish(writer, &id, ERR));
  FAILS(OURO_ERROR_FINISHED, ouro_file_writer_abort(writer, ERR));
  ouro_file_writer_free(writer);

  ouro_stats before = OURO_STATS_INIT, after = OURO_STATS_INIT;
  OK(ouro_database_stats(database, &before, ERR));
  OK(ouro_database_file_writer(database, root, NULL, &writer, ERR));
  OK(ouro_file_writer_write(writer, content, 1000, ERR));
  OK(ouro_file_writer_abort(writer, ERR));
  ouro_file_writer_free(writer);
  OK(ouro_database_file_writer(database, root, NULL, &writer, ERR));
  OK(ouro_file_writer_write(writer, content, 1000, ERR));
  ouro_file_writer_free(writer); /* aborts */
  OK(ouro_database_stats(database, &after, ERR));
  CHECK(before.events == after.events);
}

static void reader(ouro_database *database, ouro_event_id root) {
  ouro_event_id id;
  OK(ouro_database_put_file(database, root, ouro_source_bytes(content, LENGTH), NULL, NULL, &id, ERR));
  ouro_file_reader *reader = NULL;
  OK(ouro_database_open_file(database, id, &reader, ERR));
  CHECK(ouro_file_reader_length(reader) == LENGTH && ouro_file_reader_position(reader) == 0);
  unsigned char *buffer = malloc(300000);
  size_t len, total = 0;
  for (;;) {
    OK(ouro_file_reader_read(reader, buffer, 300000, &len, ERR));
    if (len == 0) break;
    CHECK(memcmp(buffer, content + total, len) == 0);
    total += len;
  }
  CHECK(total == LENGTH);
  OK(ouro_file_reader_read_at(reader, 123456, buffer, 1000, &len, ERR));
  CHECK(len == 1000 && memcmp(buffer, content + 123456, 1000) == 0);
  CHECK(ouro_file_reader_position(reader) == LENGTH);
  OK(ouro_file_reader_read_at(reader, LENGTH - 10, buffer, 1000, &len, ERR));
  CHECK(len == 10);
  OK(ouro_file_reader_read(reader, NULL, 0, &len, ERR));
  CHECK(len == 0);
  uint64_t position;
  OK(ouro_file_reader_seek(reader, OURO_SEEK_START, 777, &position, ERR));
  CHECK(position == 777);
  OK(ouro_file_reader_seek(reader, OURO_SEEK_CURRENT, -7, &position, ERR));
  CHECK(position == 770);
  OK(ouro_file_reader_read(reader, buffer, 30, &len, ERR));
  CHECK(len == 30 && memcmp(buffer, content + 770, 30) == 0);
  OK(ouro_file_reader_seek(reader, OURO_SEEK_END, -1, NULL, ERR));
  CHECK(ouro_file_reader_position(reader) == LENGTH - 1);
  FAILS(OURO_ERROR_INVALID_ARGUMENT, ouro_file_reader_seek(reader, OURO_SEEK_START, -1, &position, ERR));
  FAILS(OURO_ERROR_INVALID_ARGUMENT, ouro_file_reader_seek(reader, OURO_SEEK_CURRENT, INT64_MIN, &position, ERR));
  FAILS(OURO_ERROR_INVALID_ARGUMENT, ouro_file_reader_seek(reader, 3, 0, &position, ERR));
  free(buffer);
  ouro_file_reader_free(reader);
  FAILS(OURO_ERROR_NO_CONTENT, ouro_database_open_file(database, root, &reader, ERR));
  CHECK(reader == NULL);
}

/* Many at once, from everything that a file may come from, and each callback on the thread that called. */
static void many(ouro_database *database, ouro_event_id root, const char *folder) {
  const char *path = check_path(folder, "many \xff");
  check_write(path, content, LENGTH);
  int descriptor = open(path, O_RDONLY);
  CHECK(descriptor >= 0);
  struct stream first = {.stop = LENGTH}, second = {.stop = LENGTH};
  ouro_new_file files[400];
  for (size_t i = 0; i < 400; i++) {
    files[i] = (ouro_new_file)OURO_NEW_FILE_INIT;
    files[i].source = ouro_source_bytes(content + i, i * 100);
  }
  files[3].source = ouro_source_path(path);
  files[5].source = ouro_source_descriptor(descriptor);
  files[7].source = ouro_source_callback(next, &first);
  files[399].source = ouro_source_callback(next, &second);
  ouro_new_event named = OURO_NEW_EVENT_INIT;
  named.metadata = "m", named.metadata_len = 1;
  files[7].new_event = &named;
  ouro_event_id aside;
  OK(ouro_database_append(database, root, NULL, &aside, ERR));
  files[9].parent = &aside;
  ouro_id_list *ids = NULL;
  OK(ouro_database_put_files(database, root, files, 400, NULL, NULL, &ids, ERR));
  CHECK(ouro_id_list_len(ids) == 400);
  size_t whole[] = {3, 5, 7, 399};
  for (size_t i = 0; i < 4; i++) same(database, ouro_id_list_data(ids)[whole[i]]);
  for (size_t i = 10; i < 399; i += 97) {
    ouro_bytes *bytes = NULL;
    OK(ouro_database_read_file(database, ouro_id_list_data(ids)[i], &bytes, ERR));
    CHECK(ouro_bytes_len(bytes) == i * 100 && memcmp(ouro_bytes_data(bytes), content + i, i * 100) == 0);
    ouro_bytes_free(bytes);
  }
  ouro_event *event = NULL;
  ouro_event_id parent;
  OK(ouro_database_event(database, ouro_id_list_data(ids)[9], &event, ERR));
  CHECK(ouro_event_get_parent(event, &parent) && memcmp(&parent, &aside, sizeof aside) == 0);
  ouro_event_free(event);
  ouro_id_list_free(ids);
  CHECK(close(descriptor) == 0);

  ouro_stats stats = OURO_STATS_INIT;
  OK(ouro_database_stats(database, &stats, ERR));
  uint64_t events = stats.events;
  first = (struct stream){.stop = 100, .answer = -1};
  FAILS(OURO_ERROR_SOURCE_FAILED, ouro_database_put_files(database, root, files, 400, NULL, NULL, &ids, ERR));
  CHECK(ids == NULL);
  files[7].source = ouro_source_path(folder);
  REFUSES("files[7]", ouro_database_put_files(database, root, files, 400, NULL, NULL, &ids, ERR));
  OK(ouro_database_stats(database, &stats, ERR));
  CHECK(stats.events == events);
}

/* Takes at most 1000 bytes at a time, and answers `answer` at `stop`. */
static ptrdiff_t take(void *userdata, const void *bytes, size_t len) {
  struct stream *stream = userdata;
  if (stream->at >= stream->stop) return stream->answer;
  if (len > 1000) len = 1000;
  if (len > stream->stop - stream->at) len = stream->stop - stream->at;
  CHECK(memcmp(bytes, content + stream->at, len) == 0);
  stream->at += len;
  return (ptrdiff_t)len;
}

static void out_again(ouro_database *database, ouro_event_id root, const char *folder) {
  ouro_event_id id;
  OK(ouro_database_put_file(database, root, ouro_source_bytes(content, LENGTH), NULL, NULL, &id, ERR));
  ouro_file_reader *reader = NULL;
  OK(ouro_database_open_file(database, id, &reader, ERR));
  uint64_t written = 7;
  const char *path = check_path(folder, "out \xff");
  OK(ouro_file_reader_write_to_path(reader, path, NULL, &written, ERR));
  CHECK(written == LENGTH && ouro_file_reader_position(reader) == LENGTH);
  OK(ouro_database_put_file(database, root, ouro_source_path(path), NULL, NULL, &id, ERR));
  same(database, id);
  FAILS(OURO_ERROR_ALREADY_EXISTS, ouro_file_reader_write_to_path(reader, path, NULL, &written, ERR));
  CHECK(written == 0);
  REFUSES("path", ouro_file_reader_write_to_path(reader, NULL, NULL, &written, ERR));
  REFUSES("reader", ouro_file_reader_write_to_path(NULL, path, NULL, NULL, ERR));

  OK(ouro_file_reader_seek(reader, OURO_SEEK_START, 0, NULL, ERR));
  struct stream target = {.stop = LENGTH};
  OK(ouro_file_reader_write_to_callback(reader, take, &target, NULL, &written, ERR));
  CHECK(written == LENGTH && target.at == LENGTH);
  ptrdiff_t answers[] = {0, -1, PTRDIFF_MIN, PTRDIFF_MAX};
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    OK(ouro_file_reader_seek(reader, OURO_SEEK_START, 0, NULL, ERR));
    target = (struct stream){.stop = 123456, .answer = answers[i]};
    FAILS(OURO_ERROR_IO, ouro_file_reader_write_to_callback(reader, take, &target, NULL, &written, ERR));
    CHECK(ouro_file_reader_position(reader) == 123456);
  }
  REFUSES("write", ouro_file_reader_write_to_callback(reader, NULL, NULL, NULL, NULL, ERR));
  REFUSES("reader", ouro_file_reader_write_to_callback(NULL, take, &target, NULL, NULL, ERR));

  OK(ouro_file_reader_seek(reader, OURO_SEEK_END, -1000, NULL, ERR));
  int ends[2];
  CHECK(pipe(ends) == 0);
  OK(ouro_file_reader_write_to_descriptor(reader, ends[1], NULL, &written, ERR));
  unsigned char rest[1000];
  CHECK(written == 1000 && read(ends[0], rest, 1000) == 1000 && memcmp(rest, content + LENGTH - 1000, 1000) == 0);
  CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
  REFUSES("descriptor", ouro_file_reader_write_to_descriptor(reader, -1, NULL, &written, ERR));
  REFUSES("reader", ouro_file_reader_write_to_descriptor(NULL, 1, NULL, &written, ERR));
  int full = open("/dev/full", O_WRONLY);
  if (full >= 0) {
    OK(ouro_file_reader_seek(reader, OURO_SEEK_START, 0, NULL, ERR));
    FAILS(OURO_ERROR_DISK_FULL, ouro_file_reader_write_to_descriptor(reader, full, NULL, NULL, ERR));
    CHECK(close(full) == 0);
  }
  ouro_file_reader_free(reader);
}

/* Asks the database back, as a callback may. */
static void watch(void *userdata, uint64_t bytes, uint64_t items) {
  struct stream *stream = userdata;
  (void)items;
  ouro_stats stats = OURO_STATS_INIT;
  CHECK(ouro_database_stats(stream->database, &stats, NULL) == OURO_OK);
  stream->calls++;
  stream->at = (size_t)bytes;
}

static void cancel(void *userdata, uint64_t bytes, uint64_t items) {
  (void)bytes;
  (void)items;
  ouro_cancel_token_cancel(userdata);
}

static void control(ouro_database *database, ouro_event_id root) {
  ouro_event_id id;
  struct stream stream = {.database = database};
  ouro_control control = OURO_CONTROL_INIT;
  control.progress = watch;
  control.progress_userdata = &stream;
  ouro_source source = ouro_source_bytes(content, LENGTH);
  OK(ouro_database_put_file(database, root, source, NULL, &control, &id, ERR));
  CHECK(stream.calls > 0 && stream.at == LENGTH);
  stream.calls = 0;
  ouro_verify_report *report = NULL;
  OK(ouro_database_verify(database, &control, &report, ERR));
  ouro_verify_report_free(report);
  CHECK(stream.calls > 0);

  ouro_new_file file = OURO_NEW_FILE_INIT;
  file.source = source;
  ouro_id_list *ids = NULL;
  stream = (struct stream){.database = database};
  OK(ouro_database_put_files(database, root, &file, 1, NULL, &control, &ids, ERR));
  ouro_id_list_free(ids);
  CHECK(stream.calls > 0 && stream.at == LENGTH);
  ouro_file_reader *reader = NULL;
  OK(ouro_database_open_file(database, id, &reader, ERR));
  struct stream target = {.stop = LENGTH};
  stream = (struct stream){.database = database};
  OK(ouro_file_reader_write_to_callback(reader, take, &target, &control, NULL, ERR));
  CHECK(stream.calls > 0 && stream.at == LENGTH && target.at == LENGTH);
  ouro_file_reader_free(reader);

  ouro_cancel_token *token = ouro_cancel_token_new();
  CHECK(!ouro_cancel_token_is_cancelled(token));
  control.cancel = token;
  control.progress = cancel;
  control.progress_userdata = token;
  FAILS(OURO_ERROR_CANCELLED, ouro_database_put_file(database, root, source, NULL, &control, &id, ERR));
  CHECK(ouro_cancel_token_is_cancelled(token));
  control.progress = NULL;
  FAILS(OURO_ERROR_CANCELLED, ouro_database_verify(database, &control, &report, ERR));
  FAILS(OURO_ERROR_CANCELLED, ouro_database_rebuild_index(database, &control, ERR));
  ouro_cancel_token_free(token);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  check_fill(content, LENGTH);
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  sources(database, root, argv[1]);
  failing_sources(database, root, argv[1]);
  writer(database, root);
  reader(database, root);
  many(database, root, argv[1]);
  out_again(database, root, argv[1]);
  control(database, root);
  ouro_database_free(database);
  return 0;
}
