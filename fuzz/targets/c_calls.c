/*
 * Calls of the C library as the bytes of the fuzzer say: any order, any handle that is not freed, NULL among them, any
 * arguments that the header allows. What must hold of each:
 *
 * - a status is OURO_OK or a code that has a name, never OURO_ERROR_INTERNAL;
 * - there is an error object exactly where the call failed, with the same code and a message;
 * - outputs of calls that failed are NULL, 0 or false;
 * - what was stored is read back: the event, its parent, its metadata, its file;
 * - after the database is closed, whatever hangs on it answers OURO_ERROR_CLOSED.
 *
 * AddressSanitizer watches the library meanwhile, and says what is not freed at the end.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouroborosdb.h"

enum { CALLS_MAX = 48, EVENTS_MAX = 64, PAGE_MAX = 9, FILE_BYTES_MAX = 90000 };

/* The input, from which everything is drawn; zeros where it has ended. */
static const uint8_t *rest;
static size_t rest_len;

static uint8_t draw(void) {
  if (rest_len == 0) {
    return 0;
  }
  rest_len--;
  return *rest++;
}

static uint32_t draw_wide(void) {
  uint32_t value = 0;
  for (int byte = 0; byte < 3; byte++) {
    value = (value << 8) | draw();
  }
  return value;
}

#define MUST(condition)                                                     \
  do {                                                                      \
    if (!(condition)) {                                                     \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);       \
      abort();                                                              \
    }                                                                       \
  } while (0)

/* An event that was stored, and what its file is made of. */
struct stored {
  ouro_event_id id;
  ouro_event_id parent;
  bool has_parent;
  bool has_file;
  uint8_t seed;
  size_t file_len;
};

static ouro_database *database;
static bool closed;
static struct stored events[EVENTS_MAX];
static size_t events_len;
static ouro_batch *batch;
static ouro_file_writer *writer;
static struct stored written; /* by the writer, so far */
static ouro_file_reader *reader;
static struct stored read_event;
static ouro_event_cursor *event_cursor;
static ouro_id_cursor *id_cursor;
static ouro_root_cursor *root_cursor;
static ouro_changes *changes;

/* Takes the error of a call, and gives whether the call succeeded. The pointer is followed after the call. */
static bool ended_well(ouro_status status, ouro_error **made) {
  ouro_error *error = *made;
  *made = NULL;
  MUST((status == OURO_OK) == (error == NULL));
  if (status == OURO_OK) {
    return true;
  }
  MUST(status != OURO_ERROR_INTERNAL && ouro_error_code_name(status) != NULL);
  MUST(ouro_error_code(error) == status && strlen(ouro_error_message(error)) > 0);
  MUST(ouro_error_code_from_name(ouro_error_name(error)) == status);
  ouro_error_free(error);
  return false;
}

/* Whether a call on what hangs on the database succeeded; it does not where that is closed. */
static bool on_database(ouro_status status, ouro_error **made) {
  bool well = ended_well(status, made);
  MUST(!well || !closed);
  return well;
}

static void fill(uint8_t *bytes, size_t from, size_t len, uint8_t seed) {
  for (size_t at = 0; at < len; at++) {
    uint32_t place = (uint32_t)(from + at);
    /* Some files are all of one byte, some are alike to others in parts. */
    bytes[at] = seed < 64 ? seed : (uint8_t)((place * 2654435761u >> 13) + (place / 7000 == 1 ? seed : 0));
  }
}

/* An id that is stored, or nearly, or any. */
static ouro_event_id draw_id(void) {
  ouro_event_id id;
  uint8_t which = draw();
  memset(&id, which, sizeof(id));
  if (events_len > 0 && which < 240) {
    id = events[which % events_len].id;
    if (which >= 224) {
      id.bytes[which % 64] ^= 1;
    }
  }
  return id;
}

