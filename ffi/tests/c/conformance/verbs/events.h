/* Events that come out of the library, one or many, and are freed by whoever asked. */
#ifndef EVENTS_H
#define EVENTS_H

#include "../run.h"

struct events {
  ouro_event **events;
  size_t capacity, len;
};

/* Room for as many events as the second word of a `.page` says. */
struct events events_of_page(struct run *run);
/* Their ids as a list; the events are freed. */
void give_events(struct run *run, const struct events *events);
/* The id, or none for NULL; the event is freed. */
void give_next_event(struct run *run, ouro_event *event);

#endif
