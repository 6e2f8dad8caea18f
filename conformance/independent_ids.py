#!/usr/bin/env python3
"""Computes the id of every event of a store from the bytes on disk.

Written from docs/FORMAT.md alone, with the standard library alone: it shares nothing with the engine but that page.

    independent_ids.py STORE [--ids FILE]

Walks the segments record by record, decodes every event, and computes its id again. FILE has the ids that the
library gives, one a line, in commit order; each must be what is computed here. Prints what was checked, and ends
with 1 where anything differs. The store must have been closed cleanly, and it is only read.
"""

import hashlib
import pathlib
import struct
import sys

SEGMENT_HEADER = 64
RECORD_HEADER = 40
FOOTER = 112
ENTRY = 68
EVENT, CHUNKS, LISTS, COMMIT = 1, 2, 3, 4
FIELD_MAX = {4: 65536, 6: 16777216}


class Malformed(Exception):
    """What is on the disk is not what the page says."""


def need(holds, what):
    if not holds:
        raise Malformed(what)


def sha512(domain, data):
    return hashlib.sha512(data + bytes([domain])).digest()


def varint(data, at):
    value, shift, start = 0, 0, at
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if byte < 0x80:
            need(byte or at - start == 1, "a varint is longer than it need be")
            need(value < 1 << 64, "a varint has more than 64 bits")
            return value, at


def fields_of(data):
    """The fields of an event by tag, every rule of the page checked."""
    version, kind, flags = data[0], data[1], data[2]
    need(version == 1 and flags < 4, "an event has an unknown version or flag")
    at, last, fields = 27, 0, {}
    while at < len(data):
        tag, at = varint(data, at)
        length, at = varint(data, at)
        need(tag > last and at + length <= len(data), "the fields of an event do not ascend or end early")
        need(tag <= 7 or tag >= 128, "an event has a reserved field")
        need(length <= FIELD_MAX.get(tag, 1 << 25), "a field is over its limit")
        fields[tag], last = data[at : at + length], tag
        at += length
    need(len(data) >= 27, "an event ends early")
    need(3 not in fields or flags & 1, "a permanent event expires")
    fields.get(4, b"").decode("utf-8")
    check_attributes(fields.get(5, b""))
    need((kind == 1) == (4 in fields) or kind > 1, "a root has a title, a plain event none")
    need((kind == 1) != (1 in fields) or kind > 1, "a root has no parent, a plain event one")
    return fields


def check_attributes(data):
    at, last = 0, b""
    while at < len(data):
        length, at = varint(data, at)
        name = data[at : at + length]
        name.decode("utf-8")
        need(name > last, "attributes do not ascend")
        length, at = varint(data, at + length)
        at, last = at + length, name


def content_of(data):
    """Form, length of the file, and the id that the content refers to."""
    form = data[0]
    profile, at = varint(data, 1)
    length, at = varint(data, at)
    rest = data[at:]
    need(profile == 1, "an unknown profile")
    if form == 0:
        need(len(rest) == length <= 168, "an inline file has another length")
        return form, length, None
    need(form in (1, 2) and length > 168, "content does not fit its form")
    need(len(rest) == 63 + form and (form == 1 or 1 <= rest[0] <= 10), "content does not fit its form")
    return form, length, rest[-64:]


