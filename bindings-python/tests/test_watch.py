"""Readers that stay open, and waiting for what is committed."""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ouroborosdb
import pytest
from ouroborosdb import (
    CancelledError,
    CancelToken,
    ClosedError,
    Database,
    Event,
    EventId,
    EventNotFoundError,
    InvalidArgumentError,
    WrongTypeError,
)
from test_interrupt import interrupt, later
from test_processes import running

# Past this whatever a test waits for has not come, and the test fails.
PATIENCE_S = 30.0
# No wait that is told of is as long as this.
SHORT_S = 10.0


@pytest.fixture
def reader(db: Database, store: Path) -> Iterator[Database]:
    with ouroborosdb.open_read_only(store) as database:
        yield database


def ids(events: list[Event]) -> list[EventId]:
    return [event.id for event in events]


def test_a_reader_is_refreshed(db: Database, reader: Database) -> None:
    assert reader.refresh() is False
    root = db.create_root("new")
    with pytest.raises(EventNotFoundError):
        reader.event(root)
    assert reader.refresh() is True
    assert reader.event(root).title == "new"
    assert (reader.refresh(), db.refresh()) == (False, False)


def test_a_watch_gives_what_is_there_and_then_waits(db: Database, root: EventId, reader: Database) -> None:
    feed = db.changes()
    assert ids(feed.watch(10)) == [root]
    start = time.monotonic()
    assert feed.watch(10, 0.05) == []
    assert time.monotonic() - start >= 0.05
    assert feed.watch(10, 0) == feed.watch(10, -1) == feed.watch(0) == []
    appended: list[EventId] = []
    timer = later(lambda: appended.append(db.append(root)))
    start = time.monotonic()
    events = feed.watch(10, PATIENCE_S)
    assert time.monotonic() - start < SHORT_S
    timer.join()
    assert ids(events) == appended
    # The same in a reader, which has not seen either of them yet.
    followed = reader.changes()
    assert ids(followed.watch(1)) + ids(followed.watch(10, math.inf)) == [root, *appended]
    assert followed.cursor == feed.cursor


def test_what_was_fetched_ahead_is_given_first_and_the_cursor_follows(memory: Database) -> None:
    root = memory.create_root("r")
    with memory.batch() as batch:
        for _ in range(20):
            batch.append(root)
    assert batch.ids is not None
    feed = memory.changes()
    # The iterator fetches ahead, more each time.
    assert [event.id for event in itertools.islice(feed, 5)] == [root, *batch.ids[:4]]
    assert feed.cursor.sequence == 5
    with pytest.raises(CancelledError):
        token = CancelToken()
        token.cancel()
        feed.watch(1, cancel=token)
    seen: list[EventId] = []
    while page := feed.watch(3, 0):
        assert len(page) <= 3
        seen += ids(page)
        assert feed.cursor.sequence == 5 + len(seen)
    assert seen == batch.ids[4:]


def test_limits_and_times(memory: Database) -> None:
    feed = memory.changes()
    with pytest.raises(InvalidArgumentError):
        feed.watch(-1)
    with pytest.raises(InvalidArgumentError, match="NaN"):
        feed.watch(1, math.nan)
    for wrong in ("1", True, b"1"):
        with pytest.raises(WrongTypeError, match="timeout"):
            feed.watch(1, wrong)  # type: ignore[arg-type]
    with pytest.raises(WrongTypeError, match="cancel"):
        feed.watch(1, 0, cancel=5)  # type: ignore[arg-type]


def test_a_token_ends_it(memory: Database) -> None:
    feed, token = memory.changes(), CancelToken()
    timer = later(token.cancel)
    with pytest.raises(CancelledError):
        feed.watch(1, PATIENCE_S, cancel=token)
    timer.join()


def endless_page(db: Database) -> object:
    return db.changes().watch(1, PATIENCE_S)


def endless_iterator(db: Database) -> object:
    return next(db.watch())


@pytest.mark.parametrize("wait", [endless_page, endless_iterator])
def test_ctrl_c_ends_it(memory: Database, wait: Callable[[Database], object]) -> None:
    timer = later(interrupt)
    # Lets the test fail where the interrupt is not heard.
    give_up = threading.Timer(PATIENCE_S, memory.close)
    give_up.start()
    with pytest.raises(KeyboardInterrupt):
        wait(memory)
    give_up.cancel()
    timer.join()


@pytest.mark.parametrize("wait", [endless_page, endless_iterator])
def test_closing_ends_it(memory: Database, wait: Callable[[Database], object]) -> None:
    timer = later(memory.close)
    start = time.monotonic()
    with pytest.raises(ClosedError):
        wait(memory)
    assert time.monotonic() - start < SHORT_S
    timer.join()


def test_other_threads_ask_meanwhile(memory: Database) -> None:
    feed = memory.changes()
    given: list[Event] = []
    thread = threading.Thread(target=lambda: given.extend(feed.watch(1, PATIENCE_S)))
    thread.start()
    time.sleep(0.05)
    assert feed.cursor.sequence == 0
    assert feed.page(1) == []
    root = memory.create_root("r")
    thread.join()
    assert ids(given) == [root]
    assert feed.cursor.sequence == 1


def test_an_endless_iterator(db: Database, root: EventId, reader: Database) -> None:
    first = db.append(root)
    watcher = reader.watch()
    assert iter(watcher) is watcher
    seen = [event.id for event in itertools.islice(watcher, 2)]
    assert seen == [root, first]
    timer = later(lambda: [db.append(root) for _ in range(100)])
    events = list(itertools.islice(watcher, 100))
    timer.join()
    assert [event.sequence for event in events] == list(range(3, 103))
    assert watcher.cursor.sequence == 102
    assert next(reader.watch(str(db.changes().cursor))).id == root


WRITES = """
    import sys, ouroborosdb
    with ouroborosdb.open(sys.argv[1]) as db:
        root = db.ensure_root("written")
        for line in sys.stdin:
            print(db.append(root, metadata=line.strip()), flush=True)
"""


def test_across_processes(store: Path) -> None:
    ouroborosdb.open(store).close()
    with ouroborosdb.open_read_only(store) as reader, running(WRITES, store) as process:
        assert process.stdin is not None and process.stdout is not None
        watcher = reader.watch()
        assert next(watcher).title == "written"
        for number in range(5):
            process.stdin.write(f"{number}\n")
            process.stdin.flush()
            event = next(watcher)
            assert event.metadata == str(number).encode()
            assert process.stdout.readline() == f"{event.id}\n"
