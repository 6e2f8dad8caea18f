/* What the script reached: a file of lines for the check over all languages. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include "bytes.h"

struct coverage {
  struct pool pool;
  struct covered *lines;
};

/* Notes `op NAME`, `code NAME`, `passed FILE` or `language NAME`, once. */
void coverage_add(struct coverage *coverage, const char *what, const char *name);
/* Writes the lines to the file that OUROBOROSDB_COVERAGE names, if it does; false where that fails. */
bool coverage_write(const struct coverage *coverage);
void coverage_free(struct coverage *coverage);

#endif
