"""A stored file out again: to paths, descriptors and file objects."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import Any

import ouroborosdb
import pytest
from content import bytes_of
from ouroborosdb import (
    AlreadyExistsError,
    ClosedError,
    Database,
    EventId,
    FileReader,
    InvalidArgumentError,
    IoError,
    PathNotFoundError,
    WrongTypeError,
)

CONTENT = bytes_of(3_000_000)


@pytest.fixture
def reader(db: Database, root: EventId) -> FileReader:
    return db.open_file(db.put_file(root, CONTENT))


class Gives:
    """A file object whose `write` does what a function says."""

    def __init__(self, write: Any) -> None:
        self.write = write


def test_paths(reader: FileReader, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/o\xff")
    for path in (tmp_path / "out", str(tmp_path / "text"), odd):
        reader.seek(0)
        assert reader.write_to(path) == len(CONTENT) == reader.tell()
        assert Path(path).read_bytes() == CONTENT
    reader.seek(-10, os.SEEK_END)
    assert reader.write_to(tmp_path / "rest") == 10
    assert (tmp_path / "rest").read_bytes() == CONTENT[-10:]
    assert reader.write_to(tmp_path / "nothing") == 0
    assert (tmp_path / "nothing").read_bytes() == b""


def test_paths_that_are_refused(db: Database, reader: FileReader, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    with pytest.raises(AlreadyExistsError):
        reader.write_to(there)
    assert there.read_text() == "mine"
    with pytest.raises(PathNotFoundError):
        reader.write_to(tmp_path / "no" / "where")
    assert db.path is not None
    with pytest.raises(InvalidArgumentError):
        reader.write_to(db.path / "x")
    assert reader.tell() == 0


def test_descriptors(reader: FileReader, tmp_path: Path) -> None:
    with open(tmp_path / "out", "wb") as file:
        assert reader.write_to(file.fileno()) == len(CONTENT)
        file.write(b"it is still open")
    assert (tmp_path / "out").read_bytes() == CONTENT + b"it is still open"
    with pytest.raises(InvalidArgumentError):
        reader.write_to(-1)
    with pytest.raises(OSError):
        reader.write_to(987_654)
    if os.path.exists("/dev/full"):
        reader.seek(0)
        with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
            reader.write_to(full.fileno())


def test_file_objects(reader: FileReader, tmp_path: Path) -> None:
    target = io.BytesIO()
    reader.seek(5)
    assert reader.write_to(target) == len(CONTENT) - 5
    assert target.getvalue() == CONTENT[5:]
    reader.seek(0)
    with open(tmp_path / "out", "wb") as file:
        assert reader.write_to(file) == len(CONTENT)
    assert (tmp_path / "out").read_bytes() == CONTENT
    # What takes little at a time, and what does not say how much it took.
    taken: list[bytes] = []
    reader.seek(0)
    reader.write_to(Gives(lambda data: taken.append(data[:100_000]) or len(taken[-1])))
    assert b"".join(taken) == CONTENT and len(taken) > 10
    taken.clear()
    reader.seek(0)
    reader.write_to(Gives(taken.append))
    assert b"".join(taken) == CONTENT


def test_into_a_writer_of_a_database(db: Database, root: EventId, reader: FileReader) -> None:
    with ouroborosdb.open_in_memory() as other, other.file_writer(other.create_root("r")) as writer:
        assert reader.write_to(writer) == len(CONTENT)
        writer.finish()
        assert writer.event is not None and other.read_file(writer.event) == CONTENT
    # And as all of Python copies files, both ways.
    reader.seek(0)
    with db.file_writer(root) as writer:
        shutil.copyfileobj(reader, writer)
    assert writer.event is not None
    with io.BufferedReader(db.open_file(writer.event)) as buffered, io.BytesIO() as target:
        shutil.copyfileobj(buffered, target)
        assert target.getvalue() == CONTENT


def test_targets_that_fail(reader: FileReader) -> None:
    class Mine(Exception):
        pass

    count = 0

    def fails(data: bytes) -> int:
        nonlocal count
        count += 1
        if count == 3:
            raise Mine
        return 1000

    with pytest.raises(Mine):
        reader.write_to(Gives(fails))
    assert reader.tell() == 2000, "it says how far it came"
    for answer in (0, -1, len(CONTENT) + 1, "all", 1.5):
        with pytest.raises(IoError):
            reader.write_to(Gives(lambda data, answer=answer: answer))

    class Raw(io.RawIOBase):
        def write(self, data: Any, /) -> None:
            return None

    with pytest.raises(IoError, match="block"):
        reader.write_to(Raw())
    assert reader.tell() == 2000


def test_wrong_types(reader: FileReader) -> None:
    wrong: list[Any] = [None, 1.5, True, object(), b"bytes are no path", io.StringIO]
    for target in wrong:
        with pytest.raises((WrongTypeError, TypeError)):
            reader.write_to(target)
    with pytest.raises(TypeError):
        reader.write_to(io.StringIO())  # type: ignore[arg-type]
    with pytest.raises(WrongTypeError):
        reader.write_to(io.BytesIO(), progress=5)  # type: ignore[arg-type]
    assert reader.tell() == 0


def test_a_closed_reader(db: Database, reader: FileReader, tmp_path: Path) -> None:
    db.close()
    with pytest.raises(ClosedError):
        reader.write_to(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    reader.close()
    with pytest.raises(ClosedError):
        reader.write_to(io.BytesIO())
