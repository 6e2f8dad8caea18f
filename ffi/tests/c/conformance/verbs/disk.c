#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "snapshot.h"

#define NANOSECONDS_PER_SECOND 1000000000

struct stat status_of(struct run *run, const char *path) {
  struct stat found;
  if (lstat(path, &found) != 0) give_up_errno(run, path);
  return found;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **names_in(struct run *run, const char *folder, size_t *len) {
  DIR *open = opendir(folder);
  if (open == NULL) give_up_errno(run, folder);
  struct builder names = {.pool = &run->pool};
  *len = 0;
  for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    const char *name = pool_string(&run->pool, bytes_of_text(entry->d_name));
    builder_add(&names, &name, sizeof name);
    ++*len;
  }
  closedir(open);
  if (names.data == NULL) return pool_take(&run->pool, 0);
  qsort(names.data, *len, sizeof(const char *), compare_names);
  return (const char **)(void *)names.data;
}

const char *path_within(struct run *run, const char *folder, const char *name) {
  return pool_format(&run->pool, "%s/%s", folder, name);
}

struct bytes link_target(struct run *run, const char *path) {
  char target[4096];
  ssize_t len = readlink(path, target, sizeof target);
  if (len < 0) give_up_errno(run, path);
  return pool_copy(&run->pool, target, (size_t)len);
}

static const char *path_at(struct run *run, size_t index) { return path_of(run, run->statement.words[index]); }

/* Gives up where a call of the operating system answered something else than 0. */
static void check_system(struct run *run, int answer, const char *path) {
  if (answer != 0) give_up_errno(run, path);
}

static void write_bytes(struct run *run, const char *path, int flags, mode_t mode, struct bytes bytes) {
  int file = open(path, flags, mode);
  if (file < 0) give_up_errno(run, path);
  size_t at = 0;
  for (ssize_t len = 1; at < bytes.len && len > 0; at += (size_t)(len > 0 ? len : 0)) {
    len = write(file, bytes.data + at, bytes.len - at);
  }
  if (close(file) != 0 || at < bytes.len) give_up_errno(run, path);
}

static void make_folder(struct run *run) {
  const char *path = path_at(run, 0);
  for (const char *slash = path + 1;; slash++) {
    if (*slash != '/' && *slash != '\0') continue;
    size_t len = (size_t)(slash - path);
    const char *above = pool_string(&run->pool, (struct bytes){(const unsigned char *)path, len});
    if (mkdir(above, 0777) != 0 && errno != EEXIST) give_up_errno(run, above);
    if (*slash == '\0') return;
  }
}

static void write_file(struct run *run) {
  write_bytes(run, path_at(run, 0), O_WRONLY | O_CREAT | O_TRUNC, 0666, evaluate(run, run->statement.words[1]));
}

/* Lets its owner write to a file whose mode says that nobody does. */
static void make_writable(struct run *run, const char *path) {
  struct stat found;
  check_system(run, stat(path, &found), path);
  check_system(run, chmod(path, (found.st_mode & 07777) | S_IWUSR), path);
}

static void overwrite(struct run *run) {
  const char *path = path_at(run, 0);
  int64_t offset = signed_number_of(run, run->statement.words[1]);
  struct bytes bytes = evaluate(run, run->statement.words[2]);
  make_writable(run, path);
  struct stat found;
  check_system(run, stat(path, &found), path);
  if (offset < 0) offset += found.st_size;
  if (offset < 0) give_up(run, "the file is too short");
  int file = open(path, O_WRONLY);
  if (file < 0) give_up_errno(run, path);
  ssize_t len = pwrite(file, bytes.data, bytes.len, (off_t)offset);
  if (close(file) != 0 || len != (ssize_t)bytes.len) give_up_errno(run, path);
}

static void truncate_file(struct run *run) {
  const char *path = path_at(run, 0);
  uint64_t len = number_of(run, run->statement.words[1]);
  make_writable(run, path);
  check_system(run, truncate(path, (off_t)len), path);
}

static void make_symlink(struct run *run) {
  check_system(run, symlink(string_of(run, run->statement.words[1]), path_at(run, 0)), path_at(run, 0));
}

static void hard_link(struct run *run) {
  check_system(run, link(path_at(run, 1), path_at(run, 0)), path_at(run, 0));
}

