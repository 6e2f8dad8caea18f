"""Threads: every blocking call lets the others run, and every handle can be shared."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import ouroborosdb
import pytest
from content import bytes_of
from ouroborosdb import ChangeCursor, Database, EventId

Gave = TypeVar("Gave")

CONTENT = bytes_of(4_000_000)
THREADS = 6
# A call that never lets another thread run is only then given up.
PATIENCE_S = 20.0


@pytest.fixture
def unforced() -> Iterator[None]:
    """No thread is made to give the interpreter up: another one runs only where a call lets it."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(3600)
    yield
    sys.setswitchinterval(before)


class Counter:
    """A thread that counts whenever it gets the interpreter, and waits for it all the time."""

    def __init__(self) -> None:
        self.count = 0
        self._stop = False
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop:
            self.count += 1
            time.sleep(0)

    def __enter__(self) -> Counter:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop = True
        self._thread.join()


@pytest.fixture
def blocking(db: Database, root: EventId, tmp_path: Path) -> dict[str, Callable[[int], object]]:
    """Calls that wait for the disk or compute; each takes the number of the attempt."""
    file = db.put_file(root, CONTENT)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "file").write_bytes(CONTENT)
    imported = db.import_path(root, folder).event
    reader, writer = db.open_file(file), db.file_writer(root)
    target = bytearray(len(CONTENT))

    def commit(at: int) -> object:
        batch = db.batch()
        batch.append(root)
        return batch.commit()

    return {
        "put_file": lambda at: db.put_file(root, CONTENT),
        "batch.put_file": lambda at: db.batch().put_file(root, CONTENT),
        "put_file of a view": lambda at: db.put_file(root, bytearray(CONTENT)),
        "put_files": lambda at: db.put_files(root, [CONTENT, bytearray(CONTENT)]),
        "reader.write_to": lambda at: (reader.seek(0), reader.write_to(tmp_path / f"written{at}")),
        "read_file": lambda at: db.read_file(file),
        "reader.read": lambda at: (reader.seek(0), reader.read()),
        "reader.readinto": lambda at: (reader.seek(0), reader.readinto(target)),
        "reader.read_at": lambda at: reader.read_at(0, len(CONTENT)),
        "writer.write": lambda at: writer.write(CONTENT),
        "append": lambda at: db.append(root),
        "create_root": lambda at: db.create_root("x"),
        "batch.commit": commit,
        "import_path": lambda at: db.import_path(root, folder),
        "export_path": lambda at: db.export_path(imported, tmp_path / f"out{at}"),
        "verify": lambda at: db.verify(),
        "rebuild_index": lambda at: db.rebuild_index(),
        "open and close": lambda at: ouroborosdb.open(tmp_path / f"store{at}").close(),
    }


BLOCKING = [
    "put_file",
    "batch.put_file",
    "put_file of a view",
    "put_files",
    "reader.write_to",
    "read_file",
    "reader.read",
    "reader.readinto",
    "reader.read_at",
    "writer.write",
    "append",
    "create_root",
    "batch.commit",
    "import_path",
    "export_path",
    "verify",
    "rebuild_index",
    "open and close",
]


@pytest.mark.usefixtures("unforced")
@pytest.mark.parametrize("name", BLOCKING)
def test_others_run_meanwhile(blocking: dict[str, Callable[[int], object]], name: str) -> None:
    call, deadline, attempts = blocking[name], time.monotonic() + PATIENCE_S, 0
    with Counter() as counter:
        while True:
            before = counter.count
            call(attempts)
            after = counter.count
            attempts += 1
            # The other thread may come too late for a short call: it gets more of them.
            if after > before or time.monotonic() > deadline:
                break
    assert after > before, f"{name} kept the interpreter, {attempts} times"


