#include "statement.h"

#include <string.h>

#define LANGUAGE "c"

static const char *const SIGNS[] = {
    [EQUAL] = "==",   [UNEQUAL] = "!=",          [LESS] = "<",     [LESS_OR_EQUAL] = "<=",
    [GREATER] = ">",  [GREATER_OR_EQUAL] = ">=", [CONTAINS] = "~",
};

const char *relation_sign(enum relation relation) { return SIGNS[relation]; }

static bool find_relation(const char *word, enum relation *relation) {
  for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
    if (strcmp(word, SIGNS[i]) == 0) {
      *relation = (enum relation)i;
      return true;
    }
  }
  return false;
}

/* Whether a guard such as `[c,python]`, without its brackets, has this language. */
static bool guard_has_language(struct bytes guard) {
  while (guard.data != NULL) {
    if (bytes_equal(bytes_next_part(&guard), bytes_of_text(LANGUAGE))) return true;
  }
  return false;
}

static bool is_plain(const char *line) {
  size_t len = strlen(line);
  for (size_t i = 0; i < len; i++) {
    if ((unsigned char)line[i] > 0x7f) return false;
  }
  return len <= LINE_BYTES_MAX;
}

/* Cuts a line at its single spaces; false where two stand together, or one at an end. */
static bool split(char *line, char **words, size_t *len) {
  *len = 0;
  for (char *word = line;;) {
    char *space = strchr(word, ' ');
    if (space != NULL) *space = '\0';
    if (*word == '\0') return false;
    words[(*len)++] = word;
    if (space == NULL) return true;
    word = space + 1;
  }
}

/* What the line expects, of its words from the arrow or the relation on. */
static bool expect(struct statement *statement, char **words, size_t len) {
  if (len == 0) {
    statement->expectation = EXPECT_SUCCESS;
    return true;
  }
  if (len < 2) return false;
  statement->target = words[1];
  if (find_relation(words[0], &statement->relation)) {
    statement->expectation = EXPECT_RELATION;
    return len == 2;
  }
  if (words[1][0] == '!') {
    statement->expectation = EXPECT_ERROR;
    statement->target = words[1] + 1;
    if (len == 4 && strcmp(words[2], "~") == 0) statement->message = words[3];
    return len == 2 || statement->message != NULL;
  }
  statement->expectation = words[1][0] == '$' ? EXPECT_VALUES : EXPECT_HANDLE;
  return len == 2;
}

static void argument(struct statement *statement, char *word) {
  char *sign = strchr(word, '=');
  if (sign == NULL) {
    statement->words[statement->words_len++] = word;
    return;
  }
  *sign = '\0';
  statement->options[statement->options_len++] = (struct option){word, sign + 1};
}

enum parsed statement_parse(struct statement *statement, struct pool *pool, const char *line, const char **problem) {
  char *words[LINE_WORDS_MAX];
  size_t len = 0, first = 0, end = 0;
  enum relation relation;
  *statement = (struct statement){.verb = ""};
  if (*line == '\0' || *line == '#') return PARSED_NOTHING;
  if (!is_plain(line)) {
    *problem = "a line is ASCII and has 1,000 bytes at most";
    return PARSED_MALFORMED;
  }
  if (!split(pool_string(pool, bytes_of_text(line)), words, &len)) {
    *problem = "words are separated by single spaces";
    return PARSED_MALFORMED;
  }
  struct bytes guard = bytes_of_text(words[0]);
  if (guard.len >= 2 && guard.data[0] == '[' && guard.data[guard.len - 1] == ']') {
    if (!guard_has_language((struct bytes){guard.data + 1, guard.len - 2})) return PARSED_NOTHING;
    first = 1;
  }
  for (end = first; end < len && strcmp(words[end], "->") != 0 && !find_relation(words[end], &relation);) end++;
  if (end == first) {
    *problem = "there is no verb";
    return PARSED_MALFORMED;
  }
  statement->verb = words[first];
  for (size_t i = first + 1; i < end; i++) argument(statement, words[i]);
  if (!expect(statement, words + end, len - end)) {
    *problem = "the expectation is malformed";
    return PARSED_MALFORMED;
  }
  return PARSED_STATEMENT;
}

/* A decimal number of any length, without its sign and the zeros that lead it. */
struct decimal {
  bool negative;
  struct bytes digits;
};

static bool decimal(struct bytes bytes, struct decimal *out) {
  out->negative = bytes.len > 0 && bytes.data[0] == '-';
  size_t at = out->negative;
  if (at == bytes.len) return false;
  for (size_t i = at; i < bytes.len; i++) {
    if (bytes.data[i] < '0' || bytes.data[i] > '9') return false;
  }
  while (at < bytes.len && bytes.data[at] == '0') at++;
  out->digits = (struct bytes){bytes.data + at, bytes.len - at};
  if (out->digits.len == 0) out->negative = false;
  return true;
}

static int compare(const struct decimal *a, const struct decimal *b) {
  if (a->negative != b->negative) return a->negative ? -1 : 1;
  int order = a->digits.len < b->digits.len ? -1 : a->digits.len > b->digits.len;
  if (order == 0) order = bytes_compare(a->digits, b->digits);
  return a->negative ? -order : order;
}

bool relation_holds(enum relation relation, struct bytes left, struct bytes right, const char **problem) {
  struct decimal a, b;
  if (relation == EQUAL) return bytes_equal(left, right);
  if (relation == UNEQUAL) return !bytes_equal(left, right);
  if (relation == CONTAINS) return bytes_contain(left, right);
  if (!decimal(left, &a) || !decimal(right, &b)) {
    *problem = "one of them is no number";
    return false;
  }
  int order = compare(&a, &b);
  if (relation == LESS) return order < 0;
  if (relation == LESS_OR_EQUAL) return order <= 0;
  return relation == GREATER ? order > 0 : order >= 0;
}
