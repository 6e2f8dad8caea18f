/* Many at once: members as parents of members, all or nothing, and members that are none. */
#include "check.h"

int main(void) {
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  ouro_batch *batch = NULL, *other = NULL;
  ouro_member top, day, photo, note;
  ouro_new_event new_event = OURO_NEW_EVENT_INIT;
  new_event.metadata = "m";
  new_event.metadata_len = 1;
  OK(ouro_database_batch(database, &batch, ERR));
  OK(ouro_batch_create_root(batch, TEXT("orders"), &top, ERR));
  OK(ouro_batch_append(batch, ouro_batch_parent_member(top), &new_event, &day, ERR));
  ouro_source sea = ouro_source_bytes("the sea", 7);
  OK(ouro_batch_put_file(batch, ouro_batch_parent_member(day), sea, NULL, NULL, &photo, ERR));
  OK(ouro_batch_append(batch, ouro_batch_parent_event(root), NULL, &note, ERR));
  CHECK(ouro_batch_len(batch) == 4 && note.index == 3);

  /* What is no member of this batch. */
  ouro_member stranger, out = {7, 7};
  OK(ouro_database_batch(database, &other, ERR));
  OK(ouro_batch_create_root(other, TEXT("elsewhere"), &stranger, ERR));
  REFUSES("parent", ouro_batch_append(batch, ouro_batch_parent_member(stranger), NULL, &out, ERR));
  CHECK(out.batch == 0 && out.index == 0);
  ouro_member beyond = {top.batch, 4}, absurd = {top.batch, SIZE_MAX};
  REFUSES("parent", ouro_batch_append(batch, ouro_batch_parent_member(beyond), NULL, &out, ERR));
  REFUSES("parent", ouro_batch_append(batch, ouro_batch_parent_member(absurd), NULL, &out, ERR));
  ouro_event_id unknown = {{1}};
  FAILS(OURO_ERROR_PARENT_NOT_FOUND, ouro_batch_append(batch, ouro_batch_parent_event(unknown), NULL, &out, ERR));
  CHECK(ouro_batch_len(batch) == 4);

  ouro_stats stats = OURO_STATS_INIT;
  OK(ouro_database_stats(database, &stats, ERR));
  CHECK(stats.events == 1); /* nothing is visible yet */
  ouro_id_list *list = NULL;
  OK(ouro_batch_commit(batch, &list, ERR));
  CHECK(ouro_id_list_len(list) == 4);
  const ouro_event_id *ids = ouro_id_list_data(list);
  ouro_event *event = NULL;
  OK(ouro_database_event(database, ids[photo.index], &event, ERR));
  ouro_event_id parent;
  CHECK(ouro_event_get_parent(event, &parent) && SAME(parent, ids[day.index]));
  ouro_event_free(event);
  ouro_bytes *bytes = NULL;
  OK(ouro_database_read_file(database, ids[photo.index], &bytes, ERR));
  CHECK(check_bytes(ouro_bytes_data(bytes), ouro_bytes_len(bytes), "the sea"));
  ouro_bytes_free(bytes);
  ouro_id_list_free(list);

  FAILS(OURO_ERROR_FINISHED, ouro_batch_commit(batch, &list, ERR));
  CHECK(list == NULL && ouro_batch_len(batch) == 0);
  FAILS(OURO_ERROR_FINISHED, ouro_batch_create_root(batch, TEXT("late"), &out, ERR));
  FAILS(OURO_ERROR_FINISHED, ouro_batch_append(batch, ouro_batch_parent_event(root), NULL, &out, ERR));
  FAILS(OURO_ERROR_FINISHED, ouro_batch_discard(batch, ERR));
  ouro_batch_free(batch);
  OK(ouro_batch_discard(other, ERR));
  ouro_batch_free(other);

  /* A batch that is freed is discarded. */
  OK(ouro_database_batch(database, &batch, ERR));
  OK(ouro_batch_create_root(batch, TEXT("gone"), &top, ERR));
  ouro_batch_free(batch);
  OK(ouro_database_stats(database, &stats, ERR));
  CHECK(stats.events == 5);
  ouro_database_free(database);
  return 0;
}
