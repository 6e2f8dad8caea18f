/* Making durable, rebuilding, counting. */
#include <stdlib.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"

static void refresh(struct run *run) {
  bool is_new = false;
  check(run, ouro_database_refresh(handle_at(run, 0, DATABASE), &is_new, &run->error));
  give_bool(run, is_new);
}

static void sync_database(struct run *run) {
  check(run, ouro_database_sync(handle_at(run, 0, DATABASE), &run->error));
}

static void rebuild_index(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  check(run, ouro_database_rebuild_index(database, control_of(run, database), &run->error));
}

static void stats(struct run *run) {
  ouro_stats stats = OURO_STATS_INIT;
  check(run, ouro_database_stats(handle_at(run, 0, DATABASE), &stats, &run->error));
  ouro_stats *kept = malloc(sizeof *kept);
  if (kept == NULL) abort();
  *kept = stats;
  give_handle(run, STATS, kept);
}

/* A function `stats_FIELD` for each figure, and its verb. */
#define FIGURES(figure) \
  figure(events) figure(roots) figure(chunks) figure(content_bytes) figure(chunk_bytes) figure(stored_bytes) \
  figure(segments) figure(sequence) figure(durable_sequence) figure(damaged_ranges)

#define FUNCTION(field)                            \
  static void stats_##field(struct run *run) {     \
    const ouro_stats *stats = handle_at(run, 0, STATS); \
    give_number(run, stats->field);                \
  }
#define VERB(field) {"stats." #field, 1, 0, stats_##field},

FIGURES(FUNCTION)

const struct verb UPKEEP_VERBS[] = {
    {"refresh", 1, 0, refresh},
    {"sync", 1, 0, sync_database},
    {"rebuild_index", 1, CONTROL, rebuild_index},
    {"stats", 1, 0, stats},
    FIGURES(VERB)
    {0},
};