static void fifo(struct run *run) { check_system(run, mkfifo(path_at(run, 0), 0700), path_at(run, 0)); }

static void change_mode(struct run *run) {
  const char *digits = string_of(run, run->statement.words[1]);
  if (*digits == '\0' || digits[strspn(digits, "01234567")] != '\0') give_up(run, "a mode is octal");
  check_system(run, chmod(path_at(run, 0), (mode_t)strtoul(digits, NULL, 8)), path_at(run, 0));
}

static void set_mtime(struct run *run) {
  int64_t nanoseconds = signed_number_of(run, run->statement.words[1]);
  int64_t seconds = nanoseconds / NANOSECONDS_PER_SECOND, rest = nanoseconds % NANOSECONDS_PER_SECOND;
  if (rest < 0) {
    seconds--;
    rest += NANOSECONDS_PER_SECOND;
  }
  struct timespec time = {.tv_sec = (time_t)seconds, .tv_nsec = (long)rest};
  struct timespec times[2] = {time, time};
  const char *path = path_at(run, 0);
  check_system(run, utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), path);
}

static void remove_all(struct run *run, const char *path) {
  if (!S_ISDIR(status_of(run, path).st_mode)) {
    check_system(run, unlink(path), path);
    return;
  }
  size_t len = 0;
  const char **names = names_in(run, path, &len);
  for (size_t i = 0; i < len; i++) remove_all(run, path_within(run, path, names[i]));
  check_system(run, rmdir(path), path);
}

static void remove_path(struct run *run) { remove_all(run, path_at(run, 0)); }

static void copy_all(struct run *run, const char *from, const char *to) {
  struct stat found = status_of(run, from);
  if (S_ISLNK(found.st_mode)) {
    check_system(run, symlink(pool_string(&run->pool, link_target(run, from)), to), to);
    return;
  }
  if (S_ISDIR(found.st_mode)) {
    check_system(run, mkdir(to, 0700), to);
    size_t len = 0;
    const char **names = names_in(run, from, &len);
    for (size_t i = 0; i < len; i++) {
      copy_all(run, path_within(run, from, names[i]), path_within(run, to, names[i]));
    }
  } else if (S_ISREG(found.st_mode)) {
    write_bytes(run, to, O_WRONLY | O_CREAT | O_TRUNC, 0600, read_whole_file(run, from));
  } else {
    give_up(run, "%s is no file, folder or link", from);
  }
  check_system(run, chmod(to, found.st_mode & 07777), to);
}

static void copy(struct run *run) { copy_all(run, path_at(run, 0), path_at(run, 1)); }

static void rename_path(struct run *run) {
  check_system(run, rename(path_at(run, 0), path_at(run, 1)), path_at(run, 0));
}

static void kind(struct run *run) {
  struct stat found;
  if (lstat(path_at(run, 0), &found) != 0) {
    give_none(run);
  } else {
    give_text(run, kind_of_mode(found.st_mode));
  }
}

static void size(struct run *run) {
  struct stat found;
  check_system(run, stat(path_at(run, 0), &found), path_at(run, 0));
  give_number(run, (uint64_t)found.st_size);
}

static void list(struct run *run) {
  size_t len = 0;
  const char **names = names_in(run, path_at(run, 0), &len);
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < len; i++) list_add(&list, i, names[i], strlen(names[i]));
  give_bytes(run, builder_end(&list));
}

static void snapshot(struct run *run) { give_bytes(run, snapshot_of(run, path_at(run, 0))); }

const struct verb DISK_VERBS[] = {
    {"fs.make_folder", 1, 0, make_folder},
    {"fs.write", 2, 0, write_file},
    {"fs.overwrite", 3, 0, overwrite},
    {"fs.truncate", 2, 0, truncate_file},
    {"fs.symlink", 2, 0, make_symlink},
    {"fs.hard_link", 2, 0, hard_link},
    {"fs.fifo", 1, 0, fifo},
    {"fs.chmod", 2, 0, change_mode},
    {"fs.set_mtime", 2, 0, set_mtime},
    {"fs.remove", 1, 0, remove_path},
    {"fs.copy", 2, 0, copy},
    {"fs.rename", 2, 0, rename_path},
    {"fs.kind", 1, 0, kind},
    {"fs.size", 1, 0, size},
    {"fs.list", 1, 0, list},
    {"fs.snapshot", 1, 0, snapshot},
    {0},
};
