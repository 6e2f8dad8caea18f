/* A text of a folder that is equal for equal trees only. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <sys/types.h>

#include "../run.h"

/* Every entry's path, type, mode, time, and target or content. */
struct bytes snapshot_of(struct run *run, const char *path);
/* `file`, `directory`, `symlink` or `other`. */
const char *kind_of_mode(mode_t mode);

#endif
