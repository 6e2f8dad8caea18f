"""What the keywords of a new event are."""

from __future__ import annotations

import collections.abc
import datetime
import os
import typing

if typing.TYPE_CHECKING:
    from typing_extensions import Buffer

    from .._native import Event, EventId

    _EventLike: typing.TypeAlias = Event | EventId | Buffer | str
    _Durability: typing.TypeAlias = typing.Literal["durable", "buffered"]
    _PathLike: typing.TypeAlias = str | bytes | os.PathLike[str] | os.PathLike[bytes]
    _Source: typing.TypeAlias = Buffer | str | os.PathLike[str] | os.PathLike[bytes] | "Readable"


class AttributeMapping(typing.Protocol):
    def items(self) -> collections.abc.Iterable[tuple[str, Buffer | str]]: ...


class Readable(typing.Protocol):
    def read(self, size: int, /) -> Buffer: ...


class NewMember(typing.TypedDict, total=False):
    """As ``ouroborosdb.Batch.append`` takes them."""

    metadata: Buffer | str | None
    attributes: AttributeMapping | collections.abc.Iterable[tuple[str, Buffer | str]] | None
    follows: collections.abc.Iterable[_EventLike] | None
    temporary: bool
    expires: datetime.datetime | int | None
    full_text: bool


class NewEvent(NewMember, total=False):
    """As ``ouroborosdb.Database.append`` takes them."""

    durability: _Durability | None


class NewFile(NewMember, total=False):
    """What ``ouroborosdb.Database.put_files`` takes beside each source."""

    parent: _EventLike | None
