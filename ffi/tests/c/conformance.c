/* The conformance script, run through the header. `conformance/README.md` at the top of the repository specifies its
 * language.
 *
 *     conformance SCRATCH FILE...
 *
 * Runs every file in a folder of its own, SCRATCH/NAME, says on standard error what does not hold, and ends with 1
 * where anything did not. The runner takes everything from the library by way of the header, hands over bytes as
 * they are, in memory of the exact size, and frees every handle: of every other file's, the database before what was
 * made of it. */
#include "conformance/coverage.h"
#include "conformance/run.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Runs the file of this number in its folder. */
static bool run_in_scratch(const char *scratch, const char *path, int number, struct coverage *coverage) {
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  struct pool pool = {NULL};
  const char *folder = pool_format(&pool, "%s/%s", scratch, name);
  bool holds = mkdir(folder, 0777) == 0;
  if (!holds) perror(folder);
  if (holds) holds = run_file(path, folder, number % 2 == 0, coverage);
  if (holds) coverage_add(coverage, "passed", name);
  pool_empty(&pool);
  return holds;
}

int main(int argc, char **argv) {
  if (argc < 3 || argv[1][0] != '/') {
    fprintf(stderr, "conformance SCRATCH FILE..., where SCRATCH is an absolute path\n");
    return 2;
  }
  struct coverage coverage = {0};
  coverage_add(&coverage, "language", "c");
  bool holds = true;
  for (int i = 2; i < argc; i++) {
    if (!run_in_scratch(argv[1], argv[i], i, &coverage)) holds = false;
  }
  if (!coverage_write(&coverage)) holds = false;
  coverage_free(&coverage);
  return holds ? 0 : 1;
}
