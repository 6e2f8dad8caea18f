"""The change feed."""

from __future__ import annotations

from ouroborosdb import ChangeCursor, Changes, Database

from conformance import words
from conformance.names import Names
from conformance.statement import Statement
from conformance.verbs.control import control


def _changes(names: Names, statement: Statement) -> object:
    (db,) = statement.arguments(1)
    after = statement.option("after")
    cursor = None if after is None else words.text(names, after)
    return names.handle(db, Database).changes(after=cursor)


def _page(names: Names, statement: Statement) -> object:
    changes, limit = statement.arguments(2)
    return [event.id for event in names.handle(changes, Changes).page(words.number(names, limit))]


def _watch(names: Names, statement: Statement) -> object:
    changes, limit, timeout_ms = statement.arguments(3)
    feed, seconds = names.handle(changes, Changes), words.number(names, timeout_ms) / 1000
    events = feed.watch(words.number(names, limit), seconds, **control(names, statement, None))
    return [event.id for event in events]


def _next(names: Names, statement: Statement) -> object:
    (changes,) = statement.arguments(1)
    event = next(names.handle(changes, Changes), None)
    return None if event is None else event.id


def _cursor(names: Names, statement: Statement) -> object:
    (changes,) = statement.arguments(1)
    return names.handle(changes, Changes).cursor


def _sequence(names: Names, statement: Statement) -> object:
    (word,) = statement.arguments(1)
    return ChangeCursor(words.text(names, word)).sequence


VERBS = {
    "changes": _changes,
    "changes.page": _page,
    "changes.watch": _watch,
    "changes.next": _next,
    "changes.cursor": _cursor,
    "change_cursor.sequence": _sequence,
}