/* What a new event carries; `room` holds it. */
static const ouro_new_event *draw_new_event(ouro_new_event *room, ouro_attribute attributes[3], ouro_event_id follows[2]) {
  static const char *names[] = {"a", "b", "file.name", "", "\xff", "a"};
  uint8_t what = draw();
  *room = (ouro_new_event)OURO_NEW_EVENT_INIT;
  if (what % 4 == 0) {
    return NULL;
  }
  if (what & 8) {
    room->metadata = "metadata";
    room->metadata_len = draw() % 9;
  }
  if (what & 16) {
    room->attributes_len = draw() % 4;
    room->attributes = attributes;
    for (size_t at = 0; at < room->attributes_len; at++) {
      const char *name = names[draw() % 6];
      attributes[at] = (ouro_attribute){name, strlen(name), "value", draw() % 6};
    }
  }
  if (what & 32) {
    room->follows_len = draw() % 3;
    room->follows = follows;
    for (size_t at = 0; at < room->follows_len; at++) {
      follows[at] = draw_id();
    }
  }
  room->temporary = what & 64 ? draw() % 3 : 0; /* 2 is refused */
  room->full_text = what & 128 ? 1 : 0;
  if ((what & 5) == 5) {
    room->has_durability = draw() % 3; /* 2 is refused */
    room->durability = draw() % 4 - 1; /* -1 and 2 are, and for a member of a batch each */
  }
  room->has_expires = what & 2 ? 1 : 0;
  room->expires_ms = draw();
  if (what == 255) {
    room->struct_size = draw() % (sizeof(*room) + 1); /* of an older header, or of none */
  }
  return room;
}

static void remember(struct stored event) {
  events[events_len % EVENTS_MAX] = event;
  if (events_len < EVENTS_MAX) {
    events_len++;
  }
}

struct pushing {
  size_t len, at;
  uint8_t seed;
  uint8_t fails_at;
};

/* Gives a file piece by piece, and sometimes fails. */
static ptrdiff_t push(void *userdata, void *buffer, size_t capacity) {
  struct pushing *pushing = userdata;
  size_t left = pushing->len - pushing->at;
  size_t count = left < capacity ? left : capacity;
  if (count > 5000) {
    count = 5000;
  }
  if (pushing->fails_at != 0 && pushing->at > pushing->fails_at * 500u) {
    return -1;
  }
  fill(buffer, pushing->at, count, pushing->seed);
  pushing->at += count;
  return (ptrdiff_t)count;
}

static void call_append(void) {
  ouro_new_event room;
  ouro_attribute attributes[3];
  ouro_event_id follows[2];
  ouro_error *error = NULL;
  struct stored event = {.has_parent = true, .parent = draw_id()};
  const ouro_new_event *new_event = draw_new_event(&room, attributes, follows);
  if (on_database(ouro_database_append(database, event.parent, new_event, &event.id, &error), &error)) {
    remember(event);
  }
}

static void call_create_root(void) {
  static const char title[] = "a title \xc3\xa9 and more";
  size_t len = draw() % sizeof(title);
  ouro_error *error = NULL;
  struct stored event = {.has_parent = false};
  ouro_status status = draw() % 2 ? ouro_database_create_root(database, title, len, &event.id, &error)
                                  : ouro_database_ensure_root(database, title, len, &event.id, &error);
  if (on_database(status, &error)) {
    remember(event);
  }
}

static void call_put_file(void) {
  ouro_new_event room;
  ouro_attribute attributes[3];
  ouro_event_id follows[2];
  ouro_error *error = NULL;
  struct stored event = {.has_parent = true, .has_file = true, .parent = draw_id(), .seed = draw()};
  event.file_len = draw_wide() % FILE_BYTES_MAX;
  const ouro_new_event *new_event = draw_new_event(&room, attributes, follows);
  struct pushing pushing = {event.file_len, 0, event.seed, draw() % 8 ? 0 : draw()};
  ouro_cancel_token *token = ouro_cancel_token_new();
  ouro_control control = OURO_CONTROL_INIT;
  control.cancel = token;
  if (draw() % 16 == 1) {
    ouro_cancel_token_cancel(token);
  }
  ouro_source source = ouro_source_callback(push, &pushing);
  ouro_status status = ouro_database_put_file(database, event.parent, source, new_event, &control, &event.id, &error);
  ouro_cancel_token_free(token);
  if (on_database(status, &error)) {
    remember(event);
  }
}

