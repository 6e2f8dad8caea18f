/* Cancelling and watching. */
#include <stdlib.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"

/* What the function that watches works on; NULL for what the line does not have. */
struct watching {
  struct run *run;
  struct watched *watched;
  ouro_cancel_token *token;
  ouro_database *database;
};

/* A failure is kept for the line to report: nothing may jump out of here. */
static void watch(void *userdata, uint64_t bytes, uint64_t items) {
  const struct watching *watching = userdata;
  if (watching->token != NULL) ouro_cancel_token_cancel(watching->token);
  if (watching->watched == NULL) return;
  *watching->watched = (struct watched){watching->watched->calls + 1, bytes, items};
  if (watching->database == NULL) return;
  ouro_stats stats = OURO_STATS_INIT;
  ouro_status status = ouro_database_stats(watching->database, &stats, NULL);
  if (status != OURO_OK) watching->run->callback_status = status;
}

const ouro_control *control_of(struct run *run, ouro_database *database) {
  const char *cancel = option_of(run, "cancel"), *within = option_of(run, "cancel_within");
  const char *progress = option_of(run, "progress");
  if (cancel == NULL && within == NULL && progress == NULL) return NULL;
  ouro_control *control = pool_take(&run->pool, sizeof *control);
  struct watching *watching = pool_take(&run->pool, sizeof *watching);
  *control = (ouro_control)OURO_CONTROL_INIT;
  *watching = (struct watching){.run = run, .database = database};
  if (cancel != NULL) control->cancel = handle_named(run, cancel, CANCEL_TOKEN);
  if (within != NULL) control->cancel = watching->token = handle_named(run, within, CANCEL_TOKEN);
  if (progress != NULL) {
    watching->watched = calloc(1, sizeof *watching->watched);
    if (watching->watched == NULL) abort();
    names_set_handle(&run->names, progress, (struct handle){PROGRESS, watching->watched});
  }
  if (within != NULL || progress != NULL) {
    control->progress = watch;
    control->progress_userdata = watching;
  }
  return control;
}

static void cancel_token(struct run *run) { give_handle(run, CANCEL_TOKEN, ouro_cancel_token_new()); }

static void cancel(struct run *run) { ouro_cancel_token_cancel(handle_at(run, 0, CANCEL_TOKEN)); }

static void is_cancelled(struct run *run) {
  give_bool(run, ouro_cancel_token_is_cancelled(handle_at(run, 0, CANCEL_TOKEN)));
}

static const struct watched *watched_of(struct run *run) { return handle_at(run, 0, PROGRESS); }

static void progress_calls(struct run *run) { give_number(run, watched_of(run)->calls); }

static void progress_bytes(struct run *run) { give_number(run, watched_of(run)->bytes); }

static void progress_items(struct run *run) { give_number(run, watched_of(run)->items); }

const struct verb CONTROL_VERBS[] = {
    {"cancel_token", 0, 0, cancel_token},
    {"cancel_token.cancel", 1, 0, cancel},
    {"cancel_token.is_cancelled", 1, 0, is_cancelled},
    {"script.progress_calls", 1, 0, progress_calls},
    {"script.progress_bytes", 1, 0, progress_bytes},
    {"script.progress_items", 1, 0, progress_items},
    {0},
};
