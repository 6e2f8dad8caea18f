"""Files in and out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ouroborosdb import Database, FileReader, FileWriter

from conformance import words
from conformance.names import Names
from conformance.outcome import Mistake
from conformance.statement import Statement
from conformance.verbs.control import control
from conformance.verbs.fields import new_event

# Most bytes that a stream hands out at a time.
STREAM_PIECE_BYTES = 1000
WHENCE = {"start": os.SEEK_SET, "current": os.SEEK_CUR, "end": os.SEEK_END}


class Stream:
    """A file object that hands out its bytes in small pieces, and fails behind them if it is to."""

    def __init__(self, content: bytes, *, fails: bool = False) -> None:
        self._content = content
        self._at = 0
        self._fails = fails

    def read(self, size: int = -1, /) -> bytes:
        if self._fails and self._at == len(self._content):
            raise OSError("the source of the script fails here")
        count = STREAM_PIECE_BYTES if size < 0 else min(size, STREAM_PIECE_BYTES)
        piece = self._content[self._at : self._at + count]
        self._at += len(piece)
        return piece


def source(names: Names, word: str) -> bytes | Path | Stream:
    """Where the bytes of a file come from."""
    form, _, piece = word.partition(":")
    match form:
        case "file":
            return words.path(names, piece)
        case "stream":
            return Stream(words.evaluate(names, piece))
        case "source_fails":
            return Stream(bytes(words.number(names, piece)), fails=True)
        case _:
            return words.evaluate(names, word)


def _put_file(names: Names, statement: Statement) -> object:
    db, parent, word = statement.arguments(3)
    options = new_event(names, statement) | control(names, statement, db)
    return names.handle(db, Database).put_file(words.text(names, parent), source(names, word), **options)


def _put_files(names: Names, statement: Statement) -> object:
    db, parent = statement.arguments(2)
    fields = new_event(names, statement)
    options = control(names, statement, db)
    files: list[tuple[bytes | Path | Stream, dict[str, Any]]] = []
    for key, word in statement.options:
        match key:
            case "file":
                files.append((source(names, word), dict(fields)))
            case "under":
                files[-1][1]["parent"] = words.text(names, word)
            case "call_durability":
                options["durability"] = word
    # What says nothing more is given as it is.
    given = ((content, says) if says else content for content, says in files)
    return names.handle(db, Database).put_files(words.text(names, parent), given, **options)


def _write_to(names: Names, statement: Statement) -> object:
    reader, word = statement.arguments(2)
    with open(words.path(names, word), "wb") as target:
        return names.handle(reader, FileReader).write_to(target, **control(names, statement, None))


def _write_to_path(names: Names, statement: Statement) -> object:
    reader, word = statement.arguments(2)
    path = words.path(names, word)
    return names.handle(reader, FileReader).write_to(path, **control(names, statement, None))


def _file_writer(names: Names, statement: Statement) -> object:
    db, parent = statement.arguments(2)
    fields = new_event(names, statement)
    return names.handle(db, Database).file_writer(words.text(names, parent), **fields)


def _write(names: Names, statement: Statement) -> object:
    writer, word = statement.arguments(2)
    content = words.evaluate(names, word)
    written = names.handle(writer, FileWriter).write(content)
    if written != len(content):
        raise Mistake(f"write() took {written} bytes of {len(content)}")
    return written


def _length(names: Names, statement: Statement) -> object:
    (writer,) = statement.arguments(1)
    return names.handle(writer, FileWriter).length


def _finish(names: Names, statement: Statement) -> object:
    (writer,) = statement.arguments(1)
    return names.handle(writer, FileWriter).finish()


def _abort(names: Names, statement: Statement) -> None:
    (writer,) = statement.arguments(1)
    names.handle(writer, FileWriter).abort()


def _of_event(names: Names, statement: Statement) -> object:
    db, event = statement.arguments(2)
    return getattr(names.handle(db, Database), statement.verb)(words.text(names, event))


def _read(names: Names, statement: Statement) -> object:
    reader, count = statement.arguments(2)
    return names.handle(reader, FileReader).read(words.number(names, count))


def _read_at(names: Names, statement: Statement) -> object:
    reader, offset, count = statement.arguments(3)
    return names.handle(reader, FileReader).read_at(words.number(names, offset), words.number(names, count))


def _seek(names: Names, statement: Statement) -> object:
    reader, whence, offset = statement.arguments(3)
    if whence not in WHENCE:
        raise Mistake("seek from start, current or end")
    return names.handle(reader, FileReader).seek(words.number(names, offset), WHENCE[whence])


def _position(names: Names, statement: Statement) -> object:
    (reader,) = statement.arguments(1)
    return names.handle(reader, FileReader).tell()


def _reader_length(names: Names, statement: Statement) -> object:
    (reader,) = statement.arguments(1)
    return names.handle(reader, FileReader).length


VERBS = {
    "put_file": _put_file,
    "put_files": _put_files,
    "file_reader.write_to": _write_to,
    "file_reader.write_to_path": _write_to_path,
    "file_writer": _file_writer,
    "file_writer.write": _write,
    "file_writer.length": _length,
    "file_writer.finish": _finish,
    "file_writer.abort": _abort,
    "read_file": _of_event,
    "open_file": _of_event,
    "file_reader.read": _read,
    "file_reader.read_at": _read_at,
    "file_reader.seek": _seek,
    "file_reader.position": _position,
    "file_reader.length": _reader_length,
}
