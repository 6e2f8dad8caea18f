/* Long answers, one by one and in pages; the change feed. */
#include "check.h"

#define CHILDREN 1000

static ouro_event_id children[CHILDREN];

static void fill(ouro_database *database, ouro_event_id root) {
  ouro_batch *batch = NULL;
  OK(ouro_database_batch(database, &batch, ERR));
  for (int i = 0; i < CHILDREN; i++) {
    ouro_member member;
    OK(ouro_batch_append(batch, ouro_batch_parent_event(root), NULL, &member, ERR));
  }
  ouro_id_list *list = NULL;
  OK(ouro_batch_commit(batch, &list, ERR));
  memcpy(children, ouro_id_list_data(list), sizeof children);
  ouro_id_list_free(list);
  ouro_batch_free(batch);
}

static void one_by_one(ouro_database *database, ouro_event_id root) {
  ouro_event_cursor *events = NULL;
  ouro_id_cursor *ids = NULL;
  OK(ouro_database_children(database, root, OURO_ORDER_COMMIT, &events, ERR));
  OK(ouro_database_child_ids(database, root, OURO_ORDER_TIME, &ids, ERR));
  for (int i = 0; i < CHILDREN; i++) {
    ouro_event *event = NULL;
    OK(ouro_event_cursor_next(events, &event, ERR));
    ouro_event_id id = ouro_event_get_id(event);
    CHECK(SAME(id, children[i]));
    ouro_event_free(event);
    bool found = false;
    OK(ouro_id_cursor_next(ids, &id, &found, ERR));
    CHECK(found && SAME(id, children[i])); /* one thread: the order of time is that of the commit */
  }
  for (int i = 0; i < 3; i++) {
    ouro_event *event = (ouro_event *)&event;
    OK(ouro_event_cursor_next(events, &event, ERR));
    CHECK(event == NULL);
    ouro_event_id id;
    bool found = true;
    OK(ouro_id_cursor_next(ids, &id, &found, ERR));
    CHECK(!found);
  }
  ouro_event_cursor_free(events);
  ouro_id_cursor_free(ids);
  FAILS(OURO_ERROR_INVALID_ARGUMENT, ouro_database_children(database, root, 2, &events, ERR));
  FAILS(OURO_ERROR_INVALID_ARGUMENT, ouro_database_child_ids(database, root, -1, &ids, ERR));
}

static void in_pages(ouro_database *database, ouro_event_id root) {
  ouro_event_cursor *events = NULL;
  ouro_id_cursor *ids = NULL;
  OK(ouro_database_descendants(database, root, &events, ERR));
  OK(ouro_database_child_ids(database, root, OURO_ORDER_COMMIT, &ids, ERR));
  ouro_event *page[300];
  size_t len, total = 0;
  for (;;) {
    OK(ouro_event_cursor_page(events, page, 300, &len, ERR));
    if (len == 0) break;
    for (size_t i = 0; i < len; i++) {
      ouro_event_id id = ouro_event_get_id(page[i]);
      CHECK(SAME(id, children[total + i]));
      ouro_event_free(page[i]);
    }
    total += len;
  }
  CHECK(total == CHILDREN);
  ouro_event_id *all = malloc(2 * sizeof children);
  OK(ouro_id_cursor_page(ids, all, 2 * CHILDREN, &len, ERR));
  CHECK(len == CHILDREN && memcmp(all, children, sizeof children) == 0);
  OK(ouro_id_cursor_page(ids, all, 2 * CHILDREN, &len, ERR));
  CHECK(len == 0);
  OK(ouro_id_cursor_page(ids, NULL, 0, &len, ERR));
  free(all);
  ouro_event_cursor_free(events);
  ouro_id_cursor_free(ids);
}

