"""``FileReader``: a stored file as a binary file object of Python's."""

from __future__ import annotations

import io
import os
import typing

from ._errors import ClosedError

if typing.TYPE_CHECKING:
    import collections.abc
    import types

    from _typeshed import WriteableBuffer

    from ._native import CancelToken, RawFile, _Writable

PEEK_BYTES = 8192
"""What is looked at for the end of a line."""


class FileReader(io.BufferedIOBase):
    """A stored file, open for reading in binary mode. Made by ``Database.open_file``.

    Each read is one call of the engine, which checks every byte and lets other threads run. Threads may share the
    reader; they share its position too, and ``read_at`` leaves that alone. Wrapped in ``io.BufferedReader`` or
    ``io.TextIOWrapper`` it gives many small pieces or lines faster.

    Every call raises ClosedError once the reader or the database is closed, and those that read raise CorruptError,
    naming the event and the damaged place, or IoError.
    """

    _raw: RawFile | None

    def __init__(self, raw: RawFile) -> None:
        self._raw = raw

    def _open(self) -> RawFile:
        if self._raw is None:
            raise ClosedError("the file reader is closed; open the file again to go on")
        return self._raw

    @property
    def length(self) -> int:
        """Length of the file in bytes."""
        return self._open().length

    def read(self, size: int | None = -1, /) -> bytes:
        """Gives up to ``size`` bytes from the position on, all the rest without a size; fewer only at the end."""
        return self._open().read(size)

    def read1(self, size: int | None = -1, /) -> bytes:
        """Gives what ``read`` gives."""
        return self._open().read(size)

    def readall(self) -> bytes:
        """Gives all the rest."""
        return self._open().read(-1)

    def read_at(self, offset: int, size: int) -> bytes:
        """Gives up to ``size`` bytes from ``offset`` on, both from 0; fewer only at the end. The position stays."""
        return self._open().read_at(offset, size)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer from the position on, and gives how many bytes that were: fewer only at the end."""
        return self._open().readinto(buffer)

    def readinto1(self, buffer: WriteableBuffer, /) -> int:
        """Does what ``readinto`` does."""
        return self._open().readinto(buffer)

    def peek(self, size: int = 0, /) -> bytes:
        """Gives some bytes from the position on, at least one before the end; the position stays."""
        raw = self._open()
        return raw.read_at(raw.tell(), max(size, PEEK_BYTES))

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Moves the position, and gives the new one. Past the end is allowed; reads there give nothing.

        Raises InvalidArgumentError before the beginning, and for an unknown ``whence``.
        """
        return self._open().seek(offset, whence)

    def tell(self) -> int:
        """Where the next ``read`` begins."""
        return self._open().tell()

    def write_to(
        self,
        target: int | str | os.PathLike[str] | os.PathLike[bytes] | _Writable,
        *,
        cancel: CancelToken | None = None,
        progress: collections.abc.Callable[[int, int], object] | None = None,
    ) -> int:
        """Writes the file to ``target``, from the position on to the end, and gives how many bytes that were.

        ``target`` is a path (str or os.PathLike) at which there is nothing yet, an open descriptor, or a file object open
        for writing in binary mode; the last two stay open. The position advances with what was written, also where the
        target fails. At a path no half file is left then.

        ``cancel`` is a CancelToken. ``progress`` is called as ``progress(bytes, items)`` with the bytes written so far
        and 0, as for ``Database.put_file``.

        Raises what the target raises; AlreadyExistsError where there is something at the path, be it a symbolic link;
        PathNotFoundError where its folder is missing; InvalidArgumentError for a path in the store's own folder;
        DiskFullError; CancelledError.
        """
        return self._open().write_to(target, cancel, progress)

    def readable(self) -> bool:
        """Whether it can be read: always True."""
        self._open()
        return True

    def seekable(self) -> bool:
        """Whether it has a position: always True."""
        self._open()
        return True

    def close(self) -> None:
        """Closes the reader, and leaves the database as it is. Closing twice is fine."""
        self._raw = None
        super().close()

    def __enter__(self) -> typing.Self:
        """Gives the reader."""
        self._open()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        """Closes the reader."""
        self.close()

    def __iter__(self) -> collections.abc.Iterator[bytes]:
        """The lines."""
        self._open()
        return self

    def __repr__(self) -> str:
        if self._raw is None:
            return "<FileReader, closed>"
        return f"<FileReader of {self._raw.length} bytes>"
