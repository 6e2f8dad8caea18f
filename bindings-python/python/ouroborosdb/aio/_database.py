"""The database, awaited."""

from __future__ import annotations

import pathlib
import typing

from .. import _native
from ._batch import Batch
from ._changes import Changes, Watcher
from ._cursor import Cursor, Paged
from ._files import FileReader, FileWriter
from ._new_event import NewEvent, NewFile
from ._threads import Progress, Threads

if typing.TYPE_CHECKING:
    import collections.abc
    import os

    from typing_extensions import Buffer

    from ._new_event import Readable, _Durability, _EventLike, _PathLike, _Source

    _Order: typing.TypeAlias = typing.Literal["commit", "time"]
    _Compression: typing.TypeAlias = typing.Literal["default", "fast", "none"]

T = typing.TypeVar("T")


async def open(
    path: _PathLike,
    *,
    durability: _Durability = "durable",
    compression: _Compression = "default",
    minimum_free_bytes: int | None = None,
    segment_bytes: int | None = None,
    paths: collections.abc.Iterable[_PathLike] | None = None,
    create: bool = True,
    latencies: bool = True,
    memory_limit: int | None = None,
) -> Database:
    """Opens the store at a path for writing, and makes it where there is none. As ``ouroborosdb.open``."""

    def make() -> _native.Database:
        return _native.open(
            path,
            durability=durability,
            compression=compression,
            minimum_free_bytes=minimum_free_bytes,
            segment_bytes=segment_bytes,
            paths=paths,
            create=create,
            latencies=latencies,
            memory_limit=memory_limit,
        )

    return await _opened(make)


async def open_read_only(
    path: _PathLike,
    *,
    segment_bytes: int | None = None,
    paths: collections.abc.Iterable[_PathLike] | None = None,
    latencies: bool = True,
    memory_limit: int | None = None,
) -> Database:
    """Opens the store at a path for reading; writes nothing. As ``ouroborosdb.open_read_only``."""

    def make() -> _native.Database:
        return _native.open_read_only(
            path, segment_bytes=segment_bytes, paths=paths, latencies=latencies, memory_limit=memory_limit
        )

    return await _opened(make)


async def open_in_memory(
    *,
    durability: _Durability = "durable",
    compression: _Compression = "default",
    segment_bytes: int | None = None,
    memory_capacity_bytes: int | None = None,
    latencies: bool = True,
    memory_limit: int | None = None,
) -> Database:
    """Makes an empty database in memory. As ``ouroborosdb.open_in_memory``."""

    def make() -> _native.Database:
        return _native.open_in_memory(
            durability=durability,
            compression=compression,
            segment_bytes=segment_bytes,
            memory_capacity_bytes=memory_capacity_bytes,
            latencies=latencies,
            memory_limit=memory_limit,
        )

    return await _opened(make)


async def _opened(make: collections.abc.Callable[[], _native.Database]) -> Database:
    threads = Threads()
    try:
        return Database(threads, await threads.run(make))
    except BaseException:
        threads.end()
        raise


