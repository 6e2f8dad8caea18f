"""Set-up in the file system."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from conformance import words
from conformance.names import Names
from conformance.outcome import Mistake
from conformance.statement import Statement
from conformance.verbs.snapshot import kind_of, snapshot


def _make_folder(names: Names, statement: Statement) -> None:
    (path,) = statement.arguments(1)
    words.path(names, path).mkdir(parents=True, exist_ok=True)


def _write(names: Names, statement: Statement) -> object:
    path, content = statement.arguments(2)
    return words.path(names, path).write_bytes(words.evaluate(names, content))


def _make_writable(path: Path) -> None:
    path.chmod(path.stat().st_mode & 0o7777 | 0o200)


def _overwrite(names: Names, statement: Statement) -> object:
    word, offset_word, content = statement.arguments(3)
    path, offset = words.path(names, word), words.number(names, offset_word)
    _make_writable(path)
    start = offset if offset >= 0 else path.stat().st_size + offset
    if start < 0:
        raise Mistake("the file is too short")
    with path.open("r+b") as file:
        file.seek(start)
        return file.write(words.evaluate(names, content))


def _truncate(names: Names, statement: Statement) -> None:
    path, length = statement.arguments(2)
    _make_writable(words.path(names, path))
    os.truncate(words.path(names, path), words.number(names, length))


def _symlink(names: Names, statement: Statement) -> None:
    path, target = statement.arguments(2)
    os.symlink(words.evaluate(names, target), os.fsencode(words.path(names, path)))


def _hard_link(names: Names, statement: Statement) -> None:
    path, existing = statement.arguments(2)
    os.link(words.path(names, existing), words.path(names, path))


def _fifo(names: Names, statement: Statement) -> None:
    (path,) = statement.arguments(1)
    os.mkfifo(words.path(names, path), 0o700)


def _chmod(names: Names, statement: Statement) -> None:
    path, mode = statement.arguments(2)
    words.path(names, path).chmod(int(words.evaluate(names, mode), 8))


def _set_mtime(names: Names, statement: Statement) -> None:
    path, nanoseconds = statement.arguments(2)
    both = (words.number(names, nanoseconds),) * 2
    os.utime(words.path(names, path), ns=both, follow_symlinks=False)


def _remove(names: Names, statement: Statement) -> None:
    (word,) = statement.arguments(1)
    path = words.path(names, word)
    if kind_of(path) == "directory":
        shutil.rmtree(path)
    else:
        path.unlink()


def _copy(names: Names, statement: Statement) -> None:
    source, target = (words.path(names, word) for word in statement.arguments(2))
    if kind_of(source) == "directory":
        shutil.copytree(source, target, symlinks=True, copy_function=shutil.copy)
    else:
        shutil.copy(source, target, follow_symlinks=False)


def _rename(names: Names, statement: Statement) -> None:
    source, target = (words.path(names, word) for word in statement.arguments(2))
    os.rename(source, target)


def _kind(names: Names, statement: Statement) -> object:
    (path,) = statement.arguments(1)
    return kind_of(words.path(names, path))


def _size(names: Names, statement: Statement) -> object:
    (path,) = statement.arguments(1)
    return words.path(names, path).stat().st_size


def _list(names: Names, statement: Statement) -> object:
    (path,) = statement.arguments(1)
    return sorted(os.listdir(os.fsencode(words.path(names, path))))


def _snapshot(names: Names, statement: Statement) -> object:
    (path,) = statement.arguments(1)
    return snapshot(words.path(names, path))


VERBS = {
    "fs.make_folder": _make_folder,
    "fs.write": _write,
    "fs.overwrite": _overwrite,
    "fs.truncate": _truncate,
    "fs.symlink": _symlink,
    "fs.hard_link": _hard_link,
    "fs.fifo": _fifo,
    "fs.chmod": _chmod,
    "fs.set_mtime": _set_mtime,
    "fs.remove": _remove,
    "fs.copy": _copy,
    "fs.rename": _rename,
    "fs.kind": _kind,
    "fs.size": _size,
    "fs.list": _list,
    "fs.snapshot": _snapshot,
}
