"""Paging and iterating."""

from __future__ import annotations

from ouroborosdb import Event, EventCursor, IdCursor, RootCursor

from conformance import words
from conformance.names import Names
from conformance.statement import Statement

Cursor = EventCursor | IdCursor | RootCursor
CURSORS: dict[str, type[Cursor]] = {"event_cursor": EventCursor, "id_cursor": IdCursor, "root_cursor": RootCursor}


def _cursor(names: Names, statement: Statement, name: str) -> Cursor:
    return names.handle(name, CURSORS[statement.verb.split(".")[0]])


def _shown(item: object) -> object:
    match item:
        case Event():
            return item.id
        case (str(title), root):
            return f"{title}={root}"
        case _:
            return item


def _page(names: Names, statement: Statement) -> object:
    cursor, limit = statement.arguments(2)
    return [_shown(item) for item in _cursor(names, statement, cursor).page(words.number(names, limit))]


def _next(names: Names, statement: Statement) -> object:
    (cursor,) = statement.arguments(1)
    return _shown(next(_cursor(names, statement, cursor), None))


VERBS = {f"{cursor}.page": _page for cursor in CURSORS} | {f"{cursor}.next": _next for cursor in CURSORS}
