"""How the Python programs measure: nanoseconds of a call, the median over slices."""

import statistics
import sys
import time
from collections.abc import Callable

EVENTS = 10_000
FILES = 16
FILE_BYTES = 1 << 20
# What the canonical encoding of an event of these programs takes: the peers' values have as many.
EVENT_BYTES = 117
SLICES = 5


def counts() -> tuple[str, int, int, int]:
    """``FOLDER GETS APPENDS READS``."""
    folder, gets, appends, reads = sys.argv[1:]
    return folder, int(gets), int(appends), int(reads)


def measure(name: str, count: int, items: list, call: Callable[[object], object]) -> None:
    """Calls with the items in turn, and prints the median. The first slice, a warm-up, does not count.

    What the loop itself costs is part of the figure, of ours and of the peers' alike.
    """
    turns = (items * (count // len(items) + 1))[:count]
    slices = []
    for _ in range(SLICES + 1):
        start = time.perf_counter_ns()
        for item in turns:
            call(item)
        slices.append((time.perf_counter_ns() - start) / count)
    print(f"{name} {statistics.median(slices[1:]):.1f}", flush=True)
