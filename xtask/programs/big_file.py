"""A generated file of any size goes in and comes out, in bounded memory, while another thread counts.

``big_file.py STORE BYTES`` reports lines of a name and a value. The file goes in from a path in one call, so
that the count during it shows that the interpreter's lock is free; it comes out in large reads, for the same
reason.
"""

import collections.abc
import io
import os
import pathlib
import random
import sys
import threading
import time

import ouroborosdb

BLOCK_BYTES = 1 << 20
READ_BYTES = 32 << 20


def blocks(length: int) -> collections.abc.Iterator[bytes]:
    """The file: blocks of which one half is random and the other text, none like another."""
    for number in range(-(-length // BLOCK_BYTES)):
        line = b"block %010d of a file\n" % number
        text = line * (BLOCK_BYTES // 2 // len(line) + 1)
        block = random.Random(number).randbytes(BLOCK_BYTES // 2) + text
        yield block[: min(BLOCK_BYTES, length - number * BLOCK_BYTES)]


class Counter(threading.Thread):
    """Counts about 900 times a second while it is let run."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.count = 0
        self.during = 0
        self.seconds = 0.0

    def run(self) -> None:
        while True:
            time.sleep(0.001)
            self.count += 1

    def __enter__(self) -> None:
        """Begins a call during which the count is taken."""
        self.started = (self.count, time.monotonic())

    def __exit__(self, *_: object) -> None:
        self.during += self.count - self.started[0]
        self.seconds += time.monotonic() - self.started[1]

    def rate(self) -> float:
        """Counts a second during the calls since the last time."""
        rate = self.during / self.seconds
        self.during, self.seconds = 0, 0.0
        return rate


def fill(stored: io.BufferedIOBase, view: memoryview) -> int:
    """Reads until the view is full or the file ends."""
    length = 0
    while length < len(view) and (read := stored.readinto(view[length:])):
        length += read
    return length


def compare(db: ouroborosdb.Database, event: ouroborosdb.EventId, length: int, counter: Counter) -> int:
    """How many bytes are equal from the start; 0 where one is longer."""
    view = memoryview(bytearray(READ_BYTES))
    generated = blocks(length)
    equal = 0
    with db.open_file(event) as stored:
        while True:
            with counter:
                read = fill(stored, view)
            for start in range(0, read, BLOCK_BYTES):
                if view[start : min(start + BLOCK_BYTES, read)] != next(generated, b""):
                    return 0
            equal += read
            if read == 0:
                return equal if next(generated, None) is None else 0


def peak_kib() -> int:
    """The peak of this process's resident memory, mapped files included."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main() -> None:
    store, length = sys.argv[1], int(sys.argv[2])
    source = store + ".source"
    with open(source, "wb") as file:
        for block in blocks(length):
            file.write(block)
    counter = Counter()
    counter.start()
    with ouroborosdb.open(store) as db:
        root = db.ensure_root("big file")
        start = time.monotonic()
        with counter:
            event = db.put_file(root, pathlib.Path(source))
        print("put_seconds", time.monotonic() - start)
        print("put_counts_per_second", counter.rate())
        os.remove(source)
        start = time.monotonic()
        print("bytes_equal", compare(db, event, length, counter))
        print("get_seconds", time.monotonic() - start)
        print("get_counts_per_second", counter.rate())
    print("peak_kib", peak_kib())


if __name__ == "__main__":
    main()