static void look_at(struct stored wanted) {
  ouro_error *error = NULL;
  ouro_event *event = NULL;
  if (!on_database(ouro_database_event(database, wanted.id, &event, &error), &error)) {
    MUST(event == NULL && closed); /* what was stored is there */
    return;
  }
  ouro_event_id id = ouro_event_get_id(event), parent;
  MUST(memcmp(&id, &wanted.id, sizeof(id)) == 0);
  MUST(ouro_event_get_parent(event, &parent) == wanted.has_parent);
  MUST(!wanted.has_parent || memcmp(&parent, &wanted.parent, sizeof(parent)) == 0);
  uint64_t length = 0;
  MUST(ouro_event_get_content_length(event, &length) == wanted.has_file && length == wanted.file_len);
  ouro_event_free(event);
  ouro_bytes *file = NULL;
  if (on_database(ouro_database_read_file(database, wanted.id, &file, &error), &error)) {
    uint8_t *expected = malloc(wanted.file_len + 1);
    fill(expected, 0, wanted.file_len, wanted.seed);
    MUST(wanted.has_file && ouro_bytes_len(file) == wanted.file_len);
    MUST(memcmp(ouro_bytes_data(file), expected, wanted.file_len) == 0);
    free(expected);
  } else {
    MUST(file == NULL && !wanted.has_file);
  }
  ouro_bytes_free(file);
}

static void call_lookups(void) {
  ouro_event_id id = draw_id(), found;
  ouro_error *error = NULL;
  ouro_event *event = NULL;
  ouro_bytes *bytes = NULL;
  char hex[OURO_EVENT_ID_HEX_BYTES];
  if (!on_database(ouro_database_event(database, id, &event, &error), &error)) {
    MUST(event == NULL);
  }
  ouro_event_free(event);
  event = NULL;
  on_database(ouro_database_parent(database, id, &event, &error), &error);
  ouro_event_free(event);
  on_database(ouro_database_metadata(database, id, &bytes, &error), &error);
  ouro_bytes_free(bytes);
  ouro_event_id_to_hex(id, hex);
  hex[draw() % OURO_EVENT_ID_HEX_BYTES] = '\0';
  if (on_database(ouro_database_resolve(database, hex, &found, &error), &error)) {
    MUST(memcmp(&found, &id, strlen(hex) / 2) == 0);
  }
  if (events_len > 0) {
    look_at(events[draw() % events_len]);
  }
}

static void call_batch(void) {
  ouro_new_event room;
  ouro_attribute attributes[3];
  ouro_event_id follows[2];
  ouro_error *error = NULL;
  ouro_member member = {0, 0};
  ouro_id_list *ids = NULL;
  if (batch == NULL) {
    on_database(ouro_database_batch(database, &batch, &error), &error);
    return;
  }
  member.index = draw() % 4;
  ouro_batch_parent parent =
      draw() % 3 == 0 ? ouro_batch_parent_member(member) : ouro_batch_parent_event(draw_id());
  switch (draw() % 6) {
    case 0:
      on_database(ouro_batch_create_root(batch, "batch", draw() % 6, &member, &error), &error);
      break;
    case 1:
    case 2:
      if (on_database(ouro_batch_append(batch, parent, draw_new_event(&room, attributes, follows), &member, &error),
                      &error)) {
        /* A member can be a parent at once. */
        parent = ouro_batch_parent_member(member);
        on_database(ouro_batch_append(batch, parent, NULL, &member, &error), &error);
      }
      break;
    case 3: {
      uint8_t bytes[300];
      fill(bytes, 0, sizeof(bytes), draw());
      ouro_source source = ouro_source_bytes(bytes, draw_wide() % sizeof(bytes));
      on_database(ouro_batch_put_file(batch, parent, source, NULL, NULL, &member, &error), &error);
      break;
    }
    case 4: {
      size_t members = ouro_batch_len(batch);
      int32_t durability = draw() % 4 - 1;
      ouro_status committed = durability < 0 ? ouro_batch_commit(batch, &ids, &error)
                                             : ouro_batch_commit_with(batch, durability, &ids, &error);
      if (on_database(committed, &error)) {
        MUST(ouro_id_list_len(ids) == members);
        for (size_t at = 0; at < members; at++) {
          ouro_event *event = NULL;
          MUST(ended_well(ouro_database_event(database, ouro_id_list_data(ids)[at], &event, &error), &error));
          ouro_event_free(event);
        }
      } else {
        MUST(ids == NULL);
      }
      ouro_id_list_free(ids);
      break;
    }
    default:
      if (draw() % 2) {
        on_database(ouro_batch_discard(batch, &error), &error);
      }
      ouro_batch_free(batch);
      batch = NULL;
  }
}

