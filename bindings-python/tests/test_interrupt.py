"""Ctrl-C during a call that never ends by itself."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ouroborosdb import CancelToken, Database, EventId

ENDLESS = Path("/dev/zero")
# Past this the interrupt was not heard, and the call is ended to let the test fail.
PATIENCE_S = 30.0


@pytest.fixture
def give_up() -> Iterator[CancelToken]:
    """A token that ends the call where the interrupt does not."""
    token = CancelToken()
    timer = threading.Timer(PATIENCE_S, token.cancel)
    timer.start()
    yield token
    timer.cancel()
    timer.join()


def later(act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(0.2, act)
    timer.start()
    return timer


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_a_path_as_source(db: Database, root: EventId, give_up: CancelToken) -> None:
    timer = later(interrupt)
    with pytest.raises(KeyboardInterrupt):
        db.put_file(root, ENDLESS, cancel=give_up)
    timer.join()
    assert list(db.child_ids(root)) == []
    db.append(root)


def test_a_file_object_as_source(db: Database, root: EventId, give_up: CancelToken) -> None:
    timer = later(interrupt)
    with pytest.raises(KeyboardInterrupt), ENDLESS.open("rb") as source:
        db.put_file(root, source, cancel=give_up)
    timer.join()
    assert list(db.child_ids(root)) == []


def test_a_source_in_a_batch(db: Database, root: EventId, give_up: CancelToken) -> None:
    batch = db.batch()
    batch.append(root)
    timer = later(interrupt)
    with pytest.raises(KeyboardInterrupt):
        batch.put_file(root, ENDLESS, cancel=give_up)
    timer.join()
    assert len(batch) == len(batch.commit()) == 1


def test_from_within_a_progress_function(db: Database, root: EventId, give_up: CancelToken) -> None:
    with pytest.raises(KeyboardInterrupt):
        db.put_file(
            root, ENDLESS, cancel=give_up, progress=lambda done_bytes, items: signal.raise_signal(signal.SIGINT)
        )
    assert list(db.child_ids(root)) == []


def test_a_handler_that_does_not_raise_lets_the_call_go_on(db: Database, root: EventId) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: heard.append(number))
    token = CancelToken()
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        later(lambda: os.kill(os.getpid(), signal.SIGUSR1))

        def progress(done_bytes: int, items: int) -> None:
            if len(heard) >= 2:
                token.cancel()

        deadline = threading.Timer(PATIENCE_S, token.cancel)
        deadline.start()
        with pytest.raises(Exception, match="cancelled"):
            db.put_file(root, ENDLESS, cancel=token, progress=progress)
        deadline.cancel()
        deadline.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert heard == [signal.SIGUSR1] * 2


def test_a_pipe_that_gives_nothing(db: Database, root: EventId, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Open at both ends, so that the source neither gives bytes nor ends.
    ends = os.open(pipe, os.O_RDWR)
    hang_up = threading.Timer(PATIENCE_S, os.close, (ends,))
    hang_up.start()
    timer = later(interrupt)
    with pytest.raises(KeyboardInterrupt):
        db.put_file(root, pipe)
    timer.join()
    hang_up.cancel()
    hang_up.join()
    os.close(ends)
