"""Bad input that only Python can give: for each parameter of each call, values of a wrong type or out of range.

What every language can give is in `conformance/bad_input.txt`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ouroborosdb
import pytest
from ouroborosdb import (
    Database,
    DuplicateAttributeError,
    InvalidArgumentError,
    InvalidIdError,
    InvalidTextError,
    WrongTypeError,
)

NO_TEXT = (5, None, b"bytes", ["list"])
NO_EVENT = (5, None, 1.5, ["list"])
NO_FLAG = (1, "true", None)
NO_NUMBER = ("5", 1.5, b"5", True)
NO_BYTES = (5, 1.5, ["list"], object())
NO_PATH = (5, None, ["list"])
OUT_OF_RANGE = (-1, 1 << 64, -(1 << 70))


@dataclass(frozen=True)
class On:
    """What the calls are made on. All of it is dynamic, since the calls are wrong on purpose."""

    db: Any
    root: Any
    batch: Any
    writer: Any
    reader: Any
    ids: Any
    folder: Path


@pytest.fixture
def on(memory: Database, tmp_path: Path) -> On:
    root = memory.create_root("r")
    reader = memory.open_file(memory.put_file(root, b"hello"))
    return On(memory, root, memory.batch(), memory.file_writer(root), reader, memory.child_ids(root), tmp_path)


Call = Callable[[On, Any], object]


def open_with(on: On, **options: Any) -> object:
    return ouroborosdb.open(on.folder / "x", **options)


NO_DURABILITY = (5, b"durable", True)
CALLS: list[tuple[str, Call, tuple[object, ...], type[Exception]]] = [
    ("create_root(title)", lambda on, x: on.db.create_root(x), NO_TEXT, WrongTypeError),
    ("ensure_root(title)", lambda on, x: on.db.ensure_root(x), NO_TEXT, WrongTypeError),
    ("roots_titled(title)", lambda on, x: on.db.roots_titled(x), NO_TEXT, WrongTypeError),
    ("batch.create_root(title)", lambda on, x: on.batch.create_root(x), NO_TEXT, WrongTypeError),
    ("append(parent)", lambda on, x: on.db.append(x), NO_EVENT, WrongTypeError),
    ("put_file(parent)", lambda on, x: on.db.put_file(x, b""), NO_EVENT, WrongTypeError),
    ("file_writer(parent)", lambda on, x: on.db.file_writer(x), NO_EVENT, WrongTypeError),
    ("import_path(parent)", lambda on, x: on.db.import_path(x, on.folder), NO_EVENT, WrongTypeError),
    ("batch.append(parent)", lambda on, x: on.batch.append(x), NO_EVENT, WrongTypeError),
    ("batch.put_file(parent)", lambda on, x: on.batch.put_file(x, b""), NO_EVENT, WrongTypeError),
    ("event(event)", lambda on, x: on.db.event(x), NO_EVENT, WrongTypeError),
    ("metadata(event)", lambda on, x: on.db.metadata(x), NO_EVENT, WrongTypeError),
    ("resolve(digits)", lambda on, x: on.db.resolve(x), [None, 5, b"00", True], WrongTypeError),
    ("parent(event)", lambda on, x: on.db.parent(x), NO_EVENT, WrongTypeError),
    ("children(event)", lambda on, x: on.db.children(x), NO_EVENT, WrongTypeError),
    ("child_ids(event)", lambda on, x: on.db.child_ids(x), NO_EVENT, WrongTypeError),
    ("ancestors(event)", lambda on, x: on.db.ancestors(x), NO_EVENT, WrongTypeError),
    ("descendants(event)", lambda on, x: on.db.descendants(x), NO_EVENT, WrongTypeError),
    ("read_file(event)", lambda on, x: on.db.read_file(x), NO_EVENT, WrongTypeError),
    ("open_file(event)", lambda on, x: on.db.open_file(x), NO_EVENT, WrongTypeError),
    ("export_path(event)", lambda on, x: on.db.export_path(x, on.folder / "x"), NO_EVENT, WrongTypeError),
    ("event of bytes", lambda on, x: on.db.event(x), (b"", bytes(63), "", "0" * 127, "z" * 128), InvalidIdError),
    ("metadata=", lambda on, x: on.db.append(on.root, metadata=x), NO_BYTES, WrongTypeError),
    ("attributes=", lambda on, x: on.db.append(on.root, attributes=x), (5, "text", b"bytes", [1]), WrongTypeError),
    ("attribute pairs", lambda on, x: on.db.append(on.root, attributes=[x]), (("a",), "abc", 5), WrongTypeError),
    ("attribute names", lambda on, x: on.db.append(on.root, attributes=[(x, b"")]), NO_TEXT, WrongTypeError),
    ("attribute values", lambda on, x: on.db.append(on.root, attributes={"a": x}), (5, None), WrongTypeError),
    ("follows=", lambda on, x: on.db.append(on.root, follows=x), (5, "0" * 128, bytes(64)), WrongTypeError),
    ("what is followed", lambda on, x: on.db.append(on.root, follows=[x]), NO_EVENT, WrongTypeError),
    ("temporary=", lambda on, x: on.db.append(on.root, temporary=x), NO_FLAG, WrongTypeError),
    ("full_text=", lambda on, x: on.db.append(on.root, full_text=x), NO_FLAG, WrongTypeError),
    ("expires=", lambda on, x: on.db.append(on.root, temporary=True, expires=x), ("5", 1.5, True), WrongTypeError),
    ("append(durability=)", lambda on, x: on.db.append(on.root, durability=x), NO_DURABILITY, WrongTypeError),
    ("append(durability=)", lambda on, x: on.db.append(on.root, durability=x), ("", "always"), InvalidArgumentError),
    ("put_file(durability=)", lambda on, x: on.db.put_file(on.root, b"", durability=x), NO_DURABILITY, WrongTypeError),
    ("put_file(durability=)", lambda on, x: on.db.put_file(on.root, b"", durability=x), ("", "always"), InvalidArgumentError),
    ("file_writer(durability=)", lambda on, x: on.db.file_writer(on.root, durability=x), NO_DURABILITY, WrongTypeError),
    ("file_writer(durability=)", lambda on, x: on.db.file_writer(on.root, durability=x), ("", "always"), InvalidArgumentError),
    ("batch.commit(durability=)", lambda on, x: on.batch.commit(durability=x), NO_DURABILITY, WrongTypeError),
    ("batch.commit(durability=)", lambda on, x: on.batch.commit(durability=x), ("", "always"), InvalidArgumentError),
    (
        "import_path(durability=)",
        lambda on, x: on.db.import_path(on.root, on.folder, durability=x),
        NO_DURABILITY,
        WrongTypeError,
    ),
    (
        "import_path(durability=)",
        lambda on, x: on.db.import_path(on.root, on.folder, durability=x),
        ("", "DURABLE"),
        InvalidArgumentError,
    ),
    ("put_file(source)", lambda on, x: on.db.put_file(on.root, x), (5, None, ["list"]), WrongTypeError),
    ("batch.put_file(source)", lambda on, x: on.batch.put_file(on.root, x), (5, None), WrongTypeError),
    ("put_file(metadata=)", lambda on, x: on.db.put_file(on.root, b"", metadata=x), NO_BYTES, WrongTypeError),
    ("writer.write(bytes)", lambda on, x: on.writer.write(x), ("text", 5, None), WrongTypeError),
    ("import_path(path)", lambda on, x: on.db.import_path(on.root, x), NO_PATH, WrongTypeError),
    ("backup_to(path)", lambda on, x: on.db.backup_to(x), NO_PATH, WrongTypeError),
    ("export_path(path)", lambda on, x: on.db.export_path(on.root, x), NO_PATH, WrongTypeError),
    ("open(path)", lambda on, x: ouroborosdb.open(x), NO_PATH, WrongTypeError),
    ("open_read_only(path)", lambda on, x: ouroborosdb.open_read_only(x), NO_PATH, WrongTypeError),
    ("open(path) with a nul", lambda on, x: ouroborosdb.open(x), ("a\0b", b"a\0b"), InvalidArgumentError),
    ("durability=", lambda on, x: ouroborosdb.open_in_memory(durability=x), (5, b"durable"), WrongTypeError),
    ("durability=", lambda on, x: ouroborosdb.open_in_memory(durability=x), ("", "fast"), InvalidArgumentError),
    ("compression=", lambda on, x: ouroborosdb.open_in_memory(compression=x), (5, b"none"), WrongTypeError),
    ("compression=", lambda on, x: ouroborosdb.open_in_memory(compression=x), ("", "durable"), InvalidArgumentError),
    ("segment_bytes=", lambda on, x: ouroborosdb.open_in_memory(segment_bytes=x), NO_NUMBER, WrongTypeError),
    ("segment_bytes=", lambda on, x: ouroborosdb.open_in_memory(segment_bytes=x), OUT_OF_RANGE, InvalidArgumentError),
    ("memory_limit=", lambda on, x: ouroborosdb.open_in_memory(memory_limit=x), NO_NUMBER, WrongTypeError),
    ("memory_limit=", lambda on, x: ouroborosdb.open_in_memory(memory_limit=x), OUT_OF_RANGE, InvalidArgumentError),
    ("memory=", lambda on, x: ouroborosdb.open_in_memory(memory_capacity_bytes=x), NO_NUMBER, WrongTypeError),
    ("memory=", lambda on, x: ouroborosdb.open_in_memory(memory_capacity_bytes=x), OUT_OF_RANGE, InvalidArgumentError),
    ("paths=", lambda on, x: open_with(on, paths=x), (5, "path", b"path", Path("path")), WrongTypeError),
    ("paths=", lambda on, x: open_with(on, paths=[x]), NO_PATH, WrongTypeError),
    ("paths=", lambda on, x: open_with(on, paths=x), (["path"] * 65, itertools.repeat("path")), InvalidArgumentError),
    ("create=", lambda on, x: open_with(on, create=x), (1, "true"), WrongTypeError),
    ("free=", lambda on, x: open_with(on, minimum_free_bytes=x), NO_NUMBER, WrongTypeError),
    ("free=", lambda on, x: open_with(on, minimum_free_bytes=x), OUT_OF_RANGE, InvalidArgumentError),
    ("order=", lambda on, x: on.db.children(on.root, order=x), (5, b"time"), WrongTypeError),
    ("order=", lambda on, x: on.db.child_ids(on.root, order=x), ("", "Commit"), InvalidArgumentError),
    ("page(limit)", lambda on, x: on.ids.page(x), (*NO_NUMBER, None), WrongTypeError),
    ("page(limit)", lambda on, x: on.ids.page(x), OUT_OF_RANGE, InvalidArgumentError),
    ("changes(after)", lambda on, x: on.db.changes(x), (5, b"bytes", ["list"]), WrongTypeError),
    ("reader.read_at(offset)", lambda on, x: on.reader.read_at(x, 1), ("0", 1.5, None), WrongTypeError),
    ("reader.read_at(offset)", lambda on, x: on.reader.read_at(x, 1), OUT_OF_RANGE, InvalidArgumentError),
    ("reader.read_at(size)", lambda on, x: on.reader.read_at(0, x), ("1", 1.5, None, True), WrongTypeError),
    ("reader.read_at(size)", lambda on, x: on.reader.read_at(0, x), (-1, -(1 << 70)), InvalidArgumentError),
    ("reader.read(size)", lambda on, x: on.reader.read(x), ("1", 1.5, b""), WrongTypeError),
    ("reader.seek(offset)", lambda on, x: on.reader.seek(x), ("1", 1.5, None), WrongTypeError),
    ("lone surrogates", lambda on, x: on.db.create_root(x), ("\ud800", "a\udcffb"), InvalidTextError),
    (
        "a name twice",
        lambda on, x: on.db.append(on.root, attributes=[(x, b"1"), (x, b"2")]),
        ("a", "é"),
        DuplicateAttributeError,
    ),
]


@pytest.mark.parametrize(
    ("call", "wrong", "error"),
    [
        pytest.param(call, wrong, error, id=f"{name} {wrong!a:.20}")
        for name, call, wrongs, error in CALLS
        for wrong in wrongs
    ],
)
def test_it_is_refused_and_changes_nothing(on: On, call: Call, wrong: object, error: type[Exception]) -> None:
    before = on.db.stats()
    with pytest.raises(error) as raised:
        call(on, wrong)
    assert str(raised.value), "an error says what is wrong"
    after = on.db.stats()
    assert (after.events, after.stored_bytes) == (before.events, before.stored_bytes)
    assert len(on.batch) == 0
    assert not (on.folder / "x").exists()
    on.writer.write(b"still good")


def test_an_unknown_keyword_is_named(on: On) -> None:
    for call in (
        lambda: on.db.append(on.root, metdata=b"x"),
        lambda: on.db.put_file(on.root, b"x", metdata=b"x"),
        lambda: on.db.file_writer(on.root, metdata=b"x"),
        lambda: on.db.children(on.root, metdata=b"x"),
        lambda: on.db.import_path(on.root, on.folder, metdata=b"x"),
        lambda: on.db.verify(metdata=b"x"),
        lambda: on.batch.append(on.root, metdata=b"x"),
        lambda: on.batch.put_file(on.root, b"x", metdata=b"x"),
        lambda: open_with(on, metdata=b"x"),
    ):
        with pytest.raises(TypeError, match="metdata"):
            call()


def test_too_many_and_too_few_arguments(on: On) -> None:
    for call in (
        lambda: on.db.append(),
        lambda: on.db.append(on.root, b"metadata"),
        lambda: on.db.put_file(on.root),
        lambda: on.db.children(on.root, "commit"),
        lambda: on.db.verify(None),
        lambda: ouroborosdb.open(),  # type: ignore[call-arg]
        lambda: ouroborosdb.open(on.folder / "x", "durable"),  # type: ignore[call-arg]
        lambda: ouroborosdb.open_in_memory("durable"),  # type: ignore[call-arg]
        lambda: on.ids.page(),
    ):
        with pytest.raises(TypeError):
            call()
    assert not (on.folder / "x").exists()


def test_classes_that_are_not_made_by_hand() -> None:
    for name in (
        "Database Event EventCursor IdCursor RootCursor Changes Watcher Batch Member FileWriter "
        "Stats ImportReport ExportReport BackupReport VerifyReport Problem"
    ).split():
        with pytest.raises(TypeError):
            getattr(ouroborosdb, name)()


class Hostile:
    """Raises whatever it is asked."""

    def __fspath__(self) -> str:
        raise ZeroDivisionError("asked for a path")

    def __index__(self) -> int:
        raise ZeroDivisionError("asked for a number")

    def __iter__(self) -> Any:
        raise ZeroDivisionError("asked for items")


def test_exceptions_of_what_was_passed_come_out(on: On) -> None:
    for call in (
        lambda: on.db.put_file(on.root, Hostile()),
        lambda: on.db.import_path(on.root, Hostile()),
        lambda: ouroborosdb.open(Hostile()),
        lambda: on.db.append(on.root, follows=(1 // 0 for _ in range(1))),
        lambda: on.db.append(on.root, attributes=(1 // 0 for _ in range(1))),
    ):
        with pytest.raises(ZeroDivisionError):
            call()
    assert on.db.stats().events == 2
