#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "verbs.h"
#include "words.h"

/* Does a step of a line; back here when it is done, and when it gives up or a call fails. */
static void guarded(struct run *run, void (*step)(struct run *run)) {
  if (setjmp(run->stop) == 0) step(run);
}

static const char *shown(struct run *run) {
  if (run->answer == GAVE_HANDLE) return kind_name(run->handle.kind);
  return bytes_brief(&run->pool, run->bytes);
}

/* The code that a line expects, in all that an error says. */
static void expect_error(struct run *run) {
  const struct statement *statement = &run->statement;
  if (run->answer != FAILED) give_up(run, "expected %s, got %s", statement->target, shown(run));
  const char *name = ouro_error_name(run->error), *message = ouro_error_message(run->error);
  if (name == NULL || strcmp(name, statement->target) != 0) {
    give_up(run, "expected %s, got %d, %s: %s", statement->target, (int)run->status, name ? name : "no error",
            message ? message : "");
  }
  if (ouro_error_code(run->error) != run->status || ouro_error_code_from_name(name) != run->status) {
    give_up(run, "the status is %d, and its error's code %d", (int)run->status, (int)ouro_error_code(run->error));
  }
  struct bytes found = bytes_of_text(message);
  struct bytes wanted = {NULL, 0};
  if (statement->message != NULL) wanted = evaluate(run, statement->message);
  if (found.len == 0 || !bytes_contain(found, wanted)) {
    give_up(run, "the message does not contain %s: %s", bytes_brief(&run->pool, wanted), message);
  }
}

/* Keeps the bytes, or their parts, under the names of a target such as `$a,$b`. */
static void keep_values(struct run *run) {
  struct bytes names = bytes_of_text(run->statement.target), values = run->bytes;
  bool single = strchr(run->statement.target, ',') == NULL;
  while (names.data != NULL) {
    struct bytes name = bytes_next_part(&names);
    if (name.len < 2 || name.data[0] != '$') give_up(run, "a value's name begins with a dollar");
    if (values.data == NULL) give_up(run, "there are more names than parts: %s", shown(run));
    struct bytes value = single ? values : bytes_next_part(&values);
    names_set_value(&run->names, (struct bytes){name.data + 1, name.len - 1}, value);
  }
  if (!single && values.data != NULL) give_up(run, "there are more parts than names: %s", shown(run));
}

static void keep_handle(struct run *run) {
  names_set_handle(&run->names, run->statement.target, run->handle);
  run->handle.object = NULL;
}

static void compare(struct run *run) {
  const char *problem = NULL;
  enum relation relation = run->statement.relation;
  struct bytes wanted = evaluate(run, run->statement.target);
  if (relation_holds(relation, run->bytes, wanted, &problem)) return;
  give_up(run, "expected %s %s, got %s%s%s", relation_sign(relation), bytes_brief(&run->pool, wanted), shown(run),
          problem ? ": " : "", problem ? problem : "");
}

static void expect(struct run *run) {
  enum expectation expectation = run->statement.expectation;
  if (expectation == EXPECT_ERROR) {
    expect_error(run);
  } else if (run->answer == FAILED) {
    const char *name = ouro_error_name(run->error), *message = ouro_error_message(run->error);
    give_up(run, "expected success, got %d, %s: %s", (int)run->status, name ? name : "no error",
            message ? message : "");
  } else if (expectation == EXPECT_SUCCESS) {
    return;
  } else if ((expectation == EXPECT_HANDLE) != (run->answer == GAVE_HANDLE)) {
    give_up(run, "what is expected is of another kind than %s", shown(run));
  } else if (expectation == EXPECT_HANDLE) {
    keep_handle(run);
  } else if (expectation == EXPECT_VALUES) {
    keep_values(run);
  } else {
    compare(run);
  }
}

static void call(struct run *run) {
  give(run, NULL, 0);
  verbs_call(run);
}

static void check_callback(struct run *run) {
  if (run->callback_status == OURO_OK) return;
  give_up(run, "a call back into the library answered %s", ouro_error_code_name(run->callback_status));
}

/* Runs a line; false where it does not hold, with the problem in `run`. */
static bool run_line(struct run *run, const char *line) {
  enum parsed parsed = statement_parse(&run->statement, &run->pool, line, &run->problem);
  if (parsed != PARSED_STATEMENT) return parsed == PARSED_NOTHING;
  run->handle.object = NULL;
  run->callback_status = OURO_OK;
  guarded(run, call);
  if (run->problem == NULL) guarded(run, check_callback);
  if (run->problem == NULL) guarded(run, expect);
  if (run->problem == NULL) verbs_cover(run);
  if (run->handle.object != NULL) handle_free(run->handle);
  ouro_error_free(run->error);
  run->error = NULL;
  return run->problem == NULL;
}

bool run_file(const char *path, const char *folder, bool free_oldest_first, struct coverage *coverage) {
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    perror(path);
    return false;
  }
  struct run *run = calloc(1, sizeof *run);
  if (run == NULL) abort();
  run->folder = folder;
  run->coverage = coverage;
  char line[LINE_BYTES_MAX + 3];
  size_t number = 0;
  bool holds = true;
  while (holds && fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    number++;
    holds = run_line(run, line);
    if (!holds) fprintf(stderr, "%s:%zu: %s\n    %s\n", path, number, line, run->problem);
    pool_empty(&run->pool);
  }
  if (ferror(file)) {
    perror(path);
    holds = false;
  }
  fclose(file);
  names_free(&run->names, free_oldest_first);
  free(run);
  return holds;
}
