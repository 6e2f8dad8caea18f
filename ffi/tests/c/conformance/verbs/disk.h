/* Set-up in the file system. */
#ifndef DISK_H
#define DISK_H

#include <sys/stat.h>

#include "../run.h"

/* What is at a path, itself; gives up where nothing is. */
struct stat status_of(struct run *run, const char *path);

/* The names in a folder, sorted by their bytes; `len` is how many. */
const char **names_in(struct run *run, const char *folder, size_t *len);

/* `folder/name`, in memory of the line. */
const char *path_within(struct run *run, const char *folder, const char *name);

/* What a symbolic link says. */
struct bytes link_target(struct run *run, const char *path);

#endif
