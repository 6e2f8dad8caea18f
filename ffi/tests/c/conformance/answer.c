#include "answer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

_Noreturn void give_up(struct run *run, const char *format, ...) {
  char text[2000];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  run->problem = pool_string(&run->pool, bytes_of_text(text));
  longjmp(run->stop, 1);
}

_Noreturn void give_up_errno(struct run *run, const char *what) {
  give_up(run, "%s: %s", what, strerror(errno));
}

void check(struct run *run, ouro_status status) {
  if (status == OURO_OK) {
    if (run->error != NULL) give_up(run, "the call succeeded, and made an error object");
    return;
  }
  run->answer = FAILED;
  run->status = status;
  longjmp(run->stop, 1);
}

void give(struct run *run, const void *data, size_t len) {
  run->answer = GAVE_BYTES;
  run->bytes = pool_copy(&run->pool, data, len);
}

void give_bytes(struct run *run, struct bytes bytes) {
  run->answer = GAVE_BYTES;
  run->bytes = bytes;
}

void give_text(struct run *run, const char *text) { give(run, text, strlen(text)); }

void give_optional_text(struct run *run, const char *text) { give_text(run, text != NULL ? text : "none"); }

void give_optional(struct run *run, const void *data, size_t len) {
  if (data != NULL) {
    give(run, data, len);
  } else {
    give_none(run);
  }
}

void give_none(struct run *run) { give_text(run, "none"); }

void give_bool(struct run *run, bool value) { give_text(run, value ? "true" : "false"); }

void give_number(struct run *run, uint64_t number) {
  give_text(run, pool_format(&run->pool, "%" PRIu64, number));
}

void give_id(struct run *run, ouro_event_id id) { give_text(run, id_text(run, id)); }

void give_handle(struct run *run, enum kind kind, void *object) {
  if (object == NULL) give_up(run, "the call succeeded, and gave no %s", kind_name(kind));
  run->answer = GAVE_HANDLE;
  run->handle = (struct handle){kind, object};
}

const char *id_text(struct run *run, ouro_event_id id) {
  char *text = pool_take(&run->pool, OURO_EVENT_ID_HEX_BYTES);
  ouro_event_id_to_hex(id, text);
  return text;
}

void list_add(struct builder *list, size_t index, const void *data, size_t len) {
  if (index > 0) builder_text(list, ",");
  builder_add(list, data, len);
}

void list_add_id(struct run *run, struct builder *list, size_t index, ouro_event_id id) {
  const char *text = id_text(run, id);
  list_add(list, index, text, strlen(text));
}

void give_ids(struct run *run, ouro_id_list *ids) {
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < ouro_id_list_len(ids); i++) list_add_id(run, &list, i, ouro_id_list_data(ids)[i]);
  give_bytes(run, builder_end(&list));
  ouro_id_list_free(ids);
}
