#include "coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct covered {
  struct covered *next;
  const char *what, *name;
};

void coverage_add(struct coverage *coverage, const char *what, const char *name) {
  for (struct covered *line = coverage->lines; line != NULL; line = line->next) {
    if (strcmp(line->what, what) == 0 && strcmp(line->name, name) == 0) return;
  }
  struct covered *line = pool_take(&coverage->pool, sizeof *line);
  line->what = pool_string(&coverage->pool, bytes_of_text(what));
  line->name = pool_string(&coverage->pool, bytes_of_text(name));
  line->next = coverage->lines;
  coverage->lines = line;
}

bool coverage_write(const struct coverage *coverage) {
  const char *path = getenv("OUROBOROSDB_COVERAGE");
  if (path == NULL) return true;
  FILE *file = fopen(path, "w");
  if (file == NULL) {
    perror(path);
    return false;
  }
  for (struct covered *line = coverage->lines; line != NULL; line = line->next) {
    fprintf(file, "%s %s\n", line->what, line->name);
  }
  bool whole = !ferror(file);
  return fclose(file) == 0 && whole;
}

void coverage_free(struct coverage *coverage) {
  pool_empty(&coverage->pool);
  coverage->lines = NULL;
}
