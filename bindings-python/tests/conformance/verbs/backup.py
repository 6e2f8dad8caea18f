"""Hot copies."""

from __future__ import annotations

from ouroborosdb import BackupReport, Database

from conformance import words
from conformance.names import Names
from conformance.statement import Statement
from conformance.verbs.control import control

FIELDS = ("sequence", "segments", "bytes_copied", "bytes_kept", "damaged_ranges")


def _backup_to(names: Names, statement: Statement) -> object:
    db, path = statement.arguments(2)
    options = control(names, statement, db)
    return names.handle(db, Database).backup_to(words.path(names, path), **options)


def _field(names: Names, statement: Statement) -> object:
    (report,) = statement.arguments(1)
    return getattr(names.handle(report, BackupReport), statement.verb.split(".")[1])


VERBS = {"backup_to": _backup_to} | {f"backup_report.{field}": _field for field in FIELDS}
