// One of two units that hold the verbs: the library's headers take the compiler longer than the verbs do.
#include "verbs/cursors.hpp"
#include "verbs/event.hpp"
#include "verbs/opening.hpp"
#include "verbs/script.hpp"
#include "verbs/tree.hpp"

void add_tree_verbs(Verbs& verbs) {
  add_opening(verbs);
  add_roots(verbs);
  add_tree(verbs);
  add_event(verbs);
  add_cursors(verbs);
  add_errors(verbs);
  add_script(verbs);
}
