/* A store on disk: made, filled, asked, closed, opened again. Every getter of an event. */
#include "check.h"

static void version(void) {
  CHECK(strcmp(ouro_version(), OURO_VERSION) == 0);
  CHECK(ouro_abi_version() == OURO_ABI_VERSION);
  CHECK(ouro_error_code_from_name("parent_not_found") == OURO_ERROR_PARENT_NOT_FOUND);
  CHECK(ouro_error_code_from_name("no such name") == OURO_OK && ouro_error_code_from_name(NULL) == OURO_OK);
  CHECK(strcmp(ouro_error_code_name(OURO_ERROR_CORRUPT), "corrupt") == 0);
  CHECK(strlen(ouro_error_code_meaning(OURO_ERROR_CORRUPT)) > 10);
  CHECK(ouro_error_code_name(OURO_OK) == NULL && ouro_error_code_meaning(12345) == NULL);
  CHECK(strcmp(ouro_event_kind_name(OURO_EVENT_KIND_ROOT), "root") == 0);
  CHECK(strcmp(ouro_event_kind_name(200), "unknown") == 0);
}

static void ids(ouro_event_id id) {
  char hex[OURO_EVENT_ID_HEX_BYTES];
  ouro_event_id again;
  ouro_event_id_to_hex(id, hex);
  CHECK(strlen(hex) == 128);
  OK(ouro_event_id_from_hex(hex, &again, ERR));
  CHECK(SAME(id, again));
  for (char *digit = hex; *digit; digit++) *digit = (char)(*digit >= 'a' ? *digit - 32 : *digit);
  OK(ouro_event_id_from_hex(hex, &again, ERR));
  CHECK(SAME(id, again));
  OK(ouro_event_id_from_bytes(id.bytes, OURO_EVENT_ID_BYTES, &again, ERR));
  CHECK(SAME(id, again));
}

static void root_event(ouro_database *database, ouro_event_id root) {
  ouro_event *event = NULL;
  OK(ouro_database_event(database, root, &event, ERR));
  ouro_event_id id = ouro_event_get_id(event), parent;
  CHECK(SAME(id, root));
  CHECK(ouro_event_get_kind(event) == OURO_EVENT_KIND_ROOT);
  CHECK(!ouro_event_get_parent(event, &parent));
  size_t len = 7;
  LENDS("diary", ouro_event_get_title, event);
  CHECK(ouro_event_get_metadata(event, &len) == NULL && len == 0);
  uint64_t number = 7;
  CHECK(!ouro_event_get_content_length(event, &number) && number == 0);
  CHECK(ouro_event_get_attributes_len(event) == 0);
  ouro_event_free(event);
  ouro_event *none = (ouro_event *)&none;
  OK(ouro_database_parent(database, root, &none, ERR));
  CHECK(none == NULL);
}

static void plain_event(ouro_database *database, ouro_event_id root, ouro_event_id id) {
  ouro_event *event = NULL;
  OK(ouro_database_event(database, id, &event, ERR));
  ouro_event_id parent;
  CHECK(ouro_event_get_kind(event) == OURO_EVENT_KIND_PLAIN);
  CHECK(ouro_event_get_parent(event, &parent) && SAME(parent, root));
  size_t len = 0;
  const ouro_event_id *follows = ouro_event_get_follows(event, &len);
  CHECK(len == 1 && SAME(follows[0], root));
  uint8_t origin[OURO_ORIGIN_BYTES] = {0}, zeros[OURO_ORIGIN_BYTES] = {0};
  ouro_event_get_origin(event, origin);
  CHECK(memcmp(origin, zeros, sizeof zeros) != 0);
  CHECK(ouro_event_get_time_ms(event) > 1600000000000);
  (void)ouro_event_get_time_counter(event);
  CHECK(ouro_event_get_sequence(event) == 2);
  CHECK(ouro_event_get_title(event, &len) == NULL && len == 0);
  LENDS("text/plain", ouro_event_get_metadata, event);
  CHECK(ouro_event_get_attributes_len(event) == 2);
  ouro_attribute attribute;
  CHECK(ouro_event_get_attribute_at(event, 0, &attribute));
  CHECK(check_bytes(attribute.name, attribute.name_len, "empty") && attribute.value_len == 0);
  CHECK(ouro_event_get_attribute_at(event, 1, &attribute));
  CHECK(check_bytes(attribute.name, attribute.name_len, "place"));
  CHECK(check_bytes(attribute.value, attribute.value_len, "Lisbon"));
  CHECK(!ouro_event_get_attribute_at(event, 2, &attribute) && attribute.name == NULL);
  const void *value = NULL;
  OK(ouro_event_get_attribute(event, TEXT("place"), &value, &len, ERR));
  CHECK(check_bytes(value, len, "Lisbon"));
  OK(ouro_event_get_attribute(event, TEXT("empty"), &value, &len, ERR));
  CHECK(value != NULL && len == 0);
  OK(ouro_event_get_attribute(event, TEXT("missing"), &value, &len, ERR));
  CHECK(value == NULL && len == 0);
  uint64_t expires = 0;
  CHECK(ouro_event_get_temporary(event) && ouro_event_get_full_text(event));
  CHECK(ouro_event_get_expires_ms(event, &expires) && expires == 4000000000000);
  ouro_event_free(event);
  OK(ouro_database_parent(database, id, &event, ERR));
  parent = ouro_event_get_id(event);
  CHECK(SAME(parent, root));
  ouro_event_free(event);
}

