"""Making roots and events, asking for them, walking."""

from __future__ import annotations

from typing import Any

from ouroborosdb import Database

from conformance import words
from conformance.names import Names
from conformance.statement import Statement
from conformance.verbs.fields import new_event


def _titled(names: Names, statement: Statement) -> object:
    db, title = statement.arguments(2)
    text = words.text(names, title)
    return getattr(names.handle(db, Database), statement.verb)(text)


def _roots(names: Names, statement: Statement) -> object:
    (db,) = statement.arguments(1)
    return getattr(names.handle(db, Database), statement.verb)()


def _append(names: Names, statement: Statement) -> object:
    db, parent = statement.arguments(2)
    return names.handle(db, Database).append(words.text(names, parent), **new_event(names, statement))


def _parent(names: Names, statement: Statement) -> object:
    db, event = statement.arguments(2)
    parent = names.handle(db, Database).parent(words.text(names, event))
    return None if parent is None else parent.id


def _of_event(names: Names, statement: Statement) -> object:
    db, event = statement.arguments(2)
    order = statement.option("order")
    options: dict[str, Any] = {} if order is None else {"order": order}
    return getattr(names.handle(db, Database), statement.verb)(words.text(names, event), **options)


VERBS = {
    "create_root": _titled,
    "ensure_root": _titled,
    "roots_titled": _titled,
    "roots": _roots,
    "root_index": _roots,
    "append": _append,
    "parent": _parent,
    "event": _of_event,
    "resolve": _of_event,
    "metadata": _of_event,
    "children": _of_event,
    "child_ids": _of_event,
    "ancestors": _of_event,
    "descendants": _of_event,
}
