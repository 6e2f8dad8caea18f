/* Paging and iterating. */
#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "events.h"

static void event_page(struct run *run) {
  struct events events = events_of_page(run);
  ouro_event_cursor *cursor = handle_at(run, 0, EVENT_CURSOR);
  check(run, ouro_event_cursor_page(cursor, events.events, events.capacity, &events.len, &run->error));
  give_events(run, &events);
}

static void event_next(struct run *run) {
  ouro_event *event = NULL;
  check(run, ouro_event_cursor_next(handle_at(run, 0, EVENT_CURSOR), &event, &run->error));
  give_next_event(run, event);
}

static void id_page(struct run *run) {
  size_t capacity = length_of(run, run->statement.words[1]), len = 0;
  ouro_event_id *ids = pool_take(&run->pool, capacity * sizeof *ids);
  check(run, ouro_id_cursor_page(handle_at(run, 0, ID_CURSOR), ids, capacity, &len, &run->error));
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < len; i++) list_add_id(run, &list, i, ids[i]);
  give_bytes(run, builder_end(&list));
}

static void id_next(struct run *run) {
  ouro_event_id id;
  bool found = false;
  check(run, ouro_id_cursor_next(handle_at(run, 0, ID_CURSOR), &id, &found, &run->error));
  if (found) {
    give_id(run, id);
  } else {
    give_none(run);
  }
}

/* Adds `title=id`, and frees the title. */
static void add_root(struct run *run, struct builder *list, size_t index, ouro_bytes *title, ouro_event_id root) {
  list_add(list, index, ouro_bytes_data(title), ouro_bytes_len(title));
  builder_text(list, "=");
  builder_text(list, id_text(run, root));
  ouro_bytes_free(title);
}

static void root_page(struct run *run) {
  size_t capacity = length_of(run, run->statement.words[1]), len = 0;
  ouro_bytes **titles = pool_take(&run->pool, capacity * sizeof *titles);
  ouro_event_id *roots = pool_take(&run->pool, capacity * sizeof *roots);
  check(run, ouro_root_cursor_page(handle_at(run, 0, ROOT_CURSOR), titles, roots, capacity, &len, &run->error));
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < len; i++) add_root(run, &list, i, titles[i], roots[i]);
  give_bytes(run, builder_end(&list));
}

static void root_next(struct run *run) {
  ouro_bytes *title = NULL;
  ouro_event_id root;
  check(run, ouro_root_cursor_next(handle_at(run, 0, ROOT_CURSOR), &title, &root, &run->error));
  if (title == NULL) {
    give_none(run);
    return;
  }
  struct builder list = {.pool = &run->pool};
  add_root(run, &list, 0, title, root);
  give_bytes(run, builder_end(&list));
}

const struct verb CURSOR_VERBS[] = {
    {"event_cursor.page", 2, 0, event_page},
    {"event_cursor.next", 1, 0, event_next},
    {"id_cursor.page", 2, 0, id_page},
    {"id_cursor.next", 1, 0, id_next},
    {"root_cursor.page", 2, 0, root_page},
    {"root_cursor.next", 1, 0, root_next},
    {0},
};
