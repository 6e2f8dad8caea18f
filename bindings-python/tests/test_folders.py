"""Folders in and out, and reports: what Python gives of them."""

from __future__ import annotations

import os
from pathlib import Path

import ouroborosdb
import pytest
from content import bytes_of
from ouroborosdb import AlreadyExistsError, Database, EventId, NotExportableError, PathNotFoundError, ReadOnlyError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a").write_bytes(bytes_of(100_000))
    (folder / "sub" / "b").write_bytes(b"hello")
    (folder / "link").symlink_to("sub/b")
    os.mkfifo(folder / "pipe")
    return folder


def test_reports(db: Database, root: EventId, folder: Path, tmp_path: Path) -> None:
    imported = db.import_path(root, folder)
    assert isinstance(imported.event, EventId)
    counts = (imported.files, imported.directories, imported.symlinks, imported.bytes)
    assert counts == (2, 2, 1, 100_005)
    assert imported.skipped == [folder / "pipe"]
    exported = db.export_path(imported.event, tmp_path / "out")
    assert (exported.files, exported.directories, exported.symlinks, exported.bytes) == counts
    assert (tmp_path / "out" / "a").read_bytes() == bytes_of(100_000)
    assert os.readlink(tmp_path / "out" / "link") == "sub/b"
    assert "2" in repr(imported) and "2" in repr(exported)


def test_paths_of_every_form(db: Database, root: EventId, folder: Path, tmp_path: Path) -> None:
    forms: list[Path | str | bytes] = [folder, str(folder), os.fsencode(folder)]
    for at, form in enumerate(forms):
        event = db.import_path(root, form).event
        for target in (tmp_path / f"p{at}", str(tmp_path / f"s{at}"), os.fsencode(tmp_path / f"b{at}")):
            assert db.export_path(event, target).files == 2


def test_names_that_are_no_text(db: Database, root: EventId, tmp_path: Path) -> None:
    name = b"n\xff\xfe"
    folder = os.path.join(os.fsencode(tmp_path), b"f\xff")
    os.mkdir(folder)
    os.mkfifo(os.path.join(folder, b"pipe\xff"))
    with open(os.path.join(folder, name), "wb") as file:
        file.write(b"raw")
    report = db.import_path(root, folder)
    assert [os.fsencode(path) for path in report.skipped] == [os.path.join(folder, b"pipe\xff")]
    (entry,) = db.children(report.event)
    assert entry.attributes["file.name"] == name
    out = os.path.join(os.fsencode(tmp_path), b"out\xff")
    db.export_path(report.event, out)
    assert os.listdir(out) == [name]


def test_errors_of_paths_are_those_of_python(db: Database, root: EventId, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PathNotFoundError) as missing:
        db.import_path(root, tmp_path / "missing")
    assert isinstance(missing.value, FileNotFoundError)
    event = db.import_path(root, folder).event
    with pytest.raises(AlreadyExistsError) as exists:
        db.export_path(event, folder)
    assert isinstance(exists.value, FileExistsError)
    with pytest.raises(NotExportableError):
        db.export_path(root, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_stats_and_verify(db: Database, root: EventId) -> None:
    db.put_file(root, bytes_of(300_000))
    stats, report = db.stats(), db.verify()
    assert (stats.events, stats.roots, stats.content_bytes, stats.chunk_bytes) == (2, 1, 300_000, 300_000)
    assert (stats.sequence, stats.durable_sequence, stats.damaged_ranges, stats.segments) == (2, 2, 0, 1)
    assert stats.stored_bytes > 300_000
    assert stats.chunks > 3
    assert (report.is_clean, report.problems_total, report.problems) == (True, 0, [])
    assert (report.events, report.segments) == (2, 1)
    assert report.chunks >= stats.chunks
    assert "300000" in repr(stats)
    for thing, name in ((stats, "events"), (report, "is_clean")):
        with pytest.raises(AttributeError):
            setattr(thing, name, 5)


def test_damage_is_named(store: Path) -> None:
    content = bytes_of(300_000)
    with ouroborosdb.open(store, compression="none") as db:
        root = db.create_root("r")
        file = db.put_file(root, content, attributes={"file.name": b"n\xff"})
    (segment,) = (store / "segments").iterdir()
    whole = bytearray(segment.read_bytes())
    at = whole.index(content[150_000:150_100])
    whole[at] ^= 1
    segment.chmod(0o644)
    segment.write_bytes(whole)
    with ouroborosdb.open(store) as db:
        report = db.verify()
        assert not report.is_clean
        assert report.problems_total == len(report.problems) > 0
        problem = next(problem for problem in report.problems if problem.event is not None)
        assert problem.event == file
        assert problem.file_name == b"n\xff"
        assert problem.message
        places = [problem for problem in report.problems if problem.offset is not None]
        assert any(place.segment == 1 and (place.length or 0) > 0 for place in places)
        with pytest.raises(ouroborosdb.CorruptError):
            db.read_file(file)
        with db.open_file(file) as reader, pytest.raises(ouroborosdb.CorruptError):
            reader.read()


def test_a_read_only_database_says_so(db: Database, root: EventId, store: Path, folder: Path) -> None:
    with ouroborosdb.open_read_only(store) as reader:
        assert reader.read_only and not db.read_only
        for call in (
            lambda: reader.append(root),
            lambda: reader.put_file(root, b"x"),
            lambda: reader.create_root("x"),
            lambda: reader.batch(),
            lambda: reader.file_writer(root),
            lambda: reader.import_path(root, folder),
        ):
            with pytest.raises(ReadOnlyError):
                call()
