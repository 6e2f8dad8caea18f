"""What an event says, and ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from ouroborosdb import Event, EventId

from conformance import words
from conformance.names import Names
from conformance.statement import Statement

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)
# The last one that a datetime can say.
LAST_MS = (datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc) - EPOCH) // MILLISECOND


def _expires_ms(event: Event) -> int | None:
    ms = event.expires_ms
    if ms is None or ms > LAST_MS:
        return ms
    assert event.expires is not None
    return (event.expires - EPOCH) // MILLISECOND


FIELDS: dict[str, Callable[[Event], object]] = {
    "id": lambda event: event.id,
    "kind": lambda event: event.kind,
    "parent": lambda event: event.parent,
    "follows": lambda event: list(event.follows),
    "origin": lambda event: event.origin.hex(),
    "time_ms": lambda event: event.time_ms,
    "time_counter": lambda event: event.time_counter,
    "sequence": lambda event: event.sequence,
    "title": lambda event: event.title,
    "attributes": lambda event: [b"%s=%s" % (name.encode(), value) for name, value in event.attributes.items()],
    "metadata": lambda event: event.metadata,
    "content_length": lambda event: event.content_length,
    "temporary": lambda event: event.temporary,
    "expires_ms": _expires_ms,
    "full_text": lambda event: event.full_text,
}


def _field(names: Names, statement: Statement) -> object:
    (event,) = statement.arguments(1)
    return FIELDS[statement.verb.removeprefix("event.")](names.handle(event, Event))


def _attribute(names: Names, statement: Statement) -> object:
    event, name = statement.arguments(2)
    return names.handle(event, Event).attributes.get(words.text(names, name))


def _from_hex(names: Names, statement: Statement) -> object:
    (digits,) = statement.arguments(1)
    return EventId(words.text(names, digits))


def _from_bytes(names: Names, statement: Statement) -> object:
    (word,) = statement.arguments(1)
    return EventId(words.evaluate(names, word))


def _to_bytes(names: Names, statement: Statement) -> object:
    (digits,) = statement.arguments(1)
    return bytes(EventId(words.text(names, digits)))


VERBS = {f"event.{field}": _field for field in FIELDS} | {
    "event.attribute": _attribute,
    "event_id.from_hex": _from_hex,
    "event_id.from_bytes": _from_bytes,
    "event_id.to_bytes": _to_bytes,
}
