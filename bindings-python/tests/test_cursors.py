"""Cursors: iterators with pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ouroborosdb import (
    Database,
    Event,
    EventCursor,
    EventId,
    EventNotFoundError,
    IdCursor,
    InvalidArgumentError,
    RootCursor,
    WrongTypeError,
)

COUNT = 700


@pytest.fixture
def parent(memory: Database) -> EventId:
    return memory.create_root("many")


@pytest.fixture
def ids(memory: Database, parent: EventId) -> list[EventId]:
    with memory.batch() as batch:
        for at in range(COUNT):
            batch.append(parent, metadata=str(at))
    assert batch.ids is not None
    return batch.ids


def test_they_are_iterators(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    cursor = memory.children(parent)
    assert isinstance(cursor, Iterator)
    assert iter(cursor) is cursor
    assert [event.id for event in cursor] == ids
    # At the end it stays at the end.
    assert list(cursor) == []
    assert next(cursor, None) is None
    with pytest.raises(StopIteration):
        next(cursor)


def test_what_each_gives(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    event, id, title = next(memory.children(parent)), next(memory.child_ids(parent)), next(memory.root_index())
    assert (type(event), type(id)) == (Event, EventId)
    assert event.id == id == ids[0]
    assert title == ("many", parent)
    assert isinstance(memory.roots(), EventCursor)
    assert isinstance(memory.child_ids(parent), IdCursor)
    assert isinstance(memory.root_index(), RootCursor)


@pytest.mark.parametrize("size", [1, 7, 256, COUNT, COUNT + 1, 1 << 40])
def test_pages(memory: Database, parent: EventId, ids: list[EventId], size: int) -> None:
    cursor = memory.child_ids(parent)
    pages = list(iter(lambda: cursor.page(size), []))
    assert all(len(page) <= size for page in pages)
    assert [id for page in pages for id in page] == ids
    assert cursor.page(size) == []


def test_pages_and_steps_mix(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    cursor, seen = memory.children(parent), list[EventId]()
    while page := cursor.page(100):
        assert len(page) <= 100
        seen += [event.id for event in page]
        seen += [event.id for event in [next(cursor, None)] if event is not None]
    assert seen == ids


def test_limits(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    cursor = memory.child_ids(parent)
    assert cursor.page(0) == []
    with pytest.raises(InvalidArgumentError):
        cursor.page(-1)
    for wrong in ("1", 1.5, None, True):
        with pytest.raises(WrongTypeError):
            cursor.page(wrong)  # type: ignore[arg-type]
    # A refused limit takes nothing away.
    assert cursor.page(COUNT) == ids


def test_orders(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    assert list(memory.child_ids(parent, order="commit")) == ids
    assert list(memory.child_ids(parent, order="time")) == ids
    assert [event.id for event in memory.children(parent, order="time")] == ids
    with pytest.raises(InvalidArgumentError, match="order"):
        memory.children(parent, order="size")  # type: ignore[arg-type]
    with pytest.raises(WrongTypeError):
        memory.child_ids(parent, order=1)  # type: ignore[arg-type]


def test_an_event_of_every_form(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    for form in (parent, memory.event(parent), bytes(parent), str(parent), str(parent).upper()):
        assert memory.child_ids(form).page(1) == ids[:1]
        assert memory.event(form).title == "many"


def test_it_sees_what_was_there_when_it_was_made(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    cursor = memory.child_ids(parent)
    first = next(cursor)
    memory.append(parent)
    assert [first, *cursor] == ids


def test_a_cursor_of_an_event_that_is_not_there(memory: Database) -> None:
    for walk in (memory.children, memory.child_ids, memory.ancestors, memory.descendants):
        with pytest.raises(EventNotFoundError) as raised:
            walk("1".zfill(128))
        assert isinstance(raised.value, LookupError)


def test_for_loops_can_be_left(memory: Database, parent: EventId, ids: list[EventId]) -> None:
    cursor = memory.child_ids(parent)
    for id in cursor:
        if id == ids[9]:
            break
    assert next(cursor) == ids[10]


def test_a_cursor_has_no_length(memory: Database, parent: EventId) -> None:
    with pytest.raises(TypeError):
        len(memory.children(parent))  # type: ignore[arg-type]
