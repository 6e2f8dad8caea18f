/* Hot copies. */
#include "../answer.h"
#include "../verbs.h"
#include "../words.h"
#include "control.h"

static void backup_to(struct run *run) {
  ouro_database *database = handle_at(run, 0, DATABASE);
  const char *path = path_of(run, run->statement.words[1]);
  const ouro_control *control = control_of(run, database);
  ouro_backup_report *report = NULL;
  check(run, ouro_database_backup_to(database, path, control, &report, &run->error));
  give_handle(run, BACKUP_REPORT, report);
}

static ouro_backup_report *report_of(struct run *run) { return handle_at(run, 0, BACKUP_REPORT); }

static void sequence(struct run *run) { give_number(run, ouro_backup_report_sequence(report_of(run))); }

static void segments(struct run *run) { give_number(run, ouro_backup_report_segments(report_of(run))); }

static void bytes_copied(struct run *run) { give_number(run, ouro_backup_report_bytes_copied(report_of(run))); }

static void bytes_kept(struct run *run) { give_number(run, ouro_backup_report_bytes_kept(report_of(run))); }

static void damaged_ranges(struct run *run) { give_number(run, ouro_backup_report_damaged_ranges(report_of(run))); }

const struct verb BACKUP_VERBS[] = {
    {"backup_to", 2, CONTROL, backup_to},
    {"backup_report.sequence", 1, 0, sequence},
    {"backup_report.segments", 1, 0, segments},
    {"backup_report.bytes_copied", 1, 0, bytes_copied},
    {"backup_report.bytes_kept", 1, 0, bytes_kept},
    {"backup_report.damaged_ranges", 1, 0, damaged_ranges},
    {0},
};
