"""The names of a script file: values and handles."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from conformance.outcome import Mistake

Kind = TypeVar("Kind")


@dataclass
class Watched:
    """What the function saw that watched a call."""

    calls: int = 0
    bytes: int = 0
    items: int = 0


@dataclass
class Names:
    """All names of a file, and the folder that it runs in."""

    folder: Path
    values: dict[str, bytes] = field(default_factory=dict)
    handles: dict[str, object] = field(default_factory=dict)

    def value(self, name: str) -> bytes:
        try:
            return self.values[name]
        except KeyError:
            raise Mistake(f"there is no value `${name}`") from None

    def handle(self, name: str, kind: type[Kind]) -> Kind:
        """The handle of this name, which must be of this class."""
        found = self.handles.get(name)
        if not isinstance(found, kind):
            raise Mistake(f"`{name}` is no {kind.__name__}")
        return found

    def keep(self, name: str, handle: object) -> None:
        """Keeps a handle; one of the same name is freed."""
        self.handles[name] = handle

    def free(self, name: str) -> None:
        if self.handles.pop(name, None) is None:
            raise Mistake(f"there is no handle `{name}`")

    def absolute(self, path: bytes) -> bytes:
        """A path in the scratch folder as it is given to the library: absolute, and raw bytes."""
        return os.path.join(os.fsencode(self.folder), path)