static ouro_event_id append(ouro_database *database, ouro_event_id root) {
  ouro_attribute attributes[] = {
      {.name = "place", .name_len = 5, .value = "Lisbon", .value_len = 6},
      {.name = "empty", .name_len = 5, .value = NULL, .value_len = 0},
  };
  ouro_new_event new_event = OURO_NEW_EVENT_INIT;
  new_event.metadata = "text/plain";
  new_event.metadata_len = 10;
  new_event.attributes = attributes;
  new_event.attributes_len = 2;
  new_event.follows = &root;
  new_event.follows_len = 1;
  new_event.temporary = true;
  new_event.full_text = true;
  new_event.has_expires = true;
  new_event.expires_ms = 4000000000000;
  ouro_event_id id, child;
  OK(ouro_database_append(database, root, &new_event, &id, ERR));
  new_event = (ouro_new_event)OURO_NEW_EVENT_INIT;
  new_event.temporary = true;
  OK(ouro_database_append(database, id, &new_event, &child, ERR));
  ouro_bytes *metadata = NULL;
  OK(ouro_database_metadata(database, child, &metadata, ERR));
  CHECK(check_bytes(ouro_bytes_data(metadata), ouro_bytes_len(metadata), "text/plain"));
  ouro_bytes_free(metadata);
  OK(ouro_database_metadata(database, root, &metadata, ERR));
  CHECK(metadata == NULL);
  return id;
}

static void figures(ouro_database *database) {
  ouro_stats stats = OURO_STATS_INIT;
  OK(ouro_database_stats(database, &stats, ERR));
  ouro_bytes *text = NULL;
  OK(ouro_database_prometheus(database, &text, ERR));
  const char *events = "# HELP ouroborosdb_info ";
  CHECK(ouro_bytes_len(text) > 1000 && memcmp(ouro_bytes_data(text), events, strlen(events)) == 0);
  ouro_bytes_free(text);
  CHECK(stats.struct_size == sizeof stats);
  CHECK(stats.events == 3 && stats.roots == 1 && stats.sequence == 3 && stats.durable_sequence == 3);
  CHECK(stats.stored_bytes > 0 && stats.segments > 0 && stats.damaged_ranges == 0);
  ouro_verify_report *report = NULL;
  OK(ouro_database_verify(database, NULL, &report, ERR));
  CHECK(ouro_verify_report_is_clean(report) && ouro_verify_report_problems_total(report) == 0);
  CHECK(ouro_verify_report_events(report) == 3 && ouro_verify_report_chunks(report) == 0);
  CHECK(ouro_verify_report_segments(report) > 0 && ouro_verify_report_bytes(report) > 0);
  CHECK(ouro_verify_report_problems_len(report) == 0);
  ouro_verify_report_free(report);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  const char *path = check_path(argv[1], "store");
  version();
  ouro_database *database = NULL;
  FAILS(OURO_ERROR_PATH_NOT_FOUND, ouro_database_open_read_only(path, NULL, &database, ERR));
  OK(ouro_database_open(path, NULL, &database, ERR));
  CHECK(strcmp(ouro_database_path(database), path) == 0);
  CHECK(!ouro_database_is_closed(database) && !ouro_database_is_read_only(database));
  ouro_event_id root, again;
  OK(ouro_database_ensure_root(database, TEXT("diary"), &root, ERR));
  OK(ouro_database_ensure_root(database, TEXT("diary"), &again, ERR));
  CHECK(SAME(root, again));
  ids(root);
  ouro_event_id event = append(database, root);
  root_event(database, root);
  plain_event(database, root, event);
  char digits[OURO_EVENT_ID_HEX_BYTES];
  ouro_event_id_to_hex(event, digits);
  digits[20] = 0;
  OK(ouro_database_resolve(database, digits, &again, ERR));
  CHECK(SAME(again, event));
  FAILS(OURO_ERROR_INVALID_ID, ouro_database_resolve(database, "", &again, ERR));
  OK(ouro_database_sync(database, ERR));
  figures(database);
  OK(ouro_database_rebuild_index(database, NULL, ERR));
  figures(database);
  OK(ouro_database_close(database, ERR));
  OK(ouro_database_close(database, ERR));
  CHECK(ouro_database_is_closed(database));
  ouro_database_free(database);

  OK(ouro_database_open_read_only(path, NULL, &database, ERR));
  CHECK(ouro_database_is_read_only(database));
  root_event(database, root);
  plain_event(database, root, event);
  FAILS(OURO_ERROR_READ_ONLY, ouro_database_append(database, root, NULL, &again, ERR));
  ouro_database_free(database);
  return 0;
}
