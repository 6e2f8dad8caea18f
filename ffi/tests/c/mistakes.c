/* Makes the mistakes that the sanitizers are there to find, to show that they would. */
#include "check.h"

#include <pthread.h>

/* Of the library, where it is built for tests. */
void ouro_test_add_unsynchronised(int *number);

static int number;

static void *add_here(void *ignored) {
  (void)ignored;
  for (int i = 0; i < 1000; i++) (*(volatile int *)&number)++;
  return NULL;
}

static void *add_in_library(void *ignored) {
  (void)ignored;
  for (int i = 0; i < 1000; i++) ouro_test_add_unsynchronised(&number);
  return NULL;
}

/* Two threads that add to one number, each in its way. */
static void race(void *(*one)(void *), void *(*other)(void *)) {
  pthread_t threads[2];
  CHECK(pthread_create(&threads[0], NULL, one, NULL) == 0);
  CHECK(pthread_create(&threads[1], NULL, other, NULL) == 0);
  for (int i = 0; i < 2; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

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
  } else if (strcmp(argv[1], "race") == 0) {
    race(add_here, add_here);
  } else if (strcmp(argv[1], "library") == 0) {
    race(add_in_library, add_in_library);
  } else if (strcmp(argv[1], "between") == 0) {
    race(add_here, add_in_library);
  }
  ouro_cancel_token_free(token);
  ouro_database_free(database);
  return 0;
}
