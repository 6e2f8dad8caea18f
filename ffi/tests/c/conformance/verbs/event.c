/* What an event says, and ids. */

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"

static ouro_event *event_of(struct run *run) { return handle_at(run, 0, EVENT); }

static void id(struct run *run) { give_id(run, ouro_event_get_id(event_of(run))); }

static void kind(struct run *run) { give_text(run, ouro_event_kind_name(ouro_event_get_kind(event_of(run)))); }

static void parent(struct run *run) {
  ouro_event_id id;
  if (ouro_event_get_parent(event_of(run), &id)) {
    give_id(run, id);
  } else {
    give_none(run);
  }
}

static void follows(struct run *run) {
  size_t len = 0;
  const ouro_event_id *ids = ouro_event_get_follows(event_of(run), &len);
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < len; i++) list_add_id(run, &list, i, ids[i]);
  give_bytes(run, builder_end(&list));
}

static void origin(struct run *run) {
  uint8_t origin[OURO_ORIGIN_BYTES];
  ouro_event_get_origin(event_of(run), origin);
  struct builder digits = {.pool = &run->pool};
  for (size_t i = 0; i < sizeof origin; i++) builder_text(&digits, pool_format(&run->pool, "%02x", origin[i]));
  give_bytes(run, builder_end(&digits));
}

static void time_ms(struct run *run) { give_number(run, ouro_event_get_time_ms(event_of(run))); }

static void time_counter(struct run *run) { give_number(run, ouro_event_get_time_counter(event_of(run))); }

static void sequence(struct run *run) { give_number(run, ouro_event_get_sequence(event_of(run))); }

static void title(struct run *run) {
  size_t len = 0;
  const char *title = ouro_event_get_title(event_of(run), &len);
  give_optional(run, title, len);
}

static void attributes(struct run *run) {
  const ouro_event *event = event_of(run);
  size_t len = ouro_event_get_attributes_len(event);
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < len; i++) {
    ouro_attribute attribute;
    if (!ouro_event_get_attribute_at(event, i, &attribute)) give_up(run, "there is no attribute %zu", i);
    list_add(&list, i, attribute.name, attribute.name_len);
    builder_text(&list, "=");
    builder_add(&list, attribute.value, attribute.value_len);
  }
  give_bytes(run, builder_end(&list));
}

static void attribute(struct run *run) {
  struct bytes name = evaluate(run, run->statement.words[1]);
  const void *value = NULL;
  size_t len = 0;
  check(run, ouro_event_get_attribute(event_of(run), (const char *)name.data, name.len, &value, &len, &run->error));
  give_optional(run, value, len);
}

static void metadata(struct run *run) {
  size_t len = 0;
  const void *metadata = ouro_event_get_metadata(event_of(run), &len);
  give_optional(run, metadata, len);
}

static void content_length(struct run *run) {
  uint64_t length = 0;
  if (ouro_event_get_content_length(event_of(run), &length)) {
    give_number(run, length);
  } else {
    give_none(run);
  }
}

static void temporary(struct run *run) { give_bool(run, ouro_event_get_temporary(event_of(run))); }

static void expires_ms(struct run *run) {
  uint64_t expires = 0;
  if (ouro_event_get_expires_ms(event_of(run), &expires)) {
    give_number(run, expires);
  } else {
    give_none(run);
  }
}

static void full_text(struct run *run) { give_bool(run, ouro_event_get_full_text(event_of(run))); }

static void from_hex(struct run *run) { give_id(run, id_of(run, run->statement.words[0])); }

static void from_bytes(struct run *run) {
  struct bytes bytes = evaluate(run, run->statement.words[0]);
  ouro_event_id id;
  check(run, ouro_event_id_from_bytes(bytes.data, bytes.len, &id, &run->error));
  give_id(run, id);
}

static void to_bytes(struct run *run) {
  ouro_event_id id = id_of(run, run->statement.words[0]);
  give(run, id.bytes, sizeof id.bytes);
}

const struct verb EVENT_VERBS[] = {
    {"event.id", 1, 0, id},
    {"event.kind", 1, 0, kind},
    {"event.parent", 1, 0, parent},
    {"event.follows", 1, 0, follows},
    {"event.origin", 1, 0, origin},
    {"event.time_ms", 1, 0, time_ms},
    {"event.time_counter", 1, 0, time_counter},
    {"event.sequence", 1, 0, sequence},
    {"event.title", 1, 0, title},
    {"event.attributes", 1, 0, attributes},
    {"event.attribute", 2, 0, attribute},
    {"event.metadata", 1, 0, metadata},
    {"event.content_length", 1, 0, content_length},
    {"event.temporary", 1, 0, temporary},
    {"event.expires_ms", 1, 0, expires_ms},
    {"event.full_text", 1, 0, full_text},
    {"event_id.from_hex", 1, 0, from_hex},
    {"event_id.from_bytes", 1, 0, from_bytes},
    {"event_id.to_bytes", 1, 0, to_bytes},
    {0},
};
