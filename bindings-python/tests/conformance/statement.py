"""One line of the script, taken apart: nothing is evaluated here."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.outcome import Mistake

LINE_BYTES_MAX = 1000
RELATIONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "~"})


@dataclass(frozen=True)
class Succeeds:
    """Nothing is expected but success; what the verb gives is dropped."""


@dataclass(frozen=True)
class KeepsHandle:
    name: str


@dataclass(frozen=True)
class KeepsValues:
    names: tuple[str, ...]


@dataclass(frozen=True)
class Fails:
    code: str
    message: str | None


@dataclass(frozen=True)
class Relates:
    relation: str
    word: str


Expectation = Succeeds | KeepsHandle | KeepsValues | Fails | Relates


@dataclass(frozen=True)
class Statement:
    verb: str
    words: tuple[str, ...] = ()
    # Words with `=`: what stands before the first one, and what behind.
    options: tuple[tuple[str, str], ...] = ()
    expectation: Expectation = field(default_factory=Succeeds)
    # Which languages run it; all where it is empty.
    languages: tuple[str, ...] = ()

    def is_for(self, language: str) -> bool:
        return not self.languages or language in self.languages

    def option(self, key: str) -> str | None:
        return next((value for other, value in self.options if other == key), None)

    def arguments(self, count: int) -> tuple[str, ...]:
        """The words, which must be so many."""
        if len(self.words) != count:
            raise Mistake(f"`{self.verb}` takes {count} words, not {len(self.words)}")
        return self.words


def parse(line: str) -> Statement | None:
    """The statement of a line; None for an empty line or a comment."""
    if not line or line.startswith("#"):
        return None
    if len(line) > LINE_BYTES_MAX or not line.isascii():
        raise Mistake("a line is ASCII and has 1,000 bytes at most")
    words = line.split(" ")
    if "" in words:
        raise Mistake("words are separated by single spaces")
    languages: tuple[str, ...] = ()
    if words[0].startswith("[") and words[0].endswith("]"):
        languages = tuple(words.pop(0)[1:-1].split(","))
    signs = [at for at, word in enumerate(words) if word == "->" or word in RELATIONS]
    split = signs[0] if signs else len(words)
    if split == 0:
        raise Mistake("there is no verb")
    plain, options = [], []
    for argument in words[1:split]:
        key, equals, value = argument.partition("=")
        if equals:
            options.append((key, value))
        else:
            plain.append(argument)
    return Statement(words[0], tuple(plain), tuple(options), _expectation(words[split:]), languages)


def _expectation(words: list[str]) -> Expectation:
    match words:
        case []:
            return Succeeds()
        case ["->", error] if error.startswith("!"):
            return Fails(error[1:], None)
        case ["->", error, "~", word] if error.startswith("!"):
            return Fails(error[1:], word)
        case ["->", values] if values.startswith("$"):
            names = values.split(",")
            if all(name.startswith("$") for name in names):
                return KeepsValues(tuple(name[1:] for name in names))
        case ["->", name]:
            return KeepsHandle(name)
        case [sign, word] if sign in RELATIONS:
            return Relates(sign, word)
    raise Mistake("the expectation is malformed")


def holds(relation: str, left: bytes, right: bytes) -> bool:
    """Whether the left is so related to the right."""
    match relation:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "~":
            return right in left
        case "<":
            return _number(left) < _number(right)
        case "<=":
            return _number(left) <= _number(right)
        case ">":
            return _number(left) > _number(right)
        case _:
            return _number(left) >= _number(right)


def _number(value: bytes) -> int:
    try:
        return int(value)
    except ValueError:
        raise Mistake(f"{value[:60]!r} is no number") from None
