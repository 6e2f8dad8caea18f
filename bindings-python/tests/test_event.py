"""Events and what they say: types, times, equality; and what the keyword arguments of a new one take."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ouroborosdb import Database, Event, EventId, EventNotFoundError, InvalidArgumentError, WrongTypeError


@pytest.fixture
def rich(db: Database, root: EventId) -> Event:
    return db.event(
        db.put_file(
            root,
            b"hello",
            metadata="text/plain",
            attributes=[("b", "2"), ("a", b"\xff")],
            follows=[root],
            temporary=True,
            expires=datetime(2100, 1, 1, 0, 0, 0, 1500, tzinfo=timezone.utc),
            full_text=True,
        )
    )


def test_types_of_what_an_event_says(rich: Event, root: EventId) -> None:
    assert isinstance(rich.id, EventId)
    assert rich.kind == "plain"
    assert rich.parent == root
    assert rich.follows == (root,)
    assert type(rich.origin) is bytes
    assert len(rich.origin) == 16
    assert isinstance(rich.time_ms, int)
    assert isinstance(rich.time_counter, int)
    assert rich.sequence == 2
    assert rich.title is None
    assert list(rich.attributes.items()) == [("a", b"\xff"), ("b", b"2")]
    assert rich.metadata == b"text/plain"
    assert rich.content_length == 5
    assert (rich.temporary, rich.full_text) == (True, True)


def test_what_is_absent_is_none(db: Database, root: EventId) -> None:
    event = db.event(db.append(root))
    assert (event.title, event.metadata, event.content_length, event.expires, event.expires_ms) == (None,) * 5
    assert (event.attributes, event.follows, event.temporary, event.full_text) == ({}, (), False, False)
    assert db.event(root).parent is None
    assert db.parent(root) is None
    assert db.metadata(root) is None


def test_time_is_aware(db: Database, root: EventId) -> None:
    before = datetime.now(timezone.utc) - timedelta(milliseconds=1)
    event = db.event(db.append(root))
    assert event.time.tzinfo is not None
    assert event.time.utcoffset() == timedelta(0)
    assert before <= event.time <= datetime.now(timezone.utc) + timedelta(seconds=1)
    assert event.time == datetime.fromtimestamp(event.time_ms // 1000, timezone.utc) + timedelta(
        milliseconds=event.time_ms % 1000
    )
    derived = db.event(db.ensure_root("derived"))
    assert derived.time == datetime(1970, 1, 1, tzinfo=timezone.utc)


def test_expires_as_datetime_and_as_milliseconds(db: Database, root: EventId, rich: Event) -> None:
    # The engine keeps milliseconds.
    assert rich.expires == datetime(2100, 1, 1, 0, 0, 0, 1000, tzinfo=timezone.utc)
    assert rich.expires_ms == 4102444800001
    elsewhere = datetime(2100, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    for form in (elsewhere, 4102444800000):
        event = db.event(db.append(root, temporary=True, expires=form))
        assert event.expires == elsewhere
    assert db.event(db.append(root, temporary=True, expires=None)).expires is None


def test_expires_refuses_what_names_no_moment(db: Database, root: EventId) -> None:
    naive = datetime(2100, 1, 1)
    with pytest.raises(InvalidArgumentError, match="time zone"):
        db.append(root, temporary=True, expires=naive)
    for early in (-1, datetime(1969, 12, 31, tzinfo=timezone.utc)):
        with pytest.raises(InvalidArgumentError):
            db.append(root, temporary=True, expires=early)
    for wrong in (1.5, "2100", True, naive.date()):
        with pytest.raises(WrongTypeError):
            db.append(root, temporary=True, expires=wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError):
        db.append(root, expires=1)
    assert list(db.child_ids(root)) == []


def test_an_event_is_immutable(rich: Event) -> None:
    for name in ("id", "metadata", "title", "something_new"):
        with pytest.raises(AttributeError):
            setattr(rich, name, None)
    rich.attributes["c"] = b"3"
    assert "c" not in rich.attributes
    with pytest.raises(TypeError):
        Event()


def test_equality_and_hash(db: Database, root: EventId, rich: Event) -> None:
    again = db.event(rich.id)
    assert again is not rich
    assert (again == rich, again != rich, hash(again) == hash(rich)) == (True, False, True)
    assert db.event(root) != rich
    assert rich != rich.id
    assert {rich, again} == {rich}


def test_repr_tells_events_apart(db: Database, rich: Event, root: EventId) -> None:
    assert str(rich.id)[:12] in repr(rich)
    assert "root" in repr(db.event(root))


def test_follows_takes_every_form_of_an_event(db: Database, root: EventId) -> None:
    other = db.append(root)
    forms: list[Event | EventId | bytes | str] = [db.event(root), root, bytes(root), str(root), other]
    assert db.event(db.append(root, follows=iter(forms))).follows == tuple(sorted([root, other]))
    assert db.event(db.append(root, follows=())).follows == ()
    with pytest.raises(EventNotFoundError):
        db.append(root, follows=["1".zfill(128)])


def test_flags_are_true_or_false_and_nothing_like_it(db: Database, root: EventId) -> None:
    for wrong in (1, 0, "yes", None):
        with pytest.raises(WrongTypeError):
            db.append(root, temporary=wrong)  # type: ignore[arg-type]
        with pytest.raises(WrongTypeError):
            db.append(root, full_text=wrong)  # type: ignore[arg-type]


def test_ids_are_what_writing_gives(db: Database, root: EventId) -> None:
    for made in (db.create_root("a"), db.ensure_root("a"), db.append(root), db.put_file(root, b"x")):
        assert type(made) is EventId
        assert db.event(made).id == made
