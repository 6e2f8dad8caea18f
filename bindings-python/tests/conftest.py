"""What the tests share: a store on the disk, a database open on it, and a root in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ouroborosdb
import pytest
from ouroborosdb import Database, EventId


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A path at which nothing is yet."""
    return tmp_path / "store"


@pytest.fixture
def db(store: Path) -> Iterator[Database]:
    with ouroborosdb.open(store) as database:
        yield database


@pytest.fixture
def memory() -> Iterator[Database]:
    """A database that no disk slows down."""
    with ouroborosdb.open_in_memory() as database:
        yield database


@pytest.fixture
def root(db: Database) -> EventId:
    return db.create_root("root")
