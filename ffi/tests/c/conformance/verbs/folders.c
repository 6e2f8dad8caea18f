/* Folders in and out. */
#include <string.h>

#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"
#include "fields.h"

/* What the line says about an import; NULL where it says nothing. */
static const ouro_import_options *import_options_of(struct run *run) {
  const ouro_import_options *found = NULL;
  for (size_t i = 0; i < run->statement.options_len; i++) {
    if (strcmp(run->statement.options[i].key, "durability") != 0) continue;
    ouro_import_options *options = pool_take(&run->pool, sizeof *options);
    *options = (ouro_import_options)OURO_IMPORT_OPTIONS_INIT;
    options->durability = durability_of(run, run->statement.options[i].value);
    options->has_durability = 1;
    found = options;
  }
  return found;
}

static void import_path(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id parent = id_of(run, run->statement.words[1]);
  const char *path = path_of(run, run->statement.words[2]);
  const ouro_control *control = control_of(run, database);
  ouro_import_report *report = NULL;
  const ouro_import_options *options = import_options_of(run);
  check(run, options == NULL
                 ? ouro_database_import_path(database, parent, path, control, &report, &run->error)
                 : ouro_database_import_path_with(database, parent, path, options, control, &report, &run->error));
  give_handle(run, IMPORT_REPORT, report);
}

static void export_path(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  ouro_event_id event = id_of(run, run->statement.words[1]);
  const char *path = path_of(run, run->statement.words[2]);
  const ouro_control *control = control_of(run, database);
  ouro_export_report *report = NULL;
  check(run, ouro_database_export_path(database, event, path, control, &report, &run->error));
  give_handle(run, EXPORT_REPORT, report);
}

static ouro_import_report *import_of(struct run *run) { return handle_at(run, 0, IMPORT_REPORT); }

static void import_event(struct run *run) { give_id(run, ouro_import_report_event(import_of(run))); }

static void import_files(struct run *run) { give_number(run, ouro_import_report_files(import_of(run))); }

static void import_directories(struct run *run) {
  give_number(run, ouro_import_report_directories(import_of(run)));
}

static void import_symlinks(struct run *run) { give_number(run, ouro_import_report_symlinks(import_of(run))); }

static void import_bytes(struct run *run) { give_number(run, ouro_import_report_bytes(import_of(run))); }

static void import_skipped(struct run *run) {
  const ouro_import_report *report = import_of(run);
  struct builder list = {.pool = &run->pool};
  for (size_t i = 0; i < ouro_import_report_skipped_len(report); i++) {
    const char *path = ouro_import_report_skipped(report, i);
    if (path == NULL) give_up(run, "there is no skipped path %zu", i);
    list_add(&list, i, path, strlen(path));
  }
  give_bytes(run, builder_end(&list));
}

static ouro_export_report *export_of(struct run *run) { return handle_at(run, 0, EXPORT_REPORT); }

static void export_files(struct run *run) { give_number(run, ouro_export_report_files(export_of(run))); }

static void export_directories(struct run *run) {
  give_number(run, ouro_export_report_directories(export_of(run)));
}

static void export_symlinks(struct run *run) { give_number(run, ouro_export_report_symlinks(export_of(run))); }

static void export_bytes(struct run *run) { give_number(run, ouro_export_report_bytes(export_of(run))); }

const struct verb FOLDER_VERBS[] = {
    {"import_path", 3, IMPORT | CONTROL, import_path},
    {"import_report.event", 1, 0, import_event},
    {"import_report.files", 1, 0, import_files},
    {"import_report.directories", 1, 0, import_directories},
    {"import_report.symlinks", 1, 0, import_symlinks},
    {"import_report.bytes", 1, 0, import_bytes},
    {"import_report.skipped", 1, 0, import_skipped},
    {"export_path", 3, CONTROL, export_path},
    {"export_report.files", 1, 0, export_files},
    {"export_report.directories", 1, 0, export_directories},
    {"export_report.symlinks", 1, 0, export_symlinks},
    {"export_report.bytes", 1, 0, export_bytes},
    {0},
};
