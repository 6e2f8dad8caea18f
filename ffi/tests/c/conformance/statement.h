/* One line of the script, taken apart: nothing is evaluated here. */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"

#define LINE_BYTES_MAX 1000
/* More words than a line has room for. */
#define LINE_WORDS_MAX (LINE_BYTES_MAX / 2 + 1)

enum expectation { EXPECT_SUCCESS, EXPECT_HANDLE, EXPECT_VALUES, EXPECT_ERROR, EXPECT_RELATION };

enum relation { EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, CONTAINS };

/* A word with `=`: what stands before the first one, and what behind. */
struct option {
  const char *key, *value;
};

struct statement {
  const char *verb;
  const char *words[LINE_WORDS_MAX];
  size_t words_len;
  struct option options[LINE_WORDS_MAX];
  size_t options_len;
  enum expectation expectation;
  enum relation relation;
  /* The name of a handle, names of values, the name of an error, or the word that a relation is with. */
  const char *target;
  /* The word that the error's message contains; NULL where the line says nothing of it. */
  const char *message;
};

enum parsed { PARSED_STATEMENT, PARSED_NOTHING, PARSED_MALFORMED };

/* Takes a line apart, in memory of the pool. Nothing is an empty line, a comment, or a line for other languages;
 * `problem` says what is malformed. */
enum parsed statement_parse(struct statement *statement, struct pool *pool, const char *line, const char **problem);

/* Whether the left is so related to the right; `problem` is set where one of them is not the number it should be. */
bool relation_holds(enum relation relation, struct bytes left, struct bytes right, const char **problem);
const char *relation_sign(enum relation relation);

#endif
