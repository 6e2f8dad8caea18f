/* The change feed. */
#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"
#include "events.h"

static void changes(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  const char *word = option_of(run, "after");
  const char *after = word != NULL ? string_of(run, word) : NULL;
  ouro_changes *changes = NULL;
  check(run, ouro_database_changes(database, after, &changes, &run->error));
  give_handle(run, CHANGES, changes);
}

static void page(struct run *run) {
  struct events events = events_of_page(run);
  ouro_changes *changes = handle_at(run, 0, CHANGES);
  check(run, ouro_changes_page(changes, events.events, events.capacity, &events.len, &run->error));
  give_events(run, &events);
}

static void watch(struct run *run) {
  struct events events = events_of_page(run);
  ouro_changes *changes = handle_at(run, 0, CHANGES);
  uint64_t timeout_ms = length_of(run, run->statement.words[2]);
  check(run, ouro_changes_watch(changes, timeout_ms, control_of(run, NULL), events.events, events.capacity,
                                &events.len, &run->error));
  give_events(run, &events);
}

static void next(struct run *run) {
  ouro_event *event = NULL;
  check(run, ouro_changes_next(handle_at(run, 0, CHANGES), &event, &run->error));
  give_next_event(run, event);
}

static void cursor(struct run *run) {
  char *text = pool_take(&run->pool, OURO_CHANGE_CURSOR_BYTES);
  check(run, ouro_changes_cursor(handle_at(run, 0, CHANGES), text, &run->error));
  give_text(run, text);
}

static void sequence(struct run *run) {
  uint64_t sequence = 0;
  check(run, ouro_change_cursor_sequence(string_of(run, run->statement.words[0]), &sequence, &run->error));
  give_number(run, sequence);
}

const struct verb CHANGES_VERBS[] = {
    {"changes", 1, AFTER, changes},
    {"changes.page", 2, 0, page},
    {"changes.watch", 3, CONTROL, watch},
    {"changes.next", 1, 0, next},
    {"changes.cursor", 1, 0, cursor},
    {"change_cursor.sequence", 1, 0, sequence},
    {0},
};
