"""The value of a word: always bytes."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from conformance.names import Names
from conformance.outcome import Mistake

BARE = re.compile(r"[A-Za-z0-9._/-]+")
ESCAPE = re.compile(rb"\\x([0-9a-fA-F]{2})")
U64 = (1 << 64) - 1


def evaluate(names: Names, word: str) -> bytes:
    return b",".join(_part(names, part) for part in word.split(","))


def text(names: Names, word: str) -> str:
    """A word that is text. What is not UTF-8 becomes lone surrogates, which the library must refuse."""
    return evaluate(names, word).decode("utf-8", "surrogateescape")


def number(names: Names, word: str) -> int:
    value = evaluate(names, word)
    try:
        return int(value)
    except ValueError:
        raise Mistake(f"{value[:60]!r} is no number") from None


def path(names: Names, word: str) -> Path:
    """A word that is a path, made absolute."""
    return Path(os.fsdecode(names.absolute(evaluate(names, word))))


def _part(names: Names, part: str) -> bytes:
    return b"".join(_piece(names, piece) for piece in part.split("+"))


def _piece(names: Names, piece: str) -> bytes:
    if piece.startswith("$"):
        return names.value(piece[1:])
    if piece.startswith('"'):
        return _unescape(piece)
    generator, colon, arguments = piece.partition(":")
    if colon:
        return _generate(names, generator, arguments)
    if not BARE.fullmatch(piece):
        raise Mistake(f"`{piece}` is no word")
    return piece.encode()


def _unescape(literal: str) -> bytes:
    inside = literal[1:-1].encode()
    rest = ESCAPE.sub(b"", inside)
    if len(literal) < 2 or not literal.endswith('"') or b"\\" in rest or b'"' in rest:
        raise Mistake(f"`{literal:.60}` is no literal")
    return ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), inside)


def _generate(names: Names, generator: str, arguments: str) -> bytes:
    match generator, arguments.split(":", 1):
        case "zeros", [count]:
            return bytes(number(names, count))
        case "repeat", [character, count] if len(character) == 1:
            return character.encode() * number(names, count)
        case "random", [seed, count]:
            return random_bytes(number(names, seed), number(names, count))
        case "ids", [count]:
            return b",".join(b"%0128d" % at for at in range(1, number(names, count) + 1))
        case "slice", [start, rest] if ":" in rest:
            return _slice(names, start, rest)
        case "path", _:
            return names.absolute(_piece(names, arguments))
        case "file", _:
            return Path(os.fsdecode(names.absolute(_piece(names, arguments)))).read_bytes()
        case "pid", [""]:
            return b"%d" % os.getpid()
        case _:
            raise Mistake(f"there is no generator `{generator}` of `{arguments:.60}`")


def _slice(names: Names, start_word: str, rest: str) -> bytes:
    length_word, _, piece = rest.partition(":")
    start, length = number(names, start_word), number(names, length_word)
    value = _piece(names, piece)
    if start < 0 or length < 0 or start + length > len(value):
        raise Mistake(f"{len(value)} bytes have no such slice")
    return value[start : start + length]


@lru_cache(maxsize=8)
def random_bytes(seed: int, length: int) -> bytes:
    """xorshift64 of Marsaglia (2003), triple 13, 7, 17. Cached, since lines ask for the same bytes again."""
    state = seed
    words = bytearray()
    for _ in range(-(-length // 8)):
        state ^= (state << 13) & U64
        state ^= state >> 7
        state ^= (state << 17) & U64
        words += state.to_bytes(8, "little")
    return bytes(words[:length])
