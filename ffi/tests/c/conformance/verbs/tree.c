/* Making roots and events, asking for them, walking. */
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "fields.h"

static void create_root(struct run *run) {
  struct bytes title = evaluate(run, run->statement.words[1]);
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id id;
  check(run, ouro_database_create_root(database, (const char *)title.data, title.len, &id, &run->error));
  give_id(run, id);
}

static void ensure_root(struct run *run) {
  struct bytes title = evaluate(run, run->statement.words[1]);
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id id;
  check(run, ouro_database_ensure_root(database, (const char *)title.data, title.len, &id, &run->error));
  give_id(run, id);
}

static void roots_titled(struct run *run) {
  struct bytes title = evaluate(run, run->statement.words[1]);
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_cursor *cursor = NULL;
  check(run, ouro_database_roots_titled(database, (const char *)title.data, title.len, &cursor, &run->error));
  give_handle(run, EVENT_CURSOR, cursor);
}

static void roots(struct run *run) {
  ouro_event_cursor *cursor = NULL;
  check(run, ouro_database_roots(handle_at(run, 0, DATABASE), &cursor, &run->error));
  give_handle(run, EVENT_CURSOR, cursor);
}

static void root_index(struct run *run) {
  ouro_root_cursor *cursor = NULL;
  check(run, ouro_database_root_index(handle_at(run, 0, DATABASE), &cursor, &run->error));
  give_handle(run, ROOT_CURSOR, cursor);
}

static void append(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id parent = id_of(run, run->statement.words[1]), id;
  check(run, ouro_database_append(database, parent, new_event_of(run), &id, &run->error));
  give_id(run, id);
}

static void resolve(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id id;
  check(run, ouro_database_resolve(database, string_of(run, run->statement.words[1]), &id, &run->error));
  give_id(run, id);
}

static void event(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event *event = NULL;
  check(run, ouro_database_event(database, id_of(run, run->statement.words[1]), &event, &run->error));
  give_handle(run, EVENT, event);
}

static void metadata(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_bytes *bytes = NULL;
  check(run, ouro_database_metadata(database, id_of(run, run->statement.words[1]), &bytes, &run->error));
  give_optional(run, ouro_bytes_data(bytes), ouro_bytes_len(bytes));
  ouro_bytes_free(bytes);
}

static void parent(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event *parent = NULL;
  check(run, ouro_database_parent(database, id_of(run, run->statement.words[1]), &parent, &run->error));
  if (parent == NULL) {
    give_none(run);
  } else {
    give_id(run, ouro_event_get_id(parent));
  }
  ouro_event_free(parent);
}

static int32_t order_of(struct run *run) {
  const char *order = option_of(run, "order");
  if (order == NULL || strcmp(order, "commit") == 0) return OURO_ORDER_COMMIT;
  if (strcmp(order, "time") == 0) return OURO_ORDER_TIME;
  give_up(run, "there is no order `%.60s`", order);
}

static void children(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id id = id_of(run, run->statement.words[1]);
  ouro_event_cursor *cursor = NULL;
  check(run, ouro_database_children(database, id, order_of(run), &cursor, &run->error));
  give_handle(run, EVENT_CURSOR, cursor);
}

static void child_ids(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id id = id_of(run, run->statement.words[1]);
  ouro_id_cursor *cursor = NULL;
  check(run, ouro_database_child_ids(database, id, order_of(run), &cursor, &run->error));
  give_handle(run, ID_CURSOR, cursor);
}

static void ancestors(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_cursor *cursor = NULL;
  check(run, ouro_database_ancestors(database, id_of(run, run->statement.words[1]), &cursor, &run->error));
  give_handle(run, EVENT_CURSOR, cursor);
}

static void descendants(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_cursor *cursor = NULL;
  check(run, ouro_database_descendants(database, id_of(run, run->statement.words[1]), &cursor, &run->error));
  give_handle(run, EVENT_CURSOR, cursor);
}

const struct verb TREE_VERBS[] = {
    {"create_root", 2, 0, create_root},
    {"ensure_root", 2, 0, ensure_root},
    {"roots", 1, 0, roots},
    {"roots_titled", 2, 0, roots_titled},
    {"root_index", 1, 0, root_index},
    {"append", 2, FIELDS, append},
    {"resolve", 2, 0, resolve},
    {"event", 2, 0, event},
    {"metadata", 2, 0, metadata},
    {"parent", 2, 0, parent},
    {"children", 2, ORDER, children},
    {"child_ids", 2, ORDER, child_ids},
    {"ancestors", 2, 0, ancestors},
    {"descendants", 2, 0, descendants},
    {0},
};
