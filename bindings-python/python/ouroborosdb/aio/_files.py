"""Files that are read and pushed in pieces."""

from __future__ import annotations

import os
import types
import typing

from .. import _files, _native
from ._threads import Progress, Threads

if typing.TYPE_CHECKING:
    from typing_extensions import Buffer

    from .._native import _Writable

PIECE_BYTES = 256 * 1024
"""What iterating a ``FileReader`` gives at once."""


class FileReader:
    """A stored file, open for reading: ``async with await db.open_file(event) as file``.

    Iterating gives pieces of bytes. Its calls are those of ``ouroborosdb.FileReader``.
    """

    def __init__(self, threads: Threads, file: _files.FileReader) -> None:
        self._threads = threads
        self._file = file

    @property
    def length(self) -> int:
        """Length of the file in bytes."""
        return self._file.length

    async def read(self, size: int | None = -1) -> bytes:
        """Gives up to ``size`` bytes from the position on, all the rest without a size; fewer only at the end."""
        return await self._threads.run(self._file.read, size)

    async def read_at(self, offset: int, size: int) -> bytes:
        """Gives up to ``size`` bytes from ``offset`` on; fewer only at the end. The position stays."""
        return await self._threads.run(self._file.read_at, offset, size)

    async def write_to(
        self,
        target: int | str | os.PathLike[str] | os.PathLike[bytes] | _Writable,
        *,
        progress: Progress | None = None,
    ) -> int:
        """Writes all from the position on to a new file at a path, a descriptor or a file object, on a thread."""
        return await self._threads.run_long(
            lambda token, watched: self._file.write_to(target, cancel=token, progress=watched), progress
        )

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves the position, and gives the new one. Reads nothing, so there is nothing to await."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where the next read begins."""
        return self._file.tell()

    def __aiter__(self) -> typing.Self:
        return self

    async def __anext__(self) -> bytes:
        piece = await self.read(PIECE_BYTES)
        if not piece:
            raise StopAsyncIteration
        return piece

    async def close(self) -> None:
        """Ends the reader."""
        self._file.close()

    async def __aenter__(self) -> typing.Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._file.close()


class FileWriter:
    """A file that is pushed: ``async with await db.file_writer(parent) as writer: await writer.write(...)``.

    Leaving the block finishes the file, or aborts it where an exception leaves; ``event`` is its id then.
    """

    def __init__(self, threads: Threads, writer: _native.FileWriter) -> None:
        self._threads = threads
        self._writer = writer

    @property
    def length(self) -> int:
        """Bytes taken so far."""
        return self._writer.length

    @property
    def event(self) -> _native.EventId | None:
        """The id of the event; None before the file is finished."""
        return self._writer.event

    async def write(self, data: Buffer) -> int:
        """Takes all of ``data``, and gives its length."""
        return await self._threads.run(self._writer.write, data)

    async def finish(self) -> _native.EventId:
        """Makes the event, and gives its id."""
        return await self._threads.run(self._writer.finish)

    async def abort(self) -> None:
        """Ends the writer without an event."""
        await self._threads.run(self._writer.abort)

    async def __aenter__(self) -> typing.Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        await self._threads.run(self._writer.__exit__, exc_type, exc_value, traceback)
