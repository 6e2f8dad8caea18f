/* Files in and out. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"
#include "fields.h"
#include "sources.h"

static void put_file(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id parent = id_of(run, run->statement.words[1]), id;
  ouro_source source = source_of(run, run->statement.words[2]);
  const ouro_new_event *new_event = new_event_of(run);
  const ouro_control *control = control_of(run, database);
  check(run, ouro_database_put_file(database, parent, source, new_event, control, &id, &run->error));
  give_id(run, id);
}

/* The files of a line, in their order; all of them are of the same new event. */
static size_t new_files_of(struct run *run, ouro_new_file *files) {
  const ouro_new_event *new_event = new_event_of(run);
  size_t count = 0;
  for (size_t i = 0; i < run->statement.options_len; i++) {
    const char *key = run->statement.options[i].key, *word = run->statement.options[i].value;
    if (strcmp(key, "file") == 0) {
      files[count] = (ouro_new_file)OURO_NEW_FILE_INIT;
      files[count].source = source_of(run, word);
      files[count++].new_event = new_event;
    } else if (strcmp(key, "under") == 0) {
      if (count == 0) give_up(run, "`under` follows a file");
      ouro_event_id *parent = pool_take(&run->pool, sizeof *parent);
      *parent = id_of(run, word);
      files[count - 1].parent = parent;
    }
  }
  return count;
}

static const ouro_put_files_options *put_files_options_of(struct run *run) {
  for (size_t i = 0; i < run->statement.options_len; i++) {
    if (strcmp(run->statement.options[i].key, "call_durability") != 0) continue;
    ouro_put_files_options *options = pool_take(&run->pool, sizeof *options);
    *options = (ouro_put_files_options)OURO_PUT_FILES_OPTIONS_INIT;
    options->durability = durability_of(run, run->statement.options[i].value);
    options->has_durability = 1;
    return options;
  }
  return NULL;
}

static void put_files(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id parent = id_of(run, run->statement.words[1]);
  ouro_new_file *files = pool_take(&run->pool, (run->statement.options_len + 1) * sizeof *files);
  size_t count = new_files_of(run, files);
  const ouro_put_files_options *options = put_files_options_of(run);
  const ouro_control *control = control_of(run, database);
  ouro_id_list *ids = NULL;
  check(run, ouro_database_put_files(database, parent, files, count, options, control, &ids, &run->error));
  give_ids(run, ids);
}

static void read_file(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_bytes *bytes = NULL;
  check(run, ouro_database_read_file(database, id_of(run, run->statement.words[1]), &bytes, &run->error));
  give(run, ouro_bytes_data(bytes), ouro_bytes_len(bytes));
  ouro_bytes_free(bytes);
}

static void file_writer(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id parent = id_of(run, run->statement.words[1]);
  ouro_file_writer *writer = NULL;
  check(run, ouro_database_file_writer(database, parent, new_event_of(run), &writer, &run->error));
  give_handle(run, FILE_WRITER, writer);
}

static void writer_write(struct run *run) {
  struct bytes bytes = evaluate(run, run->statement.words[1]);
  check(run, ouro_file_writer_write(handle_at(run, 0, FILE_WRITER), bytes.data, bytes.len, &run->error));
}

static void writer_length(struct run *run) {
  give_number(run, ouro_file_writer_length(handle_at(run, 0, FILE_WRITER)));
}

static void writer_finish(struct run *run) {
  ouro_event_id id;
  check(run, ouro_file_writer_finish(handle_at(run, 0, FILE_WRITER), &id, &run->error));
  give_id(run, id);
}

static void writer_abort(struct run *run) {
  check(run, ouro_file_writer_abort(handle_at(run, 0, FILE_WRITER), &run->error));
}

static void open_file(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_file_reader *reader = NULL;
  check(run, ouro_database_open_file(database, id_of(run, run->statement.words[1]), &reader, &run->error));
  give_handle(run, FILE_READER, reader);
}