static void roots(ouro_database *database, ouro_event_id root) {
  ouro_event_id first, second, id;
  OK(ouro_database_create_root(database, TEXT("a"), &first, ERR));
  OK(ouro_database_create_root(database, TEXT("a"), &second, ERR));
  ouro_event_cursor *events = NULL;
  ouro_event *page[10];
  size_t len;
  OK(ouro_database_roots(database, &events, ERR));
  OK(ouro_event_cursor_page(events, page, 10, &len, ERR));
  CHECK(len == 3);
  id = ouro_event_get_id(page[0]);
  CHECK(SAME(id, root));
  for (size_t i = 0; i < len; i++) ouro_event_free(page[i]);
  ouro_event_cursor_free(events);
  OK(ouro_database_roots_titled(database, TEXT("a"), &events, ERR));
  OK(ouro_event_cursor_page(events, page, 10, &len, ERR));
  CHECK(len == 2);
  id = ouro_event_get_id(page[1]);
  CHECK(SAME(id, second));
  for (size_t i = 0; i < len; i++) ouro_event_free(page[i]);
  ouro_event_cursor_free(events);
  OK(ouro_database_ancestors(database, children[0], &events, ERR));
  OK(ouro_event_cursor_page(events, page, 10, &len, ERR));
  CHECK(len == 1);
  ouro_event_free(page[0]);
  ouro_event_cursor_free(events);

  ouro_root_cursor *cursor = NULL;
  ouro_bytes *titles[10];
  ouro_event_id ids[10];
  OK(ouro_database_root_index(database, &cursor, ERR));
  OK(ouro_root_cursor_next(cursor, &titles[0], &id, ERR));
  CHECK(check_bytes(ouro_bytes_data(titles[0]), ouro_bytes_len(titles[0]), "a") && SAME(id, first));
  ouro_bytes_free(titles[0]);
  OK(ouro_root_cursor_page(cursor, titles, ids, 10, &len, ERR));
  CHECK(len == 2 && SAME(ids[0], second) && SAME(ids[1], root));
  CHECK(check_bytes(ouro_bytes_data(titles[1]), ouro_bytes_len(titles[1]), "root"));
  for (size_t i = 0; i < len; i++) ouro_bytes_free(titles[i]);
  OK(ouro_root_cursor_next(cursor, &titles[0], &id, ERR));
  CHECK(titles[0] == NULL);
  ouro_root_cursor_free(cursor);
}

static void feed(ouro_database *database, ouro_event_id root) {
  ouro_changes *changes = NULL;
  ouro_event *event = NULL, *page[10];
  char cursor[OURO_CHANGE_CURSOR_BYTES];
  size_t len;
  uint64_t sequence = 7;
  OK(ouro_database_changes(database, NULL, &changes, ERR));
  OK(ouro_changes_cursor(changes, cursor, ERR));
  CHECK(strlen(cursor) == OURO_CHANGE_CURSOR_BYTES - 1);
  OK(ouro_change_cursor_sequence(cursor, &sequence, ERR));
  CHECK(sequence == 0);
  OK(ouro_changes_next(changes, &event, ERR));
  ouro_event_id id = ouro_event_get_id(event);
  CHECK(SAME(id, root));
  ouro_event_free(event);
  OK(ouro_changes_page(changes, page, 10, &len, ERR));
  CHECK(len == 10);
  for (size_t i = 0; i < len; i++) ouro_event_free(page[i]);
  OK(ouro_changes_cursor(changes, cursor, ERR));
  OK(ouro_change_cursor_sequence(cursor, &sequence, ERR));
  CHECK(sequence == 11);
  ouro_changes_free(changes);
  OK(ouro_database_changes(database, cursor, &changes, ERR));
  OK(ouro_changes_next(changes, &event, ERR));
  id = ouro_event_get_id(event);
  CHECK(SAME(id, children[10]));
  ouro_event_free(event);
  ouro_changes_free(changes);

  FAILS(OURO_ERROR_INVALID_CURSOR, ouro_database_changes(database, "no cursor \xff", &changes, ERR));
  FAILS(OURO_ERROR_INVALID_CURSOR, ouro_change_cursor_sequence("", &sequence, ERR));
  ouro_event_id other_root;
  ouro_database *other = check_memory(&other_root);
  FAILS(OURO_ERROR_CURSOR_OF_ANOTHER_STORE, ouro_database_changes(other, cursor, &changes, ERR));
  CHECK(changes == NULL);
  ouro_database_free(other);
}

int main(void) {
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  fill(database, root);
  one_by_one(database, root);
  in_pages(database, root);
  feed(database, root);
  roots(database, root);
  ouro_database_free(database);
  return 0;
}
