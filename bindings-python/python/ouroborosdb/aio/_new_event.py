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
    _PathLike: typing.TypeAlias = str | bytes | os.PathLike[str] | os.PathLike[bytes]


class AttributeMapping(typing.Protocol):
    def items(self) -> collections.abc.Iterable[tuple[str, Buffer | str]]: ...


class Readable(typing.Protocol):
    def read(self, size: int, /) -> Buffer: ...


class NewEvent(typing.TypedDict, total=False):
    """As ``ouroborosdb.Database.append`` takes them."""

    metadata: Buffer | str | None
    attributes: AttributeMapping | collections.abc.Iterable[tuple[str, Buffer | str]] | None
    follows: collections.abc.Iterable[_EventLike] | None
    temporary: bool
    expires: datetime.datetime | int | None
    full_text: bool
