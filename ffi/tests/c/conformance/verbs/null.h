/* `script.null CALL`: NULL where something belongs. */
#ifndef NULL_H
#define NULL_H

#include "../run.h"

void pass_null(struct run *run);

#endif
