"""Many at once, all or nothing."""

from __future__ import annotations

import types
import typing

from .. import _native
from ._new_event import NewMember
from ._threads import Progress, Threads

if typing.TYPE_CHECKING:
    import os

    from typing_extensions import Buffer

    from ._new_event import _Durability, _EventLike, Readable


class Batch:
    """A batch: ``async with await db.batch() as batch``. Leaving the block commits it, or discards it where an
    exception leaves; ``ids`` are the ids of its members then, by ``Member.index``. ``len(batch)`` is their number.
    """

    def __init__(self, threads: Threads, batch: _native.Batch) -> None:
        self._threads = threads
        self._batch = batch

    async def create_root(self, title: str) -> _native.Member:
        """Adds a root."""
        return await self._threads.run(self._batch.create_root, title)

    async def append(self, parent: _EventLike | _native.Member, **new: typing.Unpack[NewMember]) -> _native.Member:
        """Adds an event under a stored event or an earlier member."""
        return await self._threads.run(self._batch.append, parent, **new)

    async def put_file(
        self,
        parent: _EventLike | _native.Member,
        source: Buffer | str | os.PathLike[str] | os.PathLike[bytes] | Readable,
        *,
        progress: Progress | None = None,
        **new: typing.Unpack[NewMember],
    ) -> _native.Member:
        """Adds an event that carries a file. A file object is read by a thread."""

        def put(token: _native.CancelToken, watched: Progress | None) -> _native.Member:
            return self._batch.put_file(parent, source, cancel=token, progress=watched, **new)

        return await self._threads.run_long(put, progress)

    async def commit(self, *, durability: _Durability | None = None) -> list[_native.EventId]:
        """Makes all members visible at once, and gives their ids by ``Member.index``."""
        return await self._threads.run(self._batch.commit, durability=durability)

    async def discard(self) -> None:
        """Throws all members away."""
        await self._threads.run(self._batch.discard)

    @property
    def ids(self) -> list[_native.EventId] | None:
        """The ids of the members; None before the batch is committed."""
        return self._batch.ids

    def __len__(self) -> int:
        return len(self._batch)

    async def __aenter__(self) -> typing.Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        await self._threads.run(self._batch.__exit__, exc_type, exc_value, traceback)
