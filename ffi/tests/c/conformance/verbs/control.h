/* What a line says about cancelling and watching a call. */
#ifndef CONTROL_H
#define CONTROL_H

#include "../run.h"

/* In memory of the line; NULL where it says nothing. The function that watches asks the database for its stats,
 * to show that it may; `database` is NULL where the call is not the database's own. */
const ouro_control *control_of(struct run *run, ouro_database *database);

#endif
