"""Errors: one class for each code of the engine's table, with what Python expects of such an error."""

from __future__ import annotations

import copy
import enum
import errno
import pickle
import tomllib
from pathlib import Path

import ouroborosdb
import pytest
from ouroborosdb import Database, Error, ErrorCode, EventId

TABLE = tomllib.loads((Path(__file__).parents[2] / "operations.toml").read_text())["error"]

# What an error is beside an `Error`, for those who know Python's own.
BASES: dict[str, type[Exception]] = {
    "invalid_argument": ValueError,
    "invalid_id": ValueError,
    "invalid_text": ValueError,
    "wrong_type": TypeError,
    "invalid_cursor": ValueError,
    "title_too_long": ValueError,
    "attribute_name_too_long": ValueError,
    "attributes_too_large": ValueError,
    "metadata_too_large": ValueError,
    "too_many_follows": ValueError,
    "batch_too_large": ValueError,
    "duplicate_attribute": ValueError,
    "ambiguous_id": LookupError,
    "event_not_found": LookupError,
    "parent_not_found": LookupError,
    "invalid_parent": ValueError,
    "path_not_found": FileNotFoundError,
    "permission_denied": PermissionError,
    "cursor_of_another_store": ValueError,
    "already_exists": FileExistsError,
    "closed": ValueError,
    "finished": ValueError,
    "io": OSError,
    "disk_full": OSError,
    "internal": RuntimeError,
}


def class_of(code: ErrorCode) -> type[Error]:
    name = "".join(word.capitalize() for word in code.name.split("_")) + "Error"
    found = getattr(ouroborosdb, name)
    assert isinstance(found, type) and issubclass(found, Error)
    return found


def test_the_table_is_the_engines() -> None:
    listed = [(row["number"], row["name"], row["meaning"]) for row in TABLE]
    assert [(code.value, code.name.lower(), code.meaning) for code in ErrorCode] == listed
    assert issubclass(ErrorCode, enum.IntEnum)


@pytest.mark.parametrize("code", ErrorCode, ids=lambda code: code.name.lower())
def test_the_class_of_a_code(code: ErrorCode) -> None:
    made = class_of(code)
    assert made.__module__ == "ouroborosdb"
    assert made.__name__ in ouroborosdb.__all__
    error = made("what happened", 5)
    assert (error.code, error.message, error.os_code, str(error)) == (code, "what happened", 5, "what happened")
    assert made("what happened").os_code is None
    assert str(made("")) == ""
    assert made.__name__ in repr(error)


@pytest.mark.parametrize("code", ErrorCode, ids=lambda code: code.name.lower())
def test_the_bases_of_a_class(code: ErrorCode) -> None:
    made, base = class_of(code), BASES.get(code.name.lower())
    assert made.__bases__ == ((Error,) if base is None else (Error, base))
    if issubclass(made, OSError):
        assert made("m", errno.ENOSPC).errno == errno.ENOSPC
        assert made("m").errno is None


@pytest.mark.parametrize("code", ErrorCode, ids=lambda code: code.name.lower())
def test_errors_can_be_copied(code: ErrorCode) -> None:
    error = class_of(code)("what happened", 5)
    error.add_note("a note")
    pickled = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for again in (*pickled, copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert (again.code, again.message, again.os_code) == (code, "what happened", 5)
        assert str(again) == "what happened"


def test_every_class_belongs_to_one_code() -> None:
    classes = {class_of(code) for code in ErrorCode}
    assert len(classes) == len(ErrorCode)
    exported = [getattr(ouroborosdb, name) for name in ouroborosdb.__all__]
    errors = {thing for thing in exported if isinstance(thing, type) and issubclass(thing, Error)}
    assert errors == classes | {Error}


def test_an_error_of_the_engine(db: Database, root: EventId) -> None:
    with pytest.raises(Error) as raised:
        db.read_file(root)
    error = raised.value
    assert type(error) is ouroborosdb.NoContentError
    assert error.code is ErrorCode.NO_CONTENT
    assert int(error.code) == 304
    assert str(root) in error.message
    assert error.os_code is None
    assert pickle.loads(pickle.dumps(error)).message == error.message


def test_an_error_of_the_operating_system(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "store"
    with pytest.raises(FileNotFoundError) as raised:
        ouroborosdb.open(missing)
    error = raised.value
    assert isinstance(error, ouroborosdb.PathNotFoundError)
    assert error.code is ErrorCode.PATH_NOT_FOUND
    assert error.errno == error.os_code
    assert str(missing.parent) in str(error)


def test_codes_by_number_and_name() -> None:
    assert ErrorCode(302) is ErrorCode["PARENT_NOT_FOUND"] is ErrorCode.PARENT_NOT_FOUND
    assert {302: "found"}[ErrorCode.PARENT_NOT_FOUND] == "found"
    with pytest.raises(ValueError):
        ErrorCode(0)


def test_a_panic_is_an_internal_error() -> None:
    panic = getattr(ouroborosdb._native, "_test_panic", None)
    if panic is None:
        pytest.fail("this build cannot panic on demand: build it with `--features testing`")
    with pytest.raises(ouroborosdb.InternalError, match="a test asked for it"):
        panic()
