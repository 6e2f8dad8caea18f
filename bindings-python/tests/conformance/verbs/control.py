"""Cancelling and watching."""

from __future__ import annotations

from typing import Any

from ouroborosdb import CancelToken, Database

from conformance.names import Names, Watched
from conformance.statement import Statement


def control(names: Names, statement: Statement, db: str | None) -> dict[str, Any]:
    """What the line says about cancelling and watching the call, as keyword arguments. The function that watches
    asks the database for its figures, to show that it may."""
    options: dict[str, Any] = {}
    if name := statement.option("cancel"):
        options["cancel"] = names.handle(name, CancelToken)
    if name := statement.option("cancel_within"):
        token = names.handle(name, CancelToken)
        options["cancel"] = token
        options["progress"] = lambda done_bytes, items: token.cancel()
    if name := statement.option("progress"):
        seen = Watched()
        names.keep(name, seen)
        database = None if db is None else names.handle(db, Database)

        def watch(done_bytes: int, items: int) -> None:
            seen.calls += 1
            seen.bytes, seen.items = done_bytes, items
            if database is not None:
                database.stats()

        options["progress"] = watch
    return options


def _cancel_token(names: Names, statement: Statement) -> object:
    statement.arguments(0)
    return CancelToken()


def _cancel(names: Names, statement: Statement) -> None:
    (token,) = statement.arguments(1)
    names.handle(token, CancelToken).cancel()


def _is_cancelled(names: Names, statement: Statement) -> object:
    (token,) = statement.arguments(1)
    return names.handle(token, CancelToken).is_cancelled


def _watched(names: Names, statement: Statement) -> object:
    (progress,) = statement.arguments(1)
    return getattr(names.handle(progress, Watched), statement.verb.removeprefix("script.progress_"))


VERBS = {
    "cancel_token": _cancel_token,
    "cancel_token.cancel": _cancel,
    "cancel_token.is_cancelled": _is_cancelled,
    "script.progress_calls": _watched,
    "script.progress_bytes": _watched,
    "script.progress_items": _watched,
}
