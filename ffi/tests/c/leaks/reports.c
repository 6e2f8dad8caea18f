/* What long calls report. */
#include "world.h"

void import_reports(struct world *w) {
  ouro_import_report *report = NULL;
  OK(ouro_database_import_path(w->database, w->root, check_path(folder, "in"), NULL, &report, ERR));
  CHECK(ouro_import_report_skipped_len(report) == 1 && ouro_import_report_skipped(report, 0) != NULL);
  DROP(import_report, report);
  report = NULL;
  const char *nothing = check_path(folder, "nothing");
  CHECK(ouro_database_import_path(w->database, w->root, nothing, NULL, &report, NULL) == OURO_ERROR_PATH_NOT_FOUND);
  CHECK(report == NULL);
}

void export_reports(struct world *w) {
  ouro_export_report *report = NULL;
  /* An empty folder into one that is there. */
  OK(ouro_database_export_path(w->database, w->folder, check_path(folder, "empty"), NULL, &report, ERR));
  CHECK(ouro_export_report_directories(report) == 1);
  DROP(export_report, report);
}

void backup_reports(struct world *w) {
  ouro_backup_report *report = NULL;
  char copy[129];
  /* A place for each database, where what is there already is kept. */
  ouro_event_id_to_hex(w->root, copy);
  OK(ouro_database_backup_to(w->database, check_path(folder, copy), NULL, &report, ERR));
  CHECK(ouro_backup_report_segments(report) > 0);
  DROP(backup_report, report);
}

void verify_reports(struct world *w) {
  ouro_verify_report *report = NULL;
  OK(ouro_database_verify(w->database, NULL, &report, ERR));
  CHECK(ouro_verify_report_is_clean(report));
  DROP(verify_report, report);
}
