/* Where the bytes of a file come from. */
#ifndef SOURCES_H
#define SOURCES_H

#include "../run.h"

/* What a word stands for: bytes, `file:` a path, `stream:` and `source_fails:` a callback. It lasts as long as the
 * line. */
ouro_source source_of(struct run *run, const char *word);

#endif
