#include "fields.h"

#include <string.h>

#include "../answer.h"
#include "../words.h"

/* Adds `NAME=VALUE`; the attributes have room for all of the line. */
static void add_attribute(struct run *run, ouro_new_event *new_event, ouro_attribute *attributes, const char *word) {
  const char *sign = strchr(word, '=');
  if (sign == NULL) give_up(run, "attribute=NAME=VALUE");
  struct bytes name = {(const unsigned char *)word, (size_t)(sign - word)};
  name = evaluate(run, pool_string(&run->pool, name));
  struct bytes value = evaluate(run, sign + 1);
  attributes[new_event->attributes_len++] =
      (ouro_attribute){(const char *)name.data, name.len, value.data, value.len};
}

static void set_follows(struct run *run, ouro_new_event *new_event, const char *word) {
  struct bytes list = evaluate(run, word), rest = list;
  size_t count = 0;
  while (rest.data != NULL) {
    bytes_next_part(&rest);
    count++;
  }
  ouro_event_id *ids = pool_take(&run->pool, count * sizeof *ids);
  for (size_t i = 0; i < count; i++) {
    const char *text = pool_string(&run->pool, bytes_next_part(&list));
    check(run, ouro_event_id_from_hex(text, &ids[i], &run->error));
  }
  new_event->follows = ids;
  new_event->follows_len = count;
}

int32_t durability_of(struct run *run, const char *word) {
  if (strcmp(word, "durable") == 0) return OURO_DURABILITY_DURABLE;
  if (strcmp(word, "buffered") == 0) return OURO_DURABILITY_BUFFERED;
  give_up(run, "there is no durability `%.60s`", word);
}

const ouro_new_event *new_event_of(struct run *run) {
  const struct statement *statement = &run->statement;
  if (statement->options_len == 0) return NULL;
  ouro_new_event *new_event = pool_take(&run->pool, sizeof *new_event);
  ouro_attribute *attributes = pool_take(&run->pool, statement->options_len * sizeof *attributes);
  *new_event = (ouro_new_event)OURO_NEW_EVENT_INIT;
  new_event->attributes = attributes;
  for (size_t i = 0; i < statement->options_len; i++) {
    const char *key = statement->options[i].key, *word = statement->options[i].value;
    if (strcmp(key, "metadata") == 0) {
      struct bytes metadata = evaluate(run, word);
      new_event->metadata = metadata.data;
      new_event->metadata_len = metadata.len;
    } else if (strcmp(key, "attribute") == 0) {
      add_attribute(run, new_event, attributes, word);
    } else if (strcmp(key, "follows") == 0) {
      set_follows(run, new_event, word);
    } else if (strcmp(key, "temporary") == 0) {
      new_event->temporary = bool_of(run, word);
    } else if (strcmp(key, "expires_ms") == 0) {
      new_event->expires_ms = number_of(run, word);
      new_event->has_expires = 1;
    } else if (strcmp(key, "full_text") == 0) {
      new_event->full_text = bool_of(run, word);
    } else if (strcmp(key, "durability") == 0) {
      new_event->durability = durability_of(run, word);
      new_event->has_durability = 1;
    }
  }
  return new_event;
}
