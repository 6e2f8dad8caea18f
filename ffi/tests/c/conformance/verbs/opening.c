/* Opening and closing. */
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "fields.h"

static int32_t compression(struct run *run, const char *word) {
  if (strcmp(word, "none") == 0) return OURO_COMPRESSION_NONE;
  if (strcmp(word, "fast") == 0) return OURO_COMPRESSION_FAST;
  if (strcmp(word, "default") == 0) return OURO_COMPRESSION_DEFAULT;
  give_up(run, "there is no compression `%.60s`", word);
}

/* Room for so many paths as the line has options: paths among them are in their order. */
static const char **room_of_paths(struct run *run) {
  return pool_take(&run->pool, run->statement.options_len * sizeof(const char *));
}

/* What the line says about opening; NULL where it says nothing. */
static const ouro_options *options_of(struct run *run) {
  if (run->statement.options_len == 0) return NULL;
  ouro_options *options = pool_take(&run->pool, sizeof *options);
  *options = (ouro_options)OURO_OPTIONS_INIT;
  const char **paths = room_of_paths(run);
  options->paths = paths;
  for (size_t i = 0; i < run->statement.options_len; i++) {
    const char *key = run->statement.options[i].key, *word = run->statement.options[i].value;
    if (strcmp(key, "durability") == 0) {
      options->durability = durability_of(run, word);
    } else if (strcmp(key, "compression") == 0) {
      options->compression = compression(run, word);
    } else if (strcmp(key, "minimum_free_bytes") == 0) {
      options->minimum_free_bytes = number_of(run, word);
    } else if (strcmp(key, "segment_bytes") == 0) {
      options->segment_bytes = number_of(run, word);
    } else if (strcmp(key, "memory_capacity_bytes") == 0) {
      options->memory_capacity_bytes = number_of(run, word);
    } else if (strcmp(key, "memory_limit") == 0) {
      options->memory_limit = number_of(run, word);
    } else if (strcmp(key, "paths") == 0) {
      paths[options->paths_len++] = path_of(run, word);
    } else if (strcmp(key, "latencies") == 0) {
      options->latencies = bool_of(run, word);
    } else {
      options->create = bool_of(run, word);
    }
  }
  return options;
}

static void open_path(struct run *run) {
  const char *path = path_of(run, run->statement.words[0]);
  ouro_database *database = NULL;
  check(run, ouro_database_open(path, options_of(run), &database, &run->error));
  give_handle(run, DATABASE, database);
}

static void open_read_only(struct run *run) {
  const char *path = path_of(run, run->statement.words[0]);
  ouro_database *database = NULL;
  check(run, ouro_database_open_read_only(path, options_of(run), &database, &run->error));
  give_handle(run, DATABASE, database);
}

static void open_in_memory(struct run *run) {
  ouro_database *database = NULL;
  check(run, ouro_database_open_in_memory(options_of(run), &database, &run->error));
  give_handle(run, DATABASE, database);
}

static void close_database(struct run *run) {
  check(run, ouro_database_close(handle_at(run, 0, DATABASE), &run->error));
}

static void is_closed(struct run *run) { give_bool(run, ouro_database_is_closed(handle_at(run, 0, DATABASE))); }

static void is_read_only(struct run *run) {
  give_bool(run, ouro_database_is_read_only(handle_at(run, 0, DATABASE)));
}

static void path(struct run *run) { give_optional_text(run, ouro_database_path(handle_at(run, 0, DATABASE))); }

const struct verb OPENING_VERBS[] = {
    {"open", 1, OPENING, open_path},
    {"open_read_only", 1, OPENING, open_read_only},
    {"open_in_memory", 0, OPENING, open_in_memory},
    {"close", 1, 0, close_database},
    {"is_closed", 1, 0, is_closed},
    {"is_read_only", 1, 0, is_read_only},
    {"path", 1, 0, path},
    {0},
};
