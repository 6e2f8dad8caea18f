/* The structs that grow: their defaults, and sizes that are smaller, larger or absurd. */
#include "check.h"

/* The structs of a later version of the header. */
struct later_options {
  ouro_options now;
  uint64_t later;
};
struct later_new_event {
  ouro_new_event now;
  uint64_t later[2];
};
struct later_stats {
  ouro_stats now;
  uint64_t later;
};

static ouro_status open_with(const ouro_options *options) {
  ouro_database *database = NULL;
  ouro_status status = ouro_database_open_in_memory(options, &database, ERR);
  ouro_database_free(database);
  return status;
}

static void options(void) {
  ouro_options constant = OURO_OPTIONS_INIT, made;
  memset(&made, 0xff, sizeof made);
  OK(ouro_options_init(&made, sizeof made, ERR));
  CHECK(memcmp(&constant, &made, sizeof made) == 0);
  OK(open_with(NULL));
  OK(open_with(&constant));

  ouro_options options = constant;
  options.durability = OURO_DURABILITY_BUFFERED;
  options.compression = OURO_COMPRESSION_FAST;
  OK(open_with(&options));
  options = constant, options.durability = 2;
  REFUSES("durability", open_with(&options));
  options = constant, options.compression = -1;
  REFUSES("compression", open_with(&options));
  options = constant, options.latencies = 2;
  REFUSES("latencies", open_with(&options));
  options = constant, options.create = 2;
  REFUSES("create", open_with(&options));
  options = constant, options.reserved[5] = 1;
  REFUSES("reserved", open_with(&options));
  options = constant, options.memory_limit = 4 * 1024 * 1024 - 1;
  REFUSES("memory_limit", open_with(&options));
  size_t sizes[] = {0, 1, sizeof(size_t), sizeof options - 1, 4097, SIZE_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    options = constant, options.struct_size = sizes[i];
    REFUSES("struct_size", open_with(&options));
    REFUSES("struct_size", ouro_options_init(&options, sizes[i], ERR));
  }
  options = constant, options.memory_capacity_bytes = 1;
  FAILS(OURO_ERROR_DISK_FULL, open_with(&options));

  struct later_options later = {OURO_OPTIONS_INIT, 0};
  later.now.struct_size = sizeof later;
  OK(open_with(&later.now));
  later.later = (uint64_t)1 << 63;
  REFUSES("does not know", open_with(&later.now));
  later.later = 7;
  OK(ouro_options_init(&later.now, sizeof later, ERR));
  CHECK(later.later == 0 && later.now.struct_size == sizeof later);
}

/* A program that was built before there were paths, and one that was built when the array had no length. */
static void options_of_earlier_versions(void) {
  ouro_options options = OURO_OPTIONS_INIT;
  options.paths = (const char *const *)&options;
  options.paths_len = 1000;
  options.struct_size = offsetof(ouro_options, paths);
  OK(open_with(&options));
  options.struct_size = offsetof(ouro_options, paths_len);
  OK(open_with(&options));
  for (size_t within = 1; within < sizeof(options.paths); within++) {
    options.struct_size = offsetof(ouro_options, paths) + within;
    REFUSES("struct_size", open_with(&options));
  }
}

static void paths(void) {
  const char *many[65];
  for (size_t i = 0; i < 65; i++) many[i] = "none";
  ouro_options options = OURO_OPTIONS_INIT;
  options.paths = many, options.paths_len = 64;
  OK(open_with(&options));
  size_t lengths[] = {65, SIZE_MAX / sizeof *many, SIZE_MAX};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    options.paths_len = lengths[i];
    REFUSES("64 at most", open_with(&options));
  }
  options.paths_len = 2, many[1] = NULL;
  REFUSES("paths", open_with(&options));
  options.paths = NULL;
  REFUSES("paths", open_with(&options));
  options.paths_len = 0;
  OK(open_with(&options));
}

