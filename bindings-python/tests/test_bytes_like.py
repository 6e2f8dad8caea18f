"""Bytes in: whatever has a buffer, and text where text is taken."""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from content import bytes_of
from ouroborosdb import Database, EventId, InvalidArgumentError, InvalidTextError, WrongTypeError

LONG = bytes_of(200_000)


def forms(content: bytes) -> Iterator[tuple[str, object]]:
    yield "bytes", content
    yield "bytearray", bytearray(content)
    yield "memoryview", memoryview(content)
    yield "part of a memoryview", memoryview(b"<" + content + b">")[1:-1]
    yield "array", array("H", content)
    yield "memoryview of two dimensions", memoryview(content).cast("B", (2, len(content) // 2))


FORMS = list(forms(LONG))


@pytest.mark.parametrize("form", [form for _, form in FORMS], ids=[name for name, _ in FORMS])
def test_whatever_has_a_contiguous_buffer(memory: Database, form: bytes) -> None:
    root = memory.create_root("r")
    event = memory.event(memory.append(root, metadata=form, attributes={"a": memoryview(form).cast("B")[:1000]}))
    assert event.metadata == LONG
    assert event.attributes == {"a": LONG[:1000]}
    assert memory.read_file(memory.put_file(root, form)) == LONG
    with memory.batch() as batch:
        member = batch.put_file(root, form, metadata=form)
    assert batch.ids is not None
    assert memory.read_file(batch.ids[member.index]) == LONG


def test_a_mapped_file(db: Database, root: EventId, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(LONG)
    with (tmp_path / "file").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert db.read_file(db.put_file(root, mapped)) == LONG
        assert db.event(db.append(root, metadata=mapped)).metadata == LONG
        assert mapped.tell() == 0


@pytest.mark.parametrize("empty", [b"", bytearray(), memoryview(b""), array("Q"), ""], ids=repr)
def test_nothing_is_something(memory: Database, empty: bytes) -> None:
    root = memory.create_root("r")
    event = memory.event(memory.append(root, metadata=empty, attributes={"a": empty}))
    assert event.metadata == b""
    assert event.attributes == {"a": b""}
    if not isinstance(empty, str):
        assert memory.read_file(memory.put_file(root, empty)) == b""


STRIDED = memoryview(LONG)[::2]


def test_a_buffer_with_gaps_is_refused(memory: Database) -> None:
    root = memory.create_root("r")
    writer = memory.file_writer(root)
    for call in (
        lambda: memory.put_file(root, STRIDED),
        lambda: memory.append(root, metadata=STRIDED),
        lambda: memory.append(root, attributes={"a": STRIDED}),
        lambda: writer.write(STRIDED),
    ):
        with pytest.raises(InvalidArgumentError, match="contiguous"):
            call()
    assert list(memory.child_ids(root)) == []
    assert memory.read_file(memory.put_file(root, bytes(STRIDED))) == LONG[::2]


def test_a_released_view_is_refused(memory: Database) -> None:
    view = memoryview(b"gone")
    view.release()
    with pytest.raises(InvalidArgumentError):
        memory.append(memory.create_root("r"), metadata=view)


def test_a_buffer_may_be_resized_after_the_call(memory: Database) -> None:
    root = memory.create_root("r")
    content = bytearray(LONG)
    file = memory.put_file(root, content)
    memory.append(root, metadata=content)
    # A buffer that is still exported cannot be resized.
    content.clear()
    assert memory.read_file(file) == LONG


def test_text_is_stored_as_utf_8(memory: Database) -> None:
    text = "größe \N{OCTOPUS} \0"
    event = memory.event(memory.append(memory.create_root("r"), metadata=text, attributes={text: text}))
    assert event.metadata == text.encode()
    assert event.attributes == {text: text.encode()}


def test_text_that_utf_8_cannot_hold_is_refused(memory: Database) -> None:
    root = memory.create_root("r")
    lone = "\udcff"
    for call in (
        lambda: memory.append(root, metadata=lone),
        lambda: memory.append(root, attributes={lone: b""}),
        lambda: memory.append(root, attributes={"a": lone}),
        lambda: memory.create_root(lone),
        lambda: memory.ensure_root(lone),
        lambda: memory.roots_titled(lone),
        lambda: memory.batch().create_root(lone),
    ):
        with pytest.raises(InvalidTextError) as raised:
            call()
        assert isinstance(raised.value.__cause__, UnicodeEncodeError)


class Headers(Mapping[str, bytes]):
    """A mapping that is no dict."""

    def __getitem__(self, name: str) -> bytes:
        return name.encode()

    def __iter__(self) -> Iterator[str]:
        return iter(("a", "b"))

    def __len__(self) -> int:
        return 2


@pytest.mark.parametrize(
    "attributes",
    [
        {"b": "b", "a": b"a"},
        MappingProxyType({"a": "a", "b": "b"}),
        Headers(),
        [("b", "b"), ("a", "a")],
        (pair for pair in [("a", b"a"), ("b", b"b")]),
    ],
    ids=["dict", "mapping proxy", "mapping", "pairs", "generator"],
)
def test_every_form_of_attributes(memory: Database, attributes: dict[str, bytes]) -> None:
    event = memory.event(memory.append(memory.create_root("r"), attributes=attributes))
    assert list(event.attributes.items()) == [("a", b"a"), ("b", b"b")]


def test_text_is_no_file(memory: Database) -> None:
    # A str is a path, and there is nothing at this one.
    with pytest.raises(FileNotFoundError):
        memory.put_file(memory.create_root("r"), "no such file")


def test_what_has_no_buffer_is_refused(memory: Database) -> None:
    root = memory.create_root("r")
    for wrong in (5, int, object(), [1], {1: 2}, 1.5):
        with pytest.raises(WrongTypeError):
            memory.append(root, attributes={"a": wrong})  # type: ignore[arg-type]
