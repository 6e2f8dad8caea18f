"""Batches in Python: as context managers, their members, their length and their ids."""

from __future__ import annotations

import pytest
from content import bytes_of
from ouroborosdb import (
    BatchTooLargeError,
    Database,
    EventId,
    FinishedError,
    InvalidArgumentError,
    ParentNotFoundError,
)


class Stop(Exception):
    """Raised inside a `with` block."""


def children(db: Database, event: EventId) -> list[EventId]:
    return list(db.child_ids(event))


def test_with_commits(db: Database, root: EventId) -> None:
    with db.batch() as batch:
        first = batch.append(root, metadata="first")
        second = batch.put_file(first, b"second")
        assert batch.ids is None
        assert children(db, root) == []
    assert batch.ids is not None
    assert children(db, root) == [batch.ids[first.index]]
    assert db.read_file(batch.ids[second.index]) == b"second"


def test_with_discards_after_an_exception(db: Database, root: EventId) -> None:
    with pytest.raises(Stop), db.batch() as batch:
        batch.append(root)
        raise Stop
    assert children(db, root) == []
    assert batch.ids is None
    with pytest.raises(FinishedError):
        batch.commit()


def test_with_lets_be_what_is_finished(db: Database, root: EventId) -> None:
    with db.batch() as batch:
        batch.append(root)
        ids = batch.commit()
    assert batch.ids == ids
    with db.batch() as batch:
        batch.append(root)
        batch.discard()
    assert batch.ids is None
    assert children(db, root) == ids


def test_an_error_at_commit_comes_out_of_with(db: Database, root: EventId) -> None:
    with pytest.raises(FinishedError), db.batch() as batch:
        batch.discard()
        batch.append(root)


def test_members_are_counted_and_numbered(db: Database, root: EventId) -> None:
    batch = db.batch()
    assert len(batch) == 0
    members = [batch.create_root("a"), batch.append(root), batch.put_file(root, b"x")]
    assert [member.index for member in members] == [0, 1, 2]
    assert len(batch) == 3
    assert "0" in repr(members[0])
    ids = batch.commit()
    assert len(ids) == 3
    assert all(isinstance(id, EventId) for id in ids)
    assert db.event(ids[0]).title == "a"
    assert len(batch) == 0


def test_an_empty_batch_commits_nothing(db: Database) -> None:
    assert db.batch().commit() == []


def test_every_form_of_a_parent(db: Database, root: EventId) -> None:
    with db.batch() as batch:
        for parent in (root, db.event(root), bytes(root), str(root), bytearray(bytes(root))):
            batch.append(parent)
        batch.append(batch.append(root))
    assert len(children(db, root)) == 6


def test_a_member_of_another_batch_is_no_parent(db: Database, root: EventId) -> None:
    stranger = db.batch().append(root)
    with pytest.raises(InvalidArgumentError, match="another batch"):
        db.batch().append(stranger)


def test_a_member_is_no_event_outside_of_its_batch(db: Database, root: EventId) -> None:
    member = db.batch().append(root)
    with pytest.raises(TypeError):
        db.append(member)  # type: ignore[arg-type]


def test_after_an_error_the_batch_is_as_it_was(db: Database, root: EventId) -> None:
    batch = db.batch()
    batch.append(root, metadata="kept")
    with pytest.raises(ParentNotFoundError):
        batch.append("1".zfill(128))
    with pytest.raises(BatchTooLargeError):
        for _ in range(5):
            batch.append(root, metadata=bytes(16 << 20))
    kept = len(batch)
    assert kept == len(batch.commit())
    assert db.event(children(db, root)[0]).metadata == b"kept"


def test_a_discarded_file_leaves_no_event(db: Database, root: EventId) -> None:
    batch = db.batch()
    batch.put_file(root, bytes_of(300_000))
    del batch
    assert children(db, root) == []
    assert db.verify().is_clean