static void call_writer(void) {
  ouro_error *error = NULL;
  if (writer == NULL) {
    written = (struct stored){.has_parent = true, .has_file = true, .parent = draw_id(), .seed = draw()};
    on_database(ouro_database_file_writer(database, written.parent, NULL, &writer, &error), &error);
    return;
  }
  switch (draw() % 5) {
    case 0:
      if (on_database(ouro_file_writer_finish(writer, &written.id, &error), &error)) {
        remember(written);
      }
      break;
    case 1:
      ended_well(ouro_file_writer_abort(writer, &error), &error);
      break;
    case 2:
      ouro_file_writer_free(writer);
      writer = NULL;
      break;
    default: {
      size_t len = draw_wide() % 30000;
      uint8_t *bytes = malloc(len + 1);
      fill(bytes, written.file_len, len, written.seed);
      if (on_database(ouro_file_writer_write(writer, bytes, len, &error), &error)) {
        written.file_len += len;
      }
      free(bytes);
    }
  }
}

static void call_reader(void) {
  ouro_error *error = NULL;
  uint8_t buffer[3000], expected[3000];
  size_t len = 0, capacity = draw_wide() % sizeof(buffer);
  uint64_t position = 0;
  if (reader == NULL) {
    if (events_len > 0) {
      read_event = events[draw() % events_len];
      on_database(ouro_database_open_file(database, read_event.id, &reader, &error), &error);
      MUST((reader != NULL) == (read_event.has_file && !closed));
    }
    return;
  }
  switch (draw() % 4) {
    case 0:
      on_database(ouro_file_reader_seek(reader, draw() % 4, (int64_t)draw_wide() - 60000, &position, &error), &error);
      break;
    case 1: {
      uint64_t offset = draw() == 0 ? UINT64_MAX - draw() : draw_wide() % FILE_BYTES_MAX;
      if (on_database(ouro_file_reader_read_at(reader, offset, buffer, capacity, &len, &error), &error)) {
        MUST(len <= capacity && (len == 0 || offset + len <= read_event.file_len));
        fill(expected, (size_t)offset, len, read_event.seed);
        MUST(memcmp(buffer, expected, len) == 0);
      }
      break;
    }
    case 2: {
      uint64_t before = ouro_file_reader_position(reader);
      if (on_database(ouro_file_reader_read(reader, buffer, capacity, &len, &error), &error)) {
        MUST(len <= capacity && ouro_file_reader_position(reader) == before + len);
        fill(expected, (size_t)before, len, read_event.seed);
        MUST(memcmp(buffer, expected, len) == 0);
      }
      break;
    }
    default:
      ouro_file_reader_free(reader);
      reader = NULL;
  }
}

static void free_cursors(void) {
  ouro_event_cursor_free(event_cursor);
  ouro_id_cursor_free(id_cursor);
  ouro_root_cursor_free(root_cursor);
  ouro_changes_free(changes);
  event_cursor = NULL;
  id_cursor = NULL;
  root_cursor = NULL;
  changes = NULL;
}

static void call_open_cursors(void) {
  ouro_error *error = NULL;
  ouro_event_id id = draw_id();
  char text[OURO_CHANGE_CURSOR_BYTES];
  bool has_text = changes != NULL && ended_well(ouro_changes_cursor(changes, text, &error), &error);
  if (has_text && draw() % 4 == 0) {
    text[draw() % (sizeof(text) - 1)] = (char)(draw() % 2 ? '0' : draw() | 1);
  }
  free_cursors();
  switch (draw() % 4) {
    case 0:
      on_database(ouro_database_children(database, id, draw() % 3, &event_cursor, &error), &error);
      break;
    case 1:
      on_database(ouro_database_ancestors(database, id, &event_cursor, &error), &error);
      break;
    case 2:
      on_database(ouro_database_descendants(database, id, &event_cursor, &error), &error);
      break;
    default:
      on_database(ouro_database_roots_titled(database, "a title", draw() % 8, &event_cursor, &error), &error);
  }
  on_database(ouro_database_child_ids(database, id, draw() % 3, &id_cursor, &error), &error);
  on_database(ouro_database_root_index(database, &root_cursor, &error), &error);
  on_database(ouro_database_changes(database, has_text ? text : NULL, &changes, &error), &error);
}

