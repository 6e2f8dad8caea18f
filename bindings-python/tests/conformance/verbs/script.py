"""The script's own helpers."""

from __future__ import annotations

from ouroborosdb import Database

from conformance import words
from conformance.names import Names
from conformance.statement import Statement


def _free(names: Names, statement: Statement) -> None:
    (name,) = statement.arguments(1)
    names.free(name)


def _let(names: Names, statement: Statement) -> object:
    (word,) = statement.arguments(1)
    return words.evaluate(names, word)


def _count(names: Names, statement: Statement) -> object:
    (word,) = statement.arguments(1)
    value = words.evaluate(names, word)
    return value.count(b",") + 1 if value else 0


def _length(names: Names, statement: Statement) -> object:
    (word,) = statement.arguments(1)
    return len(words.evaluate(names, word))


def _append_many(names: Names, statement: Statement) -> object:
    db, parent, count = statement.arguments(3)
    database, parent_id = names.handle(db, Database), words.text(names, parent)
    return [database.append(parent_id, metadata=str(at)) for at in range(words.number(names, count))]


VERBS = {
    "free": _free,
    "script.let": _let,
    "script.count": _count,
    "script.length": _length,
    "script.append_many": _append_many,
}
