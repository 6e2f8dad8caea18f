#include "events.h"

#include "../answer.h"
#include "../words.h"

struct events events_of_page(struct run *run) {
  size_t capacity = length_of(run, run->statement.words[1]);
  return (struct events){pool_take(&run->pool, capacity * sizeof(ouro_event *)), capacity, 0};
}

void give_events(struct run *run, const struct events *events) {
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < events->len; i++) {
    list_add_id(run, &list, i, ouro_event_get_id(events->events[i]));
    ouro_event_free(events->events[i]);
  }
  give_bytes(run, builder_end(&list));
}

void give_next_event(struct run *run, ouro_event *event) {
  if (event == NULL) {
    give_none(run);
    return;
  }
  give_id(run, ouro_event_get_id(event));
  ouro_event_free(event);
}