static void call_next(void) {
  ouro_error *error = NULL;
  ouro_event *page[PAGE_MAX];
  ouro_event_id ids[PAGE_MAX];
  ouro_bytes *titles[PAGE_MAX];
  size_t capacity = draw() % (PAGE_MAX + 1), len = 0;
  /* Without a cursor, the call is refused. */
  ouro_status status = draw() % 2 ? ouro_event_cursor_page(event_cursor, page, capacity, &len, &error)
                                  : ouro_changes_watch(changes, 0, NULL, page, capacity, &len, &error);
  MUST(on_database(status, &error) || len == 0);
  MUST(len <= capacity);
  for (size_t at = 0; at < len; at++) {
    MUST(ouro_event_get_sequence(page[at]) > 0);
    ouro_event_free(page[at]);
  }
  len = 0;
  MUST(on_database(ouro_id_cursor_page(id_cursor, ids, capacity, &len, &error), &error) || len == 0);
  MUST(len <= capacity);
  len = 0;
  MUST(on_database(ouro_root_cursor_page(root_cursor, titles, ids, capacity, &len, &error), &error) || len == 0);
  for (size_t at = 0; at < len; at++) {
    ouro_bytes_free(titles[at]);
  }
}

static void call_upkeep(void) {
  ouro_error *error = NULL;
  ouro_stats stats = OURO_STATS_INIT;
  ouro_verify_report *report = NULL;
  bool fresh = false;
  switch (draw() % 5) {
    case 0:
      on_database(ouro_database_sync(database, &error), &error);
      break;
    case 1:
      on_database(ouro_database_rebuild_index(database, NULL, &error), &error);
      break;
    case 2:
      if (on_database(ouro_database_verify(database, NULL, &report, &error), &error)) {
        MUST(ouro_verify_report_is_clean(report));
      }
      ouro_verify_report_free(report);
      break;
    case 3:
      on_database(ouro_database_refresh(database, &fresh, &error), &error);
      break;
    default:
      if (on_database(ouro_database_stats(database, &stats, &error), &error)) {
        MUST(stats.damaged_ranges == 0 && stats.events == stats.sequence);
      }
  }
}

static void call_close(void) {
  ouro_error *error = NULL;
  if (database != NULL && draw() % 4 == 0) {
    ended_well(ouro_database_close(database, &error), &error);
    closed = true;
    MUST(ouro_database_is_closed(database));
  }
}

void run_calls(const uint8_t *data, size_t length) {
  static void (*const calls[])(void) = {
      call_append, call_append, call_create_root, call_put_file, call_lookups,      call_batch,  call_batch,
      call_writer, call_writer, call_reader,      call_reader,   call_open_cursors, call_next,   call_upkeep,
      call_close,
  };
  ouro_options options = OURO_OPTIONS_INIT;
  ouro_error *error = NULL;
  rest = data;
  rest_len = length;
  events_len = 0;
  closed = false;
  options.durability = draw() % 2;
  options.compression = draw() % 3;
  options.segment_bytes = 65536;
  options.memory_capacity_bytes = draw() % 4 ? UINT64_MAX : 40000u + draw() * 1000u;
  if (!ended_well(ouro_database_open_in_memory(&options, &database, &error), &error)) {
    database = NULL; /* every function takes it */
    closed = true;
  }
  for (int call = 0; call < CALLS_MAX && rest_len > 0; call++) {
    calls[draw() % (sizeof(calls) / sizeof(calls[0]))]();
  }
  for (size_t at = 0; at < events_len && !closed; at++) {
    look_at(events[at]);
  }
  /* What hangs on a database is freed in any order. */
  if (draw() % 2) {
    ouro_database_free(database);
    database = NULL;
  }
  ouro_batch_free(batch);
  ouro_file_writer_free(writer);
  ouro_file_reader_free(reader);
  free_cursors();
  ouro_database_free(database);
  database = NULL;
  batch = NULL;
  writer = NULL;
  reader = NULL;
}
