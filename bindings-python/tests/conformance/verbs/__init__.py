"""The verbs of the script, a file for each theme of the README's tables.

Each theme has a table `VERBS`: a verb's name, and what does it. What a verb gives is said in `outcome`.
"""

from __future__ import annotations

from conformance.names import Names
from conformance.outcome import Mistake
from conformance.statement import Statement
from conformance.verbs import (
    backup,
    batch,
    changes,
    control,
    cursors,
    disk,
    errors,
    event,
    files,
    folders,
    log,
    opening,
    script,
    tree,
    upkeep,
)

THEMES = (
    opening,
    tree,
    event,
    cursors,
    files,
    batch,
    changes,
    folders,
    backup,
    upkeep,
    control,
    log,
    errors,
    script,
    disk,
)
VERBS = {verb: does for theme in THEMES for verb, does in theme.VERBS.items()}


def call(names: Names, statement: Statement) -> object:
    """Does what a statement says."""
    does = VERBS.get(statement.verb)
    if does is None:
        raise Mistake(f"there is no verb `{statement.verb}`")
    return does(names, statement)


def is_operation(verb: str) -> bool:
    """Whether a verb is an operation of the engine, not one of the script's own."""
    return verb != "free" and not verb.startswith(("fs.", "script."))
