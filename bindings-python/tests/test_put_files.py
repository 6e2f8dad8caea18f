"""Many files in one call: from everything that a file comes from, all or nothing, lazily."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ouroborosdb
import pytest
from content import bytes_of
from ouroborosdb import (
    BatchTooLargeError,
    Database,
    EventId,
    InvalidArgumentError,
    InvalidParentError,
    ParentNotFoundError,
    PathNotFoundError,
    SourceFailedError,
    WrongTypeError,
)

CONTENT = bytes_of(300_000)


class Fails(io.RawIOBase):
    def read(self, size: int = -1, /) -> bytes:
        raise ValueError("the tape is torn")


def test_sources_of_every_kind_in_the_order_given(db: Database, root: EventId, tmp_path: Path) -> None:
    aside = db.append(root)
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    files: list[Any] = [
        b"bytes",
        bytearray(b"bytearray"),
        memoryview(CONTENT),
        path,
        str(path),
        io.BytesIO(CONTENT),
        (b"named", {"attributes": {"name": "x"}, "metadata": "m"}),
        (path, {"parent": aside}),
        (b"", {"parent": None, "temporary": True, "expires": 5}),
        *(bytes_of(5000, seed) for seed in range(500)),
    ]
    ids = db.put_files(root, files)
    assert len(ids) == len(files)
    expected = [b"bytes", b"bytearray", CONTENT, CONTENT, CONTENT, CONTENT, b"named", CONTENT, b""]
    assert [db.read_file(event) for event in ids[:9]] == expected
    assert [db.read_file(ids[9 + seed]) for seed in (0, 250, 499)] == [bytes_of(5000, seed) for seed in (0, 250, 499)]
    assert db.event(ids[6]).attributes == {"name": b"x"} and db.event(ids[6]).metadata == b"m"
    assert db.event(ids[7]).parent == aside and db.event(ids[8]).parent == root
    assert db.event(ids[8]).temporary and db.event(ids[8]).expires_ms == 5
    assert db.verify().is_clean


def test_the_iterable_is_asked_on_this_thread_and_not_far_ahead(db: Database, root: EventId) -> None:
    asked: list[int] = []

    def files() -> Iterator[bytes]:
        for number in range(2000):
            asked.append(threading.get_ident())
            yield number.to_bytes(2, "big") * 500

    ids = db.put_files(root, files())
    assert len(ids) == len(asked) == 2000 and set(asked) == {threading.get_ident()}
    assert db.put_files(root, []) == []
    assert db.read_file(db.put_files(root, (b"a" for _ in range(1)), durability="buffered")[0]) == b"a"


def test_a_readers_own_thread(db: Database, root: EventId) -> None:
    class Mine:
        def __init__(self) -> None:
            self.left = 700_000

        def read(self, size: int) -> bytes:
            assert threading.get_ident() == here
            piece = b"m" * min(size, self.left)
            self.left -= len(piece)
            return piece

    here = threading.get_ident()
    ids = db.put_files(root, [Mine(), b"x" * 10_000, Mine()])
    assert [db.event(event).content_length for event in ids] == [700_000, 10_000, 700_000]


@pytest.mark.parametrize("at", [0, 30])
def test_what_fails_is_named_and_leaves_nothing(db: Database, root: EventId, tmp_path: Path, at: int) -> None:
    unknown = EventId(bytes(64))
    temporary = db.append(root, temporary=True)
    before = db.stats().events
    cases: list[tuple[Any, type[Exception], str]] = [
        (Fails(), SourceFailedError, "torn"),
        (tmp_path / "missing", PathNotFoundError, "missing"),
        (tmp_path, InvalidArgumentError, "no file"),
        (Path("/dev/zero"), InvalidArgumentError, "no file"),
        ((b"", {"parent": unknown}), ParentNotFoundError, "00"),
        ((b"", {"parent": temporary}), InvalidParentError, "temporary"),
        ((b"", {"durability": "buffered"}), InvalidArgumentError, "durability"),
    ]
    for bad, error, text in cases:
        files = [bytes_of(1000, seed) for seed in range(40)]
        with pytest.raises(error, match=text) as raised:
            db.put_files(root, [*files[:at], bad, *files[at:]])
        assert f"files[{at}]" in str(raised.value)
        assert db.stats().events == before
        if error is SourceFailedError:
            assert isinstance(raised.value.__cause__, ValueError)
    files_again = db.put_files(root, [bytes_of(1000, seed) for seed in range(40)])
    assert len(files_again) == 40 and db.verify().is_clean


def test_exceptions_of_the_iterable_and_wrong_elements(db: Database, root: EventId) -> None:
    class Mine(Exception):
        pass

    def files() -> Iterator[bytes]:
        yield b"good"
        raise Mine

    with pytest.raises(Mine):
        db.put_files(root, files())
    wrong: list[Any] = [5, None, b"bytes", "text", {"a": 1}, [5], [None], [(b"x", 5)], [(b"x",)], [(b"x", {}, {})]]
    for given in wrong:
        with pytest.raises(WrongTypeError):
            db.put_files(root, given)
    for says in ({"colour": "red"}, {"parents": root}, {5: 5}):
        with pytest.raises(TypeError):
            db.put_files(root, [(b"x", says)])  # type: ignore[list-item]
    says: dict[str, Any] = {"parent": root}
    db.put_files(root, [(b"x", says)])  # type: ignore[list-item]
    assert says == {"parent": root}, "the caller's dict stays as it was"
    assert db.stats().events == 2


def test_more_than_a_batch_takes(memory: Database) -> None:
    root = memory.create_root("r")
    with pytest.raises(BatchTooLargeError, match=r"files\[3\] is one too many"):
        memory.put_files(root, [(b"", {"metadata": bytes(16 << 20)}) for _ in range(5)])
    assert memory.stats().events == 1


def test_a_closed_database(db: Database, root: EventId) -> None:
    db.close()
    with pytest.raises(ouroborosdb.ClosedError):
        db.put_files(root, [b"x"])


def test_sources_may_use_the_database(db: Database, root: EventId) -> None:
    stored = db.put_file(root, CONTENT)

    def files() -> Iterator[Any]:
        yield db.open_file(stored)
        yield db.read_file(stored)
        yield io.BufferedReader(db.open_file(stored))

    assert all(db.read_file(event) == CONTENT for event in db.put_files(root, files()))
    assert os.path.exists(db.path or "")
