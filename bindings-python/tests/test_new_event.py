"""What is too large for an event is refused before it is copied, by every call that makes one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from ouroborosdb import (
    AttributeNameTooLongError,
    AttributesTooLargeError,
    Database,
    Error,
    MetadataTooLargeError,
    TooManyFollowsError,
)

METADATA_BYTES_MAX = 16 * 1024 * 1024
ATTRIBUTES_BYTES_MAX = 128 * 1024
CALLS = ["append", "put_file", "file_writer", "batch.append", "batch.put_file"]


def call(db: Database, name: str) -> Callable[..., object]:
    """A call that makes an event, with its first arguments."""
    root = db.create_root("root")
    owner = db.batch() if name.startswith("batch.") else db
    method = getattr(owner, name.removeprefix("batch."))
    return lambda **new: method(root, b"file", **new) if "put_file" in name else method(root, **new)


def pairs() -> Iterator[tuple[str, bytes]]:
    """Attributes, no two the same, for ever."""
    return ((str(number), b"") for number in itertools.count())


def ids() -> Iterator[bytes]:
    """Ids, no two the same, for ever."""
    return (number.to_bytes(64, "big") for number in itertools.count())


@pytest.mark.parametrize("name", CALLS)
def test_what_is_too_large_is_refused(memory: Database, name: str) -> None:
    made = call(memory, name)
    metadata = bytes(METADATA_BYTES_MAX + 1)
    refused: list[tuple[dict[str, object], type[Error]]] = [
        ({"metadata": metadata}, MetadataTooLargeError),
        ({"metadata": memoryview(metadata)}, MetadataTooLargeError),
        ({"metadata": "é" * (METADATA_BYTES_MAX // 2 + 1)}, MetadataTooLargeError),
        ({"attributes": {"n": bytes(ATTRIBUTES_BYTES_MAX)}}, AttributesTooLargeError),
        ({"attributes": pairs()}, AttributesTooLargeError),
        ({"attributes": {"n" * 256: b""}}, AttributeNameTooLongError),
        ({"follows": ids()}, TooManyFollowsError),
    ]
    for new, error in refused:
        with pytest.raises(error):
            made(**new)


def test_what_is_just_not_too_large_is_taken(memory: Database) -> None:
    root = memory.create_root("root")
    attributes = {"n": bytes(ATTRIBUTES_BYTES_MAX - 1)}
    event = memory.event(memory.append(root, metadata=bytes(METADATA_BYTES_MAX), attributes=attributes))
    assert event.metadata == bytes(METADATA_BYTES_MAX)
    assert event.attributes == attributes
