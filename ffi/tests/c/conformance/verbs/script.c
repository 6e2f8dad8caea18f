/* The script's own verbs. */
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "null.h"

/* Of the testing build; the header does not have it. */
ouro_status ouro_test_panic(ouro_error **error);

static void free_name(struct run *run) {
  const char *name = run->statement.words[0];
  if (!names_free_handle(&run->names, name)) give_up(run, "there is no handle `%.60s`", name);
}

static void let(struct run *run) { give_bytes(run, evaluate(run, run->statement.words[0])); }

static void count(struct run *run) {
  struct bytes list = evaluate(run, run->statement.words[0]);
  uint64_t count = 0;
  if (list.len > 0) {
    for (; list.data != NULL; count++) bytes_next_part(&list);
  }
  give_number(run, count);
}

static void length(struct run *run) { give_number(run, evaluate(run, run->statement.words[0]).len); }

static void append_many(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id parent = id_of(run, run->statement.words[1]), id;
  size_t count = length_of(run, run->statement.words[2]);
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < count; i++) {
    const char *text = pool_format(&run->pool, "%zu", i);
    ouro_new_event new_event = OURO_NEW_EVENT_INIT;
    new_event.metadata = text;
    new_event.metadata_len = strlen(text);
    check(run, ouro_database_append(database, parent, &new_event, &id, &run->error));
    list_add_id(run, &list, i, id);
  }
  give_bytes(run, builder_end(&list));
}

static void panic(struct run *run) { check(run, ouro_test_panic(&run->error)); }

const struct verb SCRIPT_VERBS[] = {
    {"free", 1, 0, free_name},
    {"script.let", 1, 0, let},
    {"script.count", 1, 0, count},
    {"script.length", 1, 0, length},
    {"script.append_many", 3, 0, append_many},
    {"script.null", 1, 0, pass_null},
    {"script.panic", 0, 0, panic},
    {0},
};
