"""A folder into a store in Python: ``files.py import STORE SOURCE``. docs/benchmarks.md."""

import sys
import time

import ouroborosdb


def main() -> None:
    work, store, source = sys.argv[1:]
    if work != "import":
        raise SystemExit(__doc__)
    start = time.perf_counter_ns()
    with ouroborosdb.open(store) as db:
        db.import_path(db.ensure_root("bench"), source)
    print(f"inside {time.perf_counter_ns() - start}")


if __name__ == "__main__":
    main()
