/* What a verb gives: bytes, a handle, or an error. Whoever gives hands over: bytes are copied, handles kept. */
#ifndef ANSWER_H
#define ANSWER_H

#include "run.h"

/* The line does not hold, or the script is wrong; jumps. */
_Noreturn void give_up(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* As `give_up`, for a call of the operating system that failed. */
_Noreturn void give_up_errno(struct run *run, const char *what);

/* Goes on where a call of the library succeeded; else the line's answer is its error, and this jumps. The last
 * argument of the call is `&run->error`. */
void check(struct run *run, ouro_status status);

void give(struct run *run, const void *data, size_t len);
void give_bytes(struct run *run, struct bytes bytes);
void give_text(struct run *run, const char *text);
/* `none` for NULL, in this one and the next. */
void give_optional_text(struct run *run, const char *text);
void give_optional(struct run *run, const void *data, size_t len);
void give_none(struct run *run);
void give_bool(struct run *run, bool value);
void give_number(struct run *run, uint64_t number);
void give_id(struct run *run, ouro_event_id id);
/* Frees the list. */
void give_ids(struct run *run, ouro_id_list *ids);
void give_handle(struct run *run, enum kind kind, void *object);

/* An id's text, in memory of the line. */
const char *id_text(struct run *run, ouro_event_id id);
/* Adds a part to a list, with a comma before it unless it is the first. */
void list_add(struct builder *list, size_t index, const void *data, size_t len);
void list_add_id(struct run *run, struct builder *list, size_t index, ouro_event_id id);

#endif
