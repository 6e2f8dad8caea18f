"""What the engine tells: into logging, or to a function, on a thread that may wait for the interpreter."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ouroborosdb
import pytest
from ouroborosdb import LogRecord
from test_processes import run


@pytest.fixture(autouse=True)
def cleared() -> Iterator[None]:
    yield
    ouroborosdb.clear_log_sink()


def open_and_close(path: Path | None = None) -> None:
    (ouroborosdb.open_in_memory() if path is None else ouroborosdb.open(path)).close()


def test_without_a_sink_records_go_to_logging(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = tmp_path / "store"
    with caplog.at_level(logging.DEBUG, logger="ouroborosdb"):
        ouroborosdb.set_log_sink("debug")
        with ouroborosdb.open(store), pytest.raises(ouroborosdb.LockedError):
            ouroborosdb.open(store)
        ouroborosdb.clear_log_sink()
    told = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert told[0] == (logging.INFO, told[0][1]) and told[0][1].startswith(f"opened store={store} read_only=false")
    assert any(level == logging.WARNING and "another process" in message for level, message in told)
    assert told[-1][0] == logging.DEBUG
    first: Any = caplog.records[0]
    record = first.ouroborosdb
    assert isinstance(record, LogRecord)
    assert abs(first.created * 1000 - record.time_ms) < 1
    assert (record.level, record.message) == ("info", "opened")
    assert record.fields["store"] == str(store)
    assert record.fields["read_only"] is False
    assert record.fields["events"] == 0
    assert repr(record).startswith("<LogRecord info: opened store=")


def test_what_logging_does_not_want_it_does_not_get(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="ouroborosdb"):
        ouroborosdb.set_log_sink("debug")
        open_and_close()
        ouroborosdb.clear_log_sink()
    assert not caplog.records


def test_the_level_is_kept() -> None:
    records: list[LogRecord] = []
    ouroborosdb.set_log_sink("info", records.append)
    open_and_close()
    ouroborosdb.clear_log_sink()
    assert [record.level for record in records] == ["info"]
    open_and_close()
    assert len(records) == 1


def test_arguments_that_are_none() -> None:
    wrong: Any
    for wrong in ("", "INFO", "trace", "warning"):
        with pytest.raises(ouroborosdb.InvalidArgumentError, match="level"):
            ouroborosdb.set_log_sink(wrong)
    for wrong in (None, 3, b"info"):
        with pytest.raises(ouroborosdb.WrongTypeError, match="level"):
            ouroborosdb.set_log_sink(wrong)
    for wrong in (5, "print"):
        with pytest.raises(ouroborosdb.WrongTypeError, match="sink"):
            ouroborosdb.set_log_sink("info", wrong)


def test_a_sink_that_raises_is_told_of_and_gets_the_next_record(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: raised.append(unraisable.exc_value))

    def sink(record: LogRecord) -> None:
        raise RuntimeError(record.message)

    ouroborosdb.set_log_sink("info", sink)
    open_and_close()
    open_and_close()
    ouroborosdb.clear_log_sink()
    assert [str(error) for error in raised] == ["opened", "opened"]


def test_a_sink_may_use_the_database_and_end_itself() -> None:
    done = threading.Event()
    told: list[str] = []

    def sink(record: LogRecord) -> None:
        told.append(record.message)
        with ouroborosdb.open_in_memory() as inner:
            inner.create_root("r")
        ouroborosdb.clear_log_sink()
        done.set()

    ouroborosdb.set_log_sink("info", sink)
    open_and_close()
    assert done.wait(20)
    ouroborosdb.clear_log_sink()
    assert told[0] == "opened"


def test_a_sink_that_is_cleared_is_let_go() -> None:
    class Sink:
        def __call__(self, record: LogRecord) -> None:
            pass

    sink = Sink()
    watched = weakref.ref(sink)
    ouroborosdb.set_log_sink("info", sink)
    del sink
    open_and_close()
    ouroborosdb.clear_log_sink()
    gc.collect()
    assert watched() is None


def test_threads_that_write_do_not_wait_for_a_sink_that_wants_the_interpreter(tmp_path: Path) -> None:
    """A thread holds the interpreter and waits for the engine, whose other threads tell of segments, under its locks,
    to a sink that wants the interpreter."""
    records: list[LogRecord] = []
    with ouroborosdb.open(tmp_path / "store", segment_bytes=65536, durability="buffered") as db:
        root = db.ensure_root("r")
        ouroborosdb.set_log_sink("debug", records.append)

        def work() -> None:
            for _ in range(300):
                db.append(root, metadata=b"m" * 2000)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            db.rebuild_index()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        ouroborosdb.clear_log_sink()
    begun = [record for record in records if record.message == "a segment was begun"]
    assert len(begun) >= 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_opens_a_store_and_may_set_a_sink(tmp_path: Path) -> None:
    told: list[LogRecord] = []
    ouroborosdb.set_log_sink("debug", told.append)
    child = os.fork()
    if child == 0:
        try:
            open_and_close(tmp_path / "silent")
            in_child: list[LogRecord] = []
            ouroborosdb.set_log_sink("info", in_child.append)
            open_and_close(tmp_path / "told")
            ouroborosdb.clear_log_sink()
            ok = [record.fields["store"] for record in in_child] == [str(tmp_path / "told")]
            os._exit(0 if ok and not told else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    open_and_close(tmp_path / "parent")
    ouroborosdb.clear_log_sink()
    assert told[0].fields["store"] == str(tmp_path / "parent")


def test_what_was_told_is_delivered_when_the_interpreter_ends() -> None:
    printed = run(
        """
        import sys, ouroborosdb
        ouroborosdb.set_log_sink("debug", lambda record: print(record.message))
        ouroborosdb.open_in_memory().close()
        """
    )
    assert printed.splitlines() == ["opened", "closed"]


def test_a_sink_that_is_stuck_does_not_keep_the_interpreter_from_ending() -> None:
    run(
        """
        import threading, ouroborosdb
        ouroborosdb.set_log_sink("debug", lambda record: threading.Event().wait())
        ouroborosdb.open_in_memory().close()
        """
    )
