"""Opening and closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ouroborosdb
from ouroborosdb import Database

from conformance import words
from conformance.names import Names
from conformance.outcome import Mistake
from conformance.statement import Statement

FLAGS = {"true": True, "false": False}


def _options(names: Names, statement: Statement) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for key, word in statement.options:
        match key:
            case "durability" | "compression":
                options[key] = words.text(names, word)
            case "minimum_free_bytes" | "segment_bytes" | "memory_capacity_bytes" | "memory_limit":
                options[key] = words.number(names, word)
            case "paths":
                options.setdefault(key, []).append(words.path(names, word))
            case "create" | "latencies" if word in FLAGS:
                options[key] = FLAGS[word]
            case _:
                raise Mistake(f"there is no option {key}={word}")
    return options


def _open(names: Names, statement: Statement) -> object:
    (path,) = statement.arguments(1)
    return ouroborosdb.open(words.path(names, path), **_options(names, statement))


def _open_read_only(names: Names, statement: Statement) -> object:
    (path,) = statement.arguments(1)
    return ouroborosdb.open_read_only(words.path(names, path), **_options(names, statement))


def _open_in_memory(names: Names, statement: Statement) -> object:
    statement.arguments(0)
    return ouroborosdb.open_in_memory(**_options(names, statement))


def _database(names: Names, statement: Statement) -> Database:
    (db,) = statement.arguments(1)
    return names.handle(db, Database)


def _close(names: Names, statement: Statement) -> None:
    _database(names, statement).close()


VERBS: dict[str, Callable[[Names, Statement], object]] = {
    "open": _open,
    "open_read_only": _open_read_only,
    "open_in_memory": _open_in_memory,
    "close": _close,
    "is_closed": lambda names, statement: _database(names, statement).closed,
    "is_read_only": lambda names, statement: _database(names, statement).read_only,
    "path": lambda names, statement: _database(names, statement).path,
}
