"""Reads every entry of an imported folder back and compares it with the original on disk.

``read_back.py STORE EVENT FOLDER``. Descendants come depth first, parents before their children, so the path
of the entry at hand is a stack: an entry's parent is always on it.
"""

import collections
import os
import sys
import time

import ouroborosdb

BLOCK_BYTES = 1 << 20


def same(db: ouroborosdb.Database, event: ouroborosdb.Event, path: bytes, found: collections.Counter[str]) -> bool:
    """Whether the entry is what lies at ``path``; counts it."""
    kind = event.attributes["file.type"]
    if kind == b"directory":
        found["directories"] += 1
        return os.path.isdir(path)
    if kind == b"symlink":
        found["symlinks"] += 1
        return os.path.islink(path) and os.readlink(path) == event.attributes["file.target"]
    found["files"] += 1
    with db.open_file(event) as stored, open(path, "rb") as original:
        while True:
            block = stored.read(BLOCK_BYTES)
            if block != original.read(BLOCK_BYTES):
                return False
            found["bytes"] += len(block)
            if len(block) < BLOCK_BYTES:
                return True


def main() -> None:
    store, top, folder = sys.argv[1], ouroborosdb.EventId(sys.argv[2]), os.fsencode(sys.argv[3])
    start = time.monotonic()
    found = collections.Counter({"files": 0, "directories": 1, "symlinks": 0, "bytes": 0, "differences": 0})
    with ouroborosdb.open_read_only(store) as db:
        stack = [(top, folder)]
        for event in db.descendants(top):
            while stack[-1][0] != event.parent:
                stack.pop()
            path = os.path.join(stack[-1][1], event.attributes["file.name"])
            if not same(db, event, path, found):
                found["differences"] += 1
                print("differs:", os.fsdecode(path), file=sys.stderr)
            stack.append((event.id, path))
    for name, count in found.items():
        print(name, count)
    print("seconds", time.monotonic() - start)


if __name__ == "__main__":
    main()
