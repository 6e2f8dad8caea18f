"""What the script reached: a file of lines for the check over all languages."""

from __future__ import annotations

import os
from pathlib import Path


class Coverage:
    def __init__(self) -> None:
        self._lines = {"language python"}

    def operation(self, name: str) -> None:
        """An operation that succeeded, or a part of one."""
        self._lines.add(f"op {name}")

    def code(self, name: str) -> None:
        """An error code that a line expected and got."""
        self._lines.add(f"code {name}")

    def passed(self, file: Path) -> None:
        """A file that ran to its end."""
        self._lines.add(f"passed {file.name}")

    def write(self) -> None:
        """Writes the lines to the file that `OUROBOROSDB_COVERAGE` names, if it does."""
        if path := os.environ.get("OUROBOROSDB_COVERAGE"):
            Path(path).write_text("".join(f"{line}\n" for line in sorted(self._lines)))
