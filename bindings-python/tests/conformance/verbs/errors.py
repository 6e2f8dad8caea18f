"""The table of error codes, and errors that the script can provoke in some languages only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ouroborosdb
from ouroborosdb import Database, ErrorCode, _native

from conformance import words
from conformance.names import Names
from conformance.outcome import Mistake
from conformance.statement import Statement

# What each call of `script.wrong_type` does with 5, which is of no type that anything takes, in a store with a root.
WRONG_TYPES: dict[str, Callable[[Any, Any], object]] = {
    "create_root": lambda db, wrong: db.create_root(wrong),
    "append_parent": lambda db, wrong: db.append(wrong),
    "append_metadata": lambda db, wrong: db.append(next(db.roots()), metadata=wrong),
    "append_attributes": lambda db, wrong: db.append(next(db.roots()), attributes=wrong),
    "put_file": lambda db, wrong: db.put_file(next(db.roots()), wrong),
    "event": lambda db, wrong: db.event(wrong),
    "import_path": lambda db, wrong: db.import_path(next(db.roots()), wrong),
    "changes": lambda db, wrong: db.changes(wrong),
    "open": lambda db, wrong: ouroborosdb.open(wrong),
}


def _name(names: Names, statement: Statement) -> object:
    (number,) = statement.arguments(1)
    try:
        return ErrorCode(words.number(names, number)).name.lower()
    except ValueError:
        return None


def _code(names: Names, statement: Statement) -> ErrorCode | None:
    (name,) = statement.arguments(1)
    try:
        return ErrorCode[words.text(names, name).upper()]
    except KeyError:
        return None


def _number(names: Names, statement: Statement) -> object:
    code = _code(names, statement)
    return None if code is None else code.value


def _meaning(names: Names, statement: Statement) -> object:
    code = _code(names, statement)
    return None if code is None else code.meaning


def _wrong_type(names: Names, statement: Statement) -> object:
    db, call = statement.arguments(2)
    if call not in WRONG_TYPES:
        raise Mistake(f"there is no call `{call}` of a wrong type")
    return WRONG_TYPES[call](names.handle(db, Database), 5)


def _panic(names: Names, statement: Statement) -> object:
    statement.arguments(0)
    panic: Callable[[], object] | None = getattr(_native, "_test_panic", None)
    if panic is None:
        raise Mistake("this build cannot panic on demand: build it with `--features testing`")
    return panic()


VERBS = {
    "error_code": _name,
    "error_code.number": _number,
    "error_code.meaning": _meaning,
    "script.wrong_type": _wrong_type,
    "script.panic": _panic,
}
