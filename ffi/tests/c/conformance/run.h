/* Running a file of the script: line by line, until one does not hold. */
#ifndef RUN_H
#define RUN_H

#include <setjmp.h>

#include "coverage.h"
#include "names.h"
#include "ouroborosdb.h"
#include "statement.h"

enum answer { GAVE_BYTES, GAVE_HANDLE, FAILED };

/* A file on its way, and the line that it is at. */
struct run {
  /* The scratch folder, absolute. */
  const char *folder;
  struct names names;
  struct coverage *coverage;

  /* The line's memory; emptied behind each. */
  struct pool pool;
  struct statement statement;
  /* What the verb gave, in one of the three below. */
  enum answer answer;
  struct bytes bytes;
  struct handle handle;
  ouro_status status;
  /* Where each call of the line puts its error. */
  ouro_error *error;
  /* What a call out of a callback answered; success where there was none. */
  ouro_status callback_status;
  /* Why the line does not hold; NULL while it does. */
  const char *problem;
  /* Where a verb that cannot go on jumps to: never over a call of the library's. */
  jmp_buf stop;
};

/* Runs a file in an empty folder, and says what does not hold. At the end all handles are freed. */
bool run_file(const char *path, const char *folder, bool free_oldest_first, struct coverage *coverage);

#endif
