"""What a verb gives, as the bytes that the script compares; and what went wrong.

A verb gives a plain Python value or a handle, and the line's expectation says which of the two it wants.
"""

from __future__ import annotations

import os
from pathlib import Path

from ouroborosdb import ChangeCursor, EventId


class Mistake(Exception):
    """A mistake in the script, or a set-up step that failed."""


class Unexpected(Exception):
    """A line does not hold."""


def as_bytes(value: object) -> bytes | None:
    """The form that the script's language gives a value; None for a handle."""
    match value:
        case None:
            return b"none"
        case bool():
            return b"true" if value else b"false"
        case int():
            return b"%d" % value
        case bytes():
            return value
        case str():
            return value.encode()
        case EventId() | ChangeCursor():
            return str(value).encode()
        case Path():
            return os.fsencode(value)
        case list():
            parts = [as_bytes(part) for part in value]
            return b",".join(part for part in parts if part is not None) if None not in parts else None
        case _:
            return None


def brief(value: object) -> str:
    """The beginning of a value, for people."""
    value = value if (given := as_bytes(value)) is None else given
    if isinstance(value, bytes):
        return f"{value[:300]!r} ({len(value)} bytes)"
    return f"{value!r:.200}"
