"""File writers: what they take, and as context managers."""

from __future__ import annotations

import pickle
from array import array
from typing import TYPE_CHECKING

import pytest
from content import bytes_of
from ouroborosdb import Database, EventId, FinishedError, WrongTypeError

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Stop(Exception):
    """Raised inside a `with` block."""


def test_with_finishes(db: Database, root: EventId) -> None:
    with db.file_writer(root, metadata="pushed", attributes={"name": "n"}) as writer:
        assert writer.event is None
        assert writer.write(b"hello ") == 6
        assert writer.write(b"world") == 5
        assert writer.length == 11
    assert writer.event is not None
    event = db.event(writer.event)
    assert db.read_file(event) == b"hello world"
    assert (event.metadata, event.attributes) == (b"pushed", {"name": b"n"})


def test_with_aborts_after_an_exception(db: Database, root: EventId) -> None:
    with pytest.raises(Stop), db.file_writer(root) as writer:
        writer.write(bytes_of(500_000))
        raise Stop
    assert writer.event is None
    assert list(db.child_ids(root)) == []
    with pytest.raises(FinishedError):
        writer.write(b"x")


def test_with_lets_be_what_is_finished_or_aborted(db: Database, root: EventId) -> None:
    with db.file_writer(root) as writer:
        event = writer.finish()
    assert writer.event == event
    with db.file_writer(root) as writer:
        writer.abort()
    assert writer.event is None
    assert list(db.child_ids(root)) == [event]


def test_finished_takes_nothing_more(db: Database, root: EventId) -> None:
    writer = db.file_writer(root)
    writer.write(b"x")
    writer.finish()
    for call in (lambda: writer.write(b"x"), writer.finish, writer.abort):
        with pytest.raises(FinishedError):
            call()
    assert writer.length == 1


def test_whatever_is_bytes_like(db: Database, root: EventId) -> None:
    numbers = array("I", [1, 2, 3])
    pieces: list[Buffer] = [b"bytes", bytearray(b"bytearray"), memoryview(b"memoryview")[6:], numbers, b""]
    with db.file_writer(root) as writer:
        for piece in pieces:
            assert writer.write(piece) == memoryview(piece).nbytes
    assert writer.event is not None
    assert db.read_file(writer.event) == b"bytes" + b"bytearray" + b"view" + numbers.tobytes()


@pytest.mark.parametrize("wrong", ["text", 5, None, ["list"]], ids=repr)
def test_what_is_not(db: Database, root: EventId, wrong: object) -> None:
    writer = db.file_writer(root)
    with pytest.raises(WrongTypeError):
        writer.write(wrong)  # type: ignore[arg-type]
    # A refused argument is no failed write.
    writer.write(b"x")
    assert db.read_file(writer.finish()) == b"x"


def test_large_pieces_come_out_as_they_went_in(db: Database, root: EventId) -> None:
    pieces: list[bytes | bytearray] = [bytes_of(2_000_000, 1), bytearray(bytes_of(2_000_000, 2)), bytes_of(1, 3)]
    with db.file_writer(root) as writer:
        for piece in pieces:
            writer.write(piece)
    assert writer.event is not None
    assert db.read_file(writer.event) == b"".join(pieces)


def test_a_writer_that_is_dropped_aborts(db: Database, root: EventId) -> None:
    writer = db.file_writer(root)
    writer.write(bytes_of(100_000))
    del writer
    assert list(db.child_ids(root)) == []


def test_what_writes_to_files_writes_to_a_writer(db: Database, root: EventId) -> None:
    with db.file_writer(root) as writer:
        pickle.dump({"a": 1}, writer)
    assert writer.event is not None
    with db.open_file(writer.event) as reader:
        assert pickle.load(reader) == {"a": 1}
