"""Other processes: killed ones, ones that hold the lock, ones that take every warning for an error."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ouroborosdb
import pytest
from ouroborosdb import Database, EventId, LockedError


def program(text: str, *arguments: object) -> list[str]:
    """A command that runs the program, every warning an error, in Python's development mode."""
    interpreter = [sys.executable, "-X", "dev", "-W", "error", "-c"]
    return [*interpreter, textwrap.dedent(text), *map(str, arguments)]


def run(text: str, *arguments: object) -> str:
    """What the program prints. It must end well and complain of nothing."""
    done = subprocess.run(program(text, *arguments), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@contextmanager
def running(text: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        program(text, *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


APPENDS_FOR_EVER = """
    import itertools, sys, ouroborosdb
    db = ouroborosdb.open(sys.argv[1], segment_bytes=65536)
    root = db.ensure_root("crash")
    for number in itertools.count():
        content = bytes([number % 251]) * (number * 37 % 3000)
        if number % 3 == 0:
            id = db.append(root, metadata=content)
        elif number % 3 == 1:
            id = db.put_file(root, content)
        else:
            with db.batch() as batch:
                batch.put_file(batch.append(root), content)
            id = batch.ids[1]
        print("acknowledged", id, flush=True)
"""


def test_what_was_acknowledged_before_kill_9_is_there(store: Path) -> None:
    acknowledged: list[str] = []
    for lines in (40, 3, 90):
        with running(APPENDS_FOR_EVER, store) as process:
            assert process.stdout is not None
            acknowledged += [process.stdout.readline() for _ in range(lines)]
            process.send_signal(signal.SIGKILL)
            # What was on its way counts too; a line that was cut does not.
            acknowledged += [line for line in process.stdout if line.endswith("\n")]
        assert process.returncode == -signal.SIGKILL
        with ouroborosdb.open(store) as db:
            for line in acknowledged:
                db.event(line.split()[1])
            assert db.verify().is_clean
    assert len(acknowledged) >= 133


HOLDS_THE_LOCK = """
    import sys, ouroborosdb
    db = ouroborosdb.open(sys.argv[1])
    db.create_root("held")
    print("open", flush=True)
    sys.stdin.readline()
"""


def test_the_holder_of_the_lock_is_named(store: Path) -> None:
    with running(HOLDS_THE_LOCK, store) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(LockedError, match=rf"\b{process.pid}\b"):
            ouroborosdb.open(store)
        with ouroborosdb.open_read_only(store) as reader:
            assert [event.title for event in reader.roots()] == ["held"]
        process.stdin.close()
        assert process.wait(60) == 0
    # It never closed its database: the end of the process did.
    ouroborosdb.open(store).close()


def test_we_are_named_to_others(db: Database, store: Path) -> None:
    message = run(
        """
        import sys, ouroborosdb
        try:
            ouroborosdb.open(sys.argv[1])
        except ouroborosdb.LockedError as error:
            print(error)
        """,
        store,
    )
    assert str(os.getpid()) in message


def test_events_travel_between_processes_by_their_id(db: Database, root: EventId, store: Path) -> None:
    file = db.put_file(root, b"hello")
    printed = run(
        """
        import sys, ouroborosdb
        with ouroborosdb.open_read_only(sys.argv[1]) as db:
            print(db.read_file(sys.argv[2]).decode())
        """,
        store,
        file,
    )
    assert printed == "hello\n"


def test_nothing_warns_and_nothing_is_left_open(tmp_path: Path) -> None:
    run(
        """
        import gc, sys
        import ouroborosdb
        from pathlib import Path

        folder = Path(sys.argv[1])
        db = ouroborosdb.open(folder / "store")
        root = db.create_root("r")
        file = db.put_file(root, b"hello" * 100_000)
        with db.open_file(file) as reader, db.file_writer(root) as writer, db.batch() as batch:
            writer.write(reader.read())
            batch.append(root)
        db.open_file(file).read(5)
        db.file_writer(root).write(b"dropped")
        db.batch().append(root)
        next(db.descendants(root)), next(db.root_index()), next(db.changes())
        (folder / "in").mkdir()
        db.export_path(db.import_path(root, folder / "in").event, folder / "out")
        try:
            db.event(bytes(64))
        except ouroborosdb.EventNotFoundError:
            pass
        db.verify(), db.stats(), db.rebuild_index(), db.sync()
        ouroborosdb.open_in_memory().create_root("dropped")
        del db, reader, writer, batch
        gc.collect()
        """,
        tmp_path,
    )


def test_an_interpreter_ends_with_everything_open(store: Path) -> None:
    run(
        """
        import sys, threading, ouroborosdb
        db = ouroborosdb.open(sys.argv[1])
        root = db.create_root("r")
        reader = db.open_file(db.put_file(root, b"x" * 100_000))
        writer, batch, cursor = db.file_writer(root), db.batch(), db.children(root)
        writer.write(b"x")
        next(cursor)
        # A thread that is still inside the engine when the interpreter ends.
        started = threading.Event()
        put = lambda: db.put_file(root, "/dev/zero", progress=lambda done_bytes, items: started.set())
        threading.Thread(target=put, daemon=True).start()
        started.wait(30)
        """,
        store,
    )
    with ouroborosdb.open(store) as db:
        assert [event.title for event in db.roots()] == ["r"]
        assert db.verify().is_clean


FORKS_A_WORKER = """
    import os, sys, time, ouroborosdb
    db = ouroborosdb.open(sys.argv[1])
    db.create_root("held")
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        time.sleep(60)
        os._exit(0)
    sys.stdin.readline()
"""


def test_a_forked_worker_does_not_keep_the_lock_of_a_killed_parent(store: Path) -> None:
    """The worker had a copy of the lock's descriptor, and the store stayed locked in the name of a dead process."""
    with running(FORKS_A_WORKER, store) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        try:
            with pytest.raises(LockedError):
                ouroborosdb.open(store)
            process.kill()
            process.wait(60)
            os.kill(worker, 0)
            ouroborosdb.open(store).close()
        finally:
            os.kill(worker, signal.SIGKILL)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_is_told_and_hurts_nobody(tmp_path: Path) -> None:
    """A child has its parent's handles and locks. It used to write over what the parent had stored since."""
    with ouroborosdb.open(tmp_path / "store") as db:
        root = db.create_root("r")
        reader = db.open_file(db.put_file(root, b"file"))
        cursor = db.children(root)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for call in (lambda: db.append(root), lambda: reader.read(1), lambda: next(cursor), db.stats, db.sync):
                    with pytest.raises(ouroborosdb.ClosedError, match="forked"):
                        call()
                with pytest.raises(ouroborosdb.LockedError):
                    ouroborosdb.open(tmp_path / "store")
                with ouroborosdb.open_read_only(tmp_path / "store") as own:
                    own.event(root)
                del reader, cursor, db
                code = 0
            finally:
                os._exit(code)
        event = db.append(root, metadata="after the fork")
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        with pytest.raises(ouroborosdb.LockedError):
            ouroborosdb.open(tmp_path / "store")
        assert db.metadata(event) == b"after the fork"
    with ouroborosdb.open(tmp_path / "store") as db:
        assert db.metadata(event) == b"after the fork"
        assert db.verify().is_clean
