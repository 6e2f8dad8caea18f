/* A folder in and out again, with what cannot be stored and what is damaged named. */
#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

struct watched {
  int calls;
  uint64_t bytes, items;
};

static void watch(void *userdata, uint64_t bytes, uint64_t items) {
  struct watched *watched = userdata;
  *watched = (struct watched){watched->calls + 1, bytes, items};
}

static void make(const char *folder) {
  CHECK(mkdir(check_path(folder, "in"), 0755) == 0);
  CHECK(mkdir(check_path(folder, "in/sub"), 0755) == 0);
  check_write(check_path(folder, "in/a"), "first", 5);
  check_write(check_path(folder, "in/sub/b \xff"), "second", 6);
  CHECK(symlink("a", check_path(folder, "in/link")) == 0);
  CHECK(mkfifo(check_path(folder, "in/pipe"), 0600) == 0);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  const char *folder = argv[1];
  make(folder);
  ouro_event_id root;
  ouro_database *database = check_memory(&root);
  struct watched watched = {0};
  ouro_control control = OURO_CONTROL_INIT;
  control.progress = watch;
  control.progress_userdata = &watched;
  ouro_import_report *import = NULL;
  OK(ouro_database_import_path(database, root, check_path(folder, "in"), &control, &import, ERR));
  CHECK(ouro_import_report_files(import) == 2 && ouro_import_report_directories(import) == 2);
  CHECK(ouro_import_report_symlinks(import) == 1 && ouro_import_report_bytes(import) == 11);
  CHECK(ouro_import_report_skipped_len(import) == 1);
  CHECK(strcmp(ouro_import_report_skipped(import, 0), check_path(folder, "in/pipe")) == 0);
  CHECK(ouro_import_report_skipped(import, 1) == NULL);
  CHECK(watched.calls > 0 && watched.bytes == 11 && watched.items == 5);
  ouro_event_id event = ouro_import_report_event(import);
  ouro_import_report_free(import);

  ouro_export_report *export = NULL;
  OK(ouro_database_export_path(database, event, check_path(folder, "out"), NULL, &export, ERR));
  CHECK(ouro_export_report_files(export) == 2 && ouro_export_report_directories(export) == 2);
  CHECK(ouro_export_report_symlinks(export) == 1 && ouro_export_report_bytes(export) == 11);
  ouro_export_report_free(export);
  CHECK(access(check_path(folder, "out/sub/b \xff"), R_OK) == 0);
  char target[8] = {0};
  CHECK(readlink(check_path(folder, "out/link"), target, sizeof target) == 1 && target[0] == 'a');

  FAILS(OURO_ERROR_ALREADY_EXISTS,
        ouro_database_export_path(database, event, check_path(folder, "out"), NULL, &export, ERR));
  FAILS(OURO_ERROR_NOT_EXPORTABLE,
        ouro_database_export_path(database, root, check_path(folder, "other"), NULL, &export, ERR));
  FAILS(OURO_ERROR_PATH_NOT_FOUND,
        ouro_database_import_path(database, root, check_path(folder, "nothing"), NULL, &import, ERR));
  CHECK(import == NULL && export == NULL);
  ouro_cancel_token *token = ouro_cancel_token_new();
  ouro_cancel_token_cancel(token);
  control.cancel = token;
  FAILS(OURO_ERROR_CANCELLED,
        ouro_database_import_path(database, root, check_path(folder, "in"), &control, &import, ERR));
  FAILS(OURO_ERROR_CANCELLED,
        ouro_database_export_path(database, event, check_path(folder, "more"), &control, &export, ERR));
  ouro_backup_report *backup = NULL;
  FAILS(OURO_ERROR_CANCELLED,
        ouro_database_backup_to(database, check_path(folder, "copy"), &control, &backup, ERR));
  CHECK(backup == NULL);
  ouro_cancel_token_free(token);
  OK(ouro_database_backup_to(database, check_path(folder, "copy"), NULL, &backup, ERR));
  CHECK(ouro_backup_report_segments(backup) == 1 && ouro_backup_report_bytes_kept(backup) == 0);
  CHECK(ouro_backup_report_sequence(backup) > 0 && ouro_backup_report_damaged_ranges(backup) == 0);
  ouro_backup_report_free(backup);
  backup = NULL;
  FAILS(OURO_ERROR_NOT_A_BACKUP,
        ouro_database_backup_to(database, check_path(folder, "in"), NULL, &backup, ERR));
  ouro_database_free(database);
  return 0;
}
