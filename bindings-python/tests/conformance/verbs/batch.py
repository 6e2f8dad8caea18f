"""Many at once."""

from __future__ import annotations

from typing import Any

from ouroborosdb import Batch, Database, Member

from conformance import words
from conformance.names import Names
from conformance.statement import Statement
from conformance.verbs.control import control
from conformance.verbs.fields import new_event
from conformance.verbs.files import source


def _batch(names: Names, statement: Statement) -> object:
    (db,) = statement.arguments(1)
    return names.handle(db, Database).batch()


def _parent(names: Names, word: str) -> str | Member:
    if word.startswith("member:"):
        return names.handle(word.removeprefix("member:"), Member)
    return words.text(names, word)


def _create_root(names: Names, statement: Statement) -> object:
    batch, title = statement.arguments(2)
    return names.handle(batch, Batch).create_root(words.text(names, title))


def _append(names: Names, statement: Statement) -> object:
    batch, parent = statement.arguments(2)
    return names.handle(batch, Batch).append(_parent(names, parent), **new_event(names, statement))


def _put_file(names: Names, statement: Statement) -> object:
    batch, parent, word = statement.arguments(3)
    options = new_event(names, statement) | control(names, statement, None)
    return names.handle(batch, Batch).put_file(_parent(names, parent), source(names, word), **options)


def _len(names: Names, statement: Statement) -> object:
    (batch,) = statement.arguments(1)
    return len(names.handle(batch, Batch))


def _commit(names: Names, statement: Statement) -> object:
    (batch,) = statement.arguments(1)
    return names.handle(batch, Batch).commit()


def _commit_with(names: Names, statement: Statement) -> object:
    batch, word = statement.arguments(2)
    durability: Any = words.text(names, word)
    return names.handle(batch, Batch).commit(durability=durability)


def _discard(names: Names, statement: Statement) -> None:
    (batch,) = statement.arguments(1)
    names.handle(batch, Batch).discard()


VERBS = {
    "batch": _batch,
    "batch.create_root": _create_root,
    "batch.append": _append,
    "batch.put_file": _put_file,
    "batch.len": _len,
    "batch.commit": _commit,
    "batch.commit_with": _commit_with,
    "batch.discard": _discard,
}
