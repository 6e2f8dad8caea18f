"""Closing: context managers, what hangs on a closed database, and handles that go in any order."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ouroborosdb
import pytest
from content import bytes_of
from ouroborosdb import ClosedError, Database, EventId, FinishedError


class Stop(Exception):
    """Raised inside a `with` block."""


def test_with_closes_and_gives_the_lock_back(store: Path) -> None:
    with ouroborosdb.open(store) as db:
        assert not db.closed
        root = db.create_root("r")
    assert db.closed
    with ouroborosdb.open(store) as again:
        assert again.event(root).title == "r"


def test_with_closes_after_an_exception_and_lets_it_through(store: Path) -> None:
    with pytest.raises(Stop), ouroborosdb.open(store) as db:
        raise Stop
    assert db.closed
    ouroborosdb.open(store).close()


def test_closing_again_is_fine(store: Path) -> None:
    with ouroborosdb.open(store) as db:
        db.close()
        db.close()
    db.close()


def test_what_is_known_of_a_closed_database(store: Path) -> None:
    db = ouroborosdb.open(store)
    db.close()
    assert (db.closed, db.read_only, db.path) == (True, False, store)
    assert "closed" in repr(db)


DATABASE_CALLS: dict[str, Callable[[Database, EventId], object]] = {
    "create_root": lambda db, root: db.create_root("x"),
    "ensure_root": lambda db, root: db.ensure_root("x"),
    "roots": lambda db, root: db.roots(),
    "roots_titled": lambda db, root: db.roots_titled("x"),
    "root_index": lambda db, root: db.root_index(),
    "append": lambda db, root: db.append(root),
    "resolve": lambda db, root: db.resolve(str(root)),
    "event": lambda db, root: db.event(root),
    "metadata": lambda db, root: db.metadata(root),
    "parent": lambda db, root: db.parent(root),
    "children": lambda db, root: db.children(root),
    "child_ids": lambda db, root: db.child_ids(root),
    "ancestors": lambda db, root: db.ancestors(root),
    "descendants": lambda db, root: db.descendants(root),
    "put_file": lambda db, root: db.put_file(root, b"x"),
    "put_files": lambda db, root: db.put_files(root, [b"x"]),
    "read_file": lambda db, root: db.read_file(root),
    "open_file": lambda db, root: db.open_file(root),
    "file_writer": lambda db, root: db.file_writer(root),
    "batch": lambda db, root: db.batch(),
    "changes": lambda db, root: db.changes(),
    "watch": lambda db, root: db.watch(),
    "import_path": lambda db, root: db.import_path(root, "."),
    "export_path": lambda db, root: db.export_path(root, "never-made"),
    "backup_to": lambda db, root: db.backup_to("never-made"),
    "refresh": lambda db, root: db.refresh(),
    "sync": lambda db, root: db.sync(),
    "rebuild_index": lambda db, root: db.rebuild_index(),
    "stats": lambda db, root: db.stats(),
    "prometheus": lambda db, root: db.prometheus(),
    "verify": lambda db, root: db.verify(),
}


def test_the_list_of_calls_is_whole() -> None:
    methods = {name for name in vars(Database) if not name.startswith("_")}
    assert methods - {"close", "closed", "read_only", "path"} == DATABASE_CALLS.keys()


@pytest.mark.parametrize("call", DATABASE_CALLS.values(), ids=DATABASE_CALLS.keys())
def test_every_call_of_a_closed_database(memory: Database, call: Callable[[Database, EventId], object]) -> None:
    root = memory.create_root("r")
    memory.close()
    with pytest.raises(ClosedError):
        call(memory, root)


def handles_of(db: Database) -> dict[str, Callable[[], object]]:
    """A call of each kind of handle, the handle itself held by nothing else."""
    root = db.create_root("r")
    file = db.put_file(root, bytes_of(100_000))
    reader, writer, batch = db.open_file(file), db.file_writer(root), db.batch()
    children, ids, titles, changes = db.children(root), db.child_ids(root), db.root_index(), db.changes()
    watcher = db.watch()
    db.append(root)
    at_hand = db.descendants(root)
    next(at_hand)
    return {
        "reader.read": lambda: reader.read(10),
        "reader.read_at": lambda: reader.read_at(5, 10),
        "reader.readinto": lambda: reader.readinto(bytearray(10)),
        "reader.seek": lambda: reader.seek(0),
        "writer.write": lambda: writer.write(b"x"),
        "writer.finish": lambda: writer.finish(),
        "writer.abort": lambda: writer.abort(),
        "batch.create_root": lambda: batch.create_root("x"),
        "batch.append": lambda: batch.append(root),
        "batch.put_file": lambda: batch.put_file(root, b"x"),
        "batch.commit": lambda: batch.commit(),
        "batch.discard": lambda: batch.discard(),
        "next(children)": lambda: next(children),
        "children.page": lambda: children.page(1),
        "ids.page": lambda: ids.page(1),
        "next(titles)": lambda: next(titles),
        "titles.page": lambda: titles.page(1),
        "next(changes)": lambda: next(changes),
        "changes.page": lambda: changes.page(1),
        "changes.watch": lambda: changes.watch(1),
        "next(watcher)": lambda: next(watcher),
        "a cursor with items at hand": lambda: next(at_hand),
    }


def test_every_handle_of_a_closed_database_says_closed() -> None:
    db = ouroborosdb.open_in_memory()
    calls = handles_of(db)
    db.close()
    for what, call in calls.items():
        with pytest.raises(ClosedError):
            raise AssertionError(f"{what} gave {call()!r}")


def test_handles_outlive_the_database_object(store: Path) -> None:
    calls = handles_of(ouroborosdb.open(store))
    gc.collect()
    # Nothing was closed: the handles hold the store open.
    with pytest.raises(ouroborosdb.LockedError):
        ouroborosdb.open(store)
    assert calls["reader.read"]() == bytes_of(100_000)[:10]
    calls["batch.append"]()
    assert calls["batch.commit"]()
    calls.clear()
    gc.collect()
    ouroborosdb.open(store).close()


def test_a_database_that_is_dropped_gives_the_lock_back(store: Path) -> None:
    db = ouroborosdb.open(store)
    root = db.create_root("r")
    del db
    with ouroborosdb.open(store) as again:
        assert again.event(root).title == "r"


def test_a_snapshot_needs_no_database(memory: Database) -> None:
    event = memory.event(memory.create_root("r"))
    memory.close()
    assert (event.title, event.kind) == ("r", "root")


@pytest.mark.parametrize("kind", ["batch", "writer"])
def test_with_on_a_closed_database_lets_the_first_exception_through(memory: Database, kind: str) -> None:
    root = memory.create_root("r")
    handle: Any = memory.batch() if kind == "batch" else memory.file_writer(root)
    with pytest.raises(Stop), handle:
        memory.close()
        raise Stop
    with pytest.raises((ClosedError, FinishedError)):
        handle.commit() if kind == "batch" else handle.finish()


def test_closing_a_reader_is_not_closing_the_database(db: Database, root: EventId) -> None:
    file = db.put_file(root, b"hello")
    with db.open_file(file) as reader:
        assert reader.read() == b"hello"
    assert reader.closed
    with pytest.raises(ValueError, match="closed"):
        reader.read()
    assert db.read_file(file) == b"hello"
