"""Readers: a file of the database is a file of Python."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from content import bytes_of
from ouroborosdb import ClosedError, Database, EventId, FileReader, InvalidArgumentError

CONTENT = bytes_of(300_000)


@pytest.fixture
def reader(db: Database, root: EventId) -> FileReader:
    return db.open_file(db.put_file(root, CONTENT))


def test_it_is_a_file_of_python(reader: Any) -> None:
    assert isinstance(reader, io.IOBase)
    assert (reader.readable(), reader.seekable(), reader.writable()) == (True, True, False)
    assert not reader.isatty()
    assert not reader.closed
    with pytest.raises(OSError):
        reader.fileno()
    for write in (lambda: reader.write(b"x"), lambda: reader.truncate(0)):
        with pytest.raises(OSError):
            write()


def test_read(reader: FileReader) -> None:
    assert reader.read(10) == CONTENT[:10]
    assert reader.tell() == 10
    assert reader.read(0) == b""
    assert reader.read(200_000) == CONTENT[10:200_010]
    assert reader.read() == CONTENT[200_010:]
    assert reader.read() == reader.read(5) == b""
    assert reader.length == len(CONTENT)
    reader.seek(0)
    assert reader.read(-1) == CONTENT
    reader.seek(1)
    assert reader.read(None) == CONTENT[1:]
    reader.seek(0)
    # More than any file has, and no memory for it.
    assert reader.read(1 << 50) == CONTENT


def test_readinto(reader: FileReader) -> None:
    target = bytearray(400_000)
    assert reader.readinto(target) == len(CONTENT)
    assert target == CONTENT + bytes(100_000)
    assert reader.readinto(target) == 0
    reader.seek(5)
    assert reader.readinto(memoryview(target)[100:200]) == 100
    assert target[100:200] == CONTENT[5:105]
    assert reader.readinto(bytearray()) == 0
    for wrong in (b"read only", "text", None):
        with pytest.raises(TypeError):
            reader.readinto(wrong)  # type: ignore[arg-type]


def test_seek(reader: FileReader) -> None:
    assert reader.seek(100) == reader.tell() == 100
    assert reader.seek(-50, os.SEEK_CUR) == 50
    assert reader.seek(-10, os.SEEK_END) == len(CONTENT) - 10
    assert reader.read() == CONTENT[-10:]
    assert reader.seek(1000, os.SEEK_END) == len(CONTENT) + 1000
    assert reader.read() == reader.read(1) == b""
    assert reader.readinto(bytearray(5)) == 0
    assert reader.seek(7) == 7
    for offset, whence in ((-1, os.SEEK_SET), (-8, os.SEEK_CUR), (-len(CONTENT) - 1, os.SEEK_END), (0, 9)):
        with pytest.raises(InvalidArgumentError):
            reader.seek(offset, whence)
    assert reader.tell() == 7


def test_read_at_leaves_the_position(reader: FileReader) -> None:
    reader.seek(5)
    assert reader.read_at(100, 50) == CONTENT[100:150]
    assert reader.read_at(len(CONTENT) - 5, 50) == CONTENT[-5:]
    assert reader.read_at(len(CONTENT), 5) == reader.read_at(1 << 60, 5) == b""
    assert reader.read_at(0, len(CONTENT) * 10) == CONTENT
    assert reader.tell() == 5


def test_lines(db: Database, root: EventId) -> None:
    text = b"one\ntwo\r\n\nlast"
    with db.open_file(db.put_file(root, text)) as reader:
        assert list(reader) == text.splitlines(keepends=True)
        reader.seek(0)
        assert reader.readline() == b"one\n"
        assert reader.readline(2) == b"tw"
        assert reader.readlines() == [b"o\r\n", b"\n", b"last"]


def test_an_empty_file(db: Database, root: EventId) -> None:
    with db.open_file(db.put_file(root, b"")) as reader:
        assert (reader.length, reader.read(), reader.readline(), list(reader)) == (0, b"", b"", [])


def test_as_text(db: Database, root: EventId) -> None:
    rows = [["grüße", "1"], ["\N{OCTOPUS}", "2"]]
    file = db.put_file(root, "".join(f"{a};{b}\n" for a, b in rows).encode())
    reader: Any = db.open_file(file)
    with io.TextIOWrapper(reader, encoding="utf-8", newline="") as text:
        assert list(csv.reader(text, delimiter=";")) == rows


def test_buffered_and_copied(reader: FileReader) -> None:
    target = io.BytesIO()
    shutil.copyfileobj(reader, target)
    assert target.getvalue() == CONTENT
    reader.seek(0)
    buffered = io.BufferedReader(reader, 100)
    assert buffered.peek(1)[:1] == CONTENT[:1]
    assert buffered.read(1000) == CONTENT[:1000]


def test_archives(db: Database, root: EventId, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(CONTENT)
    writer: Any = db.file_writer(root)
    with writer, tarfile.open(fileobj=writer, mode="w|gz") as tar:
        tar.add(tmp_path / "in", "in")
    assert writer.event is not None
    with db.open_file(writer.event) as reader, tarfile.open(fileobj=reader) as tar:
        member = tar.extractfile("in")
        assert member is not None
        assert member.read() == CONTENT
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "in", "in")
    with db.open_file(db.put_file(root, packed.getvalue())) as reader, zipfile.ZipFile(reader) as archive:
        assert archive.testzip() is None
        assert archive.read("in") == CONTENT


def test_closing_it(reader: FileReader) -> None:
    with reader as entered:
        assert entered is reader
    reader.close()
    assert reader.closed
    for call in (reader.read, reader.tell, reader.readline, lambda: reader.seek(0), lambda: reader.read_at(0, 1)):
        with pytest.raises(ValueError, match="closed"):
            call()


def test_two_readers_of_one_file_are_apart(db: Database, root: EventId) -> None:
    file = db.put_file(root, CONTENT)
    one, other = db.open_file(file), db.open_file(file)
    one.seek(1000)
    assert other.read(5) == CONTENT[:5]
    one.close()
    assert other.read(5) == CONTENT[5:10]


def test_it_survives_its_database_object_and_not_its_closing(db: Database, root: EventId) -> None:
    reader = db.open_file(db.put_file(root, CONTENT))
    db.close()
    with pytest.raises(ClosedError):
        reader.read(1)
    # Closing a reader of a closed database is no error.
    reader.close()
