"""The tour. The same program in every language prints the same text, `expected.txt`.

Run it with the path of a folder that does not exist yet: `python examples/quickstart.py /tmp/tour`.
"""

import sys

import ouroborosdb


def main(folder: str) -> None:
    log = "".join(f"line {number:06}\n" for number in range(100_000)).encode()

    # README: begin
    db = ouroborosdb.open(folder)
    diary = db.ensure_root("diary")  # this title has this id on every machine
    trip = db.append(diary, attributes={"place": "Lisbon"}, metadata="text/plain")
    file = db.put_file(trip, log, attributes={"name": "log"})  # durable now
    content = db.read_file(file)  # each byte checked
    with db.open_file(file) as reader:
        reader.seek(77_777 * 12)  # reads only what it needs
        line = reader.read(11)
    metadata = db.metadata(file)  # inherited from the trip
    # README: end

    print(f"read back: {len(content)} bytes, {'equal' if content == log else 'different'}")
    print(f"range: {line.decode()}")
    print(f"inherited metadata: {(metadata or b'').decode()}")

    chunks = db.stats().chunks
    db.put_file(trip, log, attributes={"name": "copy"})
    print(f"new chunks of the copy: {db.stats().chunks - chunks}")

    with db.batch() as batch:
        day = batch.append(trip, attributes={"name": "day 1"})
        batch.put_file(day, b"the sea", attributes={"name": "photo"})
    print(f"batch: {len(batch.ids or [])} events")
    try:
        db.read_file(trip)
    except ouroborosdb.NoContentError as error:
        print(f"error: {error.code.name.lower()}")
    db.close()

    with ouroborosdb.open(folder) as db:
        for child in db.children(trip):
            name = child.attributes["name"].decode()
            print(f"child: {name}, {child.content_length or 0} bytes")
        report = db.verify()
        print(f"verified: {report.events} events, {report.problems_total} problems")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: quickstart.py FOLDER")
    main(sys.argv[1])
