"""Event ids and change cursors: values with a text."""

from __future__ import annotations

import copy
import pickle
import random

import pytest
from ouroborosdb import (
    ChangeCursor,
    Changes,
    CursorOfAnotherStoreError,
    Database,
    EventId,
    InvalidCursorError,
    InvalidIdError,
    WrongTypeError,
)

DIGITS = "4b92ee431221299bc0ddff6a211bdb709f4aa1702df465a89490f54835b813c2" * 2


def test_text_and_bytes() -> None:
    id = EventId(DIGITS)
    assert str(id) == f"{id}" == DIGITS
    assert bytes(id) == bytes.fromhex(DIGITS)
    assert eval(repr(id)) == id
    for form in (bytes(id), bytearray(bytes(id)), memoryview(bytes(id)), DIGITS.upper(), id):
        assert EventId(form) == id


def test_equality_order_and_hash() -> None:
    ids = [EventId(bytes([at]) + bytes(63)) for at in range(256)]
    mixed = ids.copy()
    random.Random(1).shuffle(mixed)
    assert sorted(mixed) == ids
    assert ids[0] < ids[1] <= ids[1] < ids[2] and ids[2] > ids[1] >= ids[1]
    assert {id: at for at, id in enumerate(ids)}[EventId(str(ids[7]))] == 7
    assert len(set(ids + mixed)) == 256
    assert ids[0] != bytes(ids[0])
    assert ids[0] != str(ids[0])
    with pytest.raises(TypeError):
        ids[0] < bytes(ids[0])  # type: ignore[operator]


def test_copies() -> None:
    id = EventId(DIGITS)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(id, protocol)) == id
    assert copy.copy(id) == copy.deepcopy([id])[0] == id


@pytest.mark.parametrize(
    "wrong",
    ["", DIGITS[:-1], DIGITS + "0", "g" * 128, " " + DIGITS[1:], "\udcff" * 128, "é" * 64, b"", bytes(63), bytes(65)],
    ids=ascii,
)
def test_what_is_no_id(wrong: str | bytes, memory: Database) -> None:
    for call in (EventId, memory.event, memory.append, memory.read_file, memory.children):
        with pytest.raises(InvalidIdError) as raised:
            call(wrong)
        assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("wrong", [None, 5, 1.5, ["x"], object()], ids=str)
def test_what_is_of_no_type_for_an_id(wrong: object, memory: Database) -> None:
    for call in (EventId, memory.event, memory.append, memory.read_file, memory.children):
        with pytest.raises(WrongTypeError) as raised:
            call(wrong)  # type: ignore[arg-type]
        assert isinstance(raised.value, TypeError)


def test_an_id_is_immutable() -> None:
    with pytest.raises(AttributeError):
        EventId(DIGITS).digits = ""  # type: ignore[attr-defined]


@pytest.fixture
def feed(db: Database, root: EventId) -> Changes:
    db.append(root)
    return db.changes()


def test_the_feed_goes_on_where_it_was(db: Database, root: EventId, feed: Changes) -> None:
    assert iter(feed) is feed
    assert [event.sequence for event in feed] == [1, 2]
    # At the end for now: it is asked again later.
    assert next(feed, None) is None
    added = db.append(root)
    assert [event.id for event in feed] == [added]
    assert feed.page(5) == []


def test_cursors_are_values(db: Database, feed: Changes) -> None:
    start, _, first = feed.cursor, next(feed), feed.cursor
    assert (start.sequence, first.sequence) == (0, 1)
    assert start != first and hash(start) != hash(first)
    assert len({start, first, ChangeCursor(str(start))}) == 2
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(first, protocol)) == first
    assert copy.deepcopy(first) == first
    for form in (first, str(first), ChangeCursor(str(first))):
        assert [event.sequence for event in db.changes(form)] == [2]
    assert db.changes(after=first).cursor == first
    assert len(db.changes(None).page(10)) == 2


def test_stepping_keeps_the_cursor_exact(db: Database, root: EventId) -> None:
    for _ in range(40):
        db.append(root)
    feed = db.changes()
    for expected in range(1, 20):
        assert next(feed).sequence == feed.cursor.sequence == expected
    assert feed.page(3)[-1].sequence == feed.cursor.sequence == 22
    assert [event.sequence for event in db.changes(feed.cursor)] == list(range(23, 42))


def test_what_is_no_cursor(memory: Database) -> None:
    for text in ("", "nonsense", "0" * 49, "\udcff" * 49, "é" * 24 + "-"):
        with pytest.raises(InvalidCursorError):
            ChangeCursor(text)
        with pytest.raises(InvalidCursorError):
            memory.changes(text)
    for wrong in (5, b"bytes", 1.5):
        with pytest.raises(WrongTypeError):
            ChangeCursor(wrong)  # type: ignore[arg-type]
        with pytest.raises(WrongTypeError):
            memory.changes(wrong)  # type: ignore[arg-type]


def test_a_cursor_of_another_store(memory: Database, feed: Changes) -> None:
    with pytest.raises(CursorOfAnotherStoreError):
        memory.changes(feed.cursor)
