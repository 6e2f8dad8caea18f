"""Progress functions and cancel tokens: watching a long call, and ending it."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from content import bytes_of
from ouroborosdb import CancelledError, CancelToken, ClosedError, Database, EventId, WrongTypeError

CONTENT = bytes_of(3_000_000)
# Gives zeros for ever: a file of it ends only when it is ended. Equal bytes take no room in the store.
ENDLESS = Path("/dev/zero")


class Stop(Exception):
    """Raised inside a progress function."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for at, path in enumerate((folder / "a", folder / "b", folder / "sub" / "c")):
        path.write_bytes(bytes_of(400_000, at))
    return folder


@pytest.fixture
def calls(db: Database, root: EventId, folder: Path, tmp_path: Path) -> dict[str, Callable[..., object]]:
    """Every call that can be watched. Each can be made once."""
    imported = db.import_path(root, folder).event
    batch = db.batch()
    reader = db.open_file(db.put_file(root, CONTENT))
    return {
        "put_file": lambda **control: db.put_file(root, CONTENT, **control),
        "put_files": lambda **control: db.put_files(root, [CONTENT, CONTENT], **control),
        "write_to": lambda **control: reader.write_to(io.BytesIO(), **control),
        "write_to path": lambda **control: reader.write_to(tmp_path / "written", **control),
        "batch.put_file": lambda **control: batch.put_file(root, CONTENT, **control),
        "import_path": lambda **control: db.import_path(root, folder, **control),
        "export_path": lambda **control: db.export_path(imported, tmp_path / "out", **control),
        "backup_to": lambda **control: db.backup_to(tmp_path / "copy", **control),
        "rebuild_index": lambda **control: db.rebuild_index(**control),
        "verify": lambda **control: db.verify(**control),
    }


CALLS = [
    "put_file",
    "put_files",
    "write_to",
    "write_to path",
    "batch.put_file",
    "import_path",
    "export_path",
    "backup_to",
    "rebuild_index",
    "verify",
]


@pytest.mark.parametrize("name", CALLS)
def test_it_is_told_of_bytes_and_items(calls: dict[str, Callable[..., object]], name: str) -> None:
    told: list[tuple[int, int]] = []
    calls[name](progress=lambda done_bytes, items: told.append((done_bytes, items)))
    assert told
    assert told == sorted(told), "it never goes backwards"
    assert all(type(done) is int and type(items) is int for done, items in told)
    exact = {name: len(CONTENT) for name in ("put_file", "write_to", "write_to path", "batch.put_file")}
    exact |= {"put_files": 2 * len(CONTENT), "import_path": 1_200_000}
    assert told[-1][0] == exact.get(name, told[-1][0]) > 1_000_000
    if name in ("import_path", "export_path"):
        assert told[-1][1] == 5


@pytest.mark.parametrize("name", CALLS)
def test_its_exception_ends_the_call(
    db: Database, root: EventId, calls: dict[str, Callable[..., object]], name: str
) -> None:
    before = db.stats().events
    asked = 0

    def progress(done_bytes: int, items: int) -> None:
        nonlocal asked
        asked += 1
        raise Stop("enough")

    with pytest.raises(Stop, match="enough"):
        calls[name](progress=progress)
    assert asked == 1, "it is not asked again once it has raised"
    assert db.stats().events == before, "nothing of it is visible"
    assert db.verify().is_clean


@pytest.mark.parametrize("name", CALLS)
def test_it_may_call_back_in(
    db: Database, root: EventId, calls: dict[str, Callable[..., object]], name: str
) -> None:
    appended: list[EventId] = []

    def progress(done_bytes: int, items: int) -> None:
        appended.append(db.append(root))
        assert db.event(appended[-1]).parent == root

    calls[name](progress=progress)
    assert appended
    assert set(appended) <= set(db.child_ids(root))


@pytest.mark.parametrize("name", CALLS)
def test_it_may_close_the_database(db: Database, calls: dict[str, Callable[..., object]], name: str) -> None:
    with pytest.raises(ClosedError):
        calls[name](progress=lambda done_bytes, items: db.close())
    assert db.closed


@pytest.mark.parametrize("name", CALLS)
def test_a_cancelled_token_ends_the_call(
    db: Database, calls: dict[str, Callable[..., object]], name: str
) -> None:
    before = db.stats().events
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        calls[name](cancel=token)
    assert db.stats().events == before
    # The token is the caller's: a call that was not given it goes on.
    calls[name](cancel=CancelToken())


def test_a_token_from_another_thread(db: Database, root: EventId) -> None:
    token, started = CancelToken(), threading.Event()

    def cancel() -> None:
        started.wait(60)
        token.cancel()

    other = threading.Thread(target=cancel)
    other.start()
    with pytest.raises(CancelledError):
        db.put_file(root, ENDLESS, cancel=token, progress=lambda done_bytes, items: started.set())
    other.join()
    assert token.is_cancelled
    assert list(db.child_ids(root)) == []


def test_a_token_ends_all_calls_that_hold_it(db: Database, root: EventId) -> None:
    token, started, ended = CancelToken(), threading.Barrier(4), []

    def put() -> None:
        waited = False

        def progress(done_bytes: int, items: int) -> None:
            nonlocal waited
            if not waited:
                waited = True
                started.wait(60)

        try:
            db.put_file(root, ENDLESS, cancel=token, progress=progress)
        except CancelledError as error:
            ended.append(error)

    threads = [threading.Thread(target=put) for _ in range(3)]
    for thread in threads:
        thread.start()
    started.wait(60)
    token.cancel()
    for thread in threads:
        thread.join()
    assert len(ended) == 3


def test_a_token_that_its_own_exception_outlives(db: Database, root: EventId) -> None:
    token = CancelToken()

    def progress(done_bytes: int, items: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        db.put_file(root, CONTENT, cancel=token, progress=progress)
    assert not token.is_cancelled, "an exception ends its own call and not what shares the token"


def test_closing_from_another_thread_ends_a_call(db: Database, root: EventId) -> None:
    started = threading.Event()

    def close() -> None:
        started.wait(60)
        db.close()

    other = threading.Thread(target=close)
    other.start()
    with pytest.raises(ClosedError):
        db.put_file(root, ENDLESS, progress=lambda done_bytes, items: started.set())
    other.join()


def test_the_state_of_a_token() -> None:
    token = CancelToken()
    assert not token.is_cancelled
    token.cancel()
    token.cancel()
    assert token.is_cancelled
    assert "cancelled" in repr(token)


@pytest.mark.parametrize("name", CALLS)
def test_wrong_types(calls: dict[str, Callable[..., object]], name: str) -> None:
    wrongs: tuple[dict[str, Any], ...] = ({"progress": 5}, {"cancel": 5}, {"cancel": threading.Event()})
    for wrong in wrongs:
        with pytest.raises(WrongTypeError):
            calls[name](**wrong)
    with pytest.raises(TypeError):
        calls[name](progress=lambda: None)
    calls[name](progress=None, cancel=None)
