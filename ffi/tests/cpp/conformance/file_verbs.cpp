// The other of two units that hold the verbs.
#include "verbs/batch.hpp"
#include "verbs/control.hpp"
#include "verbs/files.hpp"
#include "verbs/log.hpp"
#include "verbs/reports.hpp"

void add_file_verbs(Verbs& verbs) {
  add_files(verbs);
  add_readers(verbs);
  add_batch(verbs);
  add_folders(verbs);
  add_backup(verbs);
  add_verify(verbs);
  add_upkeep(verbs);
  add_control(verbs);
  add_log(verbs);
}
