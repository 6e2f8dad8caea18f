"""The conformance script, a test for each of its files.

`conformance/README.md` at the top of the repository specifies the script. The files run in the order of their
names; what they reached is written at the end, whether or not they passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.coverage import Coverage
from conformance.run import run_file

SCRIPT_FOLDER = Path(__file__).parents[2] / "conformance"
SCRIPT_FILES = sorted(SCRIPT_FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def coverage() -> Iterator[Coverage]:
    reached = Coverage()
    yield reached
    reached.write()


def test_the_script_is_there() -> None:
    assert len(SCRIPT_FILES) > 1, f"there are no script files in {SCRIPT_FOLDER}"


@pytest.mark.parametrize("file", SCRIPT_FILES, ids=lambda file: file.name)
def test_file_holds(file: Path, tmp_path: Path, coverage: Coverage) -> None:
    run_file(file, tmp_path, coverage)
    coverage.passed(file)
