"""Prints every event of a store as one line of text, in commit order: ``dump.py STORE``.

dump.rs says what is in a line.
"""

import collections.abc
import sys

import ouroborosdb

# No divisor of a chunk's length, so that reads begin and end everywhere.
PIECE_BYTES = 10_007


def fnv_1a(db: ouroborosdb.Database, event: ouroborosdb.Event) -> str:
    """Fowler's, Noll's and Vo's hash of the file, with the offset basis and the prime for 64 bits."""
    state = 0xCBF29CE484222325
    with db.open_file(event) as file:
        while piece := file.read(PIECE_BYTES):
            for byte in piece:
                state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


def listed(parts: collections.abc.Iterable[str]) -> str:
    return ",".join(parts) or "-"


def or_dash(value: object) -> str:
    if value is None:
        return "-"
    return value.hex() if isinstance(value, bytes) else str(value)


def words(db: ouroborosdb.Database, event: ouroborosdb.Event) -> collections.abc.Iterator[str]:
    yield str(event.id)
    yield event.kind
    yield or_dash(event.parent)
    yield listed(str(id) for id in event.follows)
    yield event.origin.hex()
    yield str(event.time_ms)
    yield str(event.time_counter)
    yield str(event.sequence)
    yield or_dash(None if event.title is None else event.title.encode())
    yield listed(f"{name.encode().hex()}={value.hex()}" for name, value in event.attributes.items())
    yield or_dash(event.metadata)
    yield str(event.temporary).lower()
    yield or_dash(event.expires_ms)
    yield str(event.full_text).lower()
    yield or_dash(event.content_length)
    yield "-" if event.content_length is None else fnv_1a(db, event)


def main() -> None:
    with ouroborosdb.open_read_only(sys.argv[1]) as db:
        for event in db.changes():
            print(*words(db, event))


if __name__ == "__main__":
    main()