static void reader_read(struct run *run) {
  size_t capacity = length_of(run, run->statement.words[1]), len = 0;
  unsigned char *buffer = pool_take(&run->pool, capacity);
  check(run, ouro_file_reader_read(handle_at(run, 0, FILE_READER), buffer, capacity, &len, &run->error));
  give(run, buffer, len);
}

static void reader_read_at(struct run *run) {
  uint64_t offset = number_of(run, run->statement.words[1]);
  size_t capacity = length_of(run, run->statement.words[2]), len = 0;
  unsigned char *buffer = pool_take(&run->pool, capacity);
  check(run, ouro_file_reader_read_at(handle_at(run, 0, FILE_READER), offset, buffer, capacity, &len, &run->error));
  give(run, buffer, len);
}

/* To a descriptor of a file that the runner makes; the callback has a test of its own. */
static void reader_write_to(struct run *run) {
  ouro_file_reader *reader = handle_at(run, 0, FILE_READER);
  const ouro_control *control = control_of(run, NULL);
  int descriptor = open(path_of(run, run->statement.words[1]), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (descriptor < 0) give_up(run, "the file cannot be made");
  uint64_t written = 0;
  ouro_status status = ouro_file_reader_write_to_descriptor(reader, descriptor, control, &written, &run->error);
  if (close(descriptor) != 0) give_up(run, "the file cannot be closed");
  check(run, status);
  give_number(run, written);
}

static void reader_write_to_path(struct run *run) {
  ouro_file_reader *reader = handle_at(run, 0, FILE_READER);
  const ouro_control *control = control_of(run, NULL);
  uint64_t written = 0;
  const char *path = path_of(run, run->statement.words[1]);
  check(run, ouro_file_reader_write_to_path(reader, path, control, &written, &run->error));
  give_number(run, written);
}

static int32_t whence_of(struct run *run, const char *word) {
  if (strcmp(word, "start") == 0) return OURO_SEEK_START;
  if (strcmp(word, "current") == 0) return OURO_SEEK_CURRENT;
  if (strcmp(word, "end") == 0) return OURO_SEEK_END;
  give_up(run, "seek from start, current or end, not `%.60s`", word);
}

static void reader_seek(struct run *run) {
  int32_t whence = whence_of(run, run->statement.words[1]);
  int64_t offset = signed_number_of(run, run->statement.words[2]);
  uint64_t position = 0;
  check(run, ouro_file_reader_seek(handle_at(run, 0, FILE_READER), whence, offset, &position, &run->error));
  give_number(run, position);
}

static void reader_position(struct run *run) {
  give_number(run, ouro_file_reader_position(handle_at(run, 0, FILE_READER)));
}

static void reader_length(struct run *run) {
  give_number(run, ouro_file_reader_length(handle_at(run, 0, FILE_READER)));
}

const struct verb FILE_VERBS[] = {
    {"put_file", 3, FIELDS | CONTROL, put_file},
    {"put_files", 2, FIELDS | CONTROL | FILES, put_files},
    {"read_file", 2, 0, read_file},
    {"file_writer", 2, FIELDS, file_writer},
    {"file_writer.write", 2, 0, writer_write},
    {"file_writer.length", 1, 0, writer_length},
    {"file_writer.finish", 1, 0, writer_finish},
    {"file_writer.abort", 1, 0, writer_abort},
    {"open_file", 2, 0, open_file},
    {"file_reader.read", 2, 0, reader_read},
    {"file_reader.read_at", 3, 0, reader_read_at},
    {"file_reader.seek", 3, 0, reader_seek},
    {"file_reader.position", 1, 0, reader_position},
    {"file_reader.length", 1, 0, reader_length},
    {"file_reader.write_to", 2, CONTROL, reader_write_to},
    {"file_reader.write_to_path", 2, CONTROL, reader_write_to_path},
    {0},
};
