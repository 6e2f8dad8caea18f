"""Where a file's content comes from: paths of every form, file objects of every temper."""

from __future__ import annotations

import errno
import io
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ouroborosdb
import pytest
from content import bytes_of
from ouroborosdb import Database, ErrorCode, EventId, PathNotFoundError, SourceFailedError, WrongTypeError

CONTENT = bytes_of(300_000)


class Gives:
    """A file object whose `read` gives what a function says."""

    def __init__(self, answer: Callable[[int], Any]) -> None:
        self.read = answer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


def test_paths_of_every_form(db: Database, root: EventId, file: Path) -> None:
    class Like:
        def __fspath__(self) -> bytes:
            return os.fsencode(file)

    for path in (file, str(file), Like()):
        assert db.read_file(db.put_file(root, path)) == CONTENT
    # Bytes are content, never a path.
    assert db.read_file(db.put_file(root, os.fsencode(file))) == os.fsencode(file)


def test_a_path_that_is_no_text(db: Database, root: EventId, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/n\xff\xfe"
    with open(path, "wb") as file:
        file.write(b"raw")
    assert db.read_file(db.put_file(root, Path(os.fsdecode(path)))) == b"raw"


def test_a_path_with_nothing_at_it(db: Database, root: EventId, tmp_path: Path) -> None:
    with pytest.raises(PathNotFoundError) as raised:
        db.put_file(root, tmp_path / "missing")
    assert isinstance(raised.value, FileNotFoundError)
    assert raised.value.errno == raised.value.os_code == errno.ENOENT
    assert str(tmp_path / "missing") in str(raised.value)


def test_a_folder_is_no_file(db: Database, root: EventId, tmp_path: Path) -> None:
    with pytest.raises(SourceFailedError) as raised:
        db.put_file(root, tmp_path)
    assert raised.value.os_code == errno.EISDIR
    assert list(db.child_ids(root)) == []


def test_paths_to_open(tmp_path: Path) -> None:
    for form in (str(tmp_path / "a"), os.fsencode(tmp_path / "b"), tmp_path / "c"):
        with ouroborosdb.open(form) as db:
            assert db.path == Path(os.fsdecode(form))
            title = db.event(db.create_root("r")).title
        with ouroborosdb.open_read_only(form) as db:
            assert [event.title for event in db.roots()] == [title]


def test_file_objects(db: Database, root: EventId, file: Path) -> None:
    with file.open("rb") as buffered, file.open("rb", buffering=0) as raw, tempfile.TemporaryFile() as temporary:
        temporary.write(CONTENT)
        temporary.seek(0)
        for source in (io.BytesIO(CONTENT), buffered, raw, temporary):
            assert db.read_file(db.put_file(root, source)) == CONTENT
        assert buffered.read() == b""
    with db.batch() as batch:
        batch.put_file(root, io.BytesIO(CONTENT))
    assert batch.ids is not None
    assert db.read_file(batch.ids[0]) == CONTENT


def test_a_file_object_is_read_from_where_it_stands(db: Database, root: EventId) -> None:
    source = io.BytesIO(CONTENT)
    source.seek(100)
    assert db.read_file(db.put_file(root, source)) == CONTENT[100:]


def test_a_reader_of_the_same_database_is_a_source(db: Database, root: EventId) -> None:
    with db.open_file(db.put_file(root, CONTENT)) as reader:
        copy = db.put_file(root, reader)
    assert db.read_file(copy) == CONTENT


def test_a_pipe(db: Database, root: EventId, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(CONTENT))
    writer.start()
    assert db.read_file(db.put_file(root, tmp_path / "pipe")) == CONTENT
    writer.join()


def test_short_reads(db: Database, root: EventId) -> None:
    source = io.BytesIO(CONTENT)
    assert db.read_file(db.put_file(root, Gives(lambda n: source.read(min(n, 777))))) == CONTENT


def test_more_than_was_asked_for(db: Database, root: EventId) -> None:
    pieces = [CONTENT[:200_000], bytearray(CONTENT[200_000:]), b""]
    assert db.read_file(db.put_file(root, Gives(lambda n: pieces.pop(0)))) == CONTENT


@pytest.mark.parametrize("form", [bytearray, memoryview], ids=["bytearray", "memoryview"])
def test_read_may_give_any_bytes(db: Database, root: EventId, form: Callable[[bytes], object]) -> None:
    source = io.BytesIO(CONTENT)
    assert db.read_file(db.put_file(root, Gives(lambda n: form(source.read(n))))) == CONTENT


def test_text_files_are_refused(db: Database, root: EventId, file: Path) -> None:
    with file.open("r", encoding="latin-1") as text:
        for source in (text, io.StringIO("text")):
            with pytest.raises(WrongTypeError, match="binary"):
                db.put_file(root, source)  # type: ignore[arg-type]
    assert list(db.child_ids(root)) == []


def test_a_source_that_would_block(db: Database, root: EventId) -> None:
    with pytest.raises(SourceFailedError, match="block"):
        db.put_file(root, Gives(lambda n: None))


@pytest.mark.parametrize("wrong", [5, [b"x"], object()], ids=["int", "list", "object"])
def test_read_that_gives_no_bytes(db: Database, root: EventId, wrong: object) -> None:
    with pytest.raises(WrongTypeError):
        db.put_file(root, Gives(lambda n: wrong))


def raising(error: BaseException) -> Gives:
    def read(n: int) -> bytes:
        raise error

    return Gives(read)


def test_an_exception_of_the_source_is_the_cause(db: Database, root: EventId) -> None:
    for error in (OSError(errno.EIO, "the tape tore"), ZeroDivisionError("by zero"), StopIteration()):
        with pytest.raises(SourceFailedError) as raised:
            db.put_file(root, raising(error))
        assert raised.value.__cause__ is error
        assert raised.value.code is ErrorCode.SOURCE_FAILED
        assert str(error) in str(raised.value)
    assert list(db.child_ids(root)) == []


def test_what_is_no_failure_goes_through_as_it_is(db: Database, root: EventId) -> None:
    for error in (KeyboardInterrupt(), SystemExit(3), GeneratorExit()):
        with pytest.raises(type(error)) as raised:
            db.put_file(root, raising(error))
        assert raised.value is error


def test_an_error_of_a_database_that_is_the_source_goes_through(db: Database, root: EventId) -> None:
    with ouroborosdb.open_in_memory() as other:
        reader = other.open_file(other.put_file(other.create_root("r"), CONTENT))
    with pytest.raises(ouroborosdb.ClosedError):
        db.put_file(root, reader)


def test_a_source_may_use_the_database(db: Database, root: EventId) -> None:
    appended: list[EventId] = []

    def read(n: int) -> bytes:
        appended.append(db.append(root))
        return b"x" * 10 if len(appended) < 5 else b""

    file = db.put_file(root, Gives(read))
    assert db.read_file(file) == b"x" * 40
    assert list(db.child_ids(root)) == [*appended, file]
