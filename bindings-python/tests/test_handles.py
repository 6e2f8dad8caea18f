"""100,000 handles of each kind, opened and dropped, leave nothing behind.

Dropped: in whatever state they are in, by their last reference or by the collector that finds a cycle. Three measures,
each of which sees what the others do not: blocks of Python's are traced, for a part of the rounds since tracing takes
its time; what malloc has given out, which the C library tells to the byte, is what the engine holds; and the pages of
the process are whatever is left.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import ouroborosdb
import ouroborosdb.aio
import pytest
from content import bytes_of
from ouroborosdb import Database, EventId

TIMES = 100_000
TIMES_TRACED = 2_000
TIMES_SLOW = 10_000
TIMES_OF_A_WORLD = 1000
"""Rounds on one database: what they store goes with it."""

ALLOCATED_BYTES_MORE = 64 * 1024
"""What malloc keeps back for a thread, and what the interpreter takes for more of its objects."""
RESIDENT_BYTES_MORE = 4 * 1024 * 1024
TRACED_BYTES_MORE = 16 * 1024

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the measures are Linux's")


class World(NamedTuple):
    """What a round works on."""

    db: Database
    root: EventId
    file: EventId


Work = Callable[[World, int], object]


class MallInfo(ctypes.Structure):
    """``struct mallinfo2`` of glibc."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
    ]


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def allocated_bytes() -> int:
    """What malloc has given out; 0 where the C library does not tell."""
    mallinfo2 = getattr(LIBC, "mallinfo2", None)
    if mallinfo2 is None:
        return 0
    mallinfo2.restype = MallInfo
    info = mallinfo2()
    return int(info.uordblks) + int(info.hblkhd)


def resident_bytes() -> int:
    # What was freed goes back to the system first, where the C library can do that.
    if (malloc_trim := getattr(LIBC, "malloc_trim", None)) is not None:
        malloc_trim(0)
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE")


def open_world() -> World:
    db = ouroborosdb.open_in_memory()
    root = db.create_root("root")
    file = db.put_file(root, bytes_of(1000), metadata="m", attributes={"colour": "red"})
    db.append(root)
    return World(db, root, file)


def measured(work: Work, times: int) -> tuple[int, int]:
    """Allocated and resident bytes behind so many rounds."""
    for first in range(0, times, TIMES_OF_A_WORLD):
        world = open_world()
        for round in range(first, min(first + TIMES_OF_A_WORLD, times)):
            work(world, round)
        world.db.close()
        del world
    gc.collect()
    return allocated_bytes(), resident_bytes()


def traced(work: Work, times: int) -> int:
    """Bytes of Python's own that so many rounds leave behind."""
    measured(work, 200)
    tracemalloc.start()
    try:
        measured(work, 200)
        before = tracemalloc.get_traced_memory()[0]
        measured(work, times)
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def leaves_nothing(work: Work, times: int = TIMES) -> None:
    """Does ``work`` so often, after a tenth of that to warm up: nothing may be more than then."""
    allocated_before, resident_before = measured(work, times // 10)
    allocated_after, resident_after = measured(work, times)
    allocated, resident = allocated_after - allocated_before, resident_after - resident_before
    python = traced(work, min(times, TIMES_TRACED))
    said = f"{allocated} bytes of malloc's, {resident // 1024} KiB of pages, {python} bytes of Python's more"
    assert allocated < ALLOCATED_BYTES_MORE, said
    assert resident < RESIDENT_BYTES_MORE, said
    assert python < TRACED_BYTES_MORE, said


def write(world: World, round: int) -> None:
    writer = world.db.file_writer(world.root)
    writer.write(b"x")
    if round % 2:
        writer.abort()


def batch(world: World, round: int) -> None:
    batch = world.db.batch()
    batch.append(batch.create_root("another"), metadata="m")
    if round % 2:
        batch.discard()


def read(world: World, round: int) -> None:
    reader = world.db.open_file(world.file)
    reader.read(10)
    if round % 2:
        reader.close()


def fail(world: World, round: int) -> None:
    with pytest.raises(ouroborosdb.EventNotFoundError):
        world.db.event(bytes(64))


def cancel(world: World, round: int) -> None:
    token = ouroborosdb.CancelToken()
    if round % 2:
        token.cancel()


KINDS: dict[str, Work] = {
    "events": lambda world, round: world.db.event(world.file).attributes,
    "cursors": lambda world, round: next(world.db.children(world.root)),
    "pages": lambda world, round: world.db.descendants(world.root).page(2),
    "cursors_of_ids": lambda world, round: next(world.db.child_ids(world.root)),
    "cursors_of_roots": lambda world, round: next(world.db.root_index()),
    "file_readers": read,
    "file_writers": write,
    "batches": batch,
    "changes": lambda world, round: next(world.db.changes()),
    "change_cursors": lambda world, round: world.db.changes().cursor.sequence,
    "tokens": cancel,
    "errors": fail,
}


@pytest.mark.parametrize("kind", KINDS)
def test_handles(kind: str) -> None:
    leaves_nothing(KINDS[kind])


def finish(world: World, round: int) -> None:
    with world.db.file_writer(world.root) as writer:
        writer.write(b"x")


def commit(world: World, round: int) -> None:
    with world.db.batch() as batch:
        batch.append(batch.create_root("another"), follows=[world.root])


class Stop(Exception):
    """Raised inside a callback."""


class Failing:
    """A source that fails."""

    def read(self, size: int) -> bytes:
        raise Stop


def fail_inside(world: World, round: int) -> None:
    def progress(done: int, items: int) -> None:
        raise Stop

    with pytest.raises(ouroborosdb.SourceFailedError if round % 2 else Stop):
        if round % 2:
            world.db.put_file(world.root, Failing())
        else:
            world.db.put_file(world.root, b"x", progress=progress)


def report(world: World, round: int) -> None:
    assert world.db.verify().is_clean and world.db.stats().events == 3


def open_database(world: World, round: int) -> None:
    db = ouroborosdb.open_in_memory()
    db.create_root("root")
    if round % 2:
        db.close()


SLOW_KINDS: dict[str, Work] = {
    "file_writers_that_are_finished": finish,
    "batches_that_are_committed": commit,
    "callbacks_that_raise": fail_inside,
    "reports": report,
    "databases": open_database,
}


@pytest.mark.parametrize("kind", SLOW_KINDS)
def test_what_takes_long(kind: str) -> None:
    leaves_nothing(SLOW_KINDS[kind], TIMES_SLOW)


def test_handles_in_cycles() -> None:
    """Handles that only the collector finds, and a reader that is in a cycle by itself."""

    def work(world: World, round: int) -> None:
        db, root, file = world
        reader: Any = db.open_file(file)
        reader.itself = reader
        cycle: list[object] = [db, db.event(file), db.roots(), db.child_ids(root), db.root_index(), db.batch()]
        cycle += [db.changes(), ouroborosdb.CancelToken(), reader, cycle]

    leaves_nothing(work, TIMES_SLOW)


def test_handles_of_asyncio() -> None:
    async def rounds(world: World, times: int) -> None:
        async with await ouroborosdb.aio.open_in_memory() as db:
            root = await db.create_root("root")
            file = await db.put_file(root, b"content")
            for _ in range(times):
                async for _ in db.descendants(root):
                    break
                await (await db.open_file(file)).read(3)
                await (await db.batch()).append(root)
                writer = await db.file_writer(root)
                await writer.write(b"x")

    def work(world: World, round: int) -> None:
        if round % 1000 == 0:
            asyncio.run(rounds(world, 100))

    leaves_nothing(work, TIMES_SLOW)
