"""The database for asyncio: nothing waits on the event loop, and a cancelled task leaves nothing running behind."""

from __future__ import annotations

import asyncio
import collections.abc
import io
import pathlib
import threading
import time
import unittest.mock

import pytest

import ouroborosdb
from ouroborosdb import aio
from ouroborosdb.aio._threads import Threads


def run(main: collections.abc.Coroutine[object, object, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 60), debug=True)


class Slow(io.RawIOBase):
    """A source that takes its time, and notes when it was read last."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.reads = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.started.set()
        self.reads += 1
        time.sleep(0.01)
        return len(buffer)


def test_every_operation(tmp_path: pathlib.Path) -> None:
    async def main() -> None:
        async with await aio.open(tmp_path / "store") as db:
            root = await db.ensure_root("root")
            other = await db.create_root("other")
            event = await db.append(root, metadata="m", attributes={"a": "1"})
            file = await db.put_file(event, b"x" * 100_000)
            assert await db.read_file(file) == b"x" * 100_000
            assert await db.metadata(file) == b"m"
            told: list[tuple[int, int]] = []
            pair = await db.put_files(event, [b"a", (b"b", {"parent": other})], progress=lambda *it: told.append(it))
            assert [await db.read_file(it) for it in pair] == [b"a", b"b"]
            async with await db.open_file(file) as opened:
                assert await opened.write_to(tmp_path / "written") == 100_000
                assert opened.tell() == 100_000
            assert (tmp_path / "written").read_bytes() == b"x" * 100_000
            assert (await db.event(file)).parent == event
            assert await db.resolve(str(file)[:40]) == file
            parent = await db.parent(file)
            assert parent is not None and parent.id == event
            assert [e.id async for e in db.roots()] == [root, other]
            assert [e.id async for e in db.roots_titled("other")] == [other]
            assert [pair async for pair in db.root_index()] == [("other", other), ("root", root)]
            assert [e.id async for e in db.children(root, order="time")] == [event]
            assert [i async for i in db.child_ids(event)] == [file, pair[0]]
            assert [e.id async for e in db.ancestors(file)] == [event, root]
            assert [e.id async for e in db.descendants(root)] == [event, file, pair[0]]
            await db.sync()
            await db.rebuild_index()
            assert (await db.stats()).events == 6 and told[-1] == (2, 2)
            assert (await db.verify()).is_clean
            (tmp_path / "in").mkdir()
            (tmp_path / "in" / "f").write_bytes(b"f")
            report = await db.import_path(root, tmp_path / "in")
            await db.export_path(report.event, tmp_path / "out")
            assert (tmp_path / "out" / "f").read_bytes() == b"f"
            assert not db.closed and not db.read_only and db.path == tmp_path / "store"
        assert db.closed
        async with await aio.open_read_only(tmp_path / "store") as db:
            assert db.read_only
            assert await db.metadata(file) == b"m"

    run(main())


def test_files_in_pieces() -> None:
    async def main() -> None:
        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            async with await db.file_writer(root) as writer:
                for piece in (b"one ", b"two ", bytearray(b"three")):
                    await writer.write(piece)
            assert writer.event is not None and writer.length == 13
            async with await db.open_file(writer.event) as file:
                assert file.length == 13
                assert await file.read(3) == b"one"
                assert file.seek(-5, io.SEEK_END) == 8 and file.tell() == 8
                assert await file.read() == b"three"
                assert await file.read_at(4, 3) == b"two"
            big = await db.put_file(root, b"z" * 1_000_000)
            async with await db.open_file(big) as file:
                assert b"".join([piece async for piece in file]) == b"z" * 1_000_000
            with pytest.raises(RuntimeError, match="mine"):
                async with await db.file_writer(root) as writer:
                    await writer.write(b"x")
                    raise RuntimeError("mine")
            assert writer.event is None

    run(main())


def test_batches() -> None:
    async def main() -> None:
        async with await aio.open_in_memory() as db:
            async with await db.batch() as batch:
                top = await batch.create_root("top")
                child = await batch.append(top, metadata="m")
                await batch.put_file(child, b"file")
                assert len(batch) == 3
            assert batch.ids is not None
            assert await db.read_file(batch.ids[2]) == b"file"
            with pytest.raises(RuntimeError, match="mine"):
                async with await db.batch() as batch:
                    await batch.create_root("never")
                    raise RuntimeError("mine")
            assert (await db.stats()).events == 3

    run(main())


def test_a_call_says_when_it_is_safe(tmp_path: pathlib.Path) -> None:
    (tmp_path / "folder").mkdir()

    async def main() -> None:
        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            await db.append(root, durability="buffered")
            await db.put_file(root, b"file", durability="buffered")
            async with await db.file_writer(root, durability="buffered") as writer:
                await writer.write(b"pushed")
            batch = await db.batch()
            await batch.append(root)
            await batch.commit(durability="buffered")
            await db.import_path(root, tmp_path / "folder", durability="buffered")
            stats = await db.stats()
            assert (stats.sequence, stats.durable_sequence) == (6, 1)
            batch = await db.batch()
            await batch.append(root)
            with pytest.raises(ouroborosdb.InvalidArgumentError, match="buffered"):
                await batch.commit(durability="always")  # type: ignore[arg-type]
            assert len(batch) == 1
            await batch.commit(durability="durable")
            assert (await db.stats()).durable_sequence == 7

    run(main())


def test_the_feed_goes_on_behind_what_was_given_out() -> None:
    async def main() -> None:
        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            ids = [await db.append(root) for _ in range(50)]
            feed = await db.changes()
            async for event in feed:
                if event.id == ids[20]:
                    break
            assert feed.cursor.sequence == 22
            rest = await db.changes(str(feed.cursor))
            assert [e.id for e in await rest.page(5)] == ids[21:26]
            assert [e.id async for e in rest] == ids[26:]
            new = await db.append(root)
            assert [e.id async for e in rest] == [new]

    run(main())


def test_the_event_loop_goes_on_meanwhile() -> None:
    async def main() -> None:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.001)
                ticks += 1

        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            ticker = asyncio.create_task(tick())
            started = time.monotonic()
            while time.monotonic() - started < 0.3:
                await db.put_file(root, bytes(8_000_000))
            assert ticks > 20
            ticker.cancel()

    run(main())


def test_cancelling_the_task_ends_the_call() -> None:
    async def main() -> None:
        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            source = Slow()
            task = asyncio.create_task(db.put_file(root, source))
            await asyncio.to_thread(source.started.wait)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            reads = source.reads
            await asyncio.sleep(0.1)
            assert source.reads == reads, "nothing reads on behind the task's back"
            assert (await db.stats()).events == 1

    run(main())


def test_progress_comes_to_the_event_loop(tmp_path: pathlib.Path) -> None:
    async def main() -> None:
        loop_thread = threading.current_thread()
        seen: list[tuple[int, int]] = []

        def progress(bytes_done: int, items_done: int) -> None:
            assert threading.current_thread() is loop_thread
            seen.append((bytes_done, items_done))

        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            await db.put_file(root, bytes(3_000_000), progress=progress)
            await asyncio.sleep(0)
            assert seen[-1][0] == 3_000_000

    run(main())


def test_what_progress_raises_ends_the_call() -> None:
    class Endless:
        def read(self, size: int) -> bytes:
            return bytes(size)

    def progress(bytes_done: int, _items_done: int) -> None:
        if bytes_done > 1_000_000:
            raise LookupError("enough")

    async def main() -> None:
        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            with pytest.raises(LookupError, match="enough"):
                await db.put_file(root, Endless(), progress=progress)
            assert (await db.stats()).events == 1

    run(main())


def test_a_thread_that_cannot_be_started_makes_no_call_twice() -> None:
    async def main() -> None:
        threads, calls = Threads(), list[int]()
        with unittest.mock.patch("threading.Thread.start", side_effect=RuntimeError("can't start new thread")):
            with pytest.raises(RuntimeError, match="can't start new thread"):
                await threads.run(calls.append, 1)
        # It was in the queue: the next thread makes it, once.
        assert calls == []
        await threads.run(calls.append, 2)
        assert calls == [1, 2]
        threads.end()
        await threads.run(calls.append, 3)
        assert calls == [1, 2, 3]

    run(main())


def test_errors_are_those_of_the_package() -> None:
    async def main() -> None:
        db = await aio.open_in_memory()
        with pytest.raises(ouroborosdb.EventNotFoundError):
            await db.event(bytes(64))
        with pytest.raises(ouroborosdb.WrongTypeError):
            await db.create_root(5)  # type: ignore[arg-type]
        root = await db.create_root("r")
        cursor = db.children(root)
        await db.close()
        await db.close()
        for call in (db.event(root), db.create_root("x"), cursor.page(1), db.stats()):
            with pytest.raises(ouroborosdb.ClosedError):
                await call
        with pytest.raises(ouroborosdb.PathNotFoundError):
            await aio.open_read_only("no such store")

    run(main())


def test_many_tasks_share_a_database() -> None:
    async def main() -> None:
        async with await aio.open_in_memory() as db:
            root = await db.create_root("r")
            ids = await asyncio.gather(*(db.put_file(root, str(n).encode()) for n in range(100)))
            files = await asyncio.gather(*(db.read_file(i) for i in ids))
            assert files == [str(n).encode() for n in range(100)]

    run(main())


def test_watching(tmp_path: pathlib.Path) -> None:
    async def main() -> None:
        async with await aio.open(tmp_path / "s") as db, await aio.open_read_only(tmp_path / "s") as reader:
            root = await db.create_root("r")
            assert await reader.refresh() and not await reader.refresh()
            feed = await reader.changes()
            assert [e.id for e in await feed.watch(10)] == [root]
            started = time.monotonic()
            assert await feed.watch(10, 0.05) == await feed.watch(10, 0) == await feed.watch(0) == []
            assert 0.05 <= time.monotonic() - started < 10
            waiting = asyncio.create_task(feed.watch(10))
            await asyncio.sleep(0.05)
            ids = [await db.append(root)]
            assert [e.id for e in await waiting] == ids
            ids += [await db.append(root) for _ in range(40)]
            assert [e.id for e in await feed.watch(5)] == ids[1:6]
            assert feed.cursor.sequence == 7
            assert [e.id for e in await feed.watch(5, 1)] == ids[6:11]

            watcher = reader.watch(feed.cursor)
            assert watcher.cursor is None
            seen = []
            async for event in watcher:
                seen.append(event.id)
                if len(seen) == 30:
                    break
            assert seen == ids[11:]
            assert watcher.cursor is not None and watcher.cursor.sequence == 42
            with pytest.raises(ouroborosdb.InvalidCursorError):
                await anext(reader.watch("nonsense"))

    run(main())


def test_watchers_hold_no_thread_and_end_with_their_tasks() -> None:
    async def main() -> None:
        async with await aio.open_in_memory() as db:
            watchers = [db.watch() for _ in range(32)]
            tasks = [asyncio.create_task(anext(watcher)) for watcher in watchers]
            await asyncio.sleep(0.1)
            # More watchers than the database has threads, and yet each call finds one.
            started = time.monotonic()
            root = await db.create_root("r")
            assert time.monotonic() - started < 5
            assert {event.id for event in await asyncio.gather(*tasks)} == {root}
            # A task that is cancelled ends at once, and what comes then is still given out.
            for watcher in watchers[:16]:
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(anext(watcher), 0.002)
            new = await db.append(root)
            assert {(await anext(watcher)).id for watcher in watchers} == {new}
            waiting = asyncio.create_task(anext(watchers[0]))
            await asyncio.sleep(0.01)
            await db.close()
            with pytest.raises(ouroborosdb.ClosedError):
                await waiting

    run(main())


def test_it_has_every_operation_of_the_database() -> None:
    """What a language's face lacks is found here, and not by a user."""

    def public(cls: type) -> set[str]:
        return {name for name in dir(cls) if not name.startswith("_")}

    assert public(aio.Database) == public(ouroborosdb.Database)
    assert public(aio.Batch) == public(ouroborosdb.Batch)
    assert public(aio.FileWriter) == public(ouroborosdb.FileWriter)
    assert public(aio.Changes) == public(ouroborosdb.Changes)
    assert public(aio.Watcher) == public(ouroborosdb.Watcher)
