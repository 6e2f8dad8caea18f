#include "snapshot.h"

#include <string.h>
#include <sys/stat.h>

#include "../words.h"
#include "disk.h"

const char *kind_of_mode(mode_t mode) {
  if (S_ISDIR(mode)) return "directory";
  if (S_ISREG(mode)) return "file";
  return S_ISLNK(mode) ? "symlink" : "other";
}

/* Adds what is at `path`, which is called `inside` within the snapshot. */
static void add(struct run *run, struct builder *text, const char *path, const char *inside) {
  struct stat found = status_of(run, path);
  struct bytes content = {NULL, 0};
  if (S_ISLNK(found.st_mode)) content = link_target(run, path);
  if (S_ISREG(found.st_mode)) content = read_whole_file(run, path);
  builder_add(text, inside, strlen(inside) + 1);
  builder_text(text, pool_format(&run->pool, "%s %o %lld.%09ld %zu:", kind_of_mode(found.st_mode),
                                 (unsigned)(found.st_mode & 07777), (long long)found.st_mtim.tv_sec,
                                 found.st_mtim.tv_nsec, content.len));
  builder_add(text, content.data, content.len);
  builder_text(text, "\n");
  if (!S_ISDIR(found.st_mode)) return;
  size_t len = 0;
  const char **names = names_in(run, path, &len);
  for (size_t i = 0; i < len; i++) {
    add(run, text, path_within(run, path, names[i]), path_within(run, inside, names[i]));
  }
}

struct bytes snapshot_of(struct run *run, const char *path) {
  struct builder text = {.pool = &run->pool};
  add(run, &text, path, "");
  return builder_end(&text);
}
