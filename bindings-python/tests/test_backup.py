"""Hot copies."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import ouroborosdb
import pytest
from content import bytes_of
from ouroborosdb import BackupReport, Database, EventId, LockedError, NotABackupError, PathNotFoundError, aio


def test_a_copy_opens_and_goes_on(db: Database, root: EventId, tmp_path: Path) -> None:
    file = db.put_file(root, bytes_of(100_000))
    first = db.backup_to(tmp_path / "copy")
    assert isinstance(first, BackupReport)
    assert first.sequence == db.stats().sequence
    assert (first.segments, first.bytes_kept, first.damaged_ranges) == (1, 0, 0)
    assert first.bytes_copied > 100_000
    db.append(root)
    second = db.backup_to(os.fsencode(tmp_path / "copy"))
    assert second.bytes_kept == first.bytes_copied and 0 < second.bytes_copied < 10_000
    assert second != first and "copied" in repr(second)
    with ouroborosdb.open_read_only(tmp_path / "copy") as copy:
        assert copy.read_file(file) == bytes_of(100_000)
        assert copy.stats().events == db.stats().events
        assert copy.verify().is_clean


def test_what_is_something_else_stays(db: Database, tmp_path: Path) -> None:
    letter = tmp_path / "files" / "letter"
    letter.parent.mkdir()
    letter.write_bytes(b"dear")
    with pytest.raises(NotABackupError, match="files"):
        db.backup_to(letter.parent)
    assert letter.read_bytes() == b"dear" and len(os.listdir(letter.parent)) == 1
    with pytest.raises(PathNotFoundError):
        db.backup_to(tmp_path / "missing" / "copy")
    db.backup_to(tmp_path / "copy")
    with ouroborosdb.open(tmp_path / "copy"), pytest.raises(LockedError):
        db.backup_to(tmp_path / "copy")


def test_of_asyncio(tmp_path: Path) -> None:
    async def copy() -> None:
        async with await aio.open(tmp_path / "store") as db:
            await db.create_root("r")
            told: list[tuple[int, int]] = []
            report = await db.backup_to(tmp_path / "copy", progress=lambda *done: told.append(done))
            assert report.sequence == 1
            assert told[-1] == (report.bytes_copied, report.segments)

    asyncio.run(copy())
