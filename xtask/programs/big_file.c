/*
 * A generated file of any size goes in and comes out, in bounded memory.
 *
 * `big_file STORE BYTES` reports lines of a name and a value. The file is pushed through a writer, block by block,
 * and read through a reader.
 */
#define _XOPEN_SOURCE 700

#include <ouroborosdb.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK_BYTES = 1 << 20, LINE_BYTES = 32 };

static unsigned char generated[BLOCK_BYTES], read_back[BLOCK_BYTES];

static void fail(const char *what) {
  fprintf(stderr, "big_file: %s\n", what);
  exit(1);
}

static void check(ouro_status status, ouro_error *error) {
  if (status != OURO_OK) fail(ouro_error_message(error));
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Block `number` of the file, from 1: one half random and the other text, and no block like another. */
static void generate(uint64_t number) {
  uint64_t state = number * UINT64_C(0x9e3779b97f4a7c15);
  for (size_t at = 0; at < BLOCK_BYTES / 2; at += sizeof state) {
    /* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators". */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    uint64_t word = state * UINT64_C(0x2545f4914f6cdd1d);
    memcpy(generated + at, &word, sizeof word);
  }
  char line[LINE_BYTES + 1];
  snprintf(line, sizeof line, "block %010u of the file...\n", (unsigned)number);
  for (size_t at = BLOCK_BYTES / 2; at < BLOCK_BYTES; at += LINE_BYTES) memcpy(generated + at, line, LINE_BYTES);
}

static size_t block_len(uint64_t left) { return left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES; }

static ouro_event_id put(const ouro_database *db, ouro_event_id root, uint64_t bytes) {
  ouro_error *error;
  ouro_file_writer *writer;
  ouro_event_id event;
  check(ouro_database_file_writer(db, root, NULL, &writer, &error), error);
  for (uint64_t done = 0, number = 1; done < bytes; number++) {
    size_t len = block_len(bytes - done);
    generate(number);
    check(ouro_file_writer_write(writer, generated, len, &error), error);
    done += len;
  }
  check(ouro_file_writer_finish(writer, &event, &error), error);
  ouro_file_writer_free(writer);
  return event;
}

/* How many bytes are equal from the start; 0 where one is longer or they differ. */
static uint64_t compare(const ouro_database *db, ouro_event_id event, uint64_t bytes) {
  ouro_error *error;
  ouro_file_reader *reader;
  check(ouro_database_open_file(db, event, &reader, &error), error);
  uint64_t done = ouro_file_reader_length(reader) == bytes ? 0 : bytes;
  bool equal = done == 0;
  for (uint64_t number = 1; equal && done < bytes; number++) {
    size_t expected = block_len(bytes - done), len;
    generate(number);
    check(ouro_file_reader_read(reader, read_back, BLOCK_BYTES, &len, &error), error);
    equal = len == expected && memcmp(generated, read_back, len) == 0;
    done += len;
  }
  ouro_file_reader_free(reader);
  return equal ? done : 0;
}

/* The peak of this process's resident memory, mapped files included. */
static unsigned long peak_kib(void) {
  FILE *status = fopen("/proc/self/status", "r");
  char line[256];
  unsigned long kib = 0;
  while (status != NULL && kib == 0 && fgets(line, sizeof line, status) != NULL) sscanf(line, "VmHWM: %lu", &kib);
  if (kib == 0) fail("no VmHWM in the status");
  fclose(status);
  return kib;
}

int main(int argc, char **argv) {
  if (argc != 3) fail("usage: big_file STORE BYTES");
  uint64_t bytes = strtoull(argv[2], NULL, 10);
  ouro_error *error;
  ouro_database *db;
  ouro_event_id root;
  check(ouro_database_open(argv[1], NULL, &db, &error), error);
  check(ouro_database_ensure_root(db, "big file", strlen("big file"), &root, &error), error);

  double start = seconds();
  ouro_event_id event = put(db, root, bytes);
  printf("put_seconds %f\n", seconds() - start);

  start = seconds();
  printf("bytes_equal %" PRIu64 "\n", compare(db, event, bytes));
  printf("get_seconds %f\n", seconds() - start);

  check(ouro_database_close(db, &error), error);
  ouro_database_free(db);
  printf("peak_kib %lu\n", peak_kib());
  return 0;
}