class Store:
    def __init__(self, path):
        self.events, self.parents, self.chunks, self.lists, self.contents = [], [], {}, {}, []
        self.temporary, self.skipped, self.last_commit, self.footers = set(), 0, 0, 0
        block = (path / "superblock").read_bytes()
        need(block[:16] == b"OuroborosDB\x1a\n\xa9\r\n", "no superblock")
        need(struct.unpack_from("<I", block, 16)[0] == 1, "another version")
        self.id = block[48:64]
        names = sorted(path.glob("segments/*.segment"), key=lambda name: int(name.stem))
        segments = [name.read_bytes() for name in names]
        self.last = len(names)
        for number, (name, data) in enumerate(zip(names, segments), 1):
            need(int(name.stem) == number, "a segment is missing")
            # What a crash tore off stays behind the end that the next segment vouches for.
            end = struct.unpack_from("<Q", segments[number], 32)[0] if number < len(segments) else len(data)
            held = self.read_segment(number, data[:end])
            if data[end : end + 8] == b"OuroEnd\x1a":
                self.read_footer(number, data, end, held)

    def read_segment(self, number, data):
        need(data[:8] == b"OuroSeg\x1a" and data[16:32] == self.id, "a segment of another store")
        need(struct.unpack_from("<Q", data, 8)[0] == number, "a segment under another name")
        at, batch, batch_at = SEGMENT_HEADER, 0, SEGMENT_HEADER
        held = {"counts": [0, 0, 0, 0, 0], "clock": 0, "last": 0, "next": struct.unpack_from("<Q", data, 40)[0]}
        while at < len(data):
            if not data[at : at + 8].strip(b"\0"):
                # Room that was reserved behind the end.
                need(number == self.last and not data[at:].strip(b"\0"), f"zeros in segment {number}")
                return held
            kind, codec, count = struct.unpack_from("<BBH", data, at + 8)
            flags, stored, raw = struct.unpack_from("<III", data, at + 12)
            sequence, check = struct.unpack_from("<QQ", data, at + 24)
            need(data[at : at + 4] == b"orec", f"no record at {at} of segment {number}")
            need(flags < 4 and (flags < 2 or kind == EVENT), "a record has an unknown flag")
            need((stored == raw if codec == 0 else stored <= raw), "a record has impossible numbers")
            need(count == (1 if kind == EVENT else 0) if kind in (EVENT, COMMIT) else 1 <= count <= 64, "a wrong count")
            start = at + RECORD_HEADER + count * ENTRY
            entries = [data[p : p + ENTRY] for p in range(at + RECORD_HEADER, start, ENTRY)]
            parent = 0
            if flags & 2:
                (parent,) = struct.unpack_from("<Q", data, start)
                need(0 < parent < sequence, "a parent comes after its child")
                start += 8
            body = data[start : start + stored]
            if kind == COMMIT:
                first, records = struct.unpack_from("<QI", body)
                need((first, records) == (batch_at, batch), "a commit record ends another batch")
                previous = struct.unpack_from("<Q", body, 56)[0]
                need(previous == self.last_commit, "a commit record does not follow the one before it")
                self.last_commit, batch = check, -1
                held["last"], held["clock"] = at, max(held["clock"], struct.unpack_from("<Q", body, 32)[0])
                held["next"] = max(held["next"], struct.unpack_from("<Q", body, 24)[0])
            else:
                self.read_record(kind, codec, flags & 1, sequence, entries, body, raw)
            if parent:
                need(self.events[parent - 1] == self.parents[sequence - 1], "a record tells another parent")
            held["counts"][0] += 1
            held["counts"][{COMMIT: 1, EVENT: 2, CHUNKS: 3, LISTS: 4}[kind]] += max(count, 1)
            batch += 1
            at = (start + stored + 7) // 8 * 8
            if kind == COMMIT:
                batch_at = at
        return held

    def read_footer(self, number, data, end, held):
        """What a footer says, but for what takes XXH3, which is not in the standard library."""
        need(number != self.last and len(data) >= end + FOOTER, f"the footer of segment {number} is cut")
        said = struct.unpack_from("<12Q", data, end + 8)
        need(said[0] == end and list(said[1:6]) == held["counts"], f"the footer of segment {number} counts otherwise")
        need(said[7] == struct.unpack_from("<Q", data, 40)[0], "a footer has another first number")
        need(said[8] == held["next"] and said[9] >= held["clock"], "a footer has another next number or time")
        need(said[10:] == (held["last"], self.last_commit), "a footer names another commit record")
        self.footers += 1

    def read_record(self, kind, codec, flags, sequence, entries, body, raw):
        lengths = [struct.unpack_from("<I", entry, 64)[0] for entry in entries]
        need(sum(lengths) == raw, "the entries of a record do not add up")
        if kind == EVENT:
            need(codec == 0, "an event is stored as it is")
            need(sequence == len(self.events) + 1, "sequence numbers have a gap")
            self.read_event(entries[0][:64], body)
            return
        found, domain = (self.chunks, 2) if kind == CHUNKS else (self.lists, 3)
        at = 0
        for entry, length in zip(entries, lengths):
            name = entry[:64]
            need(length <= 65536, "a chunk or list is too long")
            need(name not in found or (name in self.temporary and not flags), "the same bytes are stored twice")
            (self.temporary.add if flags else self.temporary.discard)(name)
            if codec == 0:
                part = body[at : at + length]
                need(sha512(domain, part) == name, "a chunk is not what its name says")
                found[name] = part if kind == LISTS else length
            else:
                # There is no zstd in the standard library; the length is what the lists are checked with.
                self.skipped += 1
                found[name] = length
            at += length

    def read_event(self, name, body):
        computed = sha512(1, body)
        need(computed == name, f"event {name.hex()} has the id {computed.hex()}")
        fields = fields_of(body)
        self.events.append(computed)
        self.parents.append(fields.get(1))
        if 7 in fields:
            self.contents.append(content_of(fields[7]))

    def check_tree(self):
        known = set()
        for event, parent in zip(self.events, self.parents):
            need(parent is None or parent in known, "an event comes before its parent")
            known.add(event)
        for form, length, name in set(self.contents):
            if form == 1:
                need(self.chunks.get(name) == length, "a file has another length than its chunk")
            elif form == 2:
                need(self.length_of(name) == length, "a file has another length than its lists")

    def length_of(self, name):
        """The length of a file by its lists; every entry must add up to what is under it."""
        data = self.lists[name]
        total, level = 0, data[0]
        need(len(data) % 72 == 1 and len(data) > 1, "a list has a wrong length")
        for at in range(1, len(data), 72):
            length = struct.unpack_from("<Q", data, at)[0]
            entry = data[at + 8 : at + 72]
            below = self.chunks.get(entry) if level == 0 else self.length_of(entry)
            need(below == length, "an entry of a list has another length than what is under it")
            total += length
        return total


def main(arguments):
    if not arguments or len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--ids"):
        print(__doc__)
        return 2
    try:
        store = Store(pathlib.Path(arguments[0]))
        store.check_tree()
        if len(arguments) == 3:
            given = pathlib.Path(arguments[2]).read_text().split()
            need(given == [event.hex() for event in store.events], "the library gives other ids")
    except (Malformed, KeyError, IndexError, UnicodeDecodeError, struct.error) as error:
        print(f"independent ids: {type(error).__name__}: {error}")
        return 1
    files = len(store.contents)
    print(
        f"independent ids ok: {len(store.events)} events, {files} files, {len(store.chunks)} chunks "
        f"({store.skipped} compressed, their lengths checked), {len(store.lists)} lists, {store.footers} footers"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
