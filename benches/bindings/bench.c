/* What a call costs in C: `bench FOLDER GETS APPENDS READS`, the calls of a slice. docs/benchmarks.md. */
#define _XOPEN_SOURCE 700

#include <ouroborosdb.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EVENTS = 10000, FILES = 16, FILE_BYTES = 1 << 20, SLICES = 5, NAME_BYTES = 16 };

static ouro_database *db;
static ouro_error *error;
static ouro_event_id root, ids[EVENTS], files[FILES];
static unsigned char file_bytes[FILE_BYTES];
/* What was read goes here, so that nothing is read for nothing. */
static volatile uint64_t seen;

static void check(ouro_status status) {
  if (status == OURO_OK) return;
  fprintf(stderr, "bench: %s\n", ouro_error_message(error));
  exit(1);
}

static double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* xorshift64*: bytes that do not compress, the same in each run. */
static uint64_t next_random(void) {
  static uint64_t state = 1;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (state * UINT64_C(0x2545f4914f6cdd1d)) >> 32;
}

/* Appends an event whose encoding has 117 bytes. */
static ouro_event_id append_small(size_t number) {
  char name[NAME_BYTES + 1];
  snprintf(name, sizeof name, "event %010u", (unsigned)number);
  ouro_attribute attribute = {"name", 4, name, NAME_BYTES};
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  event.attributes = &attribute;
  event.attributes_len = 1;
  ouro_event_id id;
  check(ouro_database_append(db, root, &event, &id, &error));
  return id;
}

static void get(size_t at) {
  ouro_event *event;
  check(ouro_database_event(db, ids[at % EVENTS], &event, &error));
  seen = ouro_event_get_sequence(event);
  ouro_event_free(event);
}

static void append(size_t at) { seen = append_small(at).bytes[0]; }

static void read_1m(size_t at) {
  ouro_bytes *bytes;
  check(ouro_database_read_file(db, files[at % FILES], &bytes, &error));
  if (ouro_bytes_len(bytes) != FILE_BYTES) exit(1);
  seen = ((const unsigned char *)ouro_bytes_data(bytes))[FILE_BYTES - 1];
  ouro_bytes_free(bytes);
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Prints the median over the slices of the nanoseconds of a call; the first slice, a warm-up, does not count. */
static void measure(const char *name, const char *count_text, void (*call)(size_t)) {
  double slices[SLICES];
  size_t count = strtoul(count_text, NULL, 10);
  for (size_t slice = 0; slice <= SLICES; slice++) {
    double start = nanoseconds();
    for (size_t at = 0; at < count; at++) call(slice * count + at);
    if (slice > 0) slices[slice - 1] = (nanoseconds() - start) / (double)count;
  }
  qsort(slices, SLICES, sizeof *slices, by_size);
  printf("%s %.1f\n", name, slices[SLICES / 2]);
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  ouro_options options = OURO_OPTIONS_INIT;
  options.durability = OURO_DURABILITY_BUFFERED;
  check(ouro_database_open(argv[1], &options, &db, &error));
  check(ouro_database_ensure_root(db, "bench", 5, &root, &error));
  for (size_t i = 0; i < EVENTS; i++) ids[i] = append_small(i);
  for (size_t i = EVENTS - 1; i > 0; i--) {
    size_t other = next_random() % (i + 1);
    ouro_event_id id = ids[i];
    ids[i] = ids[other];
    ids[other] = id;
  }
  measure("get.c", argv[2], get);
  measure("append.c", argv[3], append);
  for (size_t i = 0; i < FILES; i++) {
    for (size_t at = 0; at < FILE_BYTES; at++) file_bytes[at] = (unsigned char)next_random();
    check(ouro_database_put_file(db, root, ouro_source_bytes(file_bytes, FILE_BYTES), NULL, NULL, &files[i], &error));
  }
  measure("read_1m.c", argv[4], read_1m);
  check(ouro_database_close(db, &error));
  ouro_database_free(db);
  return 0;
}
