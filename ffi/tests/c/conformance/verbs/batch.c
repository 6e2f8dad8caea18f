/* Many at once. */
#include <stdlib.h>
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"
#include "fields.h"
#include "sources.h"

#define MEMBER_PREFIX "member:"

static void batch(struct run *run) {
  ouro_batch *batch = NULL;
  check(run, ouro_database_batch(handle_at(run, 0, DATABASE), &batch, &run->error));
  give_handle(run, BATCH, batch);
}

/* An id or `member:NAME`. */
static ouro_batch_parent parent_of(struct run *run, const char *word) {
  size_t len = strlen(MEMBER_PREFIX);
  if (strncmp(word, MEMBER_PREFIX, len) != 0) return ouro_batch_parent_event(id_of(run, word));
  const ouro_member *member = handle_named(run, word + len, MEMBER);
  return ouro_batch_parent_member(*member);
}

static void give_member(struct run *run, ouro_member member) {
  ouro_member *kept = malloc(sizeof *kept);
  if (kept == NULL) abort();
  *kept = member;
  give_handle(run, MEMBER, kept);
}

static void create_root(struct run *run) {
  struct bytes title = evaluate(run, run->statement.words[1]);
  ouro_batch *batch = handle_at(run, 0, BATCH);
  ouro_member member;
  check(run, ouro_batch_create_root(batch, (const char *)title.data, title.len, &member, &run->error));
  give_member(run, member);
}

static void append(struct run *run) {
  ouro_batch *batch = handle_at(run, 0, BATCH);
  ouro_batch_parent parent = parent_of(run, run->statement.words[1]);
  ouro_member member;
  check(run, ouro_batch_append(batch, parent, new_event_of(run), &member, &run->error));
  give_member(run, member);
}

static void put_file(struct run *run) {
  ouro_batch *batch = handle_at(run, 0, BATCH);
  ouro_batch_parent parent = parent_of(run, run->statement.words[1]);
  ouro_source source = source_of(run, run->statement.words[2]);
  const ouro_new_event *new_event = new_event_of(run);
  const ouro_control *control = control_of(run, NULL);
  ouro_member member;
  check(run, ouro_batch_put_file(batch, parent, source, new_event, control, &member, &run->error));
  give_member(run, member);
}

static void len(struct run *run) { give_number(run, ouro_batch_len(handle_at(run, 0, BATCH))); }

static void commit(struct run *run) {
  ouro_id_list *ids = NULL;
  check(run, ouro_batch_commit(handle_at(run, 0, BATCH), &ids, &run->error));
  give_ids(run, ids);
}

static void commit_with(struct run *run) {
  int32_t durability = durability_of(run, run->statement.words[1]);
  ouro_id_list *ids = NULL;
  check(run, ouro_batch_commit_with(handle_at(run, 0, BATCH), durability, &ids, &run->error));
  give_ids(run, ids);
}

static void discard(struct run *run) { check(run, ouro_batch_discard(handle_at(run, 0, BATCH), &run->error)); }

const struct verb BATCH_VERBS[] = {
    {"batch", 1, 0, batch},
    {"batch.create_root", 2, 0, create_root},
    {"batch.append", 2, FIELDS, append},
    {"batch.put_file", 3, FIELDS | CONTROL, put_file},
    {"batch.len", 1, 0, len},
    {"batch.commit", 1, 0, commit},
    {"batch.commit_with", 2, 0, commit_with},
    {"batch.discard", 1, 0, discard},
    {0},
};
