/* Makes the mistakes that the sanitizers are there to find, to show that they would. */
#include "check.h"

int main(int argc, char **argv) {
  CHECK(argc == 2);
  ouro_database *database = NULL;
  OK(ouro_database_open_in_memory(NULL, &database, ERR));
  ouro_cancel_token *token = ouro_cancel_token_new();
  if (strcmp(argv[1], "leak") == 0) {
    database = NULL;
    token = NULL;
  } else if (strcmp(argv[1], "use") == 0) {
    ouro_cancel_token_free(token);
    unsigned char first = *(volatile unsigned char *)token;
    return first == 77 ? 5 : 0;
  } else if (strcmp(argv[1], "twice") == 0) {
    ouro_cancel_token_free(token);
  }
  ouro_cancel_token_free(token);
  ouro_database_free(database);
  return 0;
}
