/* Checking everything, and what was found. */
#include <inttypes.h>
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"

static void verify(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_verify_report *report = NULL;
  check(run, ouro_database_verify(database, control_of(run, database), &report, &run->error));
  give_handle(run, VERIFY_REPORT, report);
}

static ouro_verify_report *report_of(struct run *run) { return handle_at(run, 0, VERIFY_REPORT); }

static void is_clean(struct run *run) { give_bool(run, ouro_verify_report_is_clean(report_of(run))); }

static void segments(struct run *run) { give_number(run, ouro_verify_report_segments(report_of(run))); }

static void bytes(struct run *run) { give_number(run, ouro_verify_report_bytes(report_of(run))); }

static void events(struct run *run) { give_number(run, ouro_verify_report_events(report_of(run))); }

static void chunks(struct run *run) { give_number(run, ouro_verify_report_chunks(report_of(run))); }

static void problems_total(struct run *run) {
  give_number(run, ouro_verify_report_problems_total(report_of(run)));
}

static void problem_events(struct run *run) {
  const ouro_verify_report *report = report_of(run);
  struct builder list = {.pool = &run->pool};
  ouro_event_id id;
  for (size_t i = 0, known = 0; i < ouro_verify_report_problems_len(report); i++) {
    if (ouro_verify_report_problem_event(report, i, &id)) list_add_id(run, &list, known++, id);
  }
  give_bytes(run, builder_end(&list));
}

static void problem_file_names(struct run *run) {
  const ouro_verify_report *report = report_of(run);
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0, known = 0; i < ouro_verify_report_problems_len(report); i++) {
    size_t len = 0;
    const void *name = ouro_verify_report_problem_file_name(report, i, &len);
    if (name != NULL) list_add(&list, known++, name, len);
  }
  give_bytes(run, builder_end(&list));
}

/* Gives those of a number that a problem may have. */
static void numbers(struct run *run, bool (*get)(const ouro_verify_report *, size_t, uint64_t *)) {
  const ouro_verify_report *report = report_of(run);
  struct builder list = {.pool = &run->pool};
  uint64_t number = 0;
  for (size_t i = 0, known = 0; i < ouro_verify_report_problems_len(report); i++) {
    if (!get(report, i, &number)) continue;
    const char *text = pool_format(&run->pool, "%" PRIu64, number);
    list_add(&list, known++, text, strlen(text));
  }
  give_bytes(run, builder_end(&list));
}

static void problem_segments(struct run *run) { numbers(run, ouro_verify_report_problem_segment); }

static void problem_offsets(struct run *run) { numbers(run, ouro_verify_report_problem_offset); }

static void problem_lengths(struct run *run) { numbers(run, ouro_verify_report_problem_length); }

static void problem_messages(struct run *run) {
  const ouro_verify_report *report = report_of(run);
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < ouro_verify_report_problems_len(report); i++) {
    const char *message = ouro_verify_report_problem_message(report, i);
    if (message == NULL) give_up(run, "problem %zu has no message", i);
    list_add(&list, i, message, strlen(message));
  }
  give_bytes(run, builder_end(&list));
}

const struct verb VERIFY_VERBS[] = {
    {"verify", 1, CONTROL, verify},
    {"verify_report.is_clean", 1, 0, is_clean},
    {"verify_report.segments", 1, 0, segments},
    {"verify_report.bytes", 1, 0, bytes},
    {"verify_report.events", 1, 0, events},
    {"verify_report.chunks", 1, 0, chunks},
    {"verify_report.problems_total", 1, 0, problems_total},
    {"verify_report.problem_events", 1, 0, problem_events},
    {"verify_report.problem_file_names", 1, 0, problem_file_names},
    {"verify_report.problem_segments", 1, 0, problem_segments},
    {"verify_report.problem_offsets", 1, 0, problem_offsets},
    {"verify_report.problem_lengths", 1, 0, problem_lengths},
    {"verify_report.problem_messages", 1, 0, problem_messages},
    {0},
};