static void new_event(ouro_database *database, ouro_event_id root) {
  ouro_event_id id;
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  OK(ouro_database_append(database, root, &event, &id, ERR));
  event.struct_size = 0;
  REFUSES("struct_size", ouro_database_append(database, root, &event, &id, ERR));
  event.struct_size = sizeof event, event.temporary = 2;
  REFUSES("temporary", ouro_database_append(database, root, &event, &id, ERR));
  event.temporary = 0, event.full_text = 255;
  REFUSES("full_text", ouro_database_append(database, root, &event, &id, ERR));
  event.full_text = 0, event.has_expires = 9;
  REFUSES("has_expires", ouro_database_append(database, root, &event, &id, ERR));
  event.has_expires = 0, event.has_durability = 2;
  REFUSES("has_durability", ouro_database_append(database, root, &event, &id, ERR));
  int32_t unknown[] = {-1, 2, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    event.has_durability = 1, event.durability = unknown[i];
    REFUSES("OURO_DURABILITY_", ouro_database_append(database, root, &event, &id, ERR));
  }
  /* It is easily forgotten that the flag says whether the field counts. */
  event.has_durability = 0, event.durability = OURO_DURABILITY_BUFFERED;
  REFUSES("has_durability", ouro_database_append(database, root, &event, &id, ERR));
  event.has_durability = 1;
  OK(ouro_database_append(database, root, &event, &id, ERR));
  event.durability = OURO_DURABILITY_DURABLE;
  OK(ouro_database_append(database, root, &event, &id, ERR));
  struct later_new_event later = {OURO_NEW_EVENT_INIT, {0, 0}};
  later.now.struct_size = sizeof later;
  OK(ouro_database_append(database, root, &later.now, &id, ERR));
  later.later[1] = 1;
  REFUSES("does not know", ouro_database_append(database, root, &later.now, &id, ERR));
}

static void import_options(ouro_database *database, ouro_event_id root) {
  ouro_import_report *report = NULL;
  ouro_import_options constant = OURO_IMPORT_OPTIONS_INIT, options = constant;
  options.struct_size = sizeof options - 1;
  REFUSES("struct_size", ouro_database_import_path_with(database, root, "x", &options, NULL, &report, ERR));
  options = constant, options.has_durability = 3;
  REFUSES("has_durability", ouro_database_import_path_with(database, root, "x", &options, NULL, &report, ERR));
  options = constant, options.durability = OURO_DURABILITY_BUFFERED;
  REFUSES("has_durability", ouro_database_import_path_with(database, root, "x", &options, NULL, &report, ERR));
  options.has_durability = 1, options.durability = 2;
  REFUSES("OURO_DURABILITY_", ouro_database_import_path_with(database, root, "x", &options, NULL, &report, ERR));
  options = constant, options.reserved[2] = 1;
  REFUSES("reserved", ouro_database_import_path_with(database, root, "x", &options, NULL, &report, ERR));
  struct {
    ouro_import_options now;
    uint64_t later;
  } later = {OURO_IMPORT_OPTIONS_INIT, 1};
  later.now.struct_size = sizeof later;
  REFUSES("does not know",
          ouro_database_import_path_with(database, root, "x", &later.now, NULL, &report, ERR));
  CHECK(report == NULL);
}

static ouro_status put_files(ouro_database *database, ouro_event_id root, const ouro_new_file *files, size_t len,
                             const ouro_put_files_options *options) {
  ouro_id_list *ids = NULL;
  ouro_status status = ouro_database_put_files(database, root, files, len, options, NULL, &ids, ERR);
  CHECK((status == OURO_OK) == (ids != NULL));
  if (status == OURO_OK) CHECK(ouro_id_list_len(ids) == len);
  ouro_id_list_free(ids);
  return status;
}

