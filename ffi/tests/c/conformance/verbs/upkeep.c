/* Making durable, rebuilding, counting. */
#include <stdlib.h>
#include <string.h>

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
  const ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_stats stats = OURO_STATS_INIT;
  check(run, ouro_database_stats(database, &stats, &run->error));
  struct figures *kept = calloc(1, sizeof *kept);
  if (kept == NULL) abort();
  kept->stats = stats;
  give_handle(run, STATS, kept);
  for (int32_t kind = 0; kind < OPERATIONS; kind++) {
    kept->latencies[kind] = (ouro_latency)OURO_LATENCY_INIT;
    check(run, ouro_database_latency(database, kind, &kept->latencies[kind], &run->error));
  }
}

static void latencies(struct run *run) {
  handle_at(run, 0, STATS);
  struct builder list = {.pool = &run->pool};
  for (int32_t kind = 0; ouro_operation_name(kind) != NULL; kind++) {
    const char *name = ouro_operation_name(kind);
    list_add(&list, (size_t)kind, name, strlen(name));
  }
  give_bytes(run, builder_end(&list));
}

static const ouro_latency *latency_of(struct run *run) {
  const struct figures *figures = handle_at(run, 0, STATS);
  for (int32_t kind = 0; kind < OPERATIONS; kind++) {
    if (strcmp(ouro_operation_name(kind), run->statement.words[1]) == 0) return &figures->latencies[kind];
  }
  give_up(run, "there is no operation `%.60s`", run->statement.words[1]);
}

static void prometheus(struct run *run) {
  ouro_bytes *text = NULL;
  check(run, ouro_database_prometheus(handle_at(run, 0, DATABASE), &text, &run->error));
  give(run, ouro_bytes_data(text), ouro_bytes_len(text));
  ouro_bytes_free(text);
}

/* A function `stats_FIELD` for each figure, and its verb. */
#define FIGURES(figure) \
  figure(events) figure(roots) figure(chunks) figure(content_bytes) figure(chunk_bytes) figure(stored_bytes) \
  figure(segments) figure(sequence) figure(durable_sequence) figure(damaged_ranges) figure(index_tiers) \
  figure(index_tier_bytes) figure(index_tier_entries) figure(index_memory_entries) figure(event_cache_hits) \
  figure(event_cache_misses) figure(commits) figure(syncs) figure(refreshes) figure(open_ns) figure(reserve_bytes) \
  figure(paths) figure(missing_paths)

/* The same for the figures of a latency. */
#define TIMES(time) \
  time(count) time(one_in) time(sum_ns) time(p50_ns) time(p90_ns) time(p99_ns) time(p999_ns) time(max_ns)

#define FUNCTION(field)                            \
  static void stats_##field(struct run *run) {     \
    const struct figures *figures = handle_at(run, 0, STATS); \
    give_number(run, figures->stats.field);        \
  }
#define VERB(field) {"stats." #field, 1, 0, stats_##field},

#define TIME_FUNCTION(field) \
  static void latency_##field(struct run *run) { give_number(run, latency_of(run)->field); }
#define TIME_VERB(field) {"latency." #field, 2, 0, latency_##field},

FIGURES(FUNCTION)
TIMES(TIME_FUNCTION)

const struct verb UPKEEP_VERBS[] = {
    {"refresh", 1, 0, refresh},
    {"sync", 1, 0, sync_database},
    {"rebuild_index", 1, CONTROL, rebuild_index},
    {"stats", 1, 0, stats},
    {"stats.latencies", 1, 0, latencies},
    {"prometheus", 1, 0, prometheus},
    FIGURES(VERB)
    TIMES(TIME_VERB)
    {0},
};
