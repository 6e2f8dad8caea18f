/* How much memory the process holds, and whether it grew: what the tests of leaks measure by. For C and C++.
 *
 * What malloc has given out is counted to the byte where the C library tells it: glibc does, which must be told to
 * keep nothing back, as `ffi/tests/leaks.rs` does. The pages that the process holds show what does not come
 * from malloc too, mapped files and stacks, but move by some hundred KiB.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What may come and go by itself. */
#define MEMORY_ALLOCATED_BYTES_MORE (4UL * 1024)
#define MEMORY_RESIDENT_BYTES_MORE (4UL * 1024 * 1024)

struct memory {
  unsigned long allocated_bytes, resident_bytes;
};

static inline unsigned long memory_allocated_bytes(void) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
#elif defined(__GLIBC__)
  const struct mallinfo heap = mallinfo();
  return (unsigned long)heap.uordblks + (unsigned long)heap.hblkhd;
#else
  return 0;
#endif
}

static inline unsigned long memory_resident_bytes(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%*u %lu", &pages) != 1) {
    fprintf(stderr, "/proc/self/statm does not say how many pages the process holds\n");
    exit(1);
  }
  fclose(file);
  return pages * (unsigned long)sysconf(_SC_PAGESIZE);
}

static inline struct memory memory_now(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  struct memory now;
  now.allocated_bytes = memory_allocated_bytes();
  now.resident_bytes = memory_resident_bytes();
  return now;
}

/* Says how much more there is than before; 1 if that is too much. */
static inline int memory_grew(const char *what, unsigned long rounds, struct memory before) {
  const struct memory now = memory_now();
  const long allocated = (long)now.allocated_bytes - (long)before.allocated_bytes;
  const long resident = (long)now.resident_bytes - (long)before.resident_bytes;
  const int grew = allocated > (long)MEMORY_ALLOCATED_BYTES_MORE || resident > (long)MEMORY_RESIDENT_BYTES_MORE;
  printf("%s: after %lu rounds %ld bytes of malloc's and %ld KiB of pages more%s\n", what, rounds, allocated,
         resident / 1024, grew ? ": this leaks" : "");
  return grew;
}

#endif
