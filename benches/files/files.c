/* Whole files in C: `files import STORE SOURCE`, and `files small STORE CALLS ROW_OF_PUT ROW_OF_GET` with the calls of a
   slice. docs/benchmarks.md. */
#define _XOPEN_SOURCE 700

#include <ouroborosdb.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILES = 10000, FILE_BYTES = 100, SLICES = 5 };

static ouro_database *db;
static ouro_error *error;
static ouro_event_id root, files[FILES];
/* What was stored or read goes here, so that nothing is done for nothing. */
static volatile unsigned char seen;

static void check(ouro_status status) {
  if (status == OURO_OK) return;
  fprintf(stderr, "files: %s\n", ouro_error_message(error));
  exit(1);
}

static double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Opens the store as the program in Rust does. */
static void open_store(const char *path, const ouro_options *options) {
  check(ouro_database_open(path, options, &db, &error));
  check(ouro_database_ensure_root(db, "bench", 5, &root, &error));
}

static void close_store(void) {
  check(ouro_database_close(db, &error));
  ouro_database_free(db);
}

static int import(const char *store, const char *source) {
  double start = nanoseconds();
  open_store(store, NULL);
  ouro_import_report *report;
  check(ouro_database_import_path(db, root, source, NULL, &report, &error));
  ouro_import_report_free(report);
  close_store();
  printf("inside %.0f\n", nanoseconds() - start);
  return 0;
}

/* xorshift64*, as in the program in Rust. */
static void fill(unsigned char bytes[FILE_BYTES]) {
  static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
  for (size_t at = 0; at < FILE_BYTES; at += sizeof(uint64_t)) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    uint64_t random = state * UINT64_C(0x2545f4914f6cdd1d);
    size_t rest = FILE_BYTES - at;
    memcpy(bytes + at, &random, rest < sizeof random ? rest : sizeof random);
  }
}

static ouro_event_id put(void) {
  static unsigned char bytes[FILE_BYTES];
  ouro_event_id id;
  fill(bytes);
  check(ouro_database_put_file(db, root, ouro_source_bytes(bytes, FILE_BYTES), NULL, NULL, &id, &error));
  return id;
}

static void put_next(size_t at) {
  (void)at;
  seen = put().bytes[0];
}

static void get(size_t at) {
  ouro_bytes *bytes;
  check(ouro_database_read_file(db, files[at % FILES], &bytes, &error));
  if (ouro_bytes_len(bytes) != FILE_BYTES) exit(1);
  seen = ((const unsigned char *)ouro_bytes_data(bytes))[0];
  ouro_bytes_free(bytes);
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Prints the median over the slices of the nanoseconds of a call; the first slice, a warm-up, does not count. */
static void measure(const char *name, size_t count, void (*call)(size_t)) {
  double slices[SLICES];
  for (size_t slice = 0; slice <= SLICES; slice++) {
    double start = nanoseconds();
    for (size_t at = 0; at < count; at++) call(slice * count + at);
    if (slice > 0) slices[slice - 1] = (nanoseconds() - start) / (double)count;
  }
  qsort(slices, SLICES, sizeof *slices, by_size);
  printf("%s %.1f\n", name, slices[SLICES / 2]);
}

static int small(const char *store, const char *calls, const char *row_of_put, const char *row_of_get) {
  ouro_options options = OURO_OPTIONS_INIT;
  options.durability = OURO_DURABILITY_BUFFERED;
  open_store(store, &options);
  for (size_t at = 0; at < FILES; at++) files[at] = put();
  measure(row_of_put, strtoul(calls, NULL, 10), put_next);
  measure(row_of_get, strtoul(calls, NULL, 10), get);
  close_store();
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "import") == 0) return import(argv[2], argv[3]);
  if (argc == 6 && strcmp(argv[1], "small") == 0) return small(argv[2], argv[3], argv[4], argv[5]);
  return 2;
}