def shared(work: Callable[[int], Gave]) -> list[Gave]:
    """Runs `work` in many threads at once, and gives what they gave; their exceptions come out."""
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> Gave:
        barrier.wait(60)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_a_database(db: Database, root: EventId) -> None:
    common = bytes_of(50_000)

    def work(number: int) -> list[tuple[EventId, bytes]]:
        made = []
        for at in range(15):
            own = bytes_of(2000 + at, number)
            made += [(db.put_file(root, own), own), (db.put_file(root, common), common)]
            assert db.read_file(made[-2][0]) == own
        return made

    made = [pair for pairs in shared(work) for pair in pairs]
    assert set(db.child_ids(root)) == {id for id, _ in made}
    assert all(db.read_file(id) == content for id, content in made)
    assert db.verify().is_clean


def test_a_cursor_and_a_feed(memory: Database) -> None:
    root = memory.create_root("r")
    with memory.batch() as batch:
        for _ in range(3000):
            batch.append(root)
    children, ids, changes = memory.children(root), memory.child_ids(root), memory.changes()

    def work(number: int) -> tuple[list[EventId], list[EventId], list[EventId]]:
        stepped = [event.id for event in children]
        paged = [id for page in iter(lambda: ids.page(7), []) for id in page]
        return stepped, paged, [event.id for event in changes]

    gave = shared(work)
    for at, expected in enumerate((batch.ids, batch.ids, [root, *(batch.ids or [])])):
        got = [id for three in gave for id in three[at]]
        assert sorted(got) == sorted(expected or []), "each item goes to one thread"
    assert isinstance(changes.cursor, ChangeCursor)
    assert changes.cursor.sequence == 3001


def test_a_batch(db: Database, root: EventId) -> None:
    batch = db.batch()

    def work(number: int) -> list[int]:
        return [batch.append(root, metadata=f"{number}").index for _ in range(50)] + [
            batch.put_file(root, bytes_of(30_000, number)).index
        ]

    indexes = [index for many in shared(work) for index in many]
    assert sorted(indexes) == list(range(THREADS * 51))
    ids = batch.commit()
    assert len(set(ids)) == THREADS * 51
    assert list(db.child_ids(root)) == ids


def test_a_writer(db: Database, root: EventId) -> None:
    writer = db.file_writer(root)
    pieces = [bytes([65 + number]) * 1000 for number in range(THREADS)]
    shared(lambda number: [writer.write(pieces[number]) for _ in range(100)])
    content = db.read_file(writer.finish())
    found = [content[at : at + 1000] for at in range(0, len(content), 1000)]
    assert sorted(found) == sorted(pieces * 100), "each write is taken whole"


def test_a_reader(db: Database, root: EventId) -> None:
    reader = db.open_file(db.put_file(root, CONTENT))

    def work(number: int) -> bytes:
        for at in range(number, 2000, 50):
            assert reader.read_at(at * 1000, 777) == CONTENT[at * 1000 : at * 1000 + 777]
        return b"".join(iter(lambda: reader.read(1000), b""))

    assert sum(map(len, shared(work))) == len(CONTENT), "each byte goes to one thread"


def test_one_of_many_finishes(db: Database, root: EventId) -> None:
    batch, writer = db.batch(), db.file_writer(root)
    batch.append(root)

    def work(number: int) -> int:
        done = 0
        for end in (batch.commit, writer.finish):
            try:
                end()
            except ouroborosdb.FinishedError:
                continue
            done += 1
        return done

    assert sum(shared(work)) == 2
    assert len(list(db.child_ids(root))) == 2


def test_closing_while_others_work(db: Database, root: EventId) -> None:
    begun = threading.Barrier(THREADS)

    def work(number: int) -> str:
        begun.wait(60)
        if number == 0:
            time.sleep(0.05)
            db.close()
            return "closed"
        try:
            while True:
                db.append(root)
        except ouroborosdb.ClosedError:
            return "refused"

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(work, range(THREADS))) == ["closed"] + ["refused"] * (THREADS - 1)
