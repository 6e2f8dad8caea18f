/* What a line says about a new event. */
#ifndef FIELDS_H
#define FIELDS_H

#include "../run.h"

/* In memory of the line; NULL where it says nothing. */
const ouro_new_event *new_event_of(struct run *run);

/* The durability of this name. */
int32_t durability_of(struct run *run, const char *word);

#endif
