"""What ``help(ouroborosdb)`` shows: every public name has a doc string, in Python's words, that names what is there."""

from __future__ import annotations

import builtins
import inspect
import re
import types

import ouroborosdb
import ouroborosdb.aio
import pytest

PACKAGES = (ouroborosdb, ouroborosdb.aio)
MADE_BY_PROGRAMS = (ouroborosdb.EventId, ouroborosdb.ChangeCursor, ouroborosdb.CancelToken)
"""Classes of Rust with a constructor; all others are made by calls."""


def public(owner: types.ModuleType | type) -> list[str]:
    """Names that a program may use; of a class, those that the package wrote."""
    if isinstance(owner, types.ModuleType):
        return list(owner.__all__)
    own = [cls for cls in owner.__mro__ if cls.__module__.startswith("ouroborosdb")]
    return sorted({name for cls in own for name in vars(cls) if not name.startswith("_")})


def is_data(name: str, value: object) -> bool:
    """Plain values have no doc string of their own; the one of their owner names them."""
    return not (callable(value) or inspect.isdatadescriptor(value) or isinstance(value, types.ModuleType))


def walk() -> list[tuple[str, object, types.ModuleType | type]]:
    """Every public name with its value and what it belongs to."""
    found: list[tuple[str, object, types.ModuleType | type]] = []
    for package in PACKAGES:
        found.append((package.__name__, package, package))
        for name in public(package):
            value = getattr(package, name)
            found.append((f"{package.__name__}.{name}", value, package))
            if isinstance(value, type):
                members = [(member, inspect.getattr_static(value, member)) for member in public(value)]
                found += [(f"{package.__name__}.{name}.{member}", it, value) for member, it in members]
    return found


NAMES = walk()


def doc_of(name: str, value: object, owner: types.ModuleType | type) -> str:
    return (inspect.getdoc(owner) if is_data(name, value) else inspect.getdoc(value)) or ""


def test_the_walk_finds_the_package() -> None:
    names = [name for name, _, _ in NAMES]
    for name in ("Database.put_file", "Event.time", "FileReader.read", "aio.Database.append", "IoError", "Stats.roots"):
        assert f"ouroborosdb.{name}" in names
    assert len(names) > 250


def test_every_name_has_a_doc_string() -> None:
    lacking = []
    for name, value, owner in NAMES:
        text = doc_of(name, value, owner)
        last = name.rpartition(".")[2]
        # The codes of an enum are explained by its `meaning`, and the code of an exception by its class.
        listed = isinstance(value, ouroborosdb.ErrorCode)
        if not text or (is_data(name, value) and not listed and f"``{last}``" not in text):
            lacking.append(name)
        elif not is_data(name, value) and not re.search(r"\.(\s|$)", text):
            lacking.append(f"{name}: not a sentence")
    assert not lacking


def test_every_call_has_a_signature() -> None:
    lacking = []
    for name, value, owner in NAMES:
        made = isinstance(value, type) and value in MADE_BY_PROGRAMS
        if not callable(value) or not (made or inspect.isroutine(value)):
            continue
        try:
            signature = inspect.signature(value)
        except ValueError:
            lacking.append(name)
            continue
        parameters = list(signature.parameters)
        without_self = isinstance(owner, type) and parameters[:1] != ["self"]
        if without_self or {"args", "kwargs"} & set(parameters):
            lacking.append(f"{name}{signature}")
    assert not lacking


RUST_OR_MARKDOWN = re.compile(
    r"(?<!`)`(?!`)[^`]*`(?!`)|\]\(|::|\b(Option|Vec|Result|Some|Ok|Err|Arc|usize|u64|i64|impl)\b"
)


def test_the_words_are_those_of_python() -> None:
    foreign = {
        name: match.group()
        for name, value, owner in NAMES
        if (match := RUST_OR_MARKDOWN.search(doc_of(name, value, owner)))
    }
    assert not foreign


def named_in(text: str, owner: types.ModuleType | type) -> list[str]:
    """What a doc string names and nothing has: exceptions, and members between double backticks."""
    module = ouroborosdb.aio if owner.__name__ == "ouroborosdb.aio" else ouroborosdb
    exceptions = re.findall(r"\b[A-Z]\w*Error\b", text)
    missing = [name for name in exceptions if not hasattr(ouroborosdb, name) and not hasattr(builtins, name)]
    for path in re.findall(r"``((?:ouroborosdb\.)?[A-Z]\w*(?:\.\w+)+)``", text):
        found: object = module
        for part in path.removeprefix("ouroborosdb.").split("."):
            found = getattr(found, part, None) or getattr(ouroborosdb, part, None)
        if found is None:
            missing.append(path)
    return missing


def test_what_a_doc_string_names_is_there() -> None:
    missing = {name: gone for name, value, owner in NAMES if (gone := named_in(doc_of(name, value, owner), owner))}
    assert not missing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Raises WrongTypeError or MemoryError.", []),
        ("Raises TypoError.", ["TypoError"]),
        ("As ``Database.append``.", []),
        ("As ``Database.apend``.", ["Database.apend"]),
    ],
)
def test_a_name_that_is_gone_is_found(text: str, missing: list[str]) -> None:
    assert named_in(text, ouroborosdb) == missing
