"""Running a file of the script: line by line, until one does not hold."""

from __future__ import annotations

from pathlib import Path

import ouroborosdb

from conformance import verbs
from conformance.coverage import Coverage
from conformance.names import Names
from conformance.outcome import Mistake, Unexpected, as_bytes, brief
from conformance.statement import (
    Expectation,
    Fails,
    KeepsHandle,
    KeepsValues,
    Relates,
    Statement,
    Succeeds,
    holds,
    parse,
)
from conformance.words import evaluate

LANGUAGE = "python"


def run_file(file: Path, folder: Path, coverage: Coverage) -> None:
    """Runs a file in an empty folder; raises `Unexpected` with the line that does not hold."""
    names = Names(folder)
    for number, line in enumerate(file.read_text("utf-8").split("\n"), 1):
        try:
            _run_line(line, names, coverage)
        except (Mistake, Unexpected, OSError) as problem:
            raise Unexpected(f"{file.name}:{number}: {line}\n    {problem}") from problem
    # The databases among them go first, and what hangs on them later.
    names.handles.clear()


def _run_line(line: str, names: Names, coverage: Coverage) -> None:
    statement = parse(line)
    if statement is None or not statement.is_for(LANGUAGE):
        return
    # The error is looked at where it is caught and kept nowhere: its traceback holds on to the handles of the
    # call, and a database is closed when the last one goes.
    try:
        answer = verbs.call(names, statement)
    except ouroborosdb.Error as error:
        _check_error(names, statement.expectation, error)
        coverage.code(error.code.name.lower())
    else:
        _check(names, statement.expectation, answer)
        _mark(statement, coverage)
    if any(key in ("cancel", "cancel_within") for key, _ in statement.options):
        coverage.operation("control.cancel")


def _mark(statement: Statement, coverage: Coverage) -> None:
    """Notes what a statement that succeeded has shown to work."""
    if verbs.is_operation(statement.verb):
        coverage.operation(statement.verb)
    for key, _ in statement.options:
        if key == "progress":
            coverage.operation("control.progress")
        elif key in ("cancel", "cancel_within", "order", "after", "file"):
            continue
        elif key == "under":
            coverage.operation("new_file.under")
        elif key == "call_durability":
            coverage.operation("put_files_options.durability")
        elif statement.verb.startswith("open"):
            coverage.operation(f"options.{key}")
        elif statement.verb == "import_path":
            coverage.operation(f"import_options.{key}")
        else:
            coverage.operation(f"new_event.{key}")


def _check(names: Names, expectation: Expectation, answer: object) -> None:
    value = as_bytes(answer)
    match expectation:
        case Succeeds():
            return
        case Fails():
            raise Unexpected(f"expected {expectation.code}, got {brief(answer)}")
        case KeepsHandle(name):
            if value is not None:
                raise Mistake(f"a value is kept under a name with a dollar, this is one: {brief(answer)}")
            names.keep(name, answer)
        case KeepsValues(targets):
            _keep(names, targets, _value(answer))
        case Relates(relation, word):
            expected = evaluate(names, word)
            if not holds(relation, _value(answer), expected):
                raise Unexpected(f"expected {relation} {brief(expected)}, got {brief(answer)}")


def _value(answer: object) -> bytes:
    value = as_bytes(answer)
    if value is None:
        raise Mistake(f"a handle has no bytes: {brief(answer)}")
    return value


def _keep(names: Names, targets: tuple[str, ...], value: bytes) -> None:
    parts = [value] if len(targets) == 1 else value.split(b",")
    if len(parts) != len(targets):
        raise Unexpected(f"expected {len(targets)} parts, got {len(parts)}: {brief(value)}")
    names.values.update(zip(targets, parts))


def _check_error(names: Names, expectation: Expectation, error: ouroborosdb.Error) -> None:
    code = error.code.name.lower()
    if not isinstance(expectation, Fails):
        raise Unexpected(f"expected success, got {code}: {error}")
    if code != expectation.code:
        raise Unexpected(f"expected {expectation.code}, got {code}: {error}")
    wanted = evaluate(names, expectation.message) if expectation.message else b""
    if not error.message or wanted.decode("utf-8", "replace") not in str(error):
        raise Unexpected(f"the message does not contain {brief(wanted)}: {error}")
