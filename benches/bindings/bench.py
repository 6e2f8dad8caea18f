"""What a call costs in Python: ``bench.py FOLDER GETS APPENDS READS``. docs/benchmarks.md."""

import random

import ouroborosdb
from measure import EVENTS, FILE_BYTES, FILES, counts, measure


def main() -> None:
    folder, gets, appends, reads = counts()
    draw = random.Random(1)
    with ouroborosdb.open(folder, durability="buffered") as db:
        root = db.ensure_root("bench")

        def append(number: int) -> ouroborosdb.EventId:
            return db.append(root, attributes={"name": b"event %010d" % number})

        ids = [append(number) for number in range(EVENTS)]
        draw.shuffle(ids)
        measure("get.python", gets, ids, db.event)
        measure("append.python", appends, list(range(EVENTS)), append)
        files = [db.put_file(root, draw.randbytes(FILE_BYTES)) for _ in range(FILES)]
        measure("read_1m.python", reads, files, db.read_file)
        if any(len(db.read_file(file)) != FILE_BYTES for file in files):
            raise SystemExit("a file has another length")


if __name__ == "__main__":
    main()
