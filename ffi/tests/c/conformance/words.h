/* The arguments of a statement: the value of a word, which is always bytes, and what is made of it. Each gives up
 * where the word is not what it should be. */
#ifndef WORDS_H
#define WORDS_H

#include "run.h"

/* The value of a word, in memory of the line. */
struct bytes evaluate(struct run *run, const char *word);

uint64_t number_of(struct run *run, const char *word);
int64_t signed_number_of(struct run *run, const char *word);
/* `true` or `false`, as it stands. */
bool bool_of(struct run *run, const char *word);
/* A number of bytes or of things that there can be room for. */
size_t length_of(struct run *run, const char *word);
/* A word whose value C can say as a string. */
const char *string_of(struct run *run, const char *word);
/* An absolute path. */
const char *path_of(struct run *run, const char *word);
/* The id that a word is the text of, by the library's own conversion. */
ouro_event_id id_of(struct run *run, const char *word);

/* The object of the handle that is named. */
void *handle_named(struct run *run, const char *name, enum kind kind);
/* The object of the handle that the word of this number names. */
void *handle_at(struct run *run, size_t index, enum kind kind);
/* The value of an option; NULL where the line does not have it. */
const char *option_of(const struct run *run, const char *key);

/* The bytes of a file, in memory of the line. */
struct bytes read_whole_file(struct run *run, const char *path);

#endif
