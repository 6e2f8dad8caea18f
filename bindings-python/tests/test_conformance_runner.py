"""The runner of the conformance script itself: a line that does not hold is told, one that holds is counted.

Without this, a runner that lets everything pass would look like a library without faults.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance.coverage import Coverage
from conformance.outcome import Unexpected
from conformance.run import run_file

HOLDS = r"""
# Values and words.
script.let "a\x20b\xff"+repeat:c:3,12 == "a\x20b\xffccc",12
script.let slice:1:2:"abcd" == bc
script.let random:1:8 == "A\x20\x82@"+zeros:4
script.count ids:3 == 3
script.length ids:2 == 257
script.let 9 < 10
script.let "" -> $nothing
script.count $nothing == 0
[c,rust] there.is.no.such.verb
[c,python] open_in_memory durability=buffered -> db
create_root db "r" -> $root
append db $root metadata="m" attribute="a"="1" -> $event
append db ids:1 metadata="m" -> !parent_not_found ~ ids:1
children db $root -> cursor
event_cursor.page cursor 5 == $event
verify db progress=p -> report
cancel_token -> token
cancel_token.cancel token
verify db cancel=token -> !cancelled
free db
free cursor
"""

REACHED = """
language python
code cancelled
code parent_not_found
op append
op cancel_token
op cancel_token.cancel
op children
op control.cancel
op control.progress
op create_root
op event_cursor.page
op new_event.attribute
op new_event.metadata
op open_in_memory
op options.durability
op verify
passed script.txt
"""


def run(script: str, folder: Path, coverage: Coverage) -> None:
    file = folder / "script.txt"
    file.write_text(f'open_in_memory -> db\ncreate_root db "r" -> $root\nroots db -> cursor\n{script}', "utf-8")
    run_file(file, folder, coverage)


def test_what_holds_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, coverage = tmp_path / "script.txt", Coverage()
    file.write_text(HOLDS)
    run_file(file, tmp_path, coverage)
    coverage.passed(file)
    monkeypatch.setenv("OUROBOROSDB_COVERAGE", str(tmp_path / "coverage"))
    coverage.write()
    assert sorted((tmp_path / "coverage").read_text().split("\n")) == sorted(REACHED[1:].split("\n"))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("script.let 5 == 6", "expected =="),
        ("script.let 5 > 6", "expected >"),
        ('script.let "abc" ~ "d"', "expected ~"),
        ("script.let a,b -> $x,$y,$z", "expected 3 parts, got 2"),
        ("append db $root -> !parent_not_found", "expected parent_not_found, got b'"),
        ("append db ids:1", "expected success, got parent_not_found"),
        ("append db ids:1 -> !invalid_id", "expected invalid_id, got parent_not_found"),
        ("append db ids:1 -> !parent_not_found ~ $root", "the message does not contain"),
        ("append db $root -> event", "a value is kept under a name with a dollar"),
        ("roots db -> $cursor", "a handle has no bytes"),
        ("roots db == $root", "a handle has no bytes"),
        ("roots cursor -> other", "`cursor` is no Database"),
        ("append db $unknown", "there is no value `$unknown`"),
        ("free unknown", "there is no handle"),
        ("append db", "takes 2 words, not 1"),
        ("append db $root colour=red", "a new event has no `colour=red`"),
        ("append db $root temporary=maybe", "a new event has no `temporary=maybe`"),
        ('open "x" speed=high', "there is no option"),
        ("no.such.verb db", "there is no verb"),
        ("[python] no.such.verb db", "there is no verb"),
        ("script.let a  b", "single spaces"),
        ("script.let a ->", "the expectation is malformed"),
        ('script.let "a', "is no literal"),
        (r'script.let "\n"', "is no literal"),
        ("script.let slice:1:5:abc", "no such slice"),
        ("script.let file:missing", "missing"),
        ("script.let a\u00e9", "ASCII"),
        (f"script.let {'a' * 1000}", "1,000 bytes"),
    ],
)
def test_what_does_not_hold_is_told(line: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(Unexpected) as raised:
        run(f"script.let fine == fine\n{line}\n", tmp_path, Coverage())
    told = str(raised.value)
    assert told.startswith(f"script.txt:5: {line}\n")
    assert problem in told