class Database:
    """An open database. Made by ``open``, ``open_read_only`` and ``open_in_memory``; ``async with`` closes it.

    What a method takes and raises is said by its namesake in ``ouroborosdb.Database``; only ``cancel`` is not taken,
    since cancelling the task does that.
    """

    def __init__(self, threads: Threads, db: _native.Database) -> None:
        self._threads = threads
        self._db = db
        self._run = threads.run
        self._long = threads.run_long

    async def close(self) -> None:
        """Refuses new calls, waits for running ones, makes everything durable, releases the lock."""
        if not self._db.closed:
            await self._threads.run(self._db.close)
        self._threads.end()

    async def __aenter__(self) -> typing.Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def closed(self) -> bool:
        """Whether closing has begun."""
        return self._db.closed

    @property
    def read_only(self) -> bool:
        """Whether the database was opened read-only."""
        return self._db.read_only

    @property
    def path(self) -> pathlib.Path | None:
        """The store's folder as it was given; None in memory."""
        return self._db.path

    async def create_root(self, title: str) -> _native.EventId:
        """Makes a new root; a title may name several."""
        return await self._run(self._db.create_root, title)

    async def ensure_root(self, title: str) -> _native.EventId:
        """The root whose id follows from the title alone, made where there is none."""
        return await self._run(self._db.ensure_root, title)

    def roots(self) -> Cursor[_native.Event]:
        """All roots in commit order."""
        return self._cursor(self._db.roots)

    def roots_titled(self, title: str) -> Cursor[_native.Event]:
        """The roots of one title in commit order."""
        return self._cursor(lambda: self._db.roots_titled(title))

    def root_index(self) -> Cursor[tuple[str, _native.EventId]]:
        """Every title with its roots, by the bytes of the title."""
        return self._cursor(self._db.root_index)

    async def append(self, parent: _EventLike, **new: typing.Unpack[NewEvent]) -> _native.EventId:
        """Appends an event under a parent."""
        return await self._run(self._db.append, parent, **new)

    async def resolve(self, digits: str) -> _native.EventId:
        """The id of the one event whose id begins with some digits."""
        return await self._run(self._db.resolve, digits)

    async def event(self, event: _EventLike) -> _native.Event:
        """The event of an id."""
        return await self._run(self._db.event, event)

    async def metadata(self, event: _EventLike) -> bytes | None:
        """The event's metadata, or that of its nearest ancestor that has some."""
        return await self._run(self._db.metadata, event)

    async def parent(self, event: _EventLike) -> _native.Event | None:
        """The event that this one hangs under; None for a root."""
        return await self._run(self._db.parent, event)

    def children(self, event: _EventLike, *, order: _Order = "commit") -> Cursor[_native.Event]:
        """The events directly under this one, by commit or by time."""
        return self._cursor(lambda: self._db.children(event, order=order))

    def child_ids(self, event: _EventLike, *, order: _Order = "commit") -> Cursor[_native.EventId]:
        """The ids of the events directly under this one, without reading them."""
        return self._cursor(lambda: self._db.child_ids(event, order=order))

    def ancestors(self, event: _EventLike) -> Cursor[_native.Event]:
        """The events above this one, nearest first."""
        return self._cursor(lambda: self._db.ancestors(event))

    def descendants(self, event: _EventLike) -> Cursor[_native.Event]:
        """All events under this one, depth first."""
        return self._cursor(lambda: self._db.descendants(event))

    async def put_file(
        self,
        parent: _EventLike,
        source: Buffer | str | os.PathLike[str] | os.PathLike[bytes] | Readable,
        *,
        progress: Progress | None = None,
        **new: typing.Unpack[NewEvent],
    ) -> _native.EventId:
        """Stores a file under a parent, from bytes, a path or a file object, which a thread reads."""

        def put(token: _native.CancelToken, watched: Progress | None) -> _native.EventId:
            return self._db.put_file(parent, source, cancel=token, progress=watched, **new)

        return await self._long(put, progress)

    async def put_files(
        self,
        parent: _EventLike,
        files: collections.abc.Iterable[_Source | tuple[_Source, NewFile]],
        *,
        durability: _Durability | None = None,
        progress: Progress | None = None,
    ) -> list[_native.EventId]:
        """Stores many files under a parent, and commits them together. A thread iterates ``files``."""

        def put(token: _native.CancelToken, watched: Progress | None) -> list[_native.EventId]:
            return self._db.put_files(parent, files, durability=durability, cancel=token, progress=watched)

        return await self._long(put, progress)

    async def read_file(self, event: _EventLike) -> bytes:
        """The whole file that an event carries."""
        return await self._run(self._db.read_file, event)

    async def open_file(self, event: _EventLike) -> FileReader:
        """Opens the file that an event carries."""
        return FileReader(self._threads, await self._run(self._db.open_file, event))

    async def file_writer(self, parent: _EventLike, **new: typing.Unpack[NewEvent]) -> FileWriter:
        """A writer for a file that the caller pushes."""
        return FileWriter(self._threads, await self._run(self._db.file_writer, parent, **new))

    async def batch(self) -> Batch:
        """Begins a batch: all or nothing."""
        return Batch(self._threads, await self._run(self._db.batch))

    async def changes(self, after: _native.ChangeCursor | str | None = None) -> Changes:
        """The durable events after a place, in commit order."""
        return Changes(self._threads, await self._run(self._db.changes, after))

    def watch(self, after: _native.ChangeCursor | str | None = None) -> Watcher:
        """The durable events after a place, in commit order, and then each as it is committed."""
        return Watcher(self._threads, lambda: self._db.changes(after))

    async def import_path(
        self,
        parent: _EventLike,
        path: _PathLike,
        *,
        durability: _Durability | None = None,
        progress: Progress | None = None,
    ) -> _native.ImportReport:
        """Stores a folder, a file or a symbolic link under a parent."""

        def put(token: _native.CancelToken, watched: Progress | None) -> _native.ImportReport:
            return self._db.import_path(parent, path, durability=durability, cancel=token, progress=watched)

        return await self._long(put, progress)

    async def export_path(
        self, event: _EventLike, path: _PathLike, *, progress: Progress | None = None
    ) -> _native.ExportReport:
        """Writes a stored folder, file or symbolic link to a path."""
        return await self._long(
            lambda token, watched: self._db.export_path(event, path, cancel=token, progress=watched), progress
        )

    async def backup_to(self, path: _PathLike, *, progress: Progress | None = None) -> _native.BackupReport:
        """Makes a consistent copy at a path while writers go on."""
        return await self._long(
            lambda token, watched: self._db.backup_to(path, cancel=token, progress=watched), progress
        )

    async def refresh(self) -> bool:
        """Sees what the writer has committed since; whether there are new events."""
        return await self._run(self._db.refresh)

    async def sync(self) -> None:
        """Makes everything that was committed durable."""
        await self._run(self._db.sync)

    async def rebuild_index(self, *, progress: Progress | None = None) -> None:
        """Makes the index anew from the segments."""
        await self._long(lambda token, watched: self._db.rebuild_index(cancel=token, progress=watched), progress)

    async def stats(self) -> _native.Stats:
        """Figures as of now."""
        return await self._run(self._db.stats)

    async def prometheus(self) -> str:
        """All figures in the text format of Prometheus. As ``ouroborosdb.Database.prometheus``."""
        return await self._run(self._db.prometheus)

    async def verify(self, *, progress: Progress | None = None) -> _native.VerifyReport:
        """Reads and checks everything."""
        return await self._long(lambda token, watched: self._db.verify(cancel=token, progress=watched), progress)

    def _cursor(self, make: collections.abc.Callable[[], Paged[T]]) -> Cursor[T]:
        return Cursor(self._threads, make)

