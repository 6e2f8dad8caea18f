"""What is at a path, and a text of a folder that is equal for equal trees only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path


def kind_of(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "none"
    if stat.S_ISDIR(mode):
        return "directory"
    if stat.S_ISREG(mode):
        return "file"
    return "symlink" if stat.S_ISLNK(mode) else "other"


def snapshot(top: Path) -> bytes:
    """Every entry's path, type, mode, time, and target or content."""
    return b"\n".join(_entries(top, b""))


def _entries(top: Path, inside: bytes) -> Iterator[bytes]:
    path = Path(os.path.join(top, os.fsdecode(inside))) if inside else top
    found, kind = path.lstat(), kind_of(path)
    content = b""
    if kind == "symlink":
        content = os.readlink(os.fsencode(path))
    elif kind == "file":
        content = path.read_bytes()
    state = f"\0{kind} {found.st_mode & 0o7777:o} {found.st_mtime_ns} {len(content)}:".encode()
    yield inside + state + content
    if kind == "directory":
        for name in sorted(os.listdir(os.fsencode(path))):
            yield from _entries(top, os.path.join(inside, name))
