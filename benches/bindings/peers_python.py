"""What a call costs with the peers in Python: ``peers_python.py FOLDER GETS APPENDS READS``. docs/benchmarks.md.

Values are found by a key of 64 bytes. To append is to hash the value, to see that its parent is there, and to store it
in a transaction of its own, which survives a crash of the process and not of the machine: as ours does here.
"""

import hashlib
import os
import random
import sqlite3
from collections.abc import Callable

import lmdb
from measure import EVENT_BYTES, EVENTS, FILE_BYTES, FILES, counts, measure


def value(number: int) -> bytes:
    """What takes as many bytes as an event, and is another each time."""
    return b"event %010d" % number + os.urandom(16) + bytes(EVENT_BYTES - 32)


Get = Callable[[bytes], bytes]
Put = Callable[[bytes, bytes], bytes]


def run(peer: str, get: Get, put: Put, get_file: Get, put_file: Put) -> list[bytes]:
    """Measures a peer, and gives the keys of the small values."""
    _, gets, appends, reads = counts()
    draw = random.Random(1)
    root = put(b"", b"root")

    def append(number: int) -> bytes:
        return put(root, value(number))

    ids = [append(number) for number in range(EVENTS)]
    draw.shuffle(ids)
    measure(f"get.python.{peer}", gets, ids, get)
    measure(f"append.python.{peer}", appends, list(range(EVENTS)), append)
    files = [put_file(root, draw.randbytes(FILE_BYTES)) for _ in range(FILES)]
    measure(f"read_1m.python.{peer}", reads, files, get_file)
    if any(len(get_file(file)) != FILE_BYTES for file in files):
        raise SystemExit(f"{peer}: a value has another length")
    return ids


def run_lmdb(folder: str) -> None:
    print(f"version.python.lmdb lmdb {lmdb.__version__} (LMDB {'.'.join(map(str, lmdb.version()))}, Python)")
    print("durability.python.lmdb sync=False: survives a crash of the process")
    os.makedirs(folder)
    with lmdb.open(folder, map_size=4 << 30, sync=False, writemap=False) as env:

        def get(key: bytes) -> bytes:
            with env.begin() as reading:
                return reading.get(key)

        def put(parent: bytes, data: bytes) -> bytes:
            key = hashlib.sha512(data).digest()
            with env.begin(write=True) as writing:
                if parent and writing.get(parent) is None:
                    raise KeyError(parent)
                writing.put(key, data, overwrite=False)
            return key

        ids = run("lmdb", get, put, get, put)
        # Of a snapshot that the caller holds, which ours cannot be asked for: shown, so that nobody misses it.
        with env.begin() as reading:
            measure("get.python.lmdb_held_txn", counts()[1], ids, reading.get)


def run_sqlite(folder: str) -> None:
    print(f"version.python.sqlite3 sqlite3 of Python (SQLite {sqlite3.sqlite_version})")
    print("durability.python.sqlite3 WAL, synchronous=OFF: survives a crash of the process")
    os.makedirs(folder)
    db = sqlite3.connect(os.path.join(folder, "db"), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=OFF")
    # Small rows stand in the index itself; large ones do better behind one.
    db.execute("CREATE TABLE event (id BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID")
    db.execute("CREATE TABLE file (id BLOB PRIMARY KEY, data BLOB NOT NULL)")

    def getter(table: str) -> Get:
        select = f"SELECT data FROM {table} WHERE id = ?"
        return lambda key: db.execute(select, (key,)).fetchone()[0]

    def putter(table: str) -> Put:
        insert = f"INSERT OR IGNORE INTO {table} VALUES (?, ?)"

        def put(parent: bytes, data: bytes) -> bytes:
            key = hashlib.sha512(data).digest()
            db.execute("BEGIN IMMEDIATE")
            if parent and db.execute("SELECT 1 FROM event WHERE id = ?", (parent,)).fetchone() is None:
                raise KeyError(parent)
            db.execute(insert, (key, data))
            db.execute("COMMIT")
            return key

        return put

    run("sqlite3", getter("event"), putter("event"), getter("file"), putter("file"))
    db.close()


if __name__ == "__main__":
    parent_folder = counts()[0]
    run_lmdb(os.path.join(parent_folder, "lmdb"))
    run_sqlite(os.path.join(parent_folder, "sqlite"))
