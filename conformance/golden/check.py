#!/usr/bin/env python3
"""Checks the golden files by the text of README.md, with the standard library alone.

Prints "golden ok", or what differs, and then exits with 1.
"""

import hashlib
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
sys.dont_write_bytecode = True

import independent_ids  # noqa: E402  (beside the folder of this file)

MASK = (1 << 64) - 1
DOMAINS = {"event": b"\x01", "chunk": b"\x02", "list": b"\x03"}


def lines_of(name):
    for line in (FOLDER / name).read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            yield line.split(" ")


def name_of(domain, data):
    return hashlib.sha512(data + DOMAINS[domain]).digest()


def xorshift64(seed, length):
    out = bytearray()
    x = seed
    while len(out) < length:
        x ^= (x << 13) & MASK
        x ^= x >> 7
        x ^= (x << 17) & MASK
        out += x.to_bytes(8, "little")
    return bytes(out[:length])


def generate(words):
    kind, *numbers = words
    numbers = [int(number) for number in numbers]
    length = numbers[-1]
    if kind == "zeros":
        return bytes(length)
    if kind == "counter":
        return b"".join(i.to_bytes(8, "little") for i in range(length // 8 + 1))[:length]
    if kind == "xorshift64":
        return xorshift64(numbers[0], length)
    if kind == "letters":
        return bytes(97 + byte % 16 for byte in xorshift64(numbers[0], length))
    if kind == "repeat":
        period = xorshift64(numbers[0], numbers[1])
        return (period * (length // len(period) + 1))[:length]
    raise ValueError(f"no generator is called {kind}")


def gear_table():
    text = b"ouroborosdb gear table 1"
    digests = (hashlib.sha512(text + bytes([i])).digest() for i in range(256))
    return [int.from_bytes(digest[:8], "little") for digest in digests]


def chunk_length(gear, rest):
    if len(rest) <= 4096:
        return len(rest)
    end = min(65536, len(rest))
    h = 0
    for i in range(4096, end):
        h = (2 * h + gear[rest[i]]) & MASK
        zeros = 16 if i < 16384 else 12
        if h >> (64 - zeros) == 0:
            return i + 1
    return end


def make_lists(chunks):
    """The number of lists of each level, and (levels, id) of the root, or None."""
    open_lists, made, last = [], [], []

    def take(level, entry_id, length):
        if level == len(open_lists):
            open_lists.append([])
            made.append(0)
            last.append(None)
        entries = open_lists[level]
        entries.append((entry_id, length))
        if len(entries) == 512 or (len(entries) >= 32 and entry_id[0] & 0x7F == 0):
            end(level)

    def end(level):
        entries = open_lists[level]
        encoding = bytes([level]) + b"".join(n.to_bytes(8, "little") + i for i, n in entries)
        made[level] += 1
        last[level] = name_of("list", encoding)
        total = sum(n for _, n in entries)
        open_lists[level] = []
        take(level + 1, last[level], total)

    for entry_id, length in chunks:
        take(0, entry_id, length)
    level = 0
    while level < len(open_lists):
        if open_lists[level]:
            end(level)
        if made[level] == 1:
            return made[: level + 1], (level + 1, last[level])
        level += 1
    return [], None


def check_hash(expect):
    for domain, *words, name in lines_of("hash.txt"):
        expect(name_of(domain, generate(words)).hex() == name, "hash.txt", domain, *words)
        yield


def check_gear(expect, gear):
    rows = list(lines_of("gear.txt"))
    expect(len(rows) == 256, "gear.txt has not 256 entries")
    for i, (row, value) in enumerate(zip(rows, gear)):
        expect(row == [str(i), f"{value:016x}"], "gear.txt", i)
        yield


def records(rows, first):
    """Groups of lines that begin with a line of this first word."""
    group = []
    for row in rows:
        if row[0] == first and group:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def file_rows(gear, words):
    data = generate(words)
    if len(data) <= 168:
        return [["file", "inline"]]
    chunks, at = [], 0
    while at < len(data):
        length = chunk_length(gear, data[at : at + 65536])
        chunks.append((name_of("chunk", data[at : at + length]), length))
        at += length
    rows = [["chunk", str(length), name.hex()] for name, length in chunks]
    if len(chunks) == 1:
        return [*rows, ["file", "chunk", chunks[0][0].hex()]]
    _, (levels, root) = make_lists(chunks)
    return [*rows, ["file", "tree", str(levels), root.hex()]]


def check_cuts(expect, gear):
    for (_, *words), *rows in records(lines_of("cuts.txt"), "input"):
        expect(rows == file_rows(gear, words), "cuts.txt", *words)
        yield


def made_up_chunks(rule, count):
    if rule == "counted":
        for i in range(count):
            yield name_of("chunk", i.to_bytes(8, "little")), 4097 + 7919 * i % 61440
    else:
        byte = {"same": b"\x55", "zero": b"\x00"}[rule]
        yield from [(byte * 64, 65536)] * count


def check_lists(expect):
    for (_, rule, count), *rows in records(lines_of("lists.txt"), "chunks"):
        made, root = make_lists(made_up_chunks(rule, int(count)))
        expected = [["lists", str(level), str(number)] for level, number in enumerate(made)]
        expected.append(["root", str(root[0]), root[1].hex()] if root else ["root", "none"])
        expect(rows == expected, "lists.txt", rule, count)
        yield


def is_event(data):
    """Whether the reader that was written from docs/FORMAT.md alone takes these bytes for an event."""
    try:
        fields = independent_ids.fields_of(data)
        if 7 in fields:
            independent_ids.content_of(fields[7])
    except (independent_ids.Malformed, IndexError, UnicodeDecodeError):
        return False
    return True


def check_events(expect):
    for word, name, *rest in lines_of("events.txt"):
        data = bytes.fromhex("" if rest[0] == "-" else rest[0])
        expect(is_event(data) == (word == "event"), "events.txt", word, name)
        expect(word == "refused" or name_of("event", data).hex() == rest[1], "events.txt", "id of", name)
        yield


def main():
    wrong = []

    def expect(holds, *what):
        if not holds:
            wrong.append(" ".join(str(word) for word in what))

    gear = gear_table()
    checks = [check_hash(expect), check_gear(expect, gear), check_cuts(expect, gear), check_lists(expect)]
    checks.append(check_events(expect))
    # An empty file must not pass for a right one.
    for check in checks:
        if sum(1 for _ in check) == 0:
            wrong.append("a golden file is empty")
    for what in wrong:
        print(f"wrong: {what}")
    if wrong:
        sys.exit(1)
    print("golden ok")


if __name__ == "__main__":
    main()