/* An array of structs that grow: its elements stand as far apart as the caller's header says. */
static void new_files(ouro_database *database, ouro_event_id root) {
  ouro_new_file constant = OURO_NEW_FILE_INIT, files[2] = {OURO_NEW_FILE_INIT, OURO_NEW_FILE_INIT};
  files[0].source = ouro_source_bytes("one", 3), files[1].source = ouro_source_bytes("two", 3);
  OK(put_files(database, root, files, 2, NULL));
  OK(put_files(database, root, NULL, 0, NULL));
  REFUSES("files", put_files(database, root, NULL, 1, NULL));
  REFUSES("files", put_files(database, root, files, SIZE_MAX, NULL));
  REFUSES("files[0]", put_files(database, root, &constant, 1, NULL));
  REFUSES("source", put_files(database, root, &constant, 1, NULL));
  ouro_source bad[] = {ouro_source_bytes(NULL, 1), ouro_source_path(NULL), ouro_source_descriptor(-1),
                       ouro_source_callback(NULL, NULL)};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    files[1].source = bad[i];
    REFUSES("files[1]", put_files(database, root, files, 2, NULL));
  }
  files[1].source = ouro_source_bytes("two", 3);
  ouro_new_event event = OURO_NEW_EVENT_INIT;
  event.temporary = 2, files[1].new_event = &event;
  REFUSES("files[1]", put_files(database, root, files, 2, NULL));
  event.temporary = 0;
  OK(put_files(database, root, files, 2, NULL));
  ouro_event_id unknown;
  memset(&unknown, 9, sizeof unknown);
  files[1].parent = &unknown;
  FAILS(OURO_ERROR_PARENT_NOT_FOUND, put_files(database, root, files, 2, NULL));
  files[1].parent = NULL;
  files[0].struct_size = sizeof *files - 1;
  REFUSES("struct_size", put_files(database, root, files, 2, NULL));
  files[0].struct_size = sizeof *files, files[1].struct_size = sizeof *files + 8;
  REFUSES("files[1]", put_files(database, root, files, 2, NULL));
  struct {
    ouro_new_file now;
    uint64_t later;
  } later[2] = {{files[0], 0}, {files[0], 0}};
  later[0].now.struct_size = later[1].now.struct_size = sizeof *later;
  OK(put_files(database, root, &later[0].now, 2, NULL));
  later[1].later = 1;
  REFUSES("does not know", put_files(database, root, &later[0].now, 2, NULL));

  files[1] = files[0];
  ouro_put_files_options options = OURO_PUT_FILES_OPTIONS_INIT;
  OK(put_files(database, root, files, 2, &options));
  options.durability = OURO_DURABILITY_BUFFERED;
  REFUSES("has_durability", put_files(database, root, files, 2, &options));
  options.has_durability = 1;
  OK(put_files(database, root, files, 2, &options));
  options.durability = 2;
  REFUSES("OURO_DURABILITY_", put_files(database, root, files, 2, &options));
  options.durability = 0, options.reserved[1] = 1;
  REFUSES("reserved", put_files(database, root, files, 2, &options));
  options.struct_size = 8;
  REFUSES("struct_size", put_files(database, root, files, 2, &options));
}

static void commit_with(ouro_database *database) {
  ouro_batch *batch = NULL;
  ouro_id_list *ids = NULL;
  OK(ouro_database_batch(database, &batch, ERR));
  REFUSES("OURO_DURABILITY_", ouro_batch_commit_with(batch, 2, &ids, ERR));
  REFUSES("OURO_DURABILITY_", ouro_batch_commit_with(batch, -1, &ids, ERR));
  REFUSES("batch", ouro_batch_commit_with(NULL, OURO_DURABILITY_DURABLE, &ids, ERR));
  REFUSES("out", ouro_batch_commit_with(batch, OURO_DURABILITY_DURABLE, NULL, ERR));
  CHECK(ids == NULL);
  OK(ouro_batch_commit_with(batch, OURO_DURABILITY_BUFFERED, &ids, ERR));
  CHECK(ouro_id_list_len(ids) == 0);
  ouro_id_list_free(ids);
  ouro_batch_free(batch);
}

static void control_and_stats(ouro_database *database) {
  ouro_control control = OURO_CONTROL_INIT;
  OK(ouro_database_rebuild_index(database, &control, ERR));
  control.struct_size = 8;
  REFUSES("struct_size", ouro_database_rebuild_index(database, &control, ERR));
  struct later_stats later = {OURO_STATS_INIT, 7};
  OK(ouro_database_stats(database, &later.now, ERR));
  CHECK(later.later == 7); /* behind what the caller says it has */
  later.now.struct_size = sizeof later;
  OK(ouro_database_stats(database, &later.now, ERR));
  CHECK(later.later == 0 && later.now.events > 0 && later.now.struct_size == sizeof later);
  ouro_stats zeros;
  memset(&zeros, 0, sizeof zeros);
  REFUSES("struct_size", ouro_database_stats(database, &zeros, ERR));
  ouro_latency latency = OURO_LATENCY_INIT;
  OK(ouro_database_latency(database, OURO_OPERATION_APPEND, &latency, ERR));
  CHECK(latency.count > 0 && latency.p50_ns <= latency.max_ns);
  for (int32_t kind = 0; ouro_operation_name(kind) != NULL; kind++) {
    OK(ouro_database_latency(database, kind, &latency, ERR));
  }
  CHECK(ouro_operation_name(-1) == NULL && ouro_operation_name(INT32_MAX) == NULL);
  REFUSES("operation", ouro_database_latency(database, -1, &latency, ERR));
  CHECK(latency.count == 0 && latency.max_ns == 0);
  REFUSES("operation", ouro_database_latency(database, INT32_MAX, &latency, ERR));
  latency.struct_size = 71;
  REFUSES("struct_size", ouro_database_latency(database, 0, &latency, ERR));
}

int main(void) {
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  options();
  options_of_earlier_versions();
  paths();
  new_event(database, root);
  import_options(database, root);
  new_files(database, root);
  commit_with(database);
  control_and_stats(database);
  ouro_database_free(database);
  return 0;
}
